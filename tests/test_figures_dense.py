"""Channels side by side: how many, whose, and read by whom."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import Rectangle

from helpers import figures
from helpers.figures import style
from tests.drawings import edge_is_white


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_sums_keep_their_height_and_concatenations_grow():
    left, right = figures.add_and_concat(3, 10)
    bars = [[p for p in ax.patches if isinstance(p, Rectangle)] for ax in (left, right)]
    assert [bar.get_height() for bar in bars[0]] == [3, 3, 3]
    # A sum has the hatches of all its parts, one over the other.
    assert [bar.get_hatch() for bar in bars[0]] == ["", "//", "//.."]
    assert [bar.get_hatch() for bar in bars[1]] == ["", "", "//", "", "//", ".."]
    assert [bar.get_height() for bar in bars[1]] == [3, 3, 10, 3, 10, 10]
    assert [bar.get_y() for bar in bars[1]] == [0, 0, 3, 0, 3, 13]
    notes = [[text.get_text() for text in ax.texts] for ax in (left, right)]
    assert notes[0] == ["x\n3", "x + F\n3", "x + F + G\n3"]
    assert notes[1] == ["x\n3", "[x, F]\n3 + 10 = 13", "[x, F, G]\n3 + 10 + 10 = 23"]
    assert edge_is_white(left.figure)


def test_the_channels_of_blocks_stand_side_by_side():
    ax = figures.channels_along({"block 1": [4, 6, 8], "block 2": [4, 6]})
    assert [text.get_text() for text in ax.texts] == ["4", "6", "8", "4", "6"]
    grey = [bar for bar in ax.patches if bar.get_facecolor()[:3] == _rgb(style.QUIET)]
    added = [bar for bar in ax.patches if bar.get_facecolor()[:3] == _rgb(style.OUTPUT)]
    assert [bar.get_height() for bar in grey] == [4] * 5
    assert [bar.get_height() for bar in added] == [0, 2, 4, 0, 2]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["block 1", "block 2"]
    assert ax.get_ylabel() == "channels"
    assert edge_is_white(ax.figure)


def test_maps_print_their_numbers_and_leave_the_unread_white():
    values = np.array([[0.25, np.nan], [0.0, 1.0]])
    grid = figures.reading_maps(
        {"weights": values, "lost": values / 2},
        ["s1", "s2"],
        ["r1", "r2"],
        {"weights": "w", "lost": "l"},
    )
    printed = {
        (int(t.get_position()[1]), int(t.get_position()[0])): t.get_text() for t in grid[0].texts
    }
    assert printed == {(0, 0): ".25", (1, 0): ".00", (1, 1): "1"}
    assert [ax.get_title(loc="left") for ax in grid] == ["weights", "lost"]
    assert grid[0].images[0].get_clim() == (0, 1)
    assert grid[1].images[0].get_clim() == (0, 0.5)
    assert [label.get_text() for label in grid[0].get_yticklabels()] == ["r1", "r2"]
    bars = [ax for ax in grid[0].figure.axes if ax not in list(grid)]
    assert [bar.get_xlabel() for bar in bars] == ["w", "l"]
    assert edge_is_white(grid[0].figure)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.add_and_concat(0, 1), "first is 0; expected at least 1"),
        (lambda: figures.add_and_concat(1, 0), "added is 0; expected at least 1"),
        (
            lambda: figures.channels_along({"b": [4]}),
            r"rows\['b'\] is \[4\]; expected numbers that",
        ),
        (lambda: figures.channels_along({"b": [4, 4]}), "expected numbers that grow"),
        (lambda: figures.channels_along({}), r"rows is \{\}; expected"),
        (lambda: figures.channels_along([4, 6]), r"rows is \[4, 6\]; expected"),
        (lambda: figures.channels_along({"b": 4}), r"rows\['b'\] is 4; expected"),
        (lambda: figures.channels_along({"b": [4, 5.5]}), r"rows\['b'\] is 5.5; expected an int"),
        (lambda: figures.reading_maps({}, ["s"], ["r"], {}), r"maps is \{\}; expected"),
        (lambda: figures.reading_maps({"m": np.eye(1)}, ["s"], ["r"], {}), r"labels is \{\}"),
        (
            lambda: figures.reading_maps({"m": [[np.nan]]}, ["s"], ["r"], {"m": ""}),
            "expected finite numbers from 0 on",
        ),
        (
            lambda: figures.reading_maps({"m": [[-1.0]]}, ["s"], ["r"], {"m": ""}),
            "expected finite numbers from 0 on",
        ),
        (
            lambda: figures.reading_maps({"m": np.eye(2)}, ["s"], ["r", "q"], {"m": ""}),
            r"maps\['m'\] has shape \(2, 2\); expected \(2, 1\)",
        ),
    ],
)
def test_impossible_drawings_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def _rgb(color):
    return plt.matplotlib.colors.to_rgb(color)
