"""Exercises as text: from one source an edition for students, and one with the solutions.

A source in ``exercises/`` is named and written like a chapter. Its cells tagged ``answer`` hold
complete solutions, and marks say what a student does not see:

    side = 28  # solution                  becomes   side = ...
    # solution: why it is 28               disappears
    # begin solution … # end solution      becomes   ...

A cell tagged ``check`` calls one function of `helpers.checks`. A cell has the same id in every
edition.
"""

import ast
import re
from pathlib import Path

from nbformat import NotebookNode

from tools.chapters import ROOT, ChapterError, name, read

EXERCISES = ROOT / "exercises"

_LINE = re.compile(r"^(\s*[A-Za-z_]\w* = ).*  # solution$")
_REMARK = re.compile(r"^(\s*)# solution: (.*)$")
_BEGIN, _END = "# begin solution", "# end solution"


def beside(chapters: Path) -> Path:
    """The folder of exercises that belongs to a folder of chapters."""
    return chapters.parent / EXERCISES.name


def student(path: Path) -> NotebookNode:
    """The edition for students: every solution is three dots."""
    return _edition(path, hide_solutions)


def solved(path: Path) -> NotebookNode:
    """The edition with the solutions, without the marks."""
    return _edition(path, show_solutions)


# By the folder beside the lessons in which they lie.
EDITIONS = {"exercises": student, "solutions": solved}


def hide_solutions(source: str) -> str:
    """What a student gets of an answer cell. Raises ValueError for marks that do not fit."""
    lines, inside = [], False
    for line in source.splitlines():
        mark = line.strip()
        if mark in (_BEGIN, _END):
            if (mark == _BEGIN) == inside:
                raise ValueError(f"{mark!r} has no partner")
            inside = not inside
            if inside:
                lines.append(line.replace(_BEGIN, "..."))
        elif match := not inside and _LINE.match(line):
            lines.append(f"{match[1]}...")
        elif not inside and not _REMARK.match(line):
            if line.endswith("# solution"):
                raise ValueError(f"{mark!r} is no assignment to one name, behind two spaces")
            lines.append(line)
    if inside:
        raise ValueError(f"{_BEGIN!r} has no partner")
    return _settled(lines)


def show_solutions(source: str) -> str:
    """The same cell with its solution, without the marks."""
    lines = []
    for line in source.splitlines():
        if line.strip() not in (_BEGIN, _END):
            lines.append(_REMARK.sub(r"\1# \2", line).removesuffix("  # solution"))
    return _settled(lines)


def _edition(path: Path, change) -> NotebookNode:
    notebook = read(path)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        place = f"{path.name}, {name(cell)}"
        if "answer" not in tags and "# solution" in cell.source:
            raise ChapterError(f"{place}: only a cell tagged `answer` holds a solution")
        if "answer" in tags:
            try:
                hidden = hide_solutions(cell.source)
            except ValueError as error:
                raise ChapterError(f"{place}: {error}") from None
            if hidden == cell.source:
                raise ChapterError(f"{place}: the answer has no mark, so students would see it")
            cell.source = change(cell.source)
    return notebook


def module_of(notebook: NotebookNode) -> str:
    """The module of `helpers.checks` that an exercise imports as ``check``."""
    for cell in notebook.cells:
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
            if isinstance(node, ast.ImportFrom) and node.module == "helpers.checks":
                return node.names[0].name
    raise ChapterError("no cell imports a module of helpers.checks")


def calls(notebook: NotebookNode) -> list[ast.Call]:
    """The calls ``check.NAME(…)`` of the cells tagged ``check``, one each."""
    found = []
    for cell in notebook.cells:
        if "check" not in cell.metadata.get("tags", []):
            continue
        body = ast.parse(cell.source).body
        call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
        if not (isinstance(call, ast.Call) and ast.unparse(call.func).startswith("check.")):
            raise ChapterError(f"{name(cell)}: a check is a single call, check.NAME(…)")
        found.append(call)
    return found


def _settled(lines: list[str]) -> str:
    """Without the gaps that a removed line leaves: never more than two empty lines in a row."""
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n")
