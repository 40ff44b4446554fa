"""One slide: cells of the lesson, and the part that each plays on it."""

import re

from nbformat import NotebookNode, v4

from tools.slides.measure import height, output_height, plain, seen, sizes

CORRECTION = "> **Correction"


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
            self.tells = self.tells or bool(re.search(r"\d|\?", seen(text)))

    def show_box(self, text: str) -> None:
        """Add a question or a correction. A question asks for the next output and hides it."""
        self.show(text)
        self.bare = self.expects = False
        self.takes = text.startswith(CORRECTION)

    def show_output(self, cell: NotebookNode, scale: float = 1) -> None:
        """Add a code cell, of which only the output is seen, pictures enlarged by ``scale``."""
        self._add(cell, "-")
        for size in sizes(cell):
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
