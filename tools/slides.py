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
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
from markdown_it import MarkdownIt
from nbformat import NotebookNode, v4

from tools.build import write
from tools.chapters import CHAPTERS, NOTEBOOKS, ROOT, ChapterError, choose
from tools.execute import replace

SLIDES = ROOT / "build" / "slides"
STYLE = Path(__file__).with_suffix(".css")

WIDTH, HEIGHT = 1280 - 2 * 48, 720 - 2 * 36  # pixels that the style leaves for content
LINE, SMALL = 38, 28  # a line of prose, a line of output
GAP, ITEM = 14, 6  # the space below a paragraph, and below an item of a list
HEADING = {"#": 250, "##": 62, "###": 40}
CHARACTERS = 71  # of prose on a line
PRINTED = 96  # of output on a line

WORDS = 40  # of prose on a slide; more is read instead of listened to
LARGEST = 1.45  # pictures hold two pixels for one, so they stay sharp
LEGIBLE = 0.95  # a picture that would be smaller has a slide of its own

CORRECTION = "> **Correction"
BOXES = ("> **Think", CORRECTION, "> **Activity")

AGENDA = "What you will see, do, and need"
# To recall is to learn: the list at a chapter's end is shown with a task.
CLOSING = "What you have seen, done, and can now use"
UNSEEN = ("Exercises", "Further reading")
RECALL = "**Which of these can you explain to your neighbour, without notes?**"


class Block(NamedTuple):
    """kind: heading, box, list, table or prose; text: its markdown."""

    kind: str
    text: str


class Slide:
    """A slide: what it shows, the code below it that is not shown, and the speaker's notes."""

    def __init__(self, kind: str, heading: str) -> None:
        self.kind = kind  # "slide", or "subslide" below the last one
        self.cells: list[NotebookNode] = []
        self.notes: list[str] = []
        self.height = 0  # of what it shows, in pixels, by estimate
        self.tells = heading.startswith("# ")  # a picture, a number, a question, or a title
        self.bare = True  # a heading and prose, if any
        self.takes = True  # an output that comes next
        self.expects = True  # prose that comes next
        self.show(heading)

    def show(self, text: str) -> None:
        """Add markdown to what is seen."""
        self._add(v4.new_markdown_cell(text), "-" if self.height else self.kind)
        self.height += height(text)
        if not text.startswith("#"):
            self.tells = self.tells or bool(re.search(r"\d|\?", _seen(text)))

    def show_box(self, text: str) -> None:
        """Add a question or a correction. A question asks for the next output and hides it."""
        self.show(text)
        self.bare = self.expects = False
        self.takes = text.startswith(CORRECTION)

    def show_output(self, cell: NotebookNode, scale: float = 1) -> None:
        """Add a code cell, of which only the output is seen, pictures enlarged by ``scale``."""
        self._add(cell, "-")
        for size in _sizes(cell):
            size["width"], size["height"] = (round(scale * size[k]) for k in ("width", "height"))
        self.height += output_height(cell)
        self.tells, self.bare, self.takes, self.expects = True, False, False, False

    def keep(self, cell: NotebookNode) -> None:
        """Add a code cell of which nothing is seen."""
        self._add(cell, "skip")

    def quieten(self, first: int = 0) -> None:
        """Make notes of the markdown that it shows from a cell on."""
        prose = [cell for cell in self.cells[first:] if cell.cell_type == "markdown"]
        self.cells = [cell for cell in self.cells if cell not in prose]
        self.notes = [cell.source for cell in prose] + self.notes
        self.height = sum(height(cell.source) for cell in self.cells[:first])

    def written(self) -> list[NotebookNode]:
        """Its cells, with the notes in one cell: a window for speakers shows no other.

        The cell is raw, since that window would show markdown twice, as it is and as it looks.
        """
        if self.notes:
            self._add(v4.new_raw_cell("\n\n".join(map(plain, self.notes))), "notes")
        return self.cells

    def _add(self, cell: NotebookNode, part: str) -> None:
        cell.metadata["slideshow"] = NotebookNode(slide_type=part)
        self.cells.append(cell)


