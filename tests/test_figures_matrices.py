"""Matrices: every number in its own square, blocks outlined, zeros white."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from helpers import figures
from helpers.figures import style

VALUES = np.array([[1, 2, 0, 0], [0, 1, -2, 0]])


def colors(ax):
    (image,) = ax.images
    return image.cmap(image.norm(image.get_array()))[..., :3]


def test_each_number_stands_in_its_own_square_and_zeros_stay_empty():
    ax = figures.matrix(VALUES, numbers=True)
    printed = {(int(t.get_position()[1]), int(t.get_position()[0])): t.get_text() for t in ax.texts}
    assert printed == {(0, 0): "1", (0, 1): "2", (1, 1): "1", (1, 2): "−2"}
    assert all(text.get_fontsize() >= 10 for text in ax.texts)
    assert np.array_equal(ax.images[0].get_array(), VALUES)


def test_zero_is_white_and_a_sign_has_its_own_colour():
    ax = figures.matrix(VALUES)
    assert not ax.texts
    assert ax.images[0].get_interpolation() == "nearest"
    shown = colors(ax)
    assert np.allclose(shown[0, 2], 1, atol=0.01)
    assert shown[0, 1, 0] > shown[0, 1, 2]  # orange above 0
    assert shown[1, 2, 2] > shown[1, 2, 0]  # blue below
    assert np.abs(1 - shown[0, 0]).max() > 0.1  # half the largest is told from 0


def test_numbers_on_dark_squares_are_white():
    ax = figures.matrix([[-8, -1, 1, 8]], numbers=True)
    assert [text.get_color() for text in ax.texts] == ["white", style.INK, style.INK, style.INK]


def test_the_limit_can_be_shared():
    assert figures.matrix(VALUES).images[0].get_clim() == (-2, 2)
    assert figures.matrix(VALUES, limit=3).images[0].get_clim() == (-3, 3)
    assert figures.matrix(np.zeros((2, 2))).images[0].get_clim() == (-1, 1)


def test_blocks_are_outlined_and_ticked():
    ax = figures.matrix(np.ones((4, 9)), blocks=(2, 3), title="t", xlabel="x", ylabel="y")
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert not any(box.get_fill() for box in boxes)
    corners = {(box.get_x(), box.get_y()) for box in boxes}
    assert corners == {(x - 0.5, y - 0.5) for x in (0, 3, 6) for y in (0, 2)}
    assert {(box.get_width(), box.get_height()) for box in boxes} == {(3, 2)}
    assert list(ax.get_xticks()) == [0, 3, 6]
    assert list(ax.get_yticks()) == [0, 2]
    assert (ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()) == ("t", "x", "y")


def test_it_draws_into_axes_that_it_is_given():
    grid = figures.panels(1, 2, 2.0)
    assert figures.matrix(VALUES, grid[0, 1]) is grid[0, 1]
    alone = figures.matrix(np.ones((25, 49)))
    assert alone.figure.get_size_inches()[0] == style.WIDTH


@pytest.mark.parametrize(
    ("values", "numbers", "message"),
    [
        ([1.0, 2.0], False, r"shape \(2,\); expected \(rows, columns\)"),
        (np.zeros((0, 3)), False, r"shape \(0, 3\)"),
        (np.ones((2, 61)), True, "61 columns"),
        ([[0.25]], True, "up to 4 characters"),
    ],
)
def test_what_cannot_be_drawn_is_refused(values, numbers, message):
    with pytest.raises(ValueError, match=message):
        figures.matrix(values, numbers=numbers)
