"""Keep stored pictures that still agree, so that a rebuild elsewhere changes no bytes.

Another processor, or another version of a font, draws a picture that the check lets pass but whose
bytes differ. The builder then keeps the stored one.
"""

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.outputs import PICTURES
from tools.pictures import differences


def keep_pictures(notebook: NotebookNode, path: Path) -> None:
    """Put the pictures stored at ``path`` in the place of new ones that agree with them.

    Cells are matched by id, their pictures in order; a picture brings what is recorded with it.
    Text is always the new one. Without a notebook at ``path``, or with one that cannot be read,
    nothing changes.
    """
    try:
        stored = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        old_outputs = {cell.id: cell.get("outputs", []) for cell in stored.cells}
    except (OSError, ValueError, AttributeError, nbformat.ValidationError):
        return
    for cell in notebook.cells:
        if cell.id in old_outputs:
            tags = cell.metadata.get("tags", [])
            _keep_in_cell(cell.get("outputs", []), old_outputs[cell.id], tags)


def _keep_in_cell(new: list[NotebookNode], old: list[NotebookNode], tags: list[str]) -> None:
    changed = {difference.figure for difference in differences(old, new, tags)}
    pairs = zip(_pictures(old), _pictures(new), strict=False)
    for number, ((old_output, old_kind), (new_output, kind)) in enumerate(pairs, start=1):
        if number not in changed and kind == old_kind:
            new_output.data[kind] = old_output.data[kind]
            if kind in old_output.metadata:
                new_output.metadata[kind] = old_output.metadata[kind]


def _pictures(outputs: list[NotebookNode]) -> Iterator[tuple[NotebookNode, str]]:
    """Where a cell's pictures are, in the order in which they are compared."""
    for output in outputs:
        for kind in PICTURES:
            if kind in output.get("data", {}):
                yield output, kind
