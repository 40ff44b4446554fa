"""Chapter 06's figures show what the pooling functions return."""

import numpy as np

from helpers.figures.pooling import pooled, sampled_spikes
from tests.common import texts


def test_pooled_writes_maximum_and_average():
    shown = texts(pooled(np.arange(1, 17).reshape(4, 4), 2))
    start = shown.index("maximum")
    assert shown[start - 4 : start] == ["6", "8", "14", "16"]
    assert shown[-5:-1] == ["3.5", "5.5", "11.5", "13.5"]


def test_overlapping_windows_show_the_first():
    ax = pooled(np.arange(9).reshape(3, 3), 2, stride=1)
    frames = [patch.get_bbox().bounds for patch in ax.patches if patch.get_linewidth() == 3]
    assert frames[0] == (0, 0, 2, 2)
    assert len(frames) == 3


def test_sampled_spikes_draws_what_each_way_leaves():
    grid = sampled_spikes([0, 1, 0, 0], {"half": lambda signal: signal[::2]}, shifts=(0, 1))
    heights = [[bar.get_height() for bar in ax.patches] for ax in grid.flat]
    assert heights == [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0], [0, 1]]
