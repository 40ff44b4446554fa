"""Make the weights of the explorer's network anew: ``python -m tools.explorer``.

Chapter 13 trains ten networks, and the explorer shows the first. The code is the chapter's own, so
that a changed chapter changes the weights, or is refused.
"""

import ast
import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers.explore.weights import DIGITS, write_weights
from tools.chapters import CHAPTERS, read

CHAPTER = CHAPTERS / "13_three_layer_network.py"
# What the training needs of the cells before it, and the cell that trains.
NEEDED = ("three_layers", "digits", "x", "labels", "test", "train")
TRAINED = "models"
COUNT = "range(10)"  # how many networks; the others take nine tenths of the time


class ExplorerError(Exception):
    """The chapter no longer holds what the weights are made from; the message says what."""


def names(*wanted: str, chapter: Path = CHAPTER) -> dict:
    """What a chapter calls by these names: its imports, functions and data, in its own order."""
    statements = list(_statements(chapter))
    bound = [name for statement in statements for name in _bound(statement)]
    for name in wanted:
        if bound.count(name) != 1:
            raise ExplorerError(f"{chapter.name} has {bound.count(name)} definitions of {name}")
    kept = [
        statement
        for statement in statements
        if isinstance(statement, ast.Import | ast.ImportFrom) or _bound(statement) & set(wanted)
    ]
    found = {}
    exec(compile(ast.Module(kept, []), chapter.name, "exec"), found)
    return found


def first_network(chapter: Path = CHAPTER) -> object:
    """The first of the chapter's networks, trained by the chapter's own cell."""
    cells = [cell for cell in _code(chapter) if cell.startswith(f"{TRAINED} = ")]
    if len(cells) != 1 or cells[0].count(COUNT) != 1:
        raise ExplorerError(f"{chapter.name} has no cell '{TRAINED} = …' with one {COUNT}")
    found = names(*NEEDED, chapter=chapter)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(cells[0].replace(COUNT, "range(1)"), chapter.name, "exec"), found)
    return found[TRAINED][0]


def _code(chapter: Path) -> list[str]:
    return [cell.source for cell in read(chapter).cells if cell.cell_type == "code"]


def _statements(chapter: Path) -> Iterator[ast.stmt]:
    for source in _code(chapter):
        yield from ast.parse(source).body


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Assign):
        return {target.id for target in statement.targets if isinstance(target, ast.Name)}
    return set()


def main() -> int:
    try:
        write_weights(first_network(), DIGITS)
    except (ExplorerError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{DIGITS.name}: {DIGITS.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
