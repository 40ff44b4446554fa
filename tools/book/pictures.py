"""The pictures that notebooks store: in smaller files, as small previews, and in words."""

import ast
import html
import re
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from tools.pictures import decode

FOLDER = "pictures"
_PREVIEW = (480, 360)  # twice the size at which the gallery shows them
_LONGEST = 300  # characters of a description

# Calls whose first text is written into the picture.
_WRITTEN = {"set_title", "set_xlabel", "set_ylabel", "title", "xlabel", "ylabel"}
_SEEN = ("title", "xlabel", "ylabel", "legend")  # what of a stored record names the contents


class Picture(NamedTuple):
    """One stored picture: its file's name, the page and the place on it, and what it shows.

    width, height: the size at which it is shown, in pixels. heading: of the section it stands in.
    """

    name: str
    page: str
    anchor: str
    width: int
    height: int
    heading: str
    words: str
    output: NotebookNode

    def write(self, folder: Path) -> None:
        """Write the picture, pixel by pixel the same, and its preview."""
        image = next(decode([self.output])).picture
        folder = folder / FOLDER
        # The weakest settings that count: half the bytes of a PNG in a twentieth of a second.
        image.save(folder / f"{self.name}.webp", lossless=True, quality=20, method=1)
        image.thumbnail(_PREVIEW)
        image.save(folder / "small" / f"{self.name}.webp", quality=70, method=2)

    def shown(self, up: str) -> str:
        """The picture on its page; a click shows it as large as it is. up: the way to the top."""
        file = f"{up}{FOLDER}/{self.name}.webp"
        return (
            f'<figure class="picture" id="{self.anchor}"><a href="{file}"><img src="{file}" '
            f'width="{self.width}" height="{self.height}" alt="{html.escape(self.words)}" '
            f'loading="lazy"></a></figure>'
        )


def describe(source: str, record: list[str], drawers: dict[str, str]) -> str:
    """What a cell's picture shows, in words: what its functions draw, and what is written in it.

    record: of the drawn figure, as helpers.figures.record writes it. drawers: the first line of
    the documentation of each function of helpers.figures.
    """
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [ast.unparse(call.func).rpartition(".") for call in calls]
    drawn = [drawers.get(name, "") for owner, _, name in names if owner == "figures"]
    said = [re.sub(r"^(Draw|Show) ", "", line) for line in drawn if re.match("Draw |Show ", line)]
    parts = [line.split("|")[:2] for line in record]
    texts = [text.strip() for what, text in parts if what.strip() in _SEEN]
    texts += [
        call.args[0].value
        for call, (_, _, name) in zip(calls, names, strict=True)
        if name in _WRITTEN and call.args and isinstance(call.args[0], ast.Constant)
    ]
    for node in ast.walk(tree):
        keys = node.keys if isinstance(node, ast.Dict) else ()
        texts += [k.value for k in keys if isinstance(k, ast.Constant) and isinstance(k.value, str)]
    words = " ".join(line[0].upper() + line[1:] for line in dict.fromkeys(said))
    if texts:
        words += f" Written in it: {'; '.join(dict.fromkeys(filter(None, texts)))}."
    words = " ".join(words.replace("`", "").split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rsplit(' ', 1)[0]} …"


def size(output: NotebookNode) -> tuple[int, int]:
    """Width and height at which a notebook shows a picture, in pixels."""
    stored = output.metadata.get("image/png", {})
    if "width" in stored and "height" in stored:
        return stored["width"], stored["height"]
    return next(decode([output])).picture.size
