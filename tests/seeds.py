"""Run a chapter again and again, each time with other random numbers: do its assertions hold?

    python -m tests.seeds 07 --shifts 20

runs the code cells of chapter 07 twenty times as a plain script, each time in a new process and
with another number added to every seed that `np.random.default_rng` and `paddle.seed` are given.
The data sets stay as they are: `helpers.data` draws and parts them the same every time.
What is compared with a stored file, as chapter 13's network with the explorer's, falls every time.
It prints which assertions fell, with their messages, and exits with 1 if any did.

    python -m tests.seeds 07 --time

runs it once with its own seeds and prints the cells that take more than a second.
"""

import argparse
import ast
import contextlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from nbformat import NotebookNode

from tools.chapters import CHAPTERS, NOTEBOOKS, ROOT, ChapterError, choose, read

# Shift 1 adds 1,000 to each seed: a chapter that takes the mean over seeds 0 to 9 gets ten others,
# not nine of the same.
STRIDE = 1000
SLOW = 1.0  # seconds
RESULT = "result of this shift: "


def shift_seeds(offset: int) -> None:
    """Add ``offset`` to every seed given to NumPy's generators and to Paddle from now on.

    Seeds of `helpers.data` stay: what they decide is which digits there are, not luck in training.
    A seed that is a list gets it in its first number; no seed, and a generator in a seed's place,
    stay what they are.
    """
    if offset == 0:
        return
    import numpy as np
    import paddle

    make, seed = np.random.default_rng, paddle.seed

    def default_rng(seed=None):
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if caller.startswith("helpers.data"):
            return make(seed)
        if isinstance(seed, (int, np.integer)):
            seed = int(seed) + offset
        elif isinstance(seed, (list, tuple, np.ndarray)):
            seed = [int(seed[0]) + offset, *seed[1:]]
        return make(seed)

    np.random.default_rng = default_rng
    paddle.seed = lambda number: seed(number + offset)


def run_cells(cells: Sequence[NotebookNode], namespace: dict) -> Iterator[dict]:
    """Run code cells in order; yield for each its id, its seconds and what went wrong.

    A fallen assertion ends its statement, not the cell: the next statement runs, so that one run
    tells of every assertion. Another exception ends the run.
    """
    for cell in cells:
        tree, start = ast.parse(cell.source), time.perf_counter()
        wrong, fatal = [], False
        expected = "raises-exception" in cell.metadata.get("tags", [])
        for statement in tree.body:
            code = compile(ast.Module([statement], []), cell.id, "exec")
            try:
                exec(code, namespace)
            except Exception as error:
                if expected:
                    expected = False
                    break
                wrong.append(_describe(error, cell))
                fatal = not isinstance(error, AssertionError)
                if fatal:
                    break
        if expected:
            wrong.append("should have raised an exception")
        _close_figures()
        yield {
            "cell": cell.id,
            "begins": cell.source.splitlines()[0],
            "seconds": time.perf_counter() - start,
            "wrong": wrong,
        }
        if fatal:
            return


def _close_figures() -> None:
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def _describe(error: Exception, cell: NotebookNode) -> str:
    """The statement that failed, the numbers that it names, and the error."""
    place = _place(error.__traceback__, cell.id)
    name = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    message = f"{name}{error}"
    if place is None:
        return message
    line = place.tb_lineno
    nodes = [
        node
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or line)
    ]
    statement = max(nodes, key=lambda node: node.lineno)
    if not isinstance(statement, ast.Assert):
        return f"line {line}: {cell.source.splitlines()[line - 1].strip()}\n{message}"
    names = {node.id for node in ast.walk(statement.test) if isinstance(node, ast.Name)}
    known = {**place.tb_frame.f_globals, **place.tb_frame.f_locals}
    values = {name: repr(known[name]) for name in sorted(names & set(known))}
    # A function or a module, <function …>, and long arrays tell nothing.
    shown = [
        f"{name} = {value}"
        for name, value in values.items()
        if len(value) < 200 and not value.startswith("<")
    ]
    return "\n".join([f"line {line}: {ast.unparse(statement)}", *shown, message]).rstrip()


