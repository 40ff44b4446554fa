"""Start the course's scripts in processes of their own: one, or several by Paddle's launcher."""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from .ops._arguments import as_int

ROOT = Path(__file__).resolve().parents[1]
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def start(script, arguments=(), processes=1):
    """Start a script of the folder scripts, and return the `subprocess.Popen` of it at once.

    script: its file's name. arguments: those of its command line. processes: more than one are
    started by Paddle's launcher, which tells them of each other; it finds gloo on Linux alone.
    They work on the CPU, each with one thread. Raises ValueError for a script that is not there,
    arguments in one string, and fewer processes than one.
    """
    folder = ROOT / "scripts"
    if not isinstance(script, str) or script not in os.listdir(folder):
        raise ValueError(f"script is {script!r}; expected the name of a file in scripts")
    if not isinstance(arguments, list | tuple):
        raise ValueError(f"arguments is {arguments!r}; expected a list")
    command = [sys.executable]
    if as_int(processes, "processes", 1) > 1:
        command += ["-m", "paddle.distributed.launch", "--nproc_per_node", str(processes)]
        command += ["--backend", "gloo", "--log_dir", _logs()]
    return subprocess.Popen(
        [*command, str(folder / script), *map(str, arguments)],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        # A group of their own, so that `finish` can end those that the launcher started, too.
        start_new_session=True,
    )


def finish(process, seconds=900):
    """Wait for what `start` started, and return what it printed.

    Raises RuntimeError, with the end of the print, if it failed, and subprocess.TimeoutExpired if
    it takes longer; nothing of it then goes on.
    """
    try:
        said, _ = process.communicate(timeout=seconds)
    except BaseException:
        end(process)
        raise
    if process.returncode:
        raise RuntimeError(f"the script ended with {process.returncode}:\n{said[-2000:]}")
    return said


def end(process):
    """Kill what `start` started, as a power cut would: it gets no time to tidy up."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    process.stdout.close()


def environment(threads=1):
    """Return this process's environment for another one: no GPU, no bars, so many threads.

    What the launcher and the tests leave in it for their own processes is taken out.
    """
    own = ("PADDLE", "PYTEST")
    plain = {key: value for key, value in os.environ.items() if not key.startswith(own)}
    path = os.pathsep.join([str(ROOT), *filter(None, [plain.get("PYTHONPATH")])])
    plain |= {"PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": "", "TQDM_DISABLE": "1"}
    return plain | dict.fromkeys(_THREADS, str(as_int(threads, "threads", 1)))


@cache
def _logs():
    """A folder for what launched processes say, removed when this process ends."""
    folder = tempfile.mkdtemp(prefix="launch-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