def slides(lesson: NotebookNode) -> NotebookNode:
    """The slides of a built lesson, as a notebook that runs like it."""
    deck = v4.new_notebook(metadata=copy.deepcopy(lesson.metadata))
    deck.nbformat_minor = lesson.nbformat_minor
    deck.metadata["rise"] = {"theme": "white", "transition": "none", "center": False}
    deck.cells = [cell for slide in cut(lesson) for cell in slide.written()]
    for number, cell in enumerate(deck.cells):
        cell.id = f"slide-{number}"
    return deck


def cut(lesson: NotebookNode) -> list[Slide]:
    """The slides of a built lesson; nothing is left out, and the order stays."""
    made: list[Slide] = []
    title = ""
    for number, cell in enumerate(lesson.cells):
        if cell.cell_type == "code":
            later = _picture_ahead(lesson.cells[number + 1 :])
            _place(copy.deepcopy(cell), made, title, later)
            continue
        for block in blocks(cell.source):
            if block.kind == "heading":
                title = block.text.lstrip("# ")
                lower = block.text.startswith("###")
                mark = "# " if block.text.startswith("# ") else "## "
                made.append(Slide("subslide" if lower else "slide", mark + title))
            elif title in UNSEEN:
                made[-1].notes.append(block.text)
            elif block.text.startswith(BOXES):
                for part in _boxes(block.text):
                    _slide_for(made, title, height(part)).show_box(part)
            elif made[-1].expects:
                _open(made[-1], block, title)
            else:
                made[-1].notes.append(block.text)
    return _telling(made)


@cache
def blocks(markdown: str) -> tuple[Block, ...]:
    """The headings, boxes, lists, tables and paragraphs of a markdown text, in order."""
    lines = markdown.splitlines()
    kinds = {
        "heading_open": "heading",
        "blockquote_open": "box",
        "bullet_list_open": "list",
        "ordered_list_open": "list",
        "table_open": "table",
    }
    return tuple(
        Block(kinds.get(token.type, "prose"), "\n".join(lines[slice(*token.map)]).strip())
        for token in MarkdownIt().enable("table").parse(markdown)
        if token.level == 0 and token.map
    )


def opening(paragraph: str, words: int = WORDS) -> tuple[str, str]:
    """The first whole sentences of a paragraph, at least one, within the words; and the rest."""
    ends = [match.start() for match in re.finditer(r"(?<=[.?!*]) (?=[A-Z*`\[])", paragraph)]
    # A sentence may be in bold: then two asterisks stand behind its full stop.
    ends = [end for end in ends if paragraph[:end].rstrip("*").endswith((".", "?", "!"))]
    ends = [end for end in [*ends, len(paragraph)] if paragraph[:end].count("**") % 2 == 0]
    fitting = [end for end in ends if len(paragraph[:end].split()) <= words]
    end = fitting[-1] if fitting else ends[0]
    return paragraph[:end], paragraph[end:].strip()


