"""The course as a whole, read from its notebooks: which chapter needs which."""

import json
import re
from pathlib import Path
from typing import NamedTuple

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


class Chapter(NamedTuple):
    """number: "02"; title; needs: numbers of chapters that it builds on; minutes: of its core."""

    number: str
    title: str
    needs: tuple
    minutes: int


def read_chapters(folder=NOTEBOOKS):
    """Return a `Chapter` for each notebook in a folder, in their order.

    The page to start from, 00, is no chapter. Title, needs and minutes are those that the
    notebook's first cell states. What only sections marked *Deeper* need doesn't count.
    Raises ValueError for a first cell that does not state them.
    """
    paths = sorted(Path(folder).glob("[0-9][0-9]_*.ipynb"))
    return [_read(path) for path in paths if not path.name.startswith("00")]


def direct_needs(chapters):
    """Return {number: needs} without those that another needed chapter needs already.

    chapters: as `read_chapters` returns them. Raises ValueError for a need that comes later, or of
    which there is no chapter.
    """
    whole, direct = {}, {}
    for chapter in chapters:
        for number in chapter.needs:
            if number not in whole:
                raise ValueError(
                    f"chapter {chapter.number} needs {number}; expected one before it, "
                    f"of {', '.join(whole)}"
                )
        passed_on = set().union(*(whole[number] for number in chapter.needs))
        whole[chapter.number] = passed_on | set(chapter.needs)
        direct[chapter.number] = [n for n in chapter.needs if n not in passed_on]
    return direct


def way_to(chapters, number):
    """Return the numbers of the chapters that lead to one, itself the last, in their order.

    Raises ValueError for a number of which there is no chapter.
    """
    needs = {chapter.number: chapter.needs for chapter in chapters}
    if number not in needs:
        raise ValueError(f"number is {number!r}; expected one of {', '.join(needs)}")
    way = {number}
    for other in needs[number]:
        way |= set(way_to(chapters, other))
    return sorted(way)


def minutes(chapters, numbers):
    """Return the minutes that the cores of some chapters take together."""
    return sum(chapter.minutes for chapter in chapters if chapter.number in numbers)


def lacking(chapters, plan):
    """Return the chapters that a plan, a list of numbers in teaching order, needs and lacks.

    A chapter that comes only after one that needs it counts as lacking.
    """
    taught, missed = [], []
    for number in plan:
        missed += [n for n in way_to(chapters, number)[:-1] if n not in taught + missed]
        taught.append(number)
    return missed


def _read(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "".join(cells[0]["source"]) if cells else ""
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    need = re.search(r"^\*\*Need\*\* (.+)$", text, re.MULTILINE)
    minutes = need and re.search(r"\b(\d+) minutes", need[1])
    if not (title and minutes):
        raise ValueError(
            f"{path.name} begins with {text[:40]!r}; expected a title, and a paragraph **Need** "
            "with the chapters it builds on and its minutes"
        )
    sentences = [s for s in re.split(r"(?<=[.;]) ", need[1]) if "Deeper" not in s]
    needs = re.findall(r"\((\d\d)_\w+\.ipynb", " ".join(sentences))
    return Chapter(path.name[:2], title[1], tuple(sorted(set(needs))), int(minutes[1]))
