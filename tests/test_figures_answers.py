"""Images under their classes, and the table of what was taken for what."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import figures
from helpers.figures import style
from tests.drawings import edge_is_white

CLASSES = ("cat", "dog", "cow")
GREY = np.linspace(0, 1, 4 * 64).reshape(4, 1, 8, 8)
COUNTS = np.array([[5, 2, 0], [0, 7, 1], [0, 0, 9]])


def titles(grid):
    return [ax.get_title(loc="left") for ax in grid.flat if ax is not None]


def test_each_image_stands_under_its_class_and_classes_may_repeat():
    grid = figures.samples(GREY, [0, 1, 1, 2], CLASSES, columns=2)
    assert grid.shape == (2, 2)
    assert titles(grid) == ["cat", "dog", "dog", "cow"]
    # Ink is 1 in the data, and dark on paper.
    for ax, image in zip(grid.flat, GREY, strict=True):
        assert np.allclose(ax.images[0].get_array(), 1 - image[0])


def test_colours_are_shown_as_they_are():
    x = np.random.default_rng(0).random((2, 3, 5, 5))
    grid = figures.samples(x, [0, 1], CLASSES)
    assert np.array_equal(grid[0, 1].images[0].get_array(), x[1].transpose(1, 2, 0))


def test_wrong_guesses_are_named_in_the_colour_of_errors():
    grid = figures.samples(GREY, [0, 1, 1, 2], CLASSES, guesses=[0, 2, 1, 0], columns=3)
    assert titles(grid) == ["cat", "dog → cow", "dog", "cow → cat"]
    colors = [ax._left_title.get_color() for ax in grid.flat if ax is not None]
    assert colors == [style.INK, style.ALERT, style.INK, style.ALERT]
    assert edge_is_white(grid[0, 0].figure)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((GREY[:, 0], [0] * 4, CLASSES), r"x has shape \(4, 8, 8\); expected \(N, 1 or 3, H, W\)"),
        ((np.zeros((1, 2, 3, 3)), [0], CLASSES), r"x has shape \(1, 2, 3, 3\)"),
        ((GREY[:0], [], CLASSES), "at least one image"),
        ((GREY, [0, 1], CLASSES), "have 4, 2 and 2 entries"),
        ((GREY, [0] * 4, CLASSES, [1]), "have 4, 4 and 1 entries"),
    ],
)
def test_samples_refuse_what_does_not_fit(arguments, message):
    with pytest.raises(ValueError, match=message):
        figures.samples(*arguments)


def test_the_table_prints_counts_and_colours_mistakes_alone():
    ax = figures.confusion(COUNTS, CLASSES)
    printed = {(int(t.get_position()[1]), int(t.get_position()[0])): t.get_text() for t in ax.texts}
    assert printed == {(0, 0): "5", (0, 1): "2", (1, 1): "7", (1, 2): "1", (2, 2): "9"}
    shares = ax.images[0].get_array()
    assert np.allclose(shares, [[0, 2 / 7, 0], [0, 0, 1 / 8], [0, 0, 0]])
    assert ax.images[0].get_clim() == (0, 2 / 7)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("taken for", "is")
    assert [label.get_text() for label in ax.get_yticklabels()] == list(CLASSES)
    assert [label.get_text() for label in ax.get_xticklabels()] == list(CLASSES)
    assert ax.get_xticklabels()[0].get_rotation() == 45
    weights = {t.get_text(): t.get_weight() for t in ax.texts}
    assert weights == {"5": "bold", "2": "normal", "7": "bold", "1": "normal", "9": "bold"}
    assert edge_is_white(ax.figure)


def test_a_table_without_mistakes_or_without_a_class_stays_white():
    ax = figures.confusion(np.diag([3, 0]), ("0", "1"))
    assert ax.images[0].get_clim() == (0, 0.05)
    assert not ax.images[0].get_array().any()
    assert ax.get_xticklabels()[0].get_rotation() == 0


def test_it_draws_into_axes_that_it_is_given():
    grid = figures.panels(1, 2, 3.0)
    assert figures.confusion(COUNTS, CLASSES, grid[0, 1]) is grid[0, 1]
    plt.close("all")


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (COUNTS[:2], r"shape \(2, 3\) and dtype int64; expected \(3, 3\)"),
        (COUNTS / 1, "dtype float64"),
        (-COUNTS, "ints from 0 on"),
    ],
)
def test_confusion_refuses_what_counts_nothing(counts, message):
    with pytest.raises(ValueError, match=message):
        figures.confusion(counts, CLASSES)
