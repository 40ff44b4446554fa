"""Chapter 13's figures: bugs beside the checks that find them, and rows of small images."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import figures
from tests.common import title
from tests.drawings import edge_is_white

FOUND = {
    "no bug": {"start": False, "gradient": False},
    "no mask": {"start": False, "gradient": True},
}


def test_check_table_marks_what_each_check_finds():
    ax = figures.check_table(FOUND)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["start", "gradient"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["no bug", "no mask"]
    crosses = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "X"]
    dots = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert crosses == [[[1, 1]]]
    assert dots == [[[0, 0]], [[1, 0]], [[0, 1]]]
    words = {text.get_position(): text.get_text() for text in ax.texts}
    assert words == {(0.12, 0): "passes", (1.12, 0): "passes", (0.12, 1): "passes"} | {
        (1.12, 1): "found"
    }
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first bug is on top"


def test_a_check_that_was_not_made_leaves_its_place_empty():
    ax = figures.check_table({"a": {"start": True, "gradient": None}})
    assert [text.get_text() for text in ax.texts] == ["found"]
    assert sum(line.get_marker() in ("o", "X") for line in ax.lines) == 1


def test_image_rows_show_each_image_in_its_row():
    rng = np.random.default_rng(0)
    rows = {"digits": rng.random((3, 4, 4)), "maps": rng.normal(size=(3, 4, 4))}
    captions = {"digits": ["a", "b", "c"]}
    grid = figures.image_rows(rows, {"digits": "ink", "maps": "signed"}, captions)
    assert grid.shape == (2, 3)
    assert [line[0].get_ylabel() for line in grid] == ["digits", "maps"]
    for index in range(3):
        np.testing.assert_allclose(grid[0, index].images[0].get_array(), 1 - rows["digits"][index])
        shown = grid[1, index].images[0].get_array()
        wanted = rows["maps"][index] / np.abs(rows["maps"][index]).max()
        np.testing.assert_allclose(shown, wanted, atol=0.0051)
        assert grid[1, index].images[0].get_clim() == (-1, 1)
        assert grid[0, index].get_title("center") == "abc"[index]
        assert title(grid[1, index]) == ""


def test_strong_negative_numbers_carry_a_dash():
    (ax,) = figures.image_rows({"map": np.array([[[-1, -0.3, 0], [2, -2, -0.78]]])}, "signed")[0]
    assert ax.lines[0].get_marker() == "_"
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [1, 1]]
    (ink,) = figures.image_rows({"digit": np.full((1, 2, 2), -1.0)}, "ink")[0]
    assert not ink.lines


def test_an_empty_signed_image_is_white():
    (ax,) = figures.image_rows({"none": np.zeros((1, 2, 2))}, "signed")[0]
    assert np.all(ax.images[0].get_array() == 0)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="expected"):
        figures.check_table({"a": {"start": True}, "b": {"gradient": True}})
    with pytest.raises(ValueError, match=r"expected \(2, height, width\)"):
        figures.image_rows({"a": np.zeros((2, 3, 3)), "b": np.zeros((1, 3, 3))})
    with pytest.raises(ValueError, match="expected one of"):
        figures.image_rows({"a": np.zeros((2, 3, 3))}, "photo")


def test_no_ink_on_the_outermost_pixels():
    for draw in (
        lambda: figures.check_table(FOUND),
        lambda: figures.image_rows(
            {"a longer name": np.ones((5, 8, 8)), "b": np.ones((5, 8, 8))},
            captions={"b": ["6, read as 8"] * 5},
        ),
    ):
        draw()
        assert edge_is_white(plt.gcf())
        plt.close("all")
