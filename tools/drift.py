"""Compare chapters with the notebooks built from them, without running anything."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.chapters import choose, find, name, read


def differences(
    chapters: Path,
    notebooks: Path,
    names: Sequence[str] = (),
    read: Callable[[Path], NotebookNode] = read,
) -> list[str]:
    """What is out of step, a paragraph for each chapter, with the command that repairs it.

    With names, only those chapters are looked at; without, notebooks that have no chapter too.
    ``read`` makes the edition of a source that the notebooks hold.
    """
    found = []
    option = "--exercises " if chapters.name == "exercises" else ""
    for chapter in choose(names, chapters):
        stored = notebooks / f"{chapter.stem}.ipynb"
        wrong = list(_notebook_differences(read(chapter), chapter.stem, stored))
        if wrong:
            repair = f"  repair: python -m tools.build {option}{chapter.stem}"
            found.append("\n".join([*wrong, repair]))
    if not names:
        for path in sorted(notebooks.glob("*.ipynb")):
            if path.stem not in find(chapters):
                found.append(
                    f"{path.stem}: the notebook has no chapter {chapters.name}/{path.stem}.py\n"
                    f"  repair: rm {notebooks.name}/{path.name}"
                )
    return found


def _notebook_differences(expected: NotebookNode, stem: str, path: Path) -> Iterator[str]:
    if not path.exists():
        yield f"{stem}: there is no notebook {path.parent.name}/{path.name}"
        return
    stored = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    if _header(expected) != _header(stored):
        yield f"{stem}: the notebook's own metadata differs"
    ids = [[cell.id for cell in notebook.cells] for notebook in (stored, expected)]
    for what, a, b, c, d in difflib.SequenceMatcher(None, *ids).get_opcodes():
        old, new = stored.cells[a:b], expected.cells[c:d]
        if what == "equal":
            for before, after in zip(old, new, strict=True):
                yield from _same_id_differences(before, after)
        elif len(old) == len(new):
            for before, after in zip(old, new, strict=True):
                yield from _edited(before, after)
        else:
            yield from (f"{name(cell)}: only in the notebook" for cell in old)
            yield from (f"{name(cell)}: only in the chapter" for cell in new)


def _header(notebook: NotebookNode) -> tuple:
    return notebook.nbformat, notebook.nbformat_minor, notebook.metadata


def _same_id_differences(old: NotebookNode, new: NotebookNode) -> Iterator[str]:
    """What was edited by hand in the notebook, or is not part of a cell's text."""
    if new.metadata != old.metadata:
        yield f"{name(new)}: metadata {dict(new.metadata)}, in the notebook {dict(old.metadata)}"
    if new.source != old.source or new.cell_type != old.cell_type:
        yield from _edited(old, new)


def _edited(old: NotebookNode, new: NotebookNode) -> Iterator[str]:
    """A cell in the place of another: the chapter was edited since the notebook was built."""
    if new.cell_type != old.cell_type:
        yield f"{name(new)}: a {new.cell_type} cell, in the notebook a {old.cell_type} cell"
    elif new.source == old.source:
        yield f"{name(new)}: the notebook's cell has the id {old.id}"
    else:
        lines = difflib.ndiff(old.source.splitlines(), new.source.splitlines())
        changed = [f"    {line}" for line in lines if line[0] in "-+"]
        yield "\n".join([f"{name(new)}: its source differs, - in the notebook, + here", *changed])
