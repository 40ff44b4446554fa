"""Chapter 03's figures: cones, side views, measured boxes, borders and effective fields."""

import numpy as np
import pytest

from helpers import geometry
from helpers.figures.borders import border_profile, by_distance, padded_rows, use_counts
from helpers.figures.effective import core, effective_field, growth
from helpers.figures.fields import boxes, cone, side_view, taps
from tests.common import texts

CONV = geometry.conv(1, 3)


def test_cone_names_the_size_of_every_level():
    assert texts(cone([CONV, CONV])) == [
        "input\n5 × 5",
        "after layer 1\n3 × 3",
        "after layer 2\n1 × 1",
    ]
    with pytest.raises(ValueError, match="expected 1 everywhere"):
        cone([geometry.conv(1, 3, stride=2)])


def test_taps_are_the_cells_that_an_output_reads():
    layers = [CONV, geometry.pool(2)]
    levels = taps(layers, 10, 1)
    assert [level.tolist() for level in levels] == [[2, 3, 4, 5], [2, 3], [1]]
    dilated = taps([geometry.conv(1, 3, padding=2, dilation=2)], 5, 0)
    assert dilated[0].tolist() == [-2, 0, 2]


def test_side_view_fills_what_is_read_and_dots_padding():
    ax = side_view([geometry.conv(1, 3, padding=1)], 4, 0)
    dotted = [box for box in ax.patches if box.get_linestyle() not in ("-", "solid")]
    assert [round(box.get_x() + 0.4) for box in dotted] == [-1]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["input: 4", "conv: 4"]


def test_boxes_lie_around_the_pixels_of_their_span():
    field = np.zeros((8, 8), bool)
    field[2:5, 3:7] = True
    grid = boxes({"a": field, "b": field * 3.0}, [((2, 4), (3, 6))] * 2, label="times")
    for ax in grid.flat[:1]:
        (box,) = ax.patches
        assert (box.get_xy(), box.get_width(), box.get_height()) == ((2.5, 1.5), 4, 3)


def test_padded_rows_shows_every_mode():
    shown = texts(padded_rows([1, 2, 3], amount=2, value=7))
    assert {"zeros", "constant 7", "reflect", "replicate", "circular"} <= set(shown)
    numbers = [text for text in shown if text.isdigit()]
    assert "".join(numbers) == "0012300" + "7712377" + "3212321" + "1112333" + "2312312"


def test_use_counts_writes_the_counts():
    grid = use_counts({"a": np.array([[1, 12]]), "b": np.array([[3, 4]])})
    assert [texts(ax) for ax in grid.flat] == [["1", "12"], ["3", "4"]]


def test_error_by_distance_from_the_border():
    error = np.full((5, 6), 1.0)
    error[1:-1, 1:-1], error[2, 2:4] = 2.0, -3.0
    assert by_distance(error).tolist() == [1, 2, 3]
    ax = border_profile({"one": error, "two": error / 2})
    assert np.allclose(ax.lines[1].get_ydata(), [0.5, 1, 1.5])


def test_core_is_the_smallest_square_with_the_share():
    gradient = np.ones((5, 5))
    assert core(gradient, 0.04) == 1
    assert core(gradient, 0.05) == 3
    assert core(gradient, 0.36) == 3
    assert core(gradient, 1) == 5
    for bad in (np.ones((4, 4)), np.ones((3, 5))):
        with pytest.raises(ValueError, match=r"expected \(n, n\) with n odd"):
            core(bad)
    with pytest.raises(ValueError, match=r"share is 1\.1; expected above 0 and at most 1"):
        core(gradient, 1.1)


def test_effective_field_says_size_and_width():
    bell = np.exp(-(np.arange(-8, 9) ** 2) / 8)
    grid = effective_field(np.outer(bell, bell))
    side = core(np.outer(bell, bell))
    assert grid[0, 0].get_title() == f"box of {side} × {side}: 95 % of it"
    assert grid[0, 1].get_title() == "standard deviation 2.0 pixels"


def test_growth_draws_both_and_the_root():
    ax = growth([1, 4], [3, 9], [3, 6])
    drawn = [line.get_ydata().tolist() for line in ax.lines]
    assert drawn == [[3, 9], [3, 6], [3, 6]]
