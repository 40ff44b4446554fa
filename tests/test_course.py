"""The course as a whole: what the notebooks say that they need, and the map drawn from it."""

import json

import pytest
from matplotlib.patches import FancyBboxPatch

from helpers import course, figures
from helpers.course import Chapter
from tests.drawings import edge_is_white
from tools.chapters import ROOT


def chapter(number, *needs):
    return Chapter(number, f"Do what chapter {number} teaches", needs, 50)


# 03 needs 01 by way of 02; a line from 01 to 04 passes two rows.
FOUR = [chapter("01"), chapter("02", "01"), chapter("03", "01", "02"), chapter("04", "01", "03")]


def write(folder, name, text):
    cell = {"cell_type": "markdown", "source": text.splitlines(keepends=True)}
    (folder / name).write_text(json.dumps({"cells": [cell]}), encoding="utf-8")


def test_every_chapter_says_what_it_needs_and_builds_on_earlier_ones():
    found = course.read_chapters()
    assert [c.number for c in found] == [f"{n:02}" for n in range(1, len(found) + 1)]
    assert all(30 <= c.minutes <= 50 for c in found)
    assert course.direct_needs(found).keys() == {c.number for c in found}
    assert found[2] == Chapter("03", "Control what a convolution sees", ("02",), 50)


def test_what_only_deeper_sections_need_does_not_count(tmp_path):
    write(
        tmp_path,
        "02_b.ipynb",
        "# Do it\n\nWords.\n\n**Need** this ([chapter 01](01_a.ipynb)). For *Deeper* sections also "
        "[chapter 09](09_c.ipynb). About 45 minutes, and 20 for the rest.\n\nMore.",
    )
    assert course.read_chapters(tmp_path) == [Chapter("02", "Do it", ("01",), 45)]


@pytest.mark.parametrize(
    "text", ["", "# Title\n\nWords", "# Title\n\n**Need** nothing.", "**Need** 3 minutes"]
)
def test_a_notebook_that_does_not_say_it_is_named(tmp_path, text):
    write(tmp_path, "01_a.ipynb", text)
    with pytest.raises(ValueError, match=r"01_a.ipynb begins with .*; expected a title"):
        course.read_chapters(tmp_path)


def test_what_a_needed_chapter_needs_is_left_out():
    assert course.direct_needs(FOUR) == {"01": [], "02": ["01"], "03": ["02"], "04": ["03"]}
    crossing = [chapter("01"), chapter("02"), chapter("03", "01", "02")]
    assert course.direct_needs(crossing)["03"] == ["01", "02"]


def test_needs_that_come_later_are_refused():
    with pytest.raises(ValueError, match="chapter 01 needs 02; expected one before it"):
        course.direct_needs([chapter("01", "02"), chapter("02")])


def boxes_and_lines(ax):
    boxes = {}
    for text in ax.texts:
        if text.get_weight() == "bold":
            boxes[text.get_text()[:2]] = text.get_position()[0]
    patches = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    return boxes, patches, [line.get_xydata() for line in ax.lines]


def test_each_chapter_has_a_box_and_each_need_a_line_down_to_it():
    wide = [
        chapter("01"),
        chapter("02", "01"),
        chapter("03", "02"),
        chapter("04", "01"),
        chapter("05", "03", "04"),
    ]
    ax = figures.course_map(wide)
    boxes, patches, lines = boxes_and_lines(ax)
    assert sorted(boxes) == [c.number for c in wide]
    assert len(patches) == 5
    words = " ".join(t.get_text().replace("\n", " ") for t in ax.texts)
    assert all(f"{c.number} · 50 min {c.title}" in words for c in wide)
    # From 04, in the second row, to 05, in the fourth, the line passes the third.
    assert len(lines) == 5 + 2
    assert all(line[0, 1] > line[1, 1] for line in lines)
    for a, b in course.direct_needs(wide).items():
        for other in b:
            assert any(abs(line[0, 0] - boxes[other]) < 1e-9 for line in lines), (other, a)
    assert edge_is_white(ax.figure)


def test_no_two_boxes_and_no_line_and_box_share_a_place():
    ax = figures.course_map(course.read_chapters())
    _, patches, lines = boxes_and_lines(ax)
    spans = [
        (p.get_x(), p.get_x() + p.get_width(), p.get_y(), p.get_y() + p.get_height())
        for p in patches
    ]
    for index, (left, right, low, high) in enumerate(spans):
        for others in spans[:index]:
            assert right <= others[0] or left >= others[1] or high <= others[2] or low >= others[3]
        for (x, y), (end, below) in lines:
            # Lines run between rows, or straight down past a row.
            passing = min(y, high) - max(below, low) > 1e-6
            assert not passing or max(x, end) < left or min(x, end) > right
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["I. See", "II. Build", "III. Design"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"**{label}**" in readme for label in labels)


def test_parts_have_their_own_shades():
    ax = figures.course_map([chapter(f"{n:02}") for n in (1, 9, 10)])
    _, patches, _ = boxes_and_lines(ax)
    shades = [patch.get_facecolor() for patch in patches]
    assert shades[0] == shades[1] != shades[2]


def test_a_map_of_nothing_is_refused():
    with pytest.raises(ValueError, match="chapters is empty"):
        figures.course_map([])


def test_a_way_is_drawn_bold():
    ax = figures.course_map(FOUR, ["01", "02", "03"])
    _, patches, _ = boxes_and_lines(ax)
    assert [patch.get_linewidth() > 2 for patch in patches] == [True, True, True, False]
    # 01 to 02 and 02 to 03 are on the way; 03 to 04 is not.
    assert sorted(line.get_linewidth() > 2 for line in ax.lines) == [False, True, True]
    with pytest.raises(ValueError, match=r"way holds \['07'\]; expected numbers of the chapters"):
        figures.course_map(FOUR, ["01", "07"])


def test_a_way_holds_all_that_is_needed():
    assert course.way_to(FOUR, "01") == ["01"]
    assert course.way_to(FOUR, "04") == ["01", "02", "03", "04"]
    assert course.minutes(FOUR, course.way_to(FOUR, "03")) == 150
    with pytest.raises(ValueError, match="number is '9'; expected one of 01, 02, 03, 04"):
        course.way_to(FOUR, "9")


@pytest.mark.parametrize(
    ("plan", "missed"),
    [
        ([], []),
        (["01", "02", "03", "04"], []),
        (["02"], ["01"]),
        (["04"], ["01", "02", "03"]),
        (["03", "01", "02"], ["01", "02"]),
    ],
)
def test_what_a_plan_lacks_is_said_once(plan, missed):
    assert course.lacking(FOUR, plan) == missed


def test_the_page_to_start_from_is_no_chapter(tmp_path):
    write(tmp_path, "00_start.ipynb", "# Start here")
    write(tmp_path, "01_a.ipynb", "# Do it\n\n**Need** 45 minutes.")
    assert [c.number for c in course.read_chapters(tmp_path)] == ["01"]
