"""Chapter 08's figures: the steps' real numbers, who shares a mean, company."""

import numpy as np
import pytest

from helpers import figures, ops
from helpers.figures import data_flow, shared_statistics
from tests.common import title


def test_data_flow_writes_the_numbers_of_batch_norm():
    batch = np.array([[1.0, 2], [3, 6], [5, 10]])
    shown = [text.get_text().replace("−", "-") for text in data_flow(batch, [2, 1], [1, 0]).texts]
    expected = ops.batch_norm(
        batch, np.zeros(2), np.ones(2), np.array([2.0, 1]), np.array([1.0, 0]), training=True
    )
    start = shown.index("output")
    assert shown[start - 6 : start] == [f"{value:g}" for value in np.round(expected, 2).ravel()]
    assert {"mean", "variance", "γ", "β"} <= set(shown)
    with pytest.raises(ValueError, match=r"batch has shape \(3,\); expected \(N, 2\)"):
        data_flow([1, 2, 3], [1, 1], [0, 0])


def test_shared_statistics_counts_what_is_hatched():
    grid = shared_statistics((4, 3), (2, 3, 2, 5), channel=1)
    areas = [
        sum(p.get_width() * p.get_height() for p in ax.patches if p.get_hatch()) for ax in grid.flat
    ]
    assert areas == [4, 2 * 2 * 5]
    assert "2·2·5 = 20" in title(grid[0, 1])
    with pytest.raises(ValueError, match=r"shape is \(3,\); expected \(N, C\)"):
        shared_statistics((3,))
    with pytest.raises(ValueError, match="channel is 3; expected 0 to 2"):
        shared_statistics((2, 3), channel=3)


def test_over_activation_holds_all_values_on_one_axis():
    values = np.array([-100.0, 0.5, 0.5, 98])
    grid = figures.over_activation({"a": values, "b": values / 100}, ops.sigmoid, "sigmoid")
    assert [title(ax) for ax in grid.flat] == ["a", "b"]
    for ax, shown in zip(grid.flat, (values, values / 100), strict=True):
        assert ax.get_xlim() == (-100, 100)
        heights = np.array([bar.get_height() for bar in ax.patches])
        assert np.isclose(heights.sum(), 1)
        places = np.searchsorted([bar.get_x() for bar in ax.patches], shown, side="right") - 1
        assert np.array_equal(np.flatnonzero(heights), np.unique(places))
    assert heights.max() == 0.75


def marked(ax):
    """The corners (left, top) of what is hatched."""
    return {(patch.get_x(), patch.get_y()) for patch in ax.patches if patch.get_hatch()}


def test_four_norms_marks_what_shares_a_mean_with_the_first_number():
    grid = figures.four_norms((3, 4, 2, 5), groups=2)
    assert [title(ax) for ax in grid.flat] == [
        "batch: 30 numbers",
        "layer: 40 numbers",
        "instance: 10 numbers",
        "group: 20 numbers",
    ]
    across, down = 5.6, 2.6
    assert marked(grid[0, 0]) == {(0, 0), (0, down), (0, 2 * down)}
    assert marked(grid[0, 1]) == {(0, 0), (across, 0), (2 * across, 0), (3 * across, 0)}
    assert marked(grid[0, 2]) == {(0, 0)}
    assert marked(grid[0, 3]) == {(0, 0), (across, 0)}
    with pytest.raises(ValueError, match=r"shape is \(3, 4\); expected \(N, C, H, W\)"):
        figures.four_norms((3, 4))
    for groups in (0, 3):
        with pytest.raises(ValueError, match=f"groups is {groups}; expected a divisor of 4"):
            figures.four_norms((3, 4, 2, 2), groups=groups)


def test_company_draws_each_share_and_the_line_of_eval():
    shares = {2: np.array([0.1, 0.5, 0.9]), 32: np.array([0.7, 0.8, 0.9])}
    ax = figures.company(shares, 0.87)
    dots = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 3]
    assert [list(line.get_ydata()) for line in dots] == [list(values) for values in shares.values()]
    assert [round(np.mean(line.get_xdata())) for line in dots] == [0, 1]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "32"]
    (line,) = [line for line in ax.lines if line.get_label() == "eval()"]
    assert list(line.get_ydata()) == [0.87, 0.87]
    (name,) = [text for text in ax.texts if text.get_text() == "eval()"]
    assert name.xy[1] == 0.87
