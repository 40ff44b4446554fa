"""Chapter 06's figures show what the pooling functions return."""

import numpy as np

from helpers import figures
from tests.common import texts


def test_pooled_writes_maximum_and_average():
    shown = texts(figures.pooled(np.arange(1, 17).reshape(4, 4), 2))
    start = shown.index("maximum")
    assert shown[start - 4 : start] == ["6", "8", "14", "16"]
    assert shown[-5:-1] == ["3.5", "5.5", "11.5", "13.5"]
    assert shown[-1] == "average"


def test_overlapping_windows_show_the_first():
    ax = figures.pooled(np.arange(9).reshape(3, 3), 2, stride=1)
    frames = [patch.get_bbox().bounds for patch in ax.patches if patch.get_linewidth() == 3]
    assert frames[0] == (0, 0, 2, 2)
    assert len(frames) == 3


def test_sampled_spikes_draws_what_each_way_leaves():
    grid = figures.sampled_spikes([0, 1, 0, 0], {"half": lambda signal: signal[::2]}, (0, 1))
    heights = [[bar.get_height() for bar in ax.patches] for ax in grid.flat]
    assert heights == [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0], [0, 1]]
    assert [ax.get_ylabel() for ax in grid[:, 0]] == ["signal", "half"]


def test_change_by_window_names_each_way_at_its_own_mean():
    changes = {
        "first": {"a": [0.5, 0.3], "b": [0.7, 0.5]},
        "second": {"a": [0.2, 0.1], "b": [0.4, 0.2]},
    }
    ax = figures.change_by_window(changes, [2, 4], "change")
    thin = [line.get_ydata().tolist() for line in ax.lines if line.get_linewidth() < 1]
    assert thin == [[0.5, 0.3], [0.7, 0.5], [0.2, 0.1], [0.4, 0.2]]
    means = {line.get_label(): line for line in ax.lines if line.get_linewidth() > 1}
    names = {text.get_text(): text for text in ax.texts}
    assert set(means) == set(names) == set(changes)
    for name, (first, last) in {"first": (0.6, 0.4), "second": (0.3, 0.15)}.items():
        assert np.allclose(means[name].get_ydata(), [first, last])
        assert names[name].get_color() == means[name].get_color()
    heights = {name: text.xy[1] for name, text in names.items()}
    assert heights["first"] > heights["second"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "4"]
