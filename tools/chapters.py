"""Chapters as text: find them, read them, and choose the cells of one edition."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import jupytext
import nbformat
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

# Every tag that a cell may carry. nbval knows more, and each of those would exempt a cell from
# being checked; a tag that nothing here reads would mean nothing.
TAGS = {
    "answer",  # of an exercise: holds its solution between marks, see tools.exercises
    "check",  # of an exercise: calls the check of the answer above
    "cover",  # the README shows its picture, as cover.png
    "map",  # and this one, as map.png
    "needs-loopback",  # starts processes that talk over the network: tools.loopback
    "picture-trained",  # what training decides: compared as data, not pixel by pixel
    "picture-varies",  # timings: only the number and the sizes of the pictures count
    "raises-exception",  # shows an error on purpose
}

LANGUAGES = ("en", "zh")  # the first is what prose without `lang` is written in

# Notes that jupytext leaves on a cell for its own way back to text.
JUPYTEXT_KEYS = {"cell_marker", "lines_to_next_cell", "lines_to_end_of_cell_marker"}


class ChapterError(Exception):
    """A chapter cannot be built; the message says which, where and why."""


def find(folder: Path) -> dict[str, Path]:
    """The chapters in a folder, by name (``02_convolution``), in reading order."""
    paths = sorted(folder.glob("*.py"))
    for path in paths:
        # Cell ids begin with the number.
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


def select(cells: Iterable[NotebookNode], language: str = LANGUAGES[0]) -> list[NotebookNode]:
    """The cells of one edition.

    Code belongs to every language. A markdown cell belongs to the language that it is tagged with,
    ``lang="zh"`` say, and to English without a tag. Raises ChapterError for a language that is not
    known.
    """
    if language not in LANGUAGES:
        raise ChapterError(f"there is no language {language!r}; {_LANGUAGES_ARE}")
    return [
        cell
        for cell in cells
        if cell.cell_type == "code" or cell.metadata.get("lang", LANGUAGES[0]) == language
    ]


def read(path: Path, language: str = LANGUAGES[0]) -> NotebookNode:
    """One edition of a chapter as a notebook that has not been run yet.

    Everything in it follows from the text: the cells' ids too, so that a rebuilt notebook differs
    from the old one only where the chapter or its outputs changed. A cell has the same id in every
    edition.
    """
    try:
        source = jupytext.read(path, fmt="py:percent")
    except nbformat.ValidationError as error:  # of metadata: tags="check", without brackets
        raise ChapterError(f"{path.name}: {error.message}") from None
    if not source.cells:
        raise ChapterError(f"{path.name} has no cells")
    for number, cell in enumerate(source.cells, start=1):
        _refuse_doubtful(cell, f"{path.name}, cell {number}")
    _give_ids(source.cells, path.stem[:2])
    cells = select(source.cells, language)
    for cell in cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode(tags=list(tags)) if tags else NotebookNode()
    notebook = v4.new_notebook(cells=cells, metadata=METADATA)
    notebook.nbformat_minor = 5  # the first version with cell ids; a newer one would change files
    return notebook


def name(cell: NotebookNode) -> str:
    """A cell as a message names it: its id, and its first line for the reader to find it by."""
    first = (cell.source.strip() or "empty").splitlines()[0]
    return f"{cell.id} ({first if len(first) <= 60 else first[:59] + '…'})"


def _give_ids(cells: Iterable[NotebookNode], number: str) -> None:
    """An id holds the chapter's number and a hash of the cell's own text, ``02-5f0c9a1e``.

    So a cell that is inserted or moved changes no other cell's id. A text that stands in the
    chapter again gets ``02-5f0c9a1e-2``.
    """
    seen = Counter()
    for cell in cells:
        text = f"{cell.cell_type}\n{cell.source}"
        identity = f"{number}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        seen[identity] += 1
        cell.id = identity if seen[identity] == 1 else f"{identity}-{seen[identity]}"


_LANGUAGES_ARE = f"the languages are: {', '.join(LANGUAGES)}"


def _refuse_doubtful(cell: NotebookNode, place: str) -> None:
    """A misspelt ``tag=["check"]`` would otherwise pass unseen, and mean nothing.

    Nor would prose in an unknown language stand in any edition.
    """
    if not cell.source.strip():
        raise ChapterError(f"{place}: the cell is empty")
    unknown = set(cell.metadata) - JUPYTEXT_KEYS - {"tags", "lang"}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise ChapterError(f"{place}: a cell may carry `tags` and `lang`, not: {names}")
    if "lang" in cell.metadata and cell.cell_type == "code":
        raise ChapterError(f"{place}: `lang` is for prose; every edition shares the code cells")
    language = cell.metadata.get("lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise ChapterError(f"{place}: lang={language!r} is not known; {_LANGUAGES_ARE}")
    misspelt = [tag for tag in cell.metadata.get("tags", []) if tag not in TAGS]
    if misspelt:
        known = ", ".join(sorted(TAGS))
        raise ChapterError(f"{place}: there is no tag {misspelt[0]}; the tags are: {known}")
