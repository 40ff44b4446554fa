"""Compare the speed and memory of helpers with Paddle, SciPy and PyTorch (where it is installed).

    uv run python -m benchmarks

Every library runs in a process of its own, with the same number of threads, several rounds in
turn; of each case the shortest time of all rounds counts. Times of two machines tell nothing of
each other: what can be quoted are ratios from one run.
"""

import argparse
import importlib.util
import json
import math
import os
import platform
import subprocess
import sys
from pathlib import Path

from benchmarks.backends import BACKENDS
from benchmarks.cases import CASES, CONVOLUTIONS
from benchmarks.growth import draw_growth
from benchmarks.worker import MARK

MODULES = {"Paddle": "paddle", "SciPy": "scipy", "PyTorch": "torch"}
BUILD = Path(__file__).resolve().parents[1] / "build" / "benchmarks"


def run_worker(backend: str, seconds: float, threads: int) -> dict[str, dict]:
    """What a library's process reports, by the name of the case."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(names, str(threads)), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "benchmarks.worker", backend]
    command += ["--seconds", str(seconds), "--threads", str(threads)]
    run = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if run.returncode:
        raise SystemExit(f"{backend} failed:\n{run.stderr}")
    lines = [line for line in run.stdout.splitlines() if line.startswith(MARK)]
    reports = [json.loads(line.removeprefix(MARK)) for line in lines]
    return {report["case"]: report for report in reports}


def measure(rounds: int, seconds: float, threads: int) -> dict[str, dict[str, dict]]:
    """The best of all rounds: {backend: {case: report}}."""
    installed = [
        name
        for name in BACKENDS
        if name not in MODULES or importlib.util.find_spec(MODULES[name]) is not None
    ]
    best: dict[str, dict[str, dict]] = {name: {} for name in installed}
    for number in range(rounds):
        for name in installed:
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
            for case, report in run_worker(name, seconds, threads).items():
                known = best[name].get(case)
                if known is None or _better(report, known):
                    best[name][case] = report
    return best


def _better(report: dict, known: dict) -> bool:
    if "rate" in report:
        return report["rate"] > known["rate"]
    return report["seconds"] < known["seconds"]


def table(best: dict[str, dict[str, dict]]) -> str:
    """The results as text: a row a case, then the geometric means of the convolutions."""
    others = [name for name in best if name != "helpers"]
    rate = best["helpers"]["product"]["rate"]
    head = ["case", "ms", *(f"ours / {name}" for name in others), "of peak", "MB"]
    head += [f"MB {name}" for name in others]
    rows = [head]
    for case in CASES:
        ours = best["helpers"][case.name]
        theirs = [best[name].get(case.name) for name in others]
        row = [case.name, f"{1e3 * ours['seconds']:.2f}"]
        row += ["" if t is None else f"{ours['seconds'] / t['seconds']:.2f}" for t in theirs]
        share = case.multiply_adds / ours["seconds"] / rate
        row += [f"{share:.2f}" if case.multiply_adds else ""]
        row += [_megabytes(report) for report in (ours, *theirs)]
        rows.append(row)
    means = ["geometric mean of conv2d", ""]
    for name in others:
        pairs = [
            (best["helpers"][case.name]["seconds"], best[name][case.name]["seconds"])
            for case in CONVOLUTIONS
            if case.name in best[name]
        ]
        logs = [math.log(ours / other) for ours, other in pairs]
        means.append(f"{math.exp(sum(logs) / len(logs)):.2f}" if logs else "")
    rows.append(means + [""] * (len(head) - len(means)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _megabytes(report: dict | None) -> str:
    return "" if report is None or report["bytes"] is None else f"{report['bytes'] / 2**20:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each case and round (1)")
    parser.add_argument("--threads", type=int, default=1, help="of every library (1)")
    parser.add_argument("--no-growth", action="store_true", help="leave the plot out")
    options = parser.parse_args()
    best = measure(options.rounds, options.seconds, options.threads)
    peak = best["helpers"]["product"]["rate"]
    print(f"{platform.machine()}, {os.cpu_count()} processors, {options.threads} thread(s)")
    print(
        f"matrix product of 1024 × 1024: {peak / 1e9:.0f} thousand million multiply-adds a second"
    )
    print("ms: forward and backward together; below 1 in a column of ratios: ours is faster\n")
    print(table(best))
    if not options.no_growth:
        path = draw_growth(BUILD / "growth.png", options.seconds / 5)
        print(f"\nhow cost grows: {path.relative_to(BUILD.parents[1]).as_posix()}")


if __name__ == "__main__":
    main()
