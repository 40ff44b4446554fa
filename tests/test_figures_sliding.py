"""Chapter 14's figures: windows and their cells, finds, and the crossing of two costs."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import figures
from helpers.figures.style import ALERT, INK, OUTPUT
from tests.common import texts, title
from tests.drawings import edge_is_white


def rectangles(ax):
    return [(p.get_x(), p.get_y(), p.get_width(), p.get_height()) for p in ax.patches]


def test_windows_and_cells_stand_where_the_step_puts_them():
    left, right = figures.windows_and_cells(384, 224, 32, [(0, 0), (1, 4)])[0]
    assert title(left) == "384 × 384 pixels, windows of 224 × 224"
    assert title(right) == "6 × 6 answers, at the windows' middles"
    assert rectangles(left) == [(0, 0, 384, 384), (0, 0, 224, 224), (128, 32, 224, 224)]
    assert len(right.patches) == 36 + 1 + 2
    assert rectangles(right)[-1] == (96 + 4 * 32, 96 + 32, 32, 32)
    for window, cell in zip(rectangles(left)[1:], rectangles(right)[-2:], strict=True):
        assert window[0] + window[2] / 2 == cell[0] + cell[2] / 2
        assert window[1] + window[3] / 2 == cell[1] + cell[3] / 2
    assert texts(left) == texts(right) == ["1", "2"]
    for panel, first in ((left, 1), (right, 37)):
        styles = [patch.get_linestyle() for patch in panel.patches[first:]]
        assert len(set(styles)) == 2, "windows are told apart without colour"


@pytest.mark.parametrize("cells", [[(0, 0)] * 4, [(0, 6)], [(-1, 0)]])
def test_cells_that_are_not_there_are_refused(cells):
    with pytest.raises(ValueError, match="cells is"):
        figures.windows_and_cells(384, 224, 32, cells)


def page(**changes):
    parts = {"found": [(2, 3, 7), (20, 10, 1)], "right": [True, False], "missed": [(12, 30)]}
    parts |= changes
    return (np.zeros((40, 40)), parts["found"], parts["right"], parts["missed"])


def test_finds_are_right_wrong_or_missed():
    (ax,) = figures.finds({"a page": page()}, window=16, size=12)[0]
    assert title(ax) == "a page"
    first, second, missed, _ = rectangles(ax)
    assert first == (2.5, 1.5, 16, 16)
    assert second == (9.5, 19.5, 16, 16)
    assert missed == (29.5, 11.5, 12, 12)
    colors = [plt.matplotlib.colors.to_hex(patch.get_edgecolor()) for patch in ax.patches[:3]]
    assert [color.upper() for color in colors] == [OUTPUT, ALERT, INK.upper()]
    assert len({patch.get_linestyle() for patch in ax.patches[:3]}) == 3
    assert texts(ax) == ["7", "1"]
    legend = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert legend == ["right", "wrong", "missed"]
    assert ax.images[0].get_array().min() == 1, "paper is white"


def test_only_what_is_there_stands_in_the_legend():
    (ax,) = figures.finds({"a": page(found=[(2, 3, 7)], right=[True], missed=[])}, 16, 12)[0]
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["right"]


def test_finds_need_a_verdict_each():
    with pytest.raises(ValueError, match="right has 1"):
        figures.finds({"a": page(right=[True])}, 16, 12)


def test_savings_are_stems_from_the_line_of_equal_cost():
    ratios = {"all": [4.0, 1.0, 0.25], "wanted": [4.0, 2.0, 0.5]}
    ax = figures.savings([4, 8, 16], ratios, window=16)
    drawn = {line.get_label(): line.get_ydata().tolist() for line in ax.lines[:2]}
    assert drawn == ratios
    assert [round(place) for place in ax.lines[0].get_xdata()] == [4, 8, 16]
    assert ax.lines[0].get_marker() != ax.lines[1].get_marker()
    for stems, values in zip(ax.collections, ratios.values(), strict=True):
        assert [stem[:, 1].tolist() for stem in stems.get_segments()] == [[1, v] for v in values]
    assert ax.get_yscale() == "log"
    assert list(ax.lines[2].get_ydata()) == [1, 1]
    assert list(ax.lines[3].get_xdata()) == [16, 16]
    assert {"upwards: converting is cheaper", "downwards: sliding is cheaper"} < set(texts(ax))


def test_more_than_two_savings_are_refused():
    with pytest.raises(ValueError, match="ratios has 3 names"):
        figures.savings([4, 8], {name: [4.0, 1.0] for name in "abc"}, window=16)


def test_no_ink_on_the_outermost_pixels():
    for draw in (
        lambda: figures.windows_and_cells(384, 224, 32, [(0, 0), (1, 4), (5, 5)]),
        lambda: figures.finds({"a page": page(), "b": page()}, 16, 12),
        lambda: figures.savings([4, 8, 16], {"all answers": [4.0, 1, 0.25]}, window=16),
    ):
        draw()
        assert edge_is_white(plt.gcf())
        plt.close("all")
