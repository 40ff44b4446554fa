"""How much room markdown and outputs take on a slide, by the sizes that style.css sets."""

import re
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from nbformat import NotebookNode

WIDTH, HEIGHT = 1280 - 2 * 48, 720 - 2 * 36  # pixels that the style leaves for content
LINE, SMALL = 38, 28  # a line of prose, a line of output
GAP, ITEM = 14, 6  # the space below a paragraph, and below an item of a list
HEADING = {"#": 250, "##": 62, "###": 40}
CHARACTERS = 71  # of prose on a line
PRINTED = 96  # of output on a line

WORDS = 40  # of prose on a slide; more is read instead of listened to


class Block(NamedTuple):
    """kind: heading, box, list, table or prose; text: its markdown."""

    kind: str
    text: str


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
        visible = seen(block)
        if kind == "heading":
            total += HEADING[visible.split()[0]]
            continue
        lines = [line.lstrip("> -*0123456789.").rstrip() for line in visible.splitlines()]
        rows = sum(-(-len(line) // CHARACTERS) for line in lines)
        formulas = visible.count("$$") // 2
        parts = 1 + sum(not line for line in lines)
        items = len(re.findall(r"^[> ]*(?:-|[0-9]+\.) ", block, re.MULTILINE))
        total += (rows + formulas) * LINE + parts * GAP + items * ITEM + 16 * (kind == "box")
    return total


def output_height(cell: NotebookNode) -> int:
    """How many pixels the outputs of a code cell take, pictures in the size that they have now."""
    lines = [line for text in printed(cell) for line in text.rstrip("\n").split("\n")]
    rows = sum(max(1, -(-len(line) // PRINTED)) for line in lines)
    return rows * SMALL + GAP * bool(rows) + sum(size["height"] + GAP for size in sizes(cell))


def plain(text: str) -> str:
    """Markdown without its marks, for the speaker; formulas stay as they are written."""
    text = re.sub(r"^> ?", "", seen(text), flags=re.MULTILINE)
    return re.sub(r"\*{1,3}(?=\S)(.+?)(?<=\S)\*{1,3}", r"\1", text).strip()


def seen(text: str) -> str:
    """Markdown as it is read: without addresses of links and without marks of folded parts."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", re.sub(r"</?(details|summary)>", "", text))


def sizes(cell: NotebookNode) -> list[dict]:
    """Where the sizes of a cell's pictures stand."""
    return [
        output.metadata["image/png"]
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


def printed(cell: NotebookNode) -> list[str]:
    return [
        output.get("text") or output.data.get("text/plain", "")
        for output in cell.outputs
        if output.output_type != "error" and "image/png" not in output.get("data", {})
    ]
