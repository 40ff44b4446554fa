"""Chapters as text: find them, read them, and choose the cells of one edition."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import jupytext
from nbformat import NotebookNode, v4

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ROOT / "chapters"
NOTEBOOKS = ROOT / "notebooks"

# What every notebook says of its language. A kernel would add the version of the Python that
# built it, and then each contributor's build would differ from the last one's.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}

# Notes that jupytext leaves on a cell for its own way back to text.
JUPYTEXT_KEYS = {"cell_marker", "lines_to_next_cell", "lines_to_end_of_cell_marker"}


class ChapterError(Exception):
    """A chapter cannot be built; the message says which, where and why."""


def find(folder: Path) -> dict[str, Path]:
    """The chapters in a folder, by name (``02_convolution``), in reading order."""
    paths = sorted(folder.glob("*.py"))
    for path in paths:
        # Cell ids begin with the name and may hold nothing else.
        if not re.fullmatch(r"[0-9]{2}_[a-z0-9_]{1,50}", path.stem):
            raise ChapterError(f"{path.name}: a chapter is called like 02_convolution.py")
    return {path.stem: path for path in paths}


def choose(names: Sequence[str], folder: Path) -> list[Path]:
    """The chapters called ``02_convolution``, ``chapters/02_convolution.py`` or ``02``.

    No names at all means every chapter.
    """
    known = find(folder)
    chosen = []
    for name in names or known:
        stem = Path(name).stem
        matches = [path for key, path in known.items() if stem in (key, key[:2])]
        if not matches:
            existing = ", ".join(known) or f"none, {folder.name}/ is empty"
            raise ChapterError(f"there is no chapter {name!r}; the chapters are: {existing}")
        chosen += [path for path in matches if path not in chosen]
    return chosen


def select(
    cells: Iterable[NotebookNode], language: str = "en", solutions: bool = True
) -> list[NotebookNode]:
    """The cells of one edition.

    Code belongs to every language. A markdown cell belongs to the language that it is tagged with,
    ``lang="zh"`` say, and to English without a tag. An edition for students leaves out the cells
    tagged ``solution``.
    """
    return [
        cell
        for cell in cells
        if (cell.cell_type == "code" or cell.metadata.get("lang", "en") == language)
        and (solutions or "solution" not in cell.metadata.get("tags", []))
    ]


def read(path: Path, language: str = "en", solutions: bool = True) -> NotebookNode:
    """One edition of a chapter as a notebook that has not been run yet.

    Everything in it follows from the text: the cells' ids too, so that a rebuilt notebook differs
    from the old one only where the chapter or its outputs changed.
    """
    source = jupytext.read(path, fmt="py:percent")
    if not source.cells:
        raise ChapterError(f"{path.name} has no cells")
    for number, cell in enumerate(source.cells, start=1):
        _refuse_doubtful(cell, f"{path.name}, cell {number}")
    cells = select(source.cells, language, solutions)
    digits = max(2, len(str(len(cells))))
    for number, cell in enumerate(cells, start=1):
        cell.id = f"{path.stem}-{number:0{digits}d}"
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode(tags=list(tags)) if tags else NotebookNode()
    notebook = v4.new_notebook(cells=cells, metadata=METADATA)
    notebook.nbformat_minor = 5  # the first version with cell ids; a newer one would change files
    return notebook


def _refuse_doubtful(cell: NotebookNode, place: str) -> None:
    """A misspelt ``tag=["solution"]`` would otherwise pass unseen, and mean nothing."""
    if not cell.source.strip():
        raise ChapterError(f"{place}: the cell is empty")
    unknown = set(cell.metadata) - JUPYTEXT_KEYS - {"tags", "lang"}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise ChapterError(f"{place}: a cell may carry `tags` and `lang`, not: {names}")
    if "lang" in cell.metadata and cell.cell_type == "code":
        raise ChapterError(f"{place}: `lang` is for prose; every edition shares the code cells")
