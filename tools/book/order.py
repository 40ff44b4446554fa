"""The order of the chapters and the parts of the course, as the README's table has them."""

import re
from pathlib import Path
from typing import NamedTuple

from tools.book.places import BookError

START = "Start"  # what stands before the first part


class Chapter(NamedTuple):
    """number: "02"; name: "02_convolution"; title, part: as the table writes them."""

    number: str
    name: str
    title: str
    part: str


def chapters(readme: str, notebooks: Path) -> list[Chapter]:
    """The chapters of the README's table whose notebooks are there, in reading order.

    Raises BookError where the table and the folder differ.
    """
    found, part = [], START
    for line in readme.splitlines():
        if heading := re.match(r"\| \*\*(.+?)\*\* \| \| \|", line):
            part = heading[1]
        elif row := re.match(r"\| (\d\d) \| \[(.+?)\]\(notebooks/(\w+)\.ipynb\) \|", line):
            found.append(Chapter(row[1], row[3], row[2], part))
    names, there = [c.name for c in found], sorted(p.stem for p in notebooks.glob("*.ipynb"))
    if not found or names != there:
        raise BookError(f"the README's table lists {names}, and the folder holds {there}")
    return found
