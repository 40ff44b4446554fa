"""Arrays drawn as squares: every number, box and window stands where it belongs."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers import figures, ops
from helpers.figures.style import ALERT, INK, KERNEL, OUTPUT, QUIET, WINDOW, axes
from tests.common import texts
from tests.drawings import fills, frames, numbers_at, places

NUMBERS = np.array([[1, -2, 3], [4, np.nan, 0.5]])


def test_numbers_stand_in_their_row_and_column_and_nan_stays_empty():
    ax = figures.draw_grid(axes(bare=True), NUMBERS, left=10, top=20, title="name")
    expected = {(20, 10): 1, (20, 11): -2, (20, 12): 3, (21, 10): 4, (21, 12): 0.5}
    assert numbers_at(ax) == expected
    squares = frames(ax, QUIET, 0.8)
    assert sorted(squares) == [(20 + r, 10 + c, 1, 1) for r in (0, 1) for c in (0, 1, 2)]
    assert len(ax.patches) == 6
    (title,) = [text for text in ax.texts if text.get_text() == "name"]
    assert title.get_position() == (11.5, 19.8)
    assert "−2" in texts(ax)


def test_a_box_lies_on_rows_and_columns_and_a_colour_on_everything():
    options = {"color": KERNEL, "box": (1, 0, 1, 2), "box_color": OUTPUT}
    ax = figures.draw_grid(axes(bare=True), NUMBERS, 10, 20, **options)
    assert fills(ax, KERNEL) == [(20, 10, 2, 3)]
    assert fills(ax, OUTPUT) == frames(ax, OUTPUT) == [(21, 10, 1, 2)]
    ax = figures.draw_grid(axes(bare=True), NUMBERS, box=(0, 1, 2, 1))
    assert fills(ax, WINDOW) == frames(ax, WINDOW) == [(0, 1, 2, 1)]


def test_signed_squares_are_shaded_each_by_its_own_number():
    ax = figures.draw_grid(axes(bare=True), NUMBERS, 10, 20, color="signed")
    shade = {
        (patch.get_y() - 20, patch.get_x() - 10): patch.get_facecolor()[:3]
        for patch in ax.patches
        if patch.get_fill()
    }
    assert {(p.get_width(), p.get_height()) for p in ax.patches} == {(1, 1)}
    warmth = {place: red - blue for place, (red, _, blue) in shade.items()}
    order = [(0, 1), (1, 1), (1, 2), (0, 0), (0, 2), (1, 0)]  # −2, nothing, 0.5, 1, 3, 4
    assert sorted(warmth, key=warmth.get) == order
    assert np.allclose(shade[1, 1], 1, atol=0.02)


def test_number_grids_stand_side_by_side_with_signs_between():
    ax = figures.number_grids(
        {"a": NUMBERS, "b": [[7]]},
        gap=2,
        colors=[None, KERNEL],
        signs=["∗", "="],
        outlines={"a": (0, 1, 2, 1)},
    )
    left = {place: number for place, number in numbers_at(ax).items() if place[1] < 3}
    assert left == {(0, 0): 1, (0, 1): -2, (0, 2): 3, (1, 0): 4, (1, 2): 0.5}
    assert {p: n for p, n in numbers_at(ax).items() if p not in left} == {(0.5, 5): 7}
    assert fills(ax, KERNEL) == [(0.5, 5, 1, 1)]
    assert frames(ax, INK) == [(0, 1, 2, 1)]
    words = {text.get_text(): text.get_position() for text in ax.texts}
    assert (words["a"][0], words["b"][0]) == (1.5, 5.5)
    assert (words["∗"], words["="]) == ((4, 1), (7, 1))
    assert ax.yaxis_inverted()


@pytest.mark.parametrize("stride", [1, 2])
def test_the_window_slides_over_input_and_output_in_reading_order(stride):
    image, kernel = np.arange(20).reshape(4, 5) % 7, np.array([[1, 2, 3], [0, 1, 4]])
    result = ops.corr2d(image, kernel)[::stride, ::stride]
    grid = figures.sliding_window(image, kernel, stride=stride, columns=3)
    panels = [ax for ax in grid.flat if ax.figure is not None]
    assert len(panels) == result.size
    for step, (ax, (i, j)) in enumerate(zip(panels, np.ndindex(result.shape), strict=True)):
        assert frames(ax, WINDOW) == [(i * stride, j * stride, 2, 3)]
        (row, column, *size) = frames(ax, OUTPUT)[0]
        top, left = (4 - result.shape[0]) / 2, 5 + 0.8 + 3 + 0.8
        assert np.allclose((row, column, *size), (top + i, left + j, 1, 1))
        assert np.allclose(fills(ax, KERNEL), [(1, 5.8, 2, 3)])
        shown = numbers_at(ax)
        assert [shown[place] for place in np.ndindex(4, 5)] == image.ravel().tolist()
        done = [number for (_, x), number in sorted(shown.items()) if x > left - 0.5]
        assert done == result.ravel()[: step + 1].tolist()
        place = places(ax)
        assert place["input"] == (2.5, -0.2)
        assert place["input"][0] < place["kernel"][0] < place["output"][0]
        assert not any("=" in text for text in texts(ax))  # six products have no room


def test_padded_grids_surround_the_image_with_zeros():
    ax = figures.padded_grid(3, 2, 1)
    zeros = numbers_at(ax)
    assert set(zeros.values()) == {0}
    inside = {(r, c) for r in (1, 2, 3) for c in (1, 2, 3)}
    assert set(zeros) == {(r, c) for r in range(5) for c in range(5)} - inside
    assert fills(ax, "white") == [(1, 1, 3, 3)]
    assert frames(ax, WINDOW) == [(0, 0, 2, 2)]
    ((row, column, *size),) = frames(ax, OUTPUT)
    assert np.allclose((row, column, *size), (0.5, 6.2, 1, 1))
    assert {"3 + 2·1 = 5", "output 4 × 4"} <= set(texts(ax))
    assert fills(ax, QUIET) == [(0, 0, 5, 5)]
    side = figures.padded_grid(3, 2, [0, 2])
    windows, outputs = frames(side, WINDOW), frames(side, OUTPUT)
    assert np.allclose(windows, [(2, 0, 2, 2), (0, 3 + 1.2 + 2 + 2.4, 2, 2)])
    assert np.allclose(outputs, [(2.5, 3 + 1.2, 1, 1), (0.5, 8.6 + 7 + 1.2, 1, 1)])
    assert 0 < side.get_xlim()[1] - (16.8 + 6) < 1


def test_rows_are_coloured_by_whether_a_window_reads_them():
    ax = figures.rows_read(6, 3, 2, padding=1, title="name")
    colors = {}
    for patch in ax.patches:
        colors[round(patch.get_x() + 0.45)] = patch.get_facecolor()[:3]
    padding, white = to_rgb(QUIET), to_rgb("white")
    assert colors == {-1: padding, **dict.fromkeys(range(6), to_rgb(WINDOW)), 6: white}
    edges = [patch.get_edgecolor()[:3] for patch in ax.patches]
    assert edges == [to_rgb(INK)] * 7 + [to_rgb(ALERT)]
    windows = [line.get_xdata().tolist() for line in ax.lines]
    assert np.allclose(windows, [[-1.4, 1.4], [0.6, 3.4], [2.6, 5.4]])
    heights = [line.get_ydata()[0] for line in ax.lines]
    labels = {
        tick: label.get_text()
        for tick, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    }
    assert [labels[height] for height in heights] == ["window 0", "window 1", "window 2"]
    assert labels[-0.5] == "rows"
    assert ax.get_xlabel() == "row (the image's own are 0 to 5)"
    assert {line.get_color() for line in ax.lines} == {KERNEL}
    assert {patch.get_y() + patch.get_height() / 2 for patch in ax.patches} == {-0.5}
    assert {patch.get_height() > 0.5 for patch in ax.patches} == {True}
    assert [round(tick) for tick in ax.get_xticks()] == list(range(-1, 7))
    assert ax.xaxis.get_ticks_position() == "top"
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert -2 < left < -1.4
    assert 6.4 < right < 7
    assert (bottom, top) == (3, -1.1)
    assert ax.get_title(loc="left") == "name"
    assert len(figures.rows_read(4, 3, 1).patches) == 4