def _place(trace: TracebackType | None, filename: str) -> TracebackType | None:
    """The innermost line of the lesson itself, whatever it called."""
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            found = trace
        trace = trace.tb_next
    return found


def run_here(chapter: Path, shift: int) -> list[dict]:
    """Run a chapter in this process with its seeds shifted; what `run_cells` yields."""
    shift_seeds(shift * STRIDE)
    cells = [cell for cell in read(chapter).cells if cell.cell_type == "code"]
    with contextlib.redirect_stdout(io.StringIO()):
        return list(run_cells(cells, {"__name__": "__main__"}))


def run_apart(chapter: Path, folder: Path, shift: int) -> list[dict]:
    """The same in a process of its own, which works in ``folder``."""
    settings = {"MPLBACKEND": "agg", "TQDM_DISABLE": "1", "OMP_NUM_THREADS": "1"}
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tests.seeds", "--alone", str(shift), str(chapter.resolve())]
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return _result(run)


def _result(run: subprocess.CompletedProcess) -> list[dict]:
    for line in reversed(run.stdout.splitlines()):
        if line.startswith(RESULT):
            return json.loads(line.removeprefix(RESULT))
    died = f"the process ended with {run.returncode}\n{run.stderr[-2000:]}"
    return [{"cell": "?", "begins": "", "seconds": 0.0, "wrong": [died]}]


def check(chapter: Path, folder: Path, shifts: Sequence[int], jobs: int) -> int:
    """Run a chapter under every shift, say what fell, and return in how many it did."""
    fell: dict[str, list[int]] = {}
    failed = 0
    with ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda shift: run_apart(chapter, folder, shift), shifts)
        for shift, cells in zip(shifts, results, strict=True):
            wrong = [(cell, text) for cell in cells for text in cell["wrong"]]
            failed += bool(wrong)
            seconds = sum(cell["seconds"] for cell in cells)
            verdict = f"{len(wrong)} fell" if wrong else "all hold"
            print(f"{chapter.stem}, shift {shift}: {verdict} ({seconds:.0f} s)", flush=True)
            for cell, text in wrong:
                print(f"    {cell['cell']} ({cell['begins']})")
                print("\n".join(f"        {line}" for line in text.splitlines()))
                key = f"{cell['cell']}, {text.splitlines()[0]}"
                fell.setdefault(key, []).append(shift)
    for key, where in fell.items():
        print(f"{key}\n    fell in {len(where)} of {len(shifts)} shifts: {where}")
    return failed


def tell_times(chapter: Path, folder: Path) -> int:
    """Run a chapter with its own seeds, say which cells are slow, and return how many are wrong."""
    cells = run_apart(chapter, folder, 0)
    for cell in cells:
        if cell["seconds"] > SLOW:
            print(f"{cell['seconds']:6.1f} s  {cell['cell']}  {cell['begins']}")
        for text in cell["wrong"]:
            print(f"{cell['cell']}: {text}")
    print(f"{sum(cell['seconds'] for cell in cells):6.1f} s  {chapter.stem} in all")
    return sum(bool(cell["wrong"]) for cell in cells)


def main(
    arguments: Sequence[str] | None = None, chapters: Path = CHAPTERS, folder: Path = NOTEBOOKS
) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.seeds",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("chapters", nargs="+", metavar="chapter", help="07 or 07_activations")
    parser.add_argument("--shifts", type=int, default=20, help="how many (20)")
    parser.add_argument("--first", type=int, default=1, help="the first one (1)")
    parser.add_argument("--jobs", type=int, default=1, help="how many at the same time (1)")
    parser.add_argument("--time", action="store_true", help="only time the cells, seeds as written")
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.alone is not None:
        result = run_here(Path(options.chapters[0]), options.alone)
        print(f"\n{RESULT}{json.dumps(result)}")
        return 0
    try:
        chosen = choose(options.chapters, chapters)
    except ChapterError as error:
        print(error, file=sys.stderr)
        return 2
    if options.time:
        return 1 if sum(tell_times(chapter, folder) for chapter in chosen) else 0
    shifts = range(options.first, options.first + options.shifts)
    return 1 if sum(check(chapter, folder, shifts, options.jobs) for chapter in chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