def height(text: str) -> int:
    """How many pixels a piece of markdown takes, by its characters; rather more than fewer."""
    total = 0
    for kind, block in blocks(text):
        seen = _seen(block)
        if kind == "heading":
            total += HEADING[seen.split()[0]]
            continue
        lines = [line.lstrip("> -*0123456789.").rstrip() for line in seen.splitlines()]
        rows = sum(-(-len(line) // CHARACTERS) for line in lines)
        formulas = seen.count("$$") // 2
        parts = 1 + sum(not line for line in lines)
        items = len(re.findall(r"^[> ]*(?:-|[0-9]+\.) ", block, re.MULTILINE))
        total += (rows + formulas) * LINE + parts * GAP + items * ITEM + 16 * (kind == "box")
    return total


def output_height(cell: NotebookNode) -> int:
    """How many pixels the outputs of a code cell take, pictures in the size that they have now."""
    lines = [line for text in _printed(cell) for line in text.rstrip("\n").split("\n")]
    rows = sum(max(1, -(-len(line) // PRINTED)) for line in lines)
    return rows * SMALL + GAP * bool(rows) + sum(size["height"] + GAP for size in _sizes(cell))


def plain(text: str) -> str:
    """Markdown without its marks, for the speaker; formulas stay as they are written."""
    text = re.sub(r"^> ?", "", _seen(text), flags=re.MULTILINE)
    return re.sub(r"\*{1,3}(?=\S)(.+?)(?<=\S)\*{1,3}", r"\1", text).strip()


def _place(cell: NotebookNode, made: list[Slide], title: str, later: bool) -> None:
    """Show a code cell's output on the slide at hand or on a new one, or keep it unseen.

    later: whether a picture comes that the slide at hand would rather show.
    """
    slide = made[-1]
    if _sizes(cell):
        if not slide.takes or _fitting(cell, HEIGHT - slide.height) < LEGIBLE:
            slide = _slide_for(made, title, HEIGHT)
        slide.show_output(cell, _fitting(cell, HEIGHT - slide.height))
        return
    wanted = slide.takes and not (slide.bare and (slide.tells or later))
    if wanted and _printed(cell) and slide.height + output_height(cell) <= HEIGHT:
        slide.show_output(cell)
    else:
        slide.keep(cell)


def _picture_ahead(cells: Sequence[NotebookNode]) -> bool:
    """Whether a picture comes before the next heading or question."""
    for cell in cells:
        if cell.cell_type == "code":
            if _sizes(cell):
                return True
        elif any(b.kind == "heading" or b.text.startswith(BOXES) for b in blocks(cell.source)):
            return False
    return False


def _slide_for(made: list[Slide], title: str, needed: int) -> Slide:
    """The slide at hand if what is needed fits under its heading and prose, or a new one.

    Prose that tells nothing makes room.
    """
    slide = made[-1]
    if not (slide.bare and slide.height + needed <= HEIGHT):
        if slide.bare and not slide.tells:
            slide.quieten(1)
        else:
            made.append(Slide("subslide", f"### {title}"))
    return made[-1]


def _fitting(cell: NotebookNode, room: int) -> float:
    """The scale at which the outputs of a cell fill the room, within what a picture holds."""
    pictures = _sizes(cell)
    tall = sum(size["height"] for size in pictures)
    other = output_height(cell) - tall
    return min(LARGEST, (room - other) / tall, WIDTH / max(size["width"] for size in pictures))


def _open(slide: Slide, block: Block, title: str) -> None:
    """Show what follows a heading: a paragraph in part, with what it announces; all else in whole.

    What a chapter needs is shown in whole, too, and of each point of its end the first sentence.
    """
    whole = block.kind != "prose" or title == AGENDA or "$$" in block.text
    shown, rest = (block.text, "") if whole else opening(block.text)
    if title == CLOSING and block.kind == "list":
        points = re.split(r"(\n)(?=- )", block.text)
        room = HEIGHT - slide.height - height(RECALL)
        shown, rest = _as_much([opening(point, 1)[0] for point in points], room), block.text
    slide.show(shown)
    if title == CLOSING:
        slide.show(RECALL)
    if rest:
        slide.notes.append(rest)
    slide.expects = title == AGENDA or (shown.endswith(":") and not rest)


def _boxes(text: str) -> list[str]:
    """A box, cut between its paragraphs where it is too high for one slide."""
    parts = re.split(r"(\n>\n|\n(?=> (?:-|[0-9]+\.) ))", text)
    first = _as_much(parts, HEIGHT - HEADING["##"])
    rest = text.removeprefix(first).strip("\n").removeprefix(">\n")
    return [first, *(_boxes(rest) if rest else [])]


def _as_much(parts: list[str], room: int) -> str:
    """As many of the parts as there is room for, at least one. Every other part is a separator."""
    while height("".join(parts)) > room and len(parts) > 1:
        parts = parts[:-2]
    return "".join(parts)


def _telling(made: list[Slide]) -> list[Slide]:
    """The slides that tell something; what stood on the others becomes notes of the one before."""
    kept: list[Slide] = []
    for slide in made:
        if slide.tells:
            kept.append(slide)
        else:
            slide.quieten()
            kept[-1].cells += slide.cells
            kept[-1].notes += slide.notes
    return kept


def _seen(text: str) -> str:
    """Markdown as it is read: without addresses of links and without marks of folded parts."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", re.sub(r"</?(details|summary)>", "", text))


def _sizes(cell: NotebookNode) -> list[dict]:
    """Where the sizes of a cell's pictures stand."""
    return [
        output.metadata["image/png"]
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


def _printed(cell: NotebookNode) -> list[str]:
    return [
        output.get("text") or output.data.get("text/plain", "")
        for output in cell.outputs
        if output.output_type != "error" and "image/png" not in output.get("data", {})
    ]


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
