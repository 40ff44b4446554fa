"""What a lesson is made of: its sentences, its mentions of chapters, its links, its code's habits.

Written for the prose that the course allows, CommonMark with tables, `$…$` and folded answers.
"""

import ast
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark").enable("table")

FORMULA = re.compile(r"\$\$.+?\$\$|(?<!\\)\$(?!\s).+?(?<!\\)\$", re.DOTALL)
CODE = re.compile(r"(`+).+?\1", re.DOTALL)
# The target of a link may hold brackets in pairs, as addresses of encyclopedias do.
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?:[^()\s]|\([^()]*\))*\)")
# Numbers with signs between them, 2·3 + 1 = 7, and numbers in brackets, [0, 1]: read as one thing.
NUMERAL = r"[\[(]*[−-]?\d[\d.,]*[])²³]*"
SUM = re.compile(rf"{NUMERAL}(?:\s*[-+−·×/=≈<>]\s*{NUMERAL})+(?![\d.]*\d)|\[[][−\d.,;\s-]+\]")
TAG = re.compile(r"<[/a-zA-Z!][^>]*>")

# A full stop behind these ends no sentence: e.g., i.e., fig. 3, K. He, No. 5.
ABBREVIATION = re.compile(r"(?:\b(?i:e\.g|i\.e|cf|vs|etc|al|fig|no|pp?)|\b[A-Z])\.$")
END = re.compile(r"""[.!?…]["'”’)\]]*(?=\s+["'“‘(\[]*[A-Z0-9]|\s*$)""")

CHAPTER = re.compile(r"\bchapters?\s+(\d\d?)\b", re.IGNORECASE)
NUMBER = re.compile(r"\b(0[1-9]|1[0-9]|20)\b")


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """The pieces of prose in Markdown, (kind, text): heading2, paragraph, cell or html.

    A list item or a quotation gives its paragraphs; fenced code gives nothing. What stands
    under the heading *Further reading* is of kind reading.
    """
    tokens, reading = _parse(text), False
    for opener, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "html_block":
            content = TAG.sub(" ", token.content).strip()
            if content:
                yield "html", content
        elif token.type == "inline" and opener.type == "heading_open":
            reading = token.content == "Further reading"
            yield f"heading{opener.tag[1]}", token.content
        elif token.type == "inline":
            kind = "paragraph" if opener.type == "paragraph_open" else "cell"
            yield ("reading" if reading else kind), token.content


def plain(text: str) -> str:
    """Prose as it is read: a formula or a piece of code is one word, a link is its text."""
    text = FORMULA.sub("FORMULA", CODE.sub("CODE", text))
    text = TAG.sub(" ", LINK.sub(r"\1", text))
    text = SUM.sub(_as_formula, text)
    return " ".join(re.sub(r"\*+|(?<!\w)_+|_+(?!\w)", "", text).split())


def _as_formula(match: re.Match) -> str:
    """One word in a formula's place; a stop or a comma that ends it belongs to the sentence."""
    return "FORMULA" + re.search(r"[.,]*$", match[0])[0]


def sentences(text: str) -> Iterator[str]:
    """The sentences in Markdown, formulas and code as one word each.

    Headings are none, nor is what stands under *Further reading*.
    """
    for kind, block in blocks(text):
        if kind == "reading" or kind.startswith("heading"):
            continue
        content, start = plain(block), 0
        for match in END.finditer(content):
            sentence = content[start : match.end()]
            if not ABBREVIATION.search(sentence) or match.end() == len(content):
                yield sentence.strip()
                start = match.end()
        if content[start:].strip():
            yield content[start:].strip()


def words(sentence: str) -> int:
    """How many words a sentence has; signs alone, – or =, are none."""
    return len(re.findall(r"\S*\w\S*", sentence))


def links(text: str) -> Iterator[tuple[str, str]]:
    """The links in Markdown: (text, target), pictures left out."""
    for token in _parse(text):
        label, target = "", None
        for child in token.children or []:
            if child.type == "link_open":
                label, target = "", child.attrs["href"]
            elif child.type == "link_close":
                yield label, str(target)
                target = None
            elif target is not None:
                label += child.content


def unlinked_chapters(text: str) -> Iterator[str]:
    """Mentions of chapters outside links: "chapter 05", and "07" in "chapters [05](…) and 07"."""
    for _, block in blocks(text):
        shown = CODE.sub("CODE", block)
        shown = LINK.sub(lambda link: "↗" if NUMBER.search(link[1]) else "LINK", shown)
        again = rf"(?:↗|{CHAPTER.pattern})(?:,|,? (?:and|or|to))\s+{NUMBER.pattern}"
        for pattern in (CHAPTER, re.compile(again, re.IGNORECASE)):
            for match in pattern.finditer(shown):
                yield shown[max(0, match.start() - 20) : match.end() + 20]


def anchors(text: str) -> set[str]:
    """The fragments by which headings are reached: as repositories show them, and JupyterLab."""
    headings = [plain(block) for kind, block in blocks(text) if kind.startswith("heading")]
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | {heading.replace(" ", "-") for heading in headings}


def habits(source: str) -> Iterator[str]:
    """What in a cell's code is too clever for a lesson, as "line 3: stars in a call"."""
    for node in ast.walk(ast.parse(source)):
        for habit in _habits(node):
            yield f"line {node.lineno}: {habit}"


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
STRIDE_TRICKS = {"as_strided", "sliding_window_view", "stride_tricks"}
FIGURE_MAKERS = {"figure", "subplots", "subplot", "subplot_mosaic", "axes"}


def _habits(node: ast.AST) -> Iterator[str]:
    if isinstance(node, COMPREHENSIONS):
        inner = [child for child in ast.walk(node) if isinstance(child, COMPREHENSIONS)]
        if len(inner) > 1 or len(node.generators) > 1:
            yield "a nested comprehension"
    elif isinstance(node, ast.Call):
        if any(isinstance(value, ast.Starred) for value in node.args):
            yield "a star in a call"
        if any(keyword.arg is None for keyword in node.keywords):
            yield "two stars in a call"
        if isinstance(node.func, ast.Name) and node.func.id == "getattr":
            yield "getattr"
    elif isinstance(node, ast.NamedExpr):
        yield "an assignment within an expression"
    elif isinstance(node, ast.Assign):
        if len(node.targets) > 1:
            yield "a chained assignment"
        if isinstance(node.targets[0], ast.Tuple | ast.List) and not _swaps(node):
            yield "a double assignment"
    elif isinstance(node, ast.Attribute):
        if node.attr == "s_":
            yield "np.s_"
        if node.attr in STRIDE_TRICKS:
            yield "stride tricks"
        if ast.unparse(node.value) == "plt" and node.attr in FIGURE_MAKERS:
            yield f"plt.{node.attr}; figures are drawn by helpers.figures"
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from _import_habits(node)


def _swaps(node: ast.Assign) -> bool:
    """Whether several names get one value's parts, or exchange their values."""
    if not isinstance(node.value, ast.Tuple | ast.List):
        return True
    return sorted(map(ast.unparse, node.value.elts)) == sorted(
        map(ast.unparse, node.targets[0].elts)
    )


def _import_habits(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    module = getattr(node, "module", "") or ""
    for alias in node.names:
        full = f"{module}.{alias.name}".lstrip(".")
        if full.startswith("helpers.figures."):
            yield "figures are imported by `from helpers import figures`"
        elif full == "helpers.figures" and alias.asname:
            yield "figures have no other name"
        if STRIDE_TRICKS & set(full.split(".")):
            yield "stride tricks"


def _parse(text: str) -> list[Token]:
    return MARKDOWN.parse(text)
