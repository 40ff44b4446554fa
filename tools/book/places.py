"""Where each file of the repository stands in the book, and links that lead there."""

import posixpath
import re
from collections.abc import Callable

# A piece of code, in which nothing is a link, or a link or picture: [text](target).
_LINK = re.compile(
    r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    r"|(?P<text>!?\[(?:[^\[\]]|\[[^\[\]]*\])*\])\((?P<target>[^()\s]+)\)",
    re.DOTALL,
)


class BookError(Exception):
    """The book cannot be made; the message says what is wrong and where."""


def slug(heading: str) -> str:
    """The fragment of a heading, whether given as its text or as JupyterLab's own fragment."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def page_of(path: str) -> str:
    """The source of the page, in the book, that shows a file or a folder of the repository.

    path: like notebooks/02_convolution.ipynb. Lessons stand at the top, their exercises in a
    folder as they do beside the notebooks; any other text file has a page of its own below files/.
    """
    if path in ("notebooks/exercises", "notebooks/solutions"):
        return f"{posixpath.basename(path)}/index.md"
    if path.startswith("notebooks/") and path.endswith(".ipynb"):
        return path.removeprefix("notebooks/")
    return path if path == "README.md" else f"files/{path.removesuffix('.md')}.md"


def relink(text: str, path: str, exists: Callable[[str], bool]) -> tuple[str, set[str]]:
    """Markdown whose links to files of the repository lead to pages of the book.

    path: of the file that holds the text. exists: whether the repository has a path. Returns the
    text and the paths that it leads to. Pictures and addresses in the network stay as they are.
    Raises BookError for a link that leads nowhere.
    """
    here = posixpath.dirname(page_of(path))
    found = set()

    def led(link: re.Match) -> str:
        target = link["target"]
        if target is None or link["text"].startswith("!") or re.match(r"[a-z]+:", target):
            return link[0]
        file, sign, anchor = target.partition("#")
        if file:
            goal = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            if not exists(goal):
                raise BookError(f"{path}: the link {link['text']}({target}) leads nowhere")
            found.add(goal)
            file = posixpath.relpath(page_of(goal), here or ".")
        return f"{link['text']}({file}{sign}{slug(anchor)})"

    return _LINK.sub(led, text), found


def html(source: str) -> str:
    """The page that a source becomes: 02_convolution.html."""
    return re.sub(r"\.(md|ipynb)$", ".html", source)
