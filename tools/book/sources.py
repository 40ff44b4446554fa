"""Write what Sphinx reads: the notebooks as pages, and the pages made of them or of files."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import nbformat

from helpers.course import read_chapters
from tools.book import api, gallery, katex, order, page
from tools.book.pictures import Picture
from tools.book.places import page_of, relink
from tools.build import SHOWN

_LANGUAGES = {".py": "python", ".yml": "yaml", ".toml": "toml"}
_MORE = {"Interactive figures": "explorer", "Gallery": "gallery", "Glossary": "glossary"}


class Book(NamedTuple):
    """What a folder of sources holds: the title, all pictures, and files to lay beside the pages.

    files: {path in the finished book: content}.
    """

    title: str
    pictures: list[Picture]
    files: dict[str, str]


def write(root: Path, folder: Path) -> Book:
    """Write the sources of the book of a course into an empty folder."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    chapters = order.chapters(readme, root / "notebooks")
    book = Book(readme.partition("\n")[0].removeprefix("# "), [], {})
    led, drawers = {"README.md"}, api.drawers(root / "helpers")
    for chapter in chapters:
        led |= _chapter(root, folder, chapter, drawers, book)
    _files(root, folder, led)
    made = api.pages(root / "helpers")
    further = {
        "Look up": _MORE | {"Run it, teach with it": "README"},
        "The package": {name[4:-3].replace("/", "."): name[:-3] for name in made},
    }
    minutes = {c.number: c.minutes for c in read_chapters(root / "notebooks")}
    text = (root / "docs" / "index.md").read_text(encoding="utf-8").replace("TITLE", book.title)
    made["index.md"] = gallery.start(text, chapters, minutes, further)
    made["gallery.md"] = gallery.gallery(chapters, book.pictures)
    made |= gallery.lists(chapters)
    made["explorer.md"] = _explorer((root / "docs" / "explorer.md").read_text(encoding="utf-8"))
    made["glossary.md"] = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    for name, content in made.items():
        _put(folder / name, content)
    (folder / "notebooks").mkdir()
    for name in SHOWN.values():
        shutil.copy(root / "notebooks" / name, folder / "notebooks")
    return book


def static(root: Path, folder: Path) -> None:
    """Write what pages fetch besides pictures: styles, fonts, and a short script."""
    katex.copy(folder / "katex")
    for name in ("book.css", "book.js"):
        shutil.copy(root / "docs" / name, folder)


def _explorer(text: str) -> str:
    """The page with the interactive figures in the places of its lines EXPLORER name.

    They hold all that they need, script included, as in a notebook. A page that a reader opens
    from the disk may not fetch a module.
    """
    from helpers import explore

    def element(line: re.Match) -> str:
        return f"<div>\n{getattr(explore, line[1])().data}\n</div>"

    return re.sub(r"^EXPLORER (\w+)$", element, text, flags=re.M) + f"\n{explore.load().data}\n"


def _chapter(root: Path, folder: Path, chapter, drawers: dict, book: Book) -> set[str]:
    """Write a lesson, and behind it its exercises and solutions; return where they lead."""
    led, follow = set(), {}
    for edition in ("exercises", "solutions"):
        path = f"notebooks/{edition}/{chapter.name}.ipynb"
        if (root / path).is_file():
            follow[edition.capitalize()] = page_of(path)
            led |= _notebook(root, folder, path, drawers, book)
    below = "".join(f" [{title}]({name})." for title, name in follow.items())
    path = f"notebooks/{chapter.name}.ipynb"
    return led | _notebook(root, folder, path, drawers, book, below, follow)


def _notebook(root, folder, path, drawers, book, below="", follow=None) -> set[str]:
    notebook = nbformat.read(root / path, as_version=4)

    def exists(other: str) -> bool:
        return (root / other).exists()

    made, pictures, led = page.lay_out(notebook, path, exists, drawers, below)
    if follow:
        page.hidden(made, follow)
    _put(folder / page_of(path), nbformat.writes(made))
    book.pictures.extend(pictures)
    book.files[f"{page.DOWNLOADS}/{path.removeprefix('notebooks/')}"] = page.bare(notebook)
    return led


def _files(root: Path, folder: Path, paths: set[str]) -> None:
    """Write a page for each text file, and for those that it leads to."""
    waiting, done = set(paths), set()
    while waiting:
        path = waiting.pop()
        done.add(path)
        if path.endswith(".ipynb") or not (root / path).is_file():
            continue
        text = (root / path).read_text(encoding="utf-8")
        if path.endswith(".md"):
            text, led = relink(text, path, lambda other: (root / other).exists())
            waiting |= led - done
        else:
            language = _LANGUAGES.get(Path(path).suffix, "text")
            text = f"# {path}\n\n````{language}\n{text.rstrip()}\n````\n"
        orphan = "" if path == "README.md" else "---\norphan: true\n---\n\n"
        _put(folder / page_of(path), orphan + text)


def _put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
