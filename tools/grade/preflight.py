"""Lay the answers of a submission, cell by cell, into the notebook as it was handed out.

Damaged notebooks are normal: cells deleted, doubled, moved, marks stripped by another program, the
file renamed. What counts is what stands in the answers, so only that is taken.
"""

import ast
import copy
import json
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode


def load(path: Path) -> NotebookNode | None:
    """The notebook in a file, or None where there is none in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        notebook = nbformat.convert(nbformat.from_dict(json.loads(text)), 4)
        return notebook if isinstance(notebook.cells, list) else None
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    except nbformat.ValidationError:
        return None


def laid_in(submission: NotebookNode, released: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """The released notebook with a submission's answers, and words on what was wrong.

    A cell is known by its id, else by its mark of nbgrader, else by the names that it defines. Code
    cells that a student added stay before the answer that they preceded.
    """
    notebook, words = copy.deepcopy(released), []
    cells = _readable(submission)
    owners = [_owner(cell, notebook) for cell in cells]
    added, merged = [], []
    for cell in notebook.cells:
        if not _is_answer(cell):
            merged.append(cell)
            continue
        mine = [other for other, owner in zip(cells, owners, strict=True) if owner == cell.id]
        written = [other for other in mine if _different(other.source, cell.source)]
        if not mine:
            words.append(f"{_names(cell)}: the cell was missing")
        elif len(written) > 1:
            words.append(f"{_names(cell)}: there were {len(written)} cells, the last one counts")
        if written:
            first = next(i for i, other in enumerate(cells) if other is written[-1])
            before = _before(cells[:first], owners[:first], added)
            added += before
            merged += [_extra(other, len(merged) + k) for k, other in enumerate(before)]
            cell.source = written[-1].source
        merged.append(cell)
    if added:
        words.append(f"{len(added)} added cell{'s were' if len(added) > 1 else ' was'} kept")
    notebook.cells = merged
    return notebook, words


def similarity(submission: NotebookNode, released: NotebookNode) -> int:
    """How many cells of a submission belong to an assignment."""
    return sum(_owner(cell, released) is not None for cell in _readable(submission))


def to_blame(notebook: NotebookNode, fatal: str) -> str:
    """The id of the cell to leave out when the kernel died in a cell.

    A check is restored whatever is done to it, so it is the answer before it that goes.
    """
    ids = [cell.id for cell in notebook.cells]
    place = ids.index(fatal)
    if "check" in notebook.cells[place].metadata.get("tags", []):
        answers = [cell.id for cell in notebook.cells[:place] if _is_answer(cell)]
        return answers[-1]
    return fatal


def without(notebook: NotebookNode, fatal: Sequence[str]) -> NotebookNode:
    """The notebook with the cells left out that ended the kernel."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.id in fatal:
            cell.source = "# This cell ended the kernel when it was graded, so it was left out."
    return notebook


def _is_answer(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _readable(submission: NotebookNode) -> list[NotebookNode]:
    """The cells that hold text, which some programs store as a list of lines."""
    cells = []
    for cell in submission.cells:
        source = cell.get("source") if isinstance(cell, dict) else None
        lines = source if isinstance(source, list) else [source]
        if all(isinstance(line, str) for line in lines):
            cells.append(NotebookNode(cell, source="".join(lines)))
    return cells


def _owner(cell: NotebookNode, released: NotebookNode) -> str | None:
    """The id of the released cell that a cell of a submission is, or is a copy of."""
    marks = cell.get("metadata")
    marks = marks.get("nbgrader") if isinstance(marks, dict) else None
    marked = marks.get("grade_id") if isinstance(marks, dict) else None
    ids = [other.id for other in released.cells]
    for identity in (cell.get("id"), marked):
        if identity in ids:
            return identity
    for other in released.cells:
        if not _different(other.source, cell.source):
            return other.id
    defined = _defined(cell.source) if cell.get("cell_type") == "code" else set()
    for other in released.cells:
        if _is_answer(other) and defined and _defined(other.source) <= defined:
            return other.id
    return None


def _before(cells: list, owners: list, added: list) -> list[NotebookNode]:
    """The code cells of a student's own among these, but for those that were taken already."""
    return [
        cell
        for cell, owner in zip(cells, owners, strict=True)
        if owner is None
        and cell.get("cell_type") == "code"
        and cell.source.strip()
        and not any(cell is other for other in added)
    ]


def _extra(cell: NotebookNode, number: int) -> NotebookNode:
    return nbformat.v4.new_code_cell(cell.source, id=f"added-{number}")


def _defined(source: str) -> set[str]:
    """The names that a cell defines at its top level; none where it is no Python."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assigned = [node for node in body if isinstance(node, ast.Assign)]
    targets = [target for node in assigned for target in node.targets]
    return names | {target.id for target in targets if isinstance(target, ast.Name)}


def _different(one: str, other: str) -> bool:
    return one.split() != other.split()


def _names(cell: NotebookNode) -> str:
    return ", ".join(sorted(_defined(cell.source))) or cell.id
