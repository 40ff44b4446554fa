"""Students who do everything that students do, and more, and the score that each deserves."""

import copy
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from tools import exercises

ASSIGNMENT = "02_convolution"
SOURCE = exercises.EXERCISES / f"{ASSIGNMENT}.py"
NAMES = ["response", "strided_correlation", "kernel", "recover", "best"]  # of the five answers


def answer(notebook: NotebookNode, number: int) -> NotebookNode:
    """The cell of the answer with this number, from 0."""
    cells = [cell for cell in notebook.cells if "answer" in cell.metadata.get("tags", [])]
    return cells[number]


def put(number: int, source: str) -> Callable:
    """Write something else into one answer."""

    def change(notebook):
        answer(notebook, number).source = source

    return change


def before(number: int, source: str) -> Callable:
    """Begin one answer with a line more; the answer itself stays right."""

    def change(notebook):
        cell = answer(notebook, number)
        cell.source = f"{source}\n{cell.source}"

    return change


def empty(notebook):
    notebook.cells = exercises.student(SOURCE).cells


def partly(notebook):
    starter = exercises.student(SOURCE)
    for number in (1, 3):
        answer(notebook, number).source = answer(starter, number).source


def delete_checks(notebook):
    notebook.cells = [c for c in notebook.cells if "check" not in c.metadata.get("tags", [])]


def delete_answer(notebook):
    notebook.cells.remove(answer(notebook, 2))


def double_answer(notebook):
    """A copy made in the browser has an id of its own and the same marks; the last one counts."""
    cell = copy.deepcopy(answer(notebook, 0))
    cell.id = "copied"
    answer(notebook, 0).source = "response = [[0, 0, 0], [0, 0, 0]]"
    notebook.cells.append(cell)


def copy_all(notebook):
    notebook.cells += copy.deepcopy(notebook.cells)


def reorder(notebook):
    notebook.cells.reverse()


def strip(notebook):
    notebook.metadata = NotebookNode()
    for number, cell in enumerate(notebook.cells):
        cell.metadata = NotebookNode()
        cell.id = f"new-{number}"


def strip_ids(notebook):
    strip(notebook)
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


def loosen_checks(notebook):
    for cell in notebook.cells:
        if "check" in cell.metadata.get("tags", []):
            cell.source = "print('✓ right')"
    empty_one = exercises.student(SOURCE)
    answer(notebook, 0).source = answer(empty_one, 0).source


def raise_points(notebook):
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["points"] = 100


def own_cell(notebook):
    """A cell of the student's own that the answer needs."""
    cell = answer(notebook, 1)
    helper = "def slide(image, kernel):\n    return ops.corr2d(image, kernel)"
    place = notebook.cells.index(cell)
    cell.source = (
        "def strided_correlation(image, kernel, stride):\n"
        "    return slide(image, kernel)[::stride, ::stride]"
    )
    notebook.cells.insert(place, new_code_cell(helper, id="mine"))


