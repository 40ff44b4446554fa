"""Chapter 15's figures: which maps see which, and answers along a strip."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers import figures
from helpers.figures.style import ALERT, KERNEL, OUTPUT, QUIET
from tests.common import texts
from tests.drawings import edge_is_white, fills

TABLE = np.array([[True, False, True], [False, False, True]])


def test_connections_fill_a_square_for_each_pair():
    ax = figures.connections(TABLE, rows="from", columns="to")
    filled = [(round(top + 0.38), round(left + 0.38)) for top, left, _, _ in fills(ax, KERNEL)]
    assert filled == [(0, 0), (0, 2), (1, 2)]
    assert texts(ax) == ["1", "0", "2", "sees"]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("from", "to")
    assert list(ax.get_xticks()) == [0, 1, 2]
    assert list(ax.get_yticks()) == [0, 1]
    assert len(ax.patches) == 6 + 3


@pytest.mark.parametrize(
    "table", [TABLE.astype(int), TABLE[0], np.zeros((0, 3), bool), [[True], []]]
)
def test_what_is_no_table_is_refused(table):
    with pytest.raises(ValueError, match=r"table (has shape|is no array)"):
        figures.connections(table)


def draw_strip(**changes):
    parts = {"image": np.eye(4, 12), "answers": [7, 1, 3], "shares": [0.9, 0.6, 0.8]}
    parts |= {"window": 4, "truth": {0: 7, 8: 2}}
    return figures.strip(**(parts | changes))[:, 0]


def test_strip_tells_whole_digits_from_places_between():
    top, ax = draw_strip()
    dots = [line for line in ax.lines if line.get_marker() not in (None, "None", "")]
    places = [(dot.get_xdata()[0], dot.get_ydata()[0]) for dot in dots]
    assert places == [(2, 0.9), (6, 0.6), (10, 0.8)], "each at its window's middle"
    assert [dot.get_marker() for dot in dots] == ["o", "o", "X"]
    assert [to_hex(dot.get_color()).upper() for dot in dots] == [OUTPUT, QUIET, ALERT]
    assert dots[0].get_markersize() > dots[1].get_markersize()
    assert texts(ax) == ["7", "1", "3"]
    assert top.images[0].get_array()[0, 0] == 0, "ink is black"
    assert top.get_xlim() == ax.get_xlim() == (0, 12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"image": np.zeros(12)}, r"image has shape \(12,\)"),
        ({"image": np.zeros((0, 12))}, r"image has shape \(0, 12\)"),
        ({"image": None}, "image has shape .* dtype object"),
        ({"image": np.full((4, 12), np.nan)}, "image has values nan"),
        ({"image": np.full((4, 12), 255.0)}, "image has values 255"),
        ({"answers": [7]}, r"answers has shape \(1,\)"),
        ({"answers": [1.5, 2, 3]}, "answers has .* dtype float64"),
        ({"answers": None}, r"answers has shape \(\)"),
        ({"shares": [0.9, 0.6]}, r"shares has shape \(2,\)"),
        ({"shares": [0.9, np.nan, 1]}, "shares has values nan"),
        ({"shares": [0.9, 2, 1]}, "shares has values 0.9 to 2"),
        ({"window": 0}, "window is 0; expected 1 to 11"),
        ({"window": 40}, "window is 40"),
        ({"window": "a"}, "window is 'a'"),
        ({"truth": [0, 8]}, r"truth is \[0, 8\]"),
    ],
)
def test_what_is_no_strip_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        draw_strip(**changes)


def test_whole_digits_stand_where_answers_are():
    with pytest.raises(ValueError, match=r"truth has places \[0, 3\]"):
        draw_strip(truth={0: 7, 3: 2})


def test_no_ink_on_the_outermost_pixels():
    for draw in (lambda: figures.connections(np.ones((6, 16), bool)), draw_strip):
        draw()
        assert edge_is_white(plt.gcf())
        plt.close("all")
