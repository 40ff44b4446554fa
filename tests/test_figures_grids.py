"""Arrays drawn as squares: every number, box and window stands where it belongs."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers import figures, ops
from helpers.figures.style import ALERT, INK, KERNEL, OUTPUT, QUIET, WINDOW, axes
from tests.common import texts

NUMBERS = np.array([[1, -2, 3], [4, np.nan, 0.5]])


def numbers_at(ax):
    """{(row, column): number} of the numbers that stand in the middle of a square."""
    found = {}
    for text in ax.texts:
        x, y = text.get_position()
        if text.get_va() == "center_baseline":
            found[y - 0.5, x - 0.5] = float(text.get_text().replace("−", "-"))
    return found


def frames(ax, color, line_width=3):
    """(row, column, rows, columns) of what is outlined in a colour."""
    return [
        (patch.get_y(), patch.get_x(), patch.get_height(), patch.get_width())
        for patch in ax.patches
        if not patch.get_fill()
        and patch.get_linewidth() == line_width
        and patch.get_edgecolor()[:3] == to_rgb(color)
    ]


def fills(ax, color):
    return [
        (patch.get_y(), patch.get_x(), patch.get_height(), patch.get_width())
        for patch in ax.patches
        if patch.get_fill() and patch.get_facecolor()[:3] == to_rgb(color)
    ]


def test_numbers_stand_in_their_row_and_column_and_nan_stays_empty():
    ax = figures.draw_grid(axes(bare=True), NUMBERS, left=10, top=20, title="name")
    expected = {(20, 10): 1, (20, 11): -2, (20, 12): 3, (21, 10): 4, (21, 12): 0.5}
    assert numbers_at(ax) == expected
    squares = frames(ax, QUIET, 0.8)
    assert sorted(squares) == [(20 + r, 10 + c, 1, 1) for r in (0, 1) for c in (0, 1, 2)]
    assert len(ax.patches) == 6
    (title,) = [text for text in ax.texts if text.get_text() == "name"]
    assert title.get_position() == (11.5, 19.8)


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