NOTHING = "def strided_correlation(image, kernel, stride):\n    "
CHEAT = "response = 0\nimport numpy as np\n"
STUDENTS: dict[str, tuple[Callable | None, float]] = {
    "perfect": (lambda notebook: None, 5),
    "empty": (empty, 0),
    "partly-right": (partly, 3),
    "wrong-number": (put(0, "response = [[8, -1, 0], [0, 7, 1]]"), 4),
    "syntax-error": (put(1, "def strided_correlation(:"), 4),
    "name-error": (put(2, "kernel = unknown"), 4),
    "no-python": (put(2, "the kernel is on paper"), 4),
    "renamed-file": (None, 5),
    "broken-json": (None, 0),
    "empty-file": (None, 0),
    "no-file": (None, 0),
    "deleted-checks": (delete_checks, 5),
    "deleted-answer": (delete_answer, 4),
    "doubled-answer": (double_answer, 5),
    "copied-everything": (copy_all, 5),
    "reversed": (reorder, 5),
    "stripped-marks": (strip, 5),
    "stripped-ids": (strip_ids, 5),
    "loosened-checks": (loosen_checks, 4),
    "raised-points": (raise_points, 5),
    "own-cell": (own_cell, 5),
    "endless-loop": (put(1, "while True:\n    pass"), 4),
    "endless-function": (put(1, f"{NOTHING}while True:\n        pass"), 4),
    "swallows-interrupts": (
        put(1, "while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        4,
    ),
    "os-exit": (put(1, "import os\nos._exit(0)"), 4),
    "sys-exit": (before(1, "import sys\ntry:\n    sys.exit(0)\nexcept SystemExit: pass"), 5),
    "sys-exit-bare": (put(1, "import sys\nsys.exit(0)"), 4),
    "kills-itself": (put(1, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"), 4),
    "fork": (before(1, "import os\nif os.fork() == 0:\n    os._exit(0)"), 4),
    "fork-bomb": (put(1, "import os\nwhile True:\n    os.fork()"), 4),
    "print-20-mb": (before(1, "for _ in range(20):\n    print('x' * 1_000_000)"), 5),
    "prints-endlessly": (put(1, "while True:\n    print('x' * 1000)"), 4),
    "memory-bomb": (put(1, "a = []\nwhile True:\n    a.append(bytearray(10**8))"), 4),
    "fills-the-disk": (
        put(1, "f = open('/tmp/x', 'wb')\nwhile True:\n    f.write(bytes(10**7))"),
        4,
    ),
    "reads-solutions": (
        put(0, f"response = eval(open({str(SOURCE)!r}).read().split('response = ')[1][:26])"),
        4,
    ),
    "reads-neighbour": (None, 4),
    "writes-gradebook": (None, 4),
    "opens-network": (
        put(
            0,
            "import socket\nsocket.create_connection(('127.0.0.1', PORT), timeout=5)\n"
            "response = [[8, -1, 0], [0, 7, -1]]",
        ),
        4,
    ),
    "patches-allclose": (
        put(0, f"{CHEAT}np.allclose = np.isclose = np.array_equal = lambda *a, **k: True"),
        0,
    ),
    "patches-abs": (put(0, f"{CHEAT}np.abs = lambda x: x * 0"), 0),
    "patches-modules": (
        put(
            0,
            f"{CHEAT}import sys, types\nfake = types.ModuleType('helpers.checks')\n"
            "fake.__getattr__ = lambda name: lambda *a: None\n"
            "sys.modules['helpers.checks'] = check = fake",
        ),
        0,
    ),
    "patches-check": (put(0, "response = 0\ncheck.by_hand = lambda *answers: print('✓')"), 0),
    "replaces-check": (
        put(0, "response = 0\nclass check:\n    by_hand = staticmethod(lambda *a: print('✓'))"),
        0,
    ),
    "patches-reference": (put(0, "response = 0\nops.corr2d = lambda *a: 0"), 0),
    "input": (put(0, "response = input()"), 4),
    "sleeps": (put(1, f"{NOTHING}import time\n    time.sleep(10**6)"), 4),
    "writes-stderr": (before(1, "import sys\nprint('working', file=sys.stderr)"), 5),
    "warns": (before(1, "import numpy as np\nnp.array([1.0]) / 0"), 5),
}


def write_class(folder: Path, course: Path, names: Iterable[str], port: int = 9) -> None:
    """Write a submission for each of these students into ``folder``."""
    perfect = exercises.solved(SOURCE)
    for name in names:
        change = STUDENTS[name][0]
        home = folder / name
        home.mkdir(parents=True, exist_ok=True)
        notebook = nbformat.read(course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", 4)
        for number in range(len(NAMES)):
            answer(notebook, number).source = answer(perfect, number).source
        path = home / f"{ASSIGNMENT}.ipynb"
        if name == "renamed-file":
            path = home / "Homework (final) 2.ipynb"
        elif name == "reads-neighbour":
            other = folder / "perfect" / f"{ASSIGNMENT}.ipynb"
            put(0, f"import json\njson.load(open({str(other)!r}))\nresponse = 0")(notebook)
        elif name == "writes-gradebook":
            book = str(course / "gradebook.db")
            put(0, f"import os\nos.remove({book!r})\nresponse = 0")(notebook)
        if change is not None:
            change(notebook)
        text = json.dumps(notebook).replace("PORT", str(port))
        if name == "broken-json":
            text = text[: len(text) // 2]
        elif name == "empty-file":
            text = ""
        if name != "no-file":
            path.write_text(text, encoding="utf-8")
