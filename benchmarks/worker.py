"""One library, in a process of its own: how long does each case take, and how much memory?

    python -m benchmarks.worker helpers --seconds 1

prints a line of JSON for each case, and one for the machine's matrix product.
"""

import argparse
import contextlib
import ctypes
import json
import time
from collections.abc import Callable

import numpy as np

from benchmarks.backends import BACKENDS
from benchmarks.cases import CASES

MARK = "measured: "  # libraries print lines of their own


def shortest(call: Callable, seconds: float) -> float:
    """The shortest of the times that a call took, repeated for so many seconds, at least twice."""
    times, start = [], time.perf_counter()
    while len(times) < 2 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        call()
        times.append(time.perf_counter() - before)
    return min(times)


def peak_bytes(call: Callable) -> int | None:
    """How much the process grows while a call runs, results included; None where nobody tells."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)  # what earlier cases left must not be used again
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")  # forget the largest size so far
        before = _memory("VmRSS")
        call()
        return _memory("VmHWM") - before
    except OSError:
        return None


def _memory(field: str) -> int:
    with open("/proc/self/status", encoding="ascii") as file:
        (line,) = (line for line in file if line.startswith(field))
    return 1024 * int(line.split()[1])


def product_rate(seconds: float) -> float:
    """Multiply-adds in a second of the product of two 1024 × 1024 float32 matrices."""
    a, b = np.random.default_rng(0).normal(size=(2, 1024, 1024)).astype(np.float32)
    return 1024**3 / shortest(lambda: a @ b, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worker", description=__doc__)
    parser.add_argument("backend", choices=BACKENDS)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each case (1)")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    kind = BACKENDS[options.backend]
    backend = kind(options.threads) if options.backend == "PyTorch" else kind()
    for case in CASES:
        prepare = getattr(backend, case.kind, None)
        if prepare is not None:
            call = prepare(case, *case.arrays())
            first = peak_bytes(call)
            seconds = shortest(call, options.seconds)
            report = {"case": case.name, "seconds": seconds, "bytes": first}
            print(MARK + json.dumps(report), flush=True)
    if options.backend == "helpers":
        rate = product_rate(options.seconds)
        print(MARK + json.dumps({"case": "product", "rate": rate}), flush=True)


if __name__ == "__main__":
    main()
