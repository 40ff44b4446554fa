"""What a finished book keeps to: every link leads somewhere, and nothing is fetched from afar."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself, as opposed to what a reader may click.
_FETCHED = {
    "audio": ("src",),
    "iframe": ("src",),
    "img": ("src", "srcset"),
    "link": ("href",),
    "script": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
}
_FAR = re.compile(r"(?:[a-z][a-z+.-]*:)?//", re.IGNORECASE)


class _Page(HTMLParser):
    """The ids of a page, what it links to, and what it fetches."""

    def __init__(self, text: str):
        super().__init__()
        self.ids, self.links, self.fetched, self.silent = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids |= {values[key] for key in ("id", "name") if values.get(key)}
        fetched = [values[key] for key in _FETCHED.get(tag, ()) if values.get(key)]
        self.fetched += fetched
        self.fetched += re.findall(r"url\(['\"]?([^'\")]+)", values.get("style") or "")
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag == "img" and not (values.get("alt") or "").strip():
            self.silent.append(values.get("src"))


def faults(folder: Path) -> list[str]:
    """What is wrong in a book, a line each: nothing, if it is sound."""
    pages = {
        path: _Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))
    }
    found = []
    for path, page in pages.items():
        name = path.relative_to(folder).as_posix()
        found += [f"{name}: fetches {url}" for url in page.fetched if _FAR.match(url)]
        found += [f"{name}: {url} has no text in its place" for url in page.silent]
        near = [url for url in page.links + page.fetched if not re.match(r"[a-z]+:|//", url)]
        for url in dict.fromkeys(near):
            target, fragment = _target(path, url)
            if not target.is_file() or folder.resolve() not in target.parents:
                found.append(f"{name}: {url} leads nowhere")
            elif fragment and target in pages and fragment not in pages[target].ids:
                found.append(f"{name}: {url} leads to no place on that page")
    for path in sorted(folder.rglob("*.css")):
        for url in re.findall(r"url\(['\"]?([^'\")]+)", path.read_text(encoding="utf-8")):
            if _FAR.match(url):
                found.append(f"{path.name}: fetches {url}")
            elif not url.startswith(("data:", "#")) and not _target(path, url)[0].is_file():
                found.append(f"{path.name}: {url} leads nowhere")
    return found


def megabytes(folder: Path) -> float:
    """The size of all files in a folder, in millions of bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _target(path: Path, url: str) -> tuple[Path, str]:
    parts = urlsplit(url)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
    return (target / "index.html" if target.is_dir() else target), unquote(parts.fragment)
