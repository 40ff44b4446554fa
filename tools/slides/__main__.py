"""Make slides from the built notebooks, for a lecture: one rule for every chapter.

python -m tools.slides           every chapter, into build/slides/
python -m tools.slides 02 05     these two

A heading with the beginning of its first paragraph is a slide. The next picture stands on it too,
or else the next printed numbers, if there is room and no question comes between. Later pictures,
*Think*, *Correction* and *Activity* are slides below it. All other prose becomes speaker's notes,
and all other code is there but not shown, so that the notebook runs like the lesson. Nothing is
written for the slides alone, so they cannot contradict the lesson.

jupyterlab-rise shows them: uv run --group slides jupyter lab build/slides
"""

import argparse
import copy
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from tools.build import write
from tools.chapters import CHAPTERS, NOTEBOOKS, ROOT, ChapterError, choose
from tools.execute import replace
from tools.slides.rule import cut

SLIDES = ROOT / "build" / "slides"
STYLE = Path(__file__).with_name("style.css")


def slides(lesson: NotebookNode) -> NotebookNode:
    """The slides of a built lesson, as a notebook that runs like it."""
    deck = v4.new_notebook(metadata=copy.deepcopy(lesson.metadata))
    deck.nbformat_minor = lesson.nbformat_minor
    deck.metadata["rise"] = {"theme": "white", "transition": "none", "center": False}
    deck.cells = [cell for slide in cut(lesson) for cell in slide.written()]
    for number, cell in enumerate(deck.cells):
        cell.id = f"slide-{number}"
    return deck


def lessons(names: Sequence[str], chapters: Path = CHAPTERS) -> list[Path]:
    """The chapters called so; without names, all but the page to start from, which is no lesson."""
    found = choose(names, chapters)
    return found if names else [path for path in found if not path.stem.startswith("00")]


def main(
    arguments: Sequence[str] | None = None,
    chapters: Path = CHAPTERS,
    notebooks: Path = NOTEBOOKS,
    folder: Path = SLIDES,
) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.slides",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("chapters", nargs="*", metavar="chapter", help="02 or 02_convolution")
    try:
        for chapter in lessons(parser.parse_args(arguments).chapters, chapters):
            lesson = notebooks / f"{chapter.stem}.ipynb"
            if not lesson.exists():
                raise ChapterError(f"{lesson.name} is not built; run python -m tools.build")
            target = folder / lesson.name
            write(slides(nbformat.read(lesson, as_version=4)), target)
            replace(folder / "rise.css", STYLE.read_bytes())
            print(f"{target.name} written to {folder.name}/")
    except ChapterError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
