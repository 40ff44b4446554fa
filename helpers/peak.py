"""How much memory something takes: by Paddle's own books, and as a process of its own."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from .launch import ROOT

_MARK = "peaks: "  # libraries print lines of their own

SYSTEMS = ("linux", "darwin")  # values of sys.platform where `of_process` can measure


class Allocated(NamedTuple):
    """Bytes that Paddle's tensors took beyond those of before: at most, and in the end."""

    peak: int
    left: int


def allocated(call, *arguments):
    """Return what Paddle allocates on the CPU while `call(*arguments)` runs, as `Allocated`.

    Counts tensors and workspaces alike, to the byte and without what Python or Paddle's code takes.
    What call returns counts as left. Raises RuntimeError for a Paddle that keeps no such books, and
    ValueError for a call that cannot be called.
    """
    if not callable(call):
        raise ValueError(f"call is {call!r}; expected a function or a model")
    import paddle

    books, place = paddle.base.core, ("Allocated", 0)
    if not hasattr(books, "host_memory_stat_reset_peak_value"):
        raise RuntimeError(f"Paddle {paddle.__version__} does not count the CPU's memory")
    before = books.host_memory_stat_current_value(*place)
    books.host_memory_stat_reset_peak_value(*place)
    result = call(*arguments)
    peak = books.host_memory_stat_peak_value(*place) - before
    left = books.host_memory_stat_current_value(*place) - before
    del result
    return Allocated(peak, left)


def of_process(function, *arguments, environment=None):
    """Run a function in a fresh Python, and return {stage: peak of resident memory so far, bytes}.

    function: "module:name" of a generator function, which yields the name of each stage when it is
    over; arguments: numbers and strings. environment: {name: value} of variables to set for it. The
    operating system counts every page of memory in use: Python, libraries, tensors, and what
    allocators keep in reserve. A peak never falls.
    Raises OSError on systems other than Linux and macOS (`SYSTEMS`), ValueError for a function,
    arguments or an environment that are not like this, and RuntimeError, with its last words, if
    it fails.
    """
    _resident_peak()
    if not isinstance(function, str) or not re.fullmatch(r"[\w.]+:\w+", function):
        raise ValueError(f'function is {function!r}; expected "module:name"')
    environment = {} if environment is None else environment
    texts = [*environment, *environment.values()] if isinstance(environment, dict) else [0]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(f"environment is {environment!r}; expected {{name: value}} of strings")
    try:
        written = json.dumps(arguments)
    except TypeError as error:
        raise ValueError(f"arguments are {arguments!r}; expected numbers and strings") from error
    command = [sys.executable, "-m", "helpers.peak", function, written]
    variables = os.environ | environment
    done = subprocess.run(
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(_MARK)]
    if done.returncode or not lines:
        raise RuntimeError(f"{function} failed:\n{done.stderr[-2000:]}")
    return json.loads(lines[-1].removeprefix(_MARK))


def train_and_use(name, size, batch):
    """Build a model of paddle.vision.models, use it, and train it by momentum for two steps.

    A stage each: "start", "built", "in use" and "training". Images are zeros: memory doesn't ask.
    """
    from . import agree  # noqa: F401  quietens Paddle

    # isort: split
    import paddle

    yield "start"
    model = getattr(paddle.vision.models, name)()
    images = paddle.zeros([batch, 3, size, size])
    yield "built"
    model.eval()
    with paddle.no_grad():
        model(images)
    yield "in use"
    model.train()
    optimizer = paddle.optimizer.Momentum(0.001, parameters=model.parameters())
    labels = paddle.zeros([batch], "int64")
    for _ in range(2):
        paddle.nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
        optimizer.clear_grad()
    yield "training"


def _resident_peak():
    """Return the largest resident memory of this process so far, in bytes."""
    if sys.platform == "linux":
        # Not getrusage: there a new process begins with the peak of the one that started it.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        return 1024 * int(line.split()[1])
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    raise OSError(f"resident memory is measured on Linux and macOS alone, not on {sys.platform}")


def _main():
    module, name = sys.argv[1].split(":")
    stages = getattr(import_module(module), name)(*json.loads(sys.argv[2]))
    print(_MARK + json.dumps({stage: _resident_peak() for stage in stages}), flush=True)


if __name__ == "__main__":
    _main()
