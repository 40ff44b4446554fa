"""Make the book of the course from the built notebooks; nothing is run, nothing is fetched.

uv run --group book python -m tools.book           into build/book; open its index.html
uv run --group book python -m tools.book FOLDER    into another folder, which is replaced

Every link of the finished pages is followed, and the size is limited.
"""

import argparse
import os
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from tools.book import check, pictures, sources
from tools.book.places import BookError
from tools.chapters import ROOT

BOOK = ROOT / "build" / "book"
LARGEST = 25  # megabytes
NEEDED = ("sphinx", "myst_nb", "furo", "quickjs")


def missing() -> bool:
    """Whether the group `book` is not installed."""
    return any(find_spec(name) is None for name in NEEDED)


def make(root: Path, folder: Path) -> None:
    """Make the book of the course in ``root``. Raises BookError if a page or a link is wrong."""
    work = folder.with_name(f"{folder.name}.sources")
    if folder.exists() and any(folder.iterdir()) and not (folder / "searchindex.js").exists():
        raise BookError(f"{folder} holds something else than a book; name another folder")
    for old in (folder, work):
        shutil.rmtree(old, ignore_errors=True)
    (work / "pages").mkdir(parents=True)
    sources.static(root, work / "static")
    book = sources.write(root, work / "pages")
    (folder / pictures.FOLDER / "small").mkdir(parents=True)
    _run_sphinx(root, work, folder, book.title)
    # Pillow leaves Python free while it compresses.
    with ThreadPoolExecutor() as beside:
        list(beside.map(lambda picture: picture.write(folder), book.pictures))
    for name, content in book.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    found = check.faults(folder)
    if found:
        raise BookError("\n".join(found))
    shutil.rmtree(work)


def _run_sphinx(root: Path, work: Path, folder: Path, title: str) -> None:
    from sphinx.application import Sphinx

    settings = {"project": title, "html_title": title, "html_static_path": [str(work / "static")]}
    app = Sphinx(
        work / "pages",
        root / "docs",
        folder,
        work / "read",
        "html",
        settings,
        status=None,
        warning=sys.stderr,
        freshenv=True,
        warningiserror=True,
        parallel=os.cpu_count() or 1,
    )
    app.build()
    if app.statuscode:
        raise BookError(f"Sphinx warned, see above; the sources lie in {work.name}/")
    # What it read, for a next time that does not come.
    for name in (".buildinfo", "objects.inv"):
        (folder / name).unlink(missing_ok=True)


def main(
    arguments: Sequence[str] | None = None, root: Path = ROOT, largest: float = LARGEST
) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.book",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", nargs="?", type=Path, default=BOOK, metavar="FOLDER")
    folder = parser.parse_args(arguments).folder
    if missing():
        print("run it with the group: uv run --group book python -m tools.book", file=sys.stderr)
        return 1
    start = time.perf_counter()
    try:
        make(root, folder)
        size = check.megabytes(folder)
        print(f"{folder.name}/ written: {time.perf_counter() - start:.0f} s, {size:.1f} MB")
        if size > largest:
            raise BookError(f"the book may have {largest} MB")
    except BookError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
