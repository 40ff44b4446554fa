"""The record of a figure: every name, look and place, and nothing of drawings without axes."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.figures.record import record


@pytest.fixture
def figure():
    return Figure(figsize=(4, 4), dpi=100, layout="none")


def drawn(figure):
    figure.draw_without_rendering()
    return record(figure)


def frame(figure, place=(0.25, 0.25, 0.5, 0.5), x=(0, 10), y=(1, 2)):
    ax = figure.add_axes(place, xticks=[], yticks=[])
    ax.set(xlim=x, ylim=y)
    return ax


def test_names_are_kept_on_one_line_each(figure):
    ax = frame(figure)
    for place in ("right", "center", "left"):
        ax.set_title(place, loc=place)
    ax.set(xlabel="time\n in s", ylabel="a | b")
    ax.text(2, 1.5, "two\n  words", color="#123456", va="center")
    ax.text(5, 1.5, "")
    ax.text(5, 1.25, "more", color="#000000", va="center")
    frame(figure, (0.8, 0, 0.2, 0.2)).set_title("second")
    figure.suptitle("above all")
    assert drawn(figure) == [
        "title | left |  | ",
        "title | center |  | ",
        "title | right |  | ",
        "xlabel | time in s |  | ",
        "ylabel | a / b |  | ",
        "text | two words | #123456 | 0.2 0.5",
        "text | more | #000000 | 0.5 0.25",
        "title | second |  | ",
        "title | above all |  | ",
    ]


def test_ticks_that_are_seen_are_kept_with_their_places(figure):
    ax = frame(figure, y=(100, 1))
    ax.set_yscale("log")
    ax.set_xticks([-5, 0, 2.5, 10, 15], ["out", "a", "", "b", "out"])
    ax.set_yticks([1, 10, 100, 1000], ["c", "d", "hidden", "out"])
    ax.set(xlim=(0, 10), ylim=(100, 1))
    ax.yaxis.get_major_ticks()[2].label1.set_visible(False)
    ticks = ["xtick | a |  | 0", "xtick | b |  | 1", "ytick | c |  | 1", "ytick | d |  | 0.5"]
    assert drawn(figure) == ticks


def test_lines_dots_and_areas_are_kept_with_their_looks(figure):
    ax = frame(figure, y=(2, 1))
    ax.plot([0, 10], [1, 1.25], "--s", color="#ff0000", label="line")
    ax.axhline(1.75, color="black", ls=":")
    ax.scatter([5, 0], [1.5, 1], color=[(0, 0, 1, 0.5)], label="dots")
    ax.fill_between([0, 10], [1, 1], [1.5, 2], color="#00ff00", label="band")
    ax.vlines([2], 1, [2], color="black", label="upright")
    ax.hlines([], 0, 1, label="none")
    assert drawn(figure) == [
        "line | line | #ff0000 -- s | 0 1, 1 0.75",
        "line |  | #000000 : None | 0 0.25, 1 0.25",
        "points | dots | #0000ff80 | 0.5 0.5, 0 1",
        "area | band | #00ff00ff | 0 0.5, 0 1, 1 1, 1 0, 1 0, 0 0.5, 0 0.5",
        "area | upright |  | 0.2 1, 0.2 0",
        "area | none |  | ",
    ]


def test_values_beyond_a_logarithmic_axis_give_no_warning(figure):
    ax = frame(figure, y=(1, 100))
    ax.set_yscale("log")
    ax.plot([0, 10], [10, 0])
    ax.set(yticks=[], ylim=(1, 100))
    (line,) = [row for row in drawn(figure) if row.startswith("line")]
    assert " | 0 0.5, 1 " in line


@pytest.mark.parametrize(("count", "kept"), [(40, 40), (41, 40), (400, 40)])
def test_of_a_long_line_points_are_kept_from_the_first_to_the_last(figure, count, kept):
    frame(figure).plot(np.linspace(0, 10, count), np.ones(count))
    (row,) = drawn(figure)
    places = [point.split()[0] for point in row.split(" | ")[-1].split(", ")]
    assert (len(places), places[0], places[-1]) == (kept, "0", "1")


def test_bars_and_small_images_are_kept_and_photographs_are_not(figure):
    ax = frame(figure, y=(1, 2))
    ax.bar([2], [0.5], 2, bottom=1, color="white", hatch="//")
    ax.axvspan(5, 10, 0, 0.5, color="#0000ff80", label="span")
    ax.imshow([[1, 2], [3, 5]], vmin=1, vmax=5, aspect="auto", extent=(0, 10, 1, 2), label="map")
    ax.imshow(np.ones((20, 20)), extent=(0, 10, 1, 2), vmin=0, vmax=2)
    ax.imshow(np.ones((20, 21)), extent=(0, 10, 1, 2))
    first, second, small, largest = drawn(figure)
    assert first == "bar |  | #ffffffff // | 0.1 0, 0.3 0.5"
    assert second == "bar | span | #0000ff80 | 0.5 0, 1 0.5"
    assert small == "image | map |  | 0 0.25 0.5 1"
    assert largest == "image |  |  | " + " ".join(["0.5"] * 400)


def test_legends_are_kept_with_the_looks_of_their_handles(figure):
    ax = frame(figure)
    ax.plot([], [], ":", color="#ff0000", label="a")
    ax.bar([1], [0], color="#00ff00", hatch="..", label="b")
    ax.scatter([1], [1], color="#0000ff", label="c")
    for name in ("above", "below"):
        figure.legend(ax.get_legend_handles_labels()[0][:1], [name])
    ax.legend()
    rows = [row for row in drawn(figure) if row.startswith("legend")]
    assert rows == [
        "legend | a | #ff0000 : | ",
        "legend | c | #0000ff | ",
        "legend | b | #00ff00 .. | ",
        "legend | above | #ff0000 : | ",
        "legend | below | #ff0000 : | ",
    ]


def test_drawings_without_a_frame_are_left_out_and_the_colours_of_a_bar(figure):
    off, gone, shown = (frame(figure, (x, 0.5, 0.2, 0.2)) for x in (0, 0.3, 0.6))
    off.set(title="off")
    off.set_axis_off()
    gone.set(title="gone")
    gone.set_visible(False)
    shown.set(title="shown")
    image = shown.imshow([[0, 1]])
    figure.colorbar(image, cax=figure.add_axes((0.6, 0.1, 0.3, 0.05), label="bar"))
    rows = drawn(figure)
    assert [row for row in rows if "title" in row] == ["title | shown |  | "]
    assert not [row for row in rows if row.startswith("area")]
