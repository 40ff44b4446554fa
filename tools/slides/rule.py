"""The rule by which a lesson becomes slides; the command's own text tells it."""

import copy
import re
from collections.abc import Sequence

from nbformat import NotebookNode

from tools.slides.measure import (
    HEADING,
    HEIGHT,
    WIDTH,
    Block,
    blocks,
    height,
    opening,
    output_height,
    printed,
    sizes,
)
from tools.slides.slide import CORRECTION, Slide

LARGEST = 1.45  # pictures hold two pixels for one, so they stay sharp
LEGIBLE = 0.95  # a picture that would be smaller has a slide of its own

BOXES = ("> **Think", CORRECTION, "> **Activity")

AGENDA = "What you will see, do, and need"
# To recall is to learn: the list at a chapter's end is shown with a task.
CLOSING = "What you have seen, done, and can now use"
UNSEEN = ("Exercises", "Further reading")
RECALL = "**Which of these can you explain to your neighbour, without notes?**"


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


def _place(cell: NotebookNode, made: list[Slide], title: str, later: bool) -> None:
    """Show a code cell's output on the slide at hand or on a new one, or keep it unseen.

    later: whether a picture comes that the slide at hand would rather show.
    """
    slide = made[-1]
    if sizes(cell):
        if not slide.takes or _fitting(cell, HEIGHT - slide.height) < LEGIBLE:
            slide = _slide_for(made, title, HEIGHT)
        slide.show_output(cell, _fitting(cell, HEIGHT - slide.height))
        return
    wanted = slide.takes and not (slide.bare and (slide.tells or later))
    if wanted and printed(cell) and slide.height + output_height(cell) <= HEIGHT:
        slide.show_output(cell)
    else:
        slide.keep(cell)


def _picture_ahead(cells: Sequence[NotebookNode]) -> bool:
    """Whether a picture comes before the next heading or question."""
    for cell in cells:
        if cell.cell_type == "code":
            if sizes(cell):
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
    pictures = sizes(cell)
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
