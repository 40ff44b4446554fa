"""Chapter 08's figures: the steps' real numbers, and which numbers share a mean."""

import numpy as np
import pytest

from helpers import ops
from helpers.figures.normalization import data_flow, over_activation, shared_statistics


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
    assert "2·2·5 = 20" in grid[0, 1].get_title()
    with pytest.raises(ValueError, match=r"shape is \(3,\); expected \(N, C\)"):
        shared_statistics((3,))
    with pytest.raises(ValueError, match="channel is 3; expected 0 to 2"):
        shared_statistics((2, 3), channel=3)


def test_over_activation_draws_shares_of_all_values():
    values = np.array([-100.0, 0.5, 0.5, 100])
    grid = over_activation({"a": values, "b": values / 100}, ops.sigmoid, "sigmoid")
    heights = np.array([bar.get_height() for bar in grid[0, 0].patches])
    assert np.isclose(heights.sum(), 1)
    assert heights[0] == heights[-1] == 0.25
