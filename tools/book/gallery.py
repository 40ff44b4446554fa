"""The pages that are made of the others: the start, all pictures, all exercises."""

import html
from collections.abc import Iterable, Sequence

from tools.book.order import Chapter
from tools.book.pictures import FOLDER, Picture

_TREE = "```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```"

_LISTS = {
    "exercises": "Three to six for a chapter. A check below each answer says in a line what is "
    "wrong. To solve them, [install the course](../README.md#two-commands).",
    "solutions": "The same exercises with answers.",
}


def start(text: str, chapters: Sequence[Chapter], minutes: dict, further: dict[str, dict]) -> str:
    """The first page: its text, with the list of chapters in the place of CHAPTERS.

    minutes: {number: of the chapter's core}. further: {caption: {title: page}}, what follows the
    chapters.
    """
    lists, trees = [], []
    for part in dict.fromkeys(chapter.part for chapter in chapters):
        inside = [chapter for chapter in chapters if chapter.part == part]
        lists += [f"## {part}"] * (part != chapters[0].part)
        lists += ["\n".join(_row(chapter, minutes) for chapter in inside)]
        names = "\n".join(f"{c.number} {c.title} <{c.name}>" for c in inside)
        trees.append(_TREE.format(caption=part, entries=names))
    for caption, names in further.items():
        entries = "\n".join(f"{title} <{page}>" for title, page in names.items())
        trees.append(_TREE.format(caption=caption, entries=entries))
    return "\n\n".join([text.replace("CHAPTERS", "\n\n".join(lists)), *trees]) + "\n"


def _row(chapter: Chapter, minutes: dict) -> str:
    length = f", {minutes[chapter.number]} minutes" if chapter.number in minutes else ""
    return f"- {chapter.number} [{chapter.title}]({chapter.name}.ipynb){length}"


def gallery(chapters: Iterable[Chapter], pictures: Sequence[Picture]) -> str:
    """A page of previews; each leads to its picture's place in the chapter."""
    inside = {c: [p for p in pictures if p.page == f"{c.name}.html"] for c in chapters}
    count = sum(map(len, inside.values()))
    lines = [f"# Gallery\n\nThe {count} pictures of the chapters. Each leads to its place."]
    for chapter, shown in inside.items():
        if shown:
            lines.append(f"## {chapter.number} [{chapter.title}]({chapter.name}.ipynb)")
            items = "\n".join(f"<li>{_preview(picture)}</li>" for picture in shown)
            lines.append(f'<ul class="gallery">\n{items}\n</ul>')
    return "\n\n".join(lines) + "\n"


def _preview(picture: Picture) -> str:
    heading = html.escape(picture.heading.replace("`", ""))
    return (
        f'<a href="{picture.page}#{picture.anchor}"><img alt="{html.escape(picture.words)}" '
        f'src="{FOLDER}/small/{picture.name}.webp" loading="lazy"><span>{heading}</span></a>'
    )


def lists(chapters: Iterable[Chapter]) -> dict[str, str]:
    """{source: page} of the two lists, of all exercises and of all solutions."""
    made = {}
    for name, text in _LISTS.items():
        rows = [f"- [{c.number} {c.title}]({c.name}.ipynb)" for c in chapters if c.number != "00"]
        head = f"---\norphan: true\n---\n\n# {name.capitalize()}\n\n{text}"
        made[f"{name}/index.md"] = f"{head}\n\n" + "\n".join(rows) + "\n"
    return made
