"""Columns, tapes and dots: every number in its place, wrapped windows marked, labels on theirs."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from helpers import figures, ops
from helpers.figures import style
from tests.drawings import fills, frames, numbers_at, places

IMAGE = np.array([[1, 2, 0, 1], [3, 1, 2, 0], [0, 2, 1, 3]])
KERNEL = np.array([[1, 2], [3, -1]])
OUTPUT = np.array([[13, 3, 8], [3, 10, 2]])


def rows_of(ax, decimals=6):
    """The numbers drawn on each height, from left to right."""
    found = {}
    for (row, _), number in sorted(numbers_at(ax).items()):
        found.setdefault(round(row, decimals), []).append(number)
    return list(found.values())


def test_columns_hold_the_patches_and_the_product_is_the_output():
    ax = figures.patch_columns(IMAGE, KERNEL, shown=(1, 2))
    top = 3 + 1.4
    in_order = sorted(numbers_at(ax).items())
    columns = [[n for (row, _), n in in_order if np.isclose(row, top + u)] for u in range(4)]
    patches = [IMAGE[i : i + 2, j : j + 2].ravel() for i in range(2) for j in range(3)]
    assert np.array_equal(columns, np.array(patches).T)
    assert np.array_equal(OUTPUT, ops.corr2d(IMAGE, KERNEL))
    shown = list(numbers_at(ax).values())
    everything = [IMAGE, KERNEL, KERNEL, OUTPUT, OUTPUT, np.array(patches)]
    assert sorted(shown) == sorted(np.concatenate([part.ravel() for part in everything]))
    words = {"image", "kernel", "output", "as a row", "one product", "@", "="}
    assert words | {"columns, one for each window"} <= set(places(ax))


def test_the_window_its_column_and_its_output_are_outlined():
    ax = figures.patch_columns(IMAGE, KERNEL, shown=(1, 2))
    window, column = frames(ax, style.WINDOW)
    assert window[2:] == (2, 2)
    assert column[2:] == (4, 1)
    values = numbers_at(ax)
    assert [values[column[0] + place, column[1]] for place in range(4)] == [2, 0, 1, 3]
    inside = [values[window[0] + u, window[1] + v] for u in (0, 1) for v in (0, 1)]
    assert inside == [2, 0, 1, 3]
    outputs = frames(ax, style.OUTPUT)
    assert [values[row, left] for row, left, _, _ in outputs] == [2, 2]


def test_slices_start_where_they_lie_on_the_tape():
    ax = figures.tape_slices(IMAGE, KERNEL)
    words = places(ax)
    left = min(column for row, column in numbers_at(ax) if row == 0)
    bars = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_height() == 0.7]
    for start, bar in zip((0, 1, 4, 5), bars, strict=True):
        assert bar.get_x() == pytest.approx(left + start)
        assert bar.get_width() == 8
        x, y = words[f"from {start}"]
        assert (x, y) == pytest.approx((left + start + 4, bar.get_y() + 0.35))
    for place, bar in zip(("(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"), bars, strict=True):
        assert words[f"place {place}"][1] == pytest.approx(bar.get_y() + 0.35)
    assert len({bar.get_facecolor() for bar in bars}) == 4


def test_the_tape_its_slices_and_the_sums_are_written_out():
    tape, *slices, sums = rows_of(figures.tape_slices(IMAGE, KERNEL))
    assert tape == [*IMAGE.flat, 0]
    assert slices == [tape[start : start + 8] for start in (0, 1, 4, 5)]
    assert sums == [13, 3, 8, 7, 3, 10, 2, 9]


def test_wrapped_windows_are_hatched_and_named_and_no_others():
    ax = figures.tape_slices(IMAGE, KERNEL)
    left = min(column for row, column in numbers_at(ax) if row == 0)
    crossed = frames(ax, style.ALERT, line_width=2)
    assert {round(column - left) for _, column, _, _ in crossed} == {3, 7}
    assert sorted(high for _, _, high, _ in crossed) == [1, 1, 4, 4]
    wide = figures.tape_slices(IMAGE, np.array([[1, 2, 3]]))
    left = min(column for row, column in numbers_at(wide) if row == 0)
    crossed = frames(wide, style.ALERT, line_width=2)
    assert {round(column - left) for _, column, _, _ in crossed} == {2, 3, 6, 7, 10, 11}
    for drawing, width, kw in ((ax, 4, 2), (wide, 4, 3)):
        start = min(column for row, column in numbers_at(drawing) if row == 0)
        names = [text.get_position()[0] for text in drawing.texts if text.get_text() == "wrapped"]
        ends = [start + end for end in range(width, width * len(names) + 1, width)]
        assert names == pytest.approx([end - (kw - 1) / 2 for end in ends])
        hatched = {patch.get_x() for patch in drawing.patches if patch.get_hatch()}
        marked = frames(drawing, style.ALERT, line_width=2)
        assert hatched == {column for _, column, _, _ in marked}
    one = figures.tape_slices(IMAGE, np.array([[1], [3]]))
    assert "wrapped" not in places(one)
    assert frames(one, style.ALERT, line_width=2) == []


def test_each_tape_of_a_stride_holds_its_rows_and_columns():
    image = np.arange(24).reshape(4, 6)
    ax = figures.stride_tapes(image, 2)
    words, values = places(ax), numbers_at(ax)
    for a in range(2):
        for b in range(2):
            middle = words[f"tape ({a}, {b})"][1]
            line = [n for (row, x), n in sorted(values.items()) if row + 0.5 == middle and x > 7]
            assert line == list(image[a::2, b::2].flat)
    (first,) = {
        tuple(p.get_facecolor())
        for p in ax.patches
        if p.get_width() == 6
        and p.get_fill()
        and p.get_y() == pytest.approx(words["tape (0, 0)"][1] - 0.5)
    }
    color = [p for p in ax.patches if p.get_fill() and tuple(p.get_facecolor()) == first]
    assert len(color) == 6 + 1  # its pixels in the image, and the tape


def test_dots_stand_at_their_numbers():
    times = {"3×3": {"ours": 1.0, "theirs": 20.0}, "7×7": {"ours": 0.34, "theirs": 200.0}}
    ax = figures.time_dots(times, "milliseconds")
    dots = {line.get_label(): line for line in ax.lines if line.get_marker() in style.MARKERS}
    assert list(dots["ours"].get_xdata()) == [1, 0.34]
    assert list(dots["theirs"].get_xdata()) == [20, 200]
    assert {tuple(line.get_ydata()) for line in dots.values()} == {(0, 3), (1, 4)}
    assert len({line.get_color() for line in dots.values()}) == 2
    assert len({line.get_marker() for line in dots.values()}) == 2
    texts = {text.get_text(): text.xy for text in ax.texts}
    assert texts == {"1": (1, 0), "20": (20, 1), "0.34": (0.34, 3), "200": (200, 4)}
    ticks = zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    assert [(place, label.get_text()) for place, label in ticks] == [(0.5, "3×3"), (3.5, "7×7")]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["ours", "theirs"]
    assert (ax.get_xscale(), ax.get_xlabel()) == ("log", "milliseconds")
    assert ax.get_xlim()[0] < 0.34 < 200 < ax.get_xlim()[1]
    assert ax.yaxis_inverted()


def test_logarithmic_axes_have_plain_numbers():
    ax = figures.curves({"a": [0.1, 2, 40]}, [3, 5, 15], "side", log=True)
    assert figures.log_scales(ax, [3, 5, 15], y=True) is ax
    ax.figure.draw_without_rendering()
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["3", "5", "15"]
    assert {"0.1", "0.3", "1", "3", "10", "30"} <= {t.get_text() for t in ax.get_yticklabels()}
    assert ax.get_xticks(minor=True).size == ax.get_yticks(minor=True).size == 0
    single = figures.log_scales(figures.curves({"a": [1, 2]}, [0.2, 20]))
    single.figure.draw_without_rendering()
    assert (single.get_xscale(), single.get_yscale()) == ("log", "linear")
    assert {"0.3", "1", "3", "10"} <= {t.get_text() for t in single.get_xticklabels()}


def test_texts_are_large_enough():
    for ax in (
        figures.patch_columns(IMAGE, KERNEL),
        figures.tape_slices(IMAGE, KERNEL),
        figures.stride_tapes(np.arange(24).reshape(4, 6), 2),
    ):
        assert all(text.get_fontsize() >= 10 for text in ax.texts)
        assert ax.figure.get_size_inches()[0] == style.WIDTH
        assert fills(ax, style.INK) == []


@pytest.mark.parametrize(
    ("draw", "arguments", "message"),
    [
        (figures.patch_columns, (IMAGE, KERNEL, (2, 0)), r"shown is \(2, 0\)"),
        (figures.tape_slices, (IMAGE, np.ones((2, 3))), "kernel has 6 numbers"),
        (figures.stride_tapes, (IMAGE, 2), r"shape \(3, 4\)"),
        (figures.stride_tapes, (IMAGE, 3), "stride is 3"),
        (figures.time_dots, ({"a": {"x": 1}, "b": {"y": 1}},), "the same names"),
        (figures.time_dots, ({"a": {"x": 0.0}},), "smallest number is 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, arguments, message):
    with pytest.raises(ValueError, match=message):
        draw(*arguments)
