"""Compare chapters with the notebooks built from them, without running anything."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.chapters import choose, find, read


def differences(chapters: Path, notebooks: Path, names: Sequence[str] = ()) -> list[str]:
    """What is out of step, a paragraph for each chapter, with the command that repairs it.

    With names, only those chapters are looked at; without, notebooks that have no chapter too.
    """
    found = []
    for chapter in choose(names, chapters):
        stored = notebooks / f"{chapter.stem}.ipynb"
        wrong = list(_notebook_differences(chapter, stored))
        if wrong:
            found.append("\n".join([*wrong, f"  repair: python -m tools.build {chapter.stem}"]))
    if not names:
        for path in sorted(notebooks.glob("*.ipynb")):
            if path.stem not in find(chapters):
                found.append(
                    f"{path.stem}: the notebook has no chapter {chapters.name}/{path.stem}.py\n"
                    f"  repair: rm {notebooks.name}/{path.name}"
                )
    return found


def _notebook_differences(chapter: Path, path: Path) -> Iterator[str]:
    if not path.exists():
        yield f"{chapter.stem}: there is no notebook {path.parent.name}/{path.name}"
        return
    expected, stored = read(chapter), nbformat.read(path, as_version=nbformat.NO_CONVERT)
    if _header(expected) != _header(stored):
        yield f"{chapter.stem}: the notebook's own metadata differs"
    if len(expected.cells) != len(stored.cells):
        yield (
            f"{chapter.stem}: the chapter has {len(expected.cells)} cells, "
            f"the notebook {len(stored.cells)}"
        )
    # One cell inserted shifts all that follow, so the first difference tells the most.
    for new, old in zip(expected.cells, stored.cells, strict=False):
        cell_differences = list(_cell_differences(new, old))
        if cell_differences:
            yield from cell_differences
            return


def _header(notebook: NotebookNode) -> tuple:
    return notebook.nbformat, notebook.nbformat_minor, notebook.metadata


def _cell_differences(new: NotebookNode, old: NotebookNode) -> Iterator[str]:
    if new.id != old.get("id"):
        yield f"{new.id}: the notebook's cell has the id {old.get('id')}"
    if new.cell_type != old.cell_type:
        yield f"{new.id}: a {new.cell_type} cell, in the notebook a {old.cell_type} cell"
    if new.metadata != old.metadata:
        yield f"{new.id}: metadata {dict(new.metadata)}, in the notebook {dict(old.metadata)}"
    if new.source != old.source:
        lines = difflib.ndiff(old.source.splitlines(), new.source.splitlines())
        changed = [f"    {line}" for line in lines if line[0] in "-+"]
        yield "\n".join([f"{new.id}: its source differs, - in the notebook, + here", *changed])
