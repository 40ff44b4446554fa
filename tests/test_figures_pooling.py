"""Chapter 06's figures show what the pooling functions return."""

from itertools import chain

import numpy as np
from matplotlib.colors import to_rgba

from helpers import figures
from helpers.figures.style import DASHES, INK, KERNEL, MARKERS, OUTPUT, QUIET, SERIES, WINDOW
from tests.common import texts, title
from tests.drawings import fills, frames, numbers_at, places


def test_pooled_writes_maximum_and_average():
    shown = texts(figures.pooled(np.arange(1, 17).reshape(4, 4), 2))
    start = shown.index("maximum")
    assert shown[start - 4 : start] == ["6", "8", "14", "16"]
    assert shown[-5:-1] == ["3.5", "5.5", "11.5", "13.5"]
    assert shown[-1] == "average"


def test_windows_have_the_colour_of_their_results():
    image = np.arange(24).reshape(4, 6)
    ax = figures.pooled(image, 2)
    place, numbers = places(ax), numbers_at(ax)
    assert [numbers[row, column] for row, column in np.ndindex(4, 6)] == image.ravel().tolist()
    assert list(place)[24] == "input"
    assert place["input"] == (3, -0.2)
    lefts = [place[name][0] - 1.5 for name in ("maximum", "average")]
    assert 6 < lefts[0] < lefts[0] + 3 < lefts[1]
    results = [7, 9, 11, 19, 21, 23], [3.5, 5.5, 7.5, 15.5, 17.5, 19.5]
    for left, values in zip(lefts, results, strict=True):
        assert [numbers[1 + row, left + column] for row, column in np.ndindex(2, 3)] == values
    expected = {color: [] for color in (WINDOW, QUIET, KERNEL, OUTPUT)}
    for index, (row, column) in enumerate(np.ndindex(2, 3)):
        squares = [(2 * row, 2 * column, 2, 2), *((1 + row, left + column, 1, 1) for left in lefts)]
        expected[list(expected)[index % 4]] += squares
    assert {color: fills(ax, color) for color in expected} == expected
    assert sorted(frames(ax, INK, 2)) == sorted(chain(*expected.values()))
    assert ax.get_xlim()[1] > lefts[1] + 3


def test_overlapping_windows_show_the_first():
    ax = figures.pooled(np.arange(9).reshape(3, 3), 2, stride=1)
    frames = [patch.get_bbox().bounds for patch in ax.patches if patch.get_linewidth() == 3]
    assert frames[0] == (0, 0, 2, 2)
    assert len(frames) == 3
    assert [bounds[1:] for bounds in frames[1:]] == [(0.5, 1, 1)] * 2
    assert [x for x, *_ in frames[1:]] == [
        places(ax)[name][0] - 1 for name in ("maximum", "average")
    ]
    colors = [patch.get_edgecolor() for patch in ax.patches if patch.get_linewidth() == 3]
    assert colors == [to_rgba(WINDOW), to_rgba(OUTPUT), to_rgba(OUTPUT)]
    assert not any(patch.get_fill() for patch in ax.patches)


def test_sampled_spikes_draws_what_each_way_leaves():
    grid = figures.sampled_spikes([0, 1, 0, 0], {"half": lambda signal: signal[::2]}, (0, 1))
    heights = [[bar.get_height() for bar in ax.patches] for ax in grid.flat]
    assert heights == [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0], [0, 1]]
    assert [ax.get_ylabel() for ax in grid.flat] == ["signal", "", "half", ""]
    assert [title(ax) for ax in grid.flat] == ["as it is", "moved by 1", "", ""]
    assert [ax.get_xlabel() for ax in grid.flat] == ["", "", "position", "position"]
    for ax, count, color in zip(grid.flat, (4, 4, 2, 2), [WINDOW] * 2 + [OUTPUT] * 2, strict=True):
        assert ax.get_xticks().tolist() == list(range(count))
        assert ax.get_ylim() == (0, 1.1)
        assert {bar.get_facecolor() for bar in ax.patches} == {to_rgba(color)}
        assert [bar.get_x() + bar.get_width() / 2 for bar in ax.patches] == list(range(count))
    assert figures.sampled_spikes([1, 0, 0], {}).shape == (1, 3)


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
    looks = [(m.get_color(), m.get_linestyle(), m.get_marker()) for m in means.values()]
    assert looks == list(zip(SERIES[:2], DASHES[:2], MARKERS[:2], strict=True))
    photographs = [line for line in ax.lines if line.get_linewidth() < 1]
    assert [line.get_color() for line in photographs] == [SERIES[0]] * 2 + [SERIES[1]] * 2
    assert all(list(line.get_xdata()) == [2, 4] for line in ax.lines)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("window k (pixels)", "change")
    assert (ax.get_xscale(), ax.get_ylim()) == ("log", (0, 1.1 * 0.7))
    heights = {name: text.xy[1] for name, text in names.items()}
    assert heights["first"] > heights["second"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "4"]
