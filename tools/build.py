"""Build the notebooks from the chapters: run each from scratch and store what it shows.

python -m tools.build                 every chapter
python -m tools.build 02 05_training  these two
python -m tools.build --exercises 02  its exercises: for students, and with solutions
python -m tools.build --check         run nothing; say which notebooks are out of step
python -m tools.build --redraw 02     keep no stored picture, not even one that looks the same
python -m tools.build --class DIR     lessons without outputs, and exercises, to hand out
"""

import argparse
import base64
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools import exercises
from tools.chapters import CHAPTERS, NOTEBOOKS, ChapterError, choose, read
from tools.drift import differences
from tools.execute import execute, replace
from tools.keep import keep_pictures
from tools.outputs import problems

# By the tag of the cell that draws it: beside the notebooks, where the README finds it.
SHOWN = {"cover": "cover.png", "map": "map.png"}


def build(
    chapter: Path,
    notebooks: Path,
    redraw: bool = False,
    read: Callable[[Path], NotebookNode] = read,
) -> Path:
    """Build one chapter into ``notebooks`` and return the notebook's path.

    The cells run where the notebook lies. Pictures of the last build that agree with the new ones
    are kept unless ``redraw`` is set. ``read`` makes an edition of the source. Whatever goes wrong,
    the notebook of the last good build stays as it was.
    """
    notebook = read(chapter)
    notebooks.mkdir(parents=True, exist_ok=True)
    execute(notebook, notebooks)
    wrong = problems(notebook)
    if wrong:
        raise ChapterError("an output would not come out the same again\n" + "\n".join(wrong))
    target = notebooks / f"{chapter.stem}.ipynb"
    if not redraw:
        keep_pictures(notebook, target)
    write(notebook, target)
    for tag, file in SHOWN.items():
        for picture in tagged_pictures(notebook, tag):
            replace(notebooks / file, picture)
    return target


def write(notebook: NotebookNode, target: Path) -> None:
    """Write a notebook whole, or leave the old one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    replace(target, (nbformat.writes(notebook) + "\n").encode())


def build_exercises(source: Path, folder: Path, redraw: bool = False) -> None:
    """Build the two editions of a chapter's exercises, ``exercises/`` and ``solutions/``."""
    build(source, folder / "solutions", redraw, exercises.solved)
    write(exercises.student(source), folder / "exercises" / f"{source.stem}.ipynb")


def for_class(names: Sequence[str], chapters: Path, folder: Path) -> None:
    """Write lessons without outputs and the exercises for students into an empty folder."""
    if folder.exists() and any(folder.iterdir()):
        raise ChapterError(f"{folder} is not empty; name a new folder")
    made = {folder / f"{chapter.stem}.ipynb": read(chapter) for chapter in choose(names, chapters)}
    for source in choose(names, exercises.beside(chapters)):
        made[folder / "exercises" / f"{source.stem}.ipynb"] = exercises.student(source)
    for path, notebook in made.items():
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = _linked_within(cell.source, path.parent, set(made))
        write(notebook, path)


def _linked_within(text: str, folder: Path, there: set[Path]) -> str:
    """Markdown whose links to files lead to those that are there; of other links the text stays."""

    def kept(link: re.Match) -> str:
        target = Path(os.path.normpath(folder / link[2]))
        return link[0] if target in there else link[1]

    return re.sub(r"\[([^]]+)\]\((?![a-z]+:)([^)#]+)(?:#[^)]*)?\)", kept, text)


def tagged_pictures(notebook: NotebookNode, tag: str) -> list[bytes]:
    """The pictures of the cells with a tag."""
    return [
        base64.b64decode(output.data["image/png"])
        for cell in notebook.cells
        if tag in cell.metadata.get("tags", [])
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


def main(
    arguments: Sequence[str] | None = None, chapters: Path = CHAPTERS, notebooks: Path = NOTEBOOKS
) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.build",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("chapters", nargs="*", metavar="chapter", help="02 or 02_convolution")
    parser.add_argument("--check", action="store_true", help="compare only, run nothing")
    parser.add_argument("--redraw", action="store_true", help="keep no stored picture")
    parser.add_argument("--exercises", action="store_true", help="the exercises, not the lessons")
    parser.add_argument("--class", dest="folder", metavar="DIR", type=Path, help="hand out")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            return _check(options.chapters, chapters, notebooks)
        if options.folder:
            for_class(options.chapters, chapters, options.folder)
            return 0
        make = build_exercises if options.exercises else build
        folder = exercises.beside(chapters) if options.exercises else chapters
        for source in choose(options.chapters, folder):
            _build_and_tell(make, source, notebooks, options.redraw)
    except ChapterError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _build_and_tell(make: Callable, chapter: Path, notebooks: Path, redraw: bool) -> None:
    start = time.perf_counter()
    try:
        make(chapter, notebooks, redraw)
    except ChapterError as error:
        raise ChapterError(f"{chapter.stem} was not built: {error}") from None
    print(f"{chapter.stem} built in {time.perf_counter() - start:.1f} s", flush=True)


def _check(names: Sequence[str], chapters: Path, notebooks: Path) -> int:
    found = differences(chapters, notebooks, names)
    tasks = exercises.beside(chapters)
    for name, edition in exercises.EDITIONS.items() if tasks.exists() else ():
        found += differences(tasks, notebooks / name, names, edition)
    for difference in found:
        print(difference)
    if not found:
        print(f"{notebooks.name}/ is in step with {chapters.name}/")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
