"""Chapter 08's figures: the steps' real numbers, who shares a mean, company."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers import figures, ops
from helpers.figures import data_flow, shared_statistics
from helpers.figures.style import INK, KERNEL, OUTPUT, QUIET, WINDOW
from tests.common import texts, title
from tests.drawings import fills, frames, places


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


def test_data_flow_names_every_table_and_stands_each_where_it_is_used():
    batch = np.array([[1.0, 2], [2, 6], [6, 10]])
    ax = data_flow(batch, [2, 1], [1, 0.5], epsilon=2.0)
    mean, variance = batch.mean(axis=0), batch.var(axis=0)
    normal = (batch - mean) / np.sqrt(variance + 2)
    tables = {"batch": batch, "centred": batch - mean, "normalised": normal}
    tables |= {"output": normal * [2, 1] + [1, 0.5], "mean": mean, "variance": variance}
    tables |= {"γ": np.array([2, 1]), "β": np.array([1, 0.5])}
    expected = []
    for name, values in tables.items():
        expected += [f"{value:g}".replace("-", "−") for value in np.round(values, 2).ravel()]
        expected.append(name)
    arrows = ["− mean", "÷ √(var. + ε)", "· γ + β"]
    assert [text for text in texts(ax) if text] == [*expected, *arrows]
    place = places(ax)
    assert place["mean"][0] == place["batch"][0] == 1
    assert place["variance"][0] == place["centred"][0]
    order = ["batch", "− mean", "centred", "÷ √(var. + ε)", "normalised", "· γ + β", "output"]
    across = [place[name][0] for name in order]
    assert across == sorted(across)
    assert place["centred"][0] < place["γ"][0] < place["β"][0] < place["output"][0]
    for name, color in {"mean": WINDOW, "variance": WINDOW, "γ": KERNEL, "β": KERNEL}.items():
        row, column, *size = fills(ax, color)[name in ("variance", "β")]
        assert np.allclose((row, column, *size), (4, place[name][0] - 1, 1, 2))
    assert place["mean"][1] > 5
    assert np.allclose(fills(ax, OUTPUT), [(0, place["output"][0] - 1, 3, 2)])
    drawn = [(*text.xyann, *text.xy) for text in ax.texts if not text.get_text()]
    assert [x == tip_x and 3 < y < tip_y < 4 for x, y, tip_x, tip_y in drawn[:2]] == [True, True]
    assert [x for x, *_ in drawn[:2]] == [place["mean"][0], place["variance"][0]]
    for (x, y, tip_x, tip_y), name in zip(drawn[2:], arrows, strict=True):
        assert y == tip_y == 1.5
        assert x < place[name][0] < tip_x
        assert place[name][1] < y


def test_shared_statistics_counts_what_is_hatched():
    grid = shared_statistics((4, 3), (2, 3, 2, 5), channel=1)
    areas = [
        sum(p.get_width() * p.get_height() for p in ax.patches if p.get_hatch()) for ax in grid.flat
    ]
    assert areas == [4, 2 * 2 * 5]
    names = ["(4, 3): 4 numbers", "(2, 3, 2, 5): 2·2·5 = 20 numbers"]
    assert [title(ax) for ax in grid.flat] == names
    assert marked(grid[0, 0]) == {(1, 0), (1, 1), (1, 2), (1, 3)}
    assert marked(grid[0, 1]) == {(5.6, 0), (5.6, 2.6)}
    assert fills(grid[0, 1], WINDOW) == [(0, 5.6, 2, 5), (2.6, 5.6, 2, 5)]
    assert frames(grid[0, 0], INK, 2) == [(0, 1, 4, 1)]  # the squares of a table touch
    assert frames(grid[0, 1], INK, 2) == [(0, 5.6, 2, 5), (2.6, 5.6, 2, 5)]
    squares = [frames(ax, QUIET, 0.8) for ax in grid.flat]
    assert sorted(squares[0]) == [(y, x, 1, 1) for y in range(4) for x in range(3)]
    assert len(set(squares[1])) == 2 * 3 * 2 * 5
    assert {(2.6 + 1, 5.6 + 4, 1, 1), (0, 0, 1, 1)} <= set(squares[1])
    for ax, across, down, kind in (
        (grid[0, 0], 1, 1, "feature"),
        (grid[0, 1], 5.6, 2.6, "channel"),
    ):
        place = places(ax)
        ends = [place[f"{kind} {c}"][0] for c in range(3)]
        assert np.allclose(np.diff(ends), across)
        assert max(place["sample 0"][0], place[f"{kind} 0"][1]) < 0
        assert np.isclose(place["sample 1"][1] - place["sample 0"][1], down)
        assert np.allclose([ends[0], place["sample 0"][1]], [(across // 1) / 2, (down // 1) / 2])
    assert title(shared_statistics((2, 1))[0, 0]) == "(2, 1): 2 numbers"
    for shape in ((2, 3, 4), (2, 3, 1, 1, 1)):
        with pytest.raises(ValueError, match="shape is"):
            shared_statistics(shape)
    with pytest.raises(ValueError, match="channel is -1"):
        shared_statistics((2, 3), channel=-1)
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
    assert len({ax.get_ylim() for ax in grid.flat}) == 1
    assert {ax.get_xlabel() for ax in grid.flat} == {"value before the activation"}
    assert [ax.get_ylabel() for ax in grid.flat] == ["share of values (bars)", ""]
    assert all(bar.get_facecolor()[:3] == to_rgb(WINDOW) for bar in grid[0, 0].patches)
    curves = grid[0, 0].figure.axes[2:]
    assert [ax.get_ylabel() for ax in curves] == ["", "sigmoid (line)"]
    assert [ax.get_yticks().tolist() for ax in curves] == [[], [0, 1]]
    for ax in curves:
        (line,) = ax.lines
        assert line.get_color() == ax.yaxis.label.get_color() or ax is curves[0]
        assert line.get_color() == KERNEL
        assert line.get_xdata()[[0, -1]].tolist() == [-100, 100]
        assert np.allclose(line.get_ydata(), ops.sigmoid(line.get_xdata()))
        assert ax.get_ylim() == (0, 1.05)


def test_over_activation_rounds_its_axis_to_fives_and_puts_values_into_bins():
    (ax,) = figures.over_activation({"a": np.array([[-3.0, 5.5], [9, 9]])}, np.tanh, "f", 4).flat
    assert ax.get_xlim() == (-10, 10)
    bars = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in ax.patches]
    assert bars == [(-10, 5, 0), (-5, 5, 0.25), (0, 5, 0), (5, 5, 0.75)]


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
    assert frames(grid[0, 3], INK, 2) == [(0, 0, 2, 5), (0, across, 2, 5)]
    assert [texts(ax) for ax in grid.flat] == [["channels →", "← samples"], *[["channels →"]] * 3]
    middles = [text.get_position() for text in grid[0, 0].texts]
    assert np.allclose([middles[0][0], middles[1][1]], [(3 * across + 5) / 2, (2 * down + 2) / 2])
    assert middles[0][1] > 2 * down + 2
    assert middles[1][0] < 0
    names = [title(ax) for ax in figures.four_norms((2, 2, 1, 1), groups=1).flat]
    assert names == [
        "batch: 2 numbers",
        "layer: 2 numbers",
        "instance: 1 numbers",
        "group: 2 numbers",
    ]
    with pytest.raises(ValueError, match=r"shape is \(3, 4\); expected \(N, C, H, W\)"):
        figures.four_norms((3, 4))
    for groups in (0, 3):
        with pytest.raises(ValueError, match=f"groups is {groups}; expected a divisor of 4"):
            figures.four_norms((3, 4, 2, 2), groups=groups)


def test_company_draws_each_share_and_the_line_of_eval():
    shares = {2: np.array([0.1, 0.5, 0.9]), 32: np.array([0.7, 0.8, 0.9])}
    ax = figures.company(shares, 0.87004)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("size of the batch", "share of the right class")
    dots = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 3]
    assert [list(line.get_ydata()) for line in dots] == [list(values) for values in shares.values()]
    assert [round(np.mean(line.get_xdata())) for line in dots] == [0, 1]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "32"]
    (line,) = [line for line in ax.lines if line.get_label() == "eval()"]
    assert list(line.get_ydata()) == [0.87, 0.87]
    (name,) = [text for text in ax.texts if text.get_text() == "eval()"]
    assert name.xy == (1, 0.87)
    assert name.xycoords == ("axes fraction", "data")
    assert line.get_color() == name.get_color() == OUTPUT
    assert line.get_linestyle() == "--"
