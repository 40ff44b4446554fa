"""Chapter 07's figures draw what they get, each under its own name."""

import matplotlib as mpl
import numpy as np
import pytest

from helpers import figures, ops
from helpers.figures import ALERT, INK, KERNEL, OUTPUT, QUIET, SERIES, WINDOW
from helpers.figures.style import DASHES
from helpers.networks import History
from tests.common import texts, title

LIMITS = {"spread": (1e-3, 1), "gradient": (1e-4, 10), "step": (1e-6, 1)}


def labelled(ax):
    return {line.get_label(): line for line in ax.lines}


def legend(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_functions_stand_above_their_slopes_on_one_axis():
    grid = figures.curve_and_slope({"ReLU": "relu", "sigmoid": "sigmoid"}, marks=(-1, 2))
    assert grid.shape == (2, 2)
    assert [title(ax) for ax in grid[0]] == ["ReLU", "sigmoid"]
    assert [title(ax) for ax in grid[1]] == ["slope, at most 1", "slope, at most 0.25"]
    assert {ax.get_ylim() for ax in grid[1]} == {(0, 1.1)}
    curve, slope = grid[0, 1].lines[0], grid[1, 1].lines[0]
    assert np.allclose(curve.get_ydata(), ops.sigmoid(curve.get_xdata()))
    ones = np.ones_like(slope.get_xdata())
    assert np.allclose(slope.get_ydata(), ops.sigmoid_backward(ones, slope.get_xdata()))
    assert (curve.get_color(), slope.get_color()) == (KERNEL, OUTPUT)
    assert curve.get_xdata()[[0, -1]].tolist() == slope.get_xdata()[[0, -1]].tolist() == [-5, 5]
    assert len({ax.get_ylim() for ax in grid[0]}) == len({ax.get_xlim() for ax in grid.flat}) == 1
    assert not grid[0, 0].yaxis_inverted()
    for ax in grid.flat:
        assert [0, 0] in [list(line.get_ydata()) for line in ax.lines]
    assert [ax.get_xlabel() for ax in grid.flat] == ["", "", "x", "x"]
    assert [ax.get_ylabel() for ax in grid[:, 0]] == ["output", "slope"]
    places = np.array([-1.0, 2])
    heights = ops.sigmoid(places), ops.sigmoid_backward(np.ones(2), places)
    for ax, marked in zip(grid[:, 1], heights, strict=True):
        dots = [line for line in ax.lines if line.get_marker() == "o"]
        points = [line.get_xydata()[0] for line in dots]
        assert np.allclose(points, np.stack([places, marked], axis=1))
        assert {line.get_color() for line in dots} == {WINDOW}
    assert texts(grid[1, 0]) == ["0", "1"]
    sides = [(text.xyann[0] > 0, text.get_ha()) for text in grid[1, 1].texts]
    assert sides == [(False, "right"), (True, "left")]  # away from 0
    assert texts(grid[1, 1]) == [f"{ops.sigmoid(x) * ops.sigmoid(-x):.2g}" for x in (-1.0, 2.0)]


def test_a_tangent_has_the_slope_and_a_negative_one_its_sign():
    grid = figures.curve_and_slope({"SiLU": "silu"}, (-2,), reach=4, limits=(-0.2, 1.2))
    (tangent,) = [line for line in grid[0, 0].lines if line.get_linestyle() == "--"]
    (left, right), (low, high) = tangent.get_xdata(), tangent.get_ydata()
    slope = ops.silu_backward(np.ones(1), np.array([-2.0])).item()
    assert np.isclose((high - low) / (right - left), slope)
    assert np.isclose((high + low) / 2, ops.silu(np.array([-2.0])).item())
    assert np.isclose((left + right) / 2, -2)
    assert np.isclose(right - left, 1.6)
    assert tangent.get_color() == WINDOW
    assert texts(grid[1, 0]) == [f"−{-slope:.2g}"]


def test_the_value_taken_at_a_corner_is_filled():
    for name, taken in (("relu", 0), ("leaky_relu", 1)):
        grid = figures.curve_and_slope({name: name})
        corner = {
            round(line.get_ydata()[0]): line.get_markerfacecolor()
            for line in grid[1, 0].lines
            if line.get_marker() == "o" and line.get_xdata() == [0]
        }
        assert len(corner) == 2
        assert [side for side, face in corner.items() if face != "white"] == [taken]


def test_no_line_joins_the_two_sides_of_a_jump():
    grid = figures.curve_and_slope({"ReLU": "relu", "tanh": "tanh"})
    for ax, joined in zip(grid[1], (False, True), strict=True):
        lines = [line.get_xdata() for line in ax.lines if line.get_color() == OUTPUT]
        assert any(np.min(x) < 0 < np.max(x) for x in lines) == joined
        assert min(map(np.min, lines)) == -5
        assert max(map(np.max, lines)) == 5


def test_hinges_keep_their_names():
    x = np.linspace(-1, 1, 5)
    left, right = figures.hinges(
        x, {"p": x, "q": -x}, {"s": 3 * x}, ("t", x**2), {"f": 4 * x, "g": 5 * x}
    )
    drawn = {name: line.get_ydata() for name, line in labelled(left).items()}
    assert {name: y[-1] for name, y in drawn.items()} == {"p": 1, "q": -1, "s": 3}
    drawn = {name: line.get_ydata() for name, line in labelled(right).items()}
    assert {name: y[-1] for name, y in drawn.items()} == {"t": 1, "f": 4, "g": 5}
    looks = [(line.get_color(), line.get_linestyle()) for line in (*left.lines, *right.lines)]
    fits = list(zip(SERIES[:2], DASHES[:2], strict=True))
    assert looks == [(KERNEL, "--"), (KERNEL, ":"), (OUTPUT, "-"), (QUIET, "-"), *fits]
    for ax, names in ((left, ["p", "q", "s"]), (right, ["t", "f", "g"])):
        assert [text.get_text() for text in ax.get_legend().get_texts()] == names
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "output")


def test_a_learning_step_writes_every_number_and_fills_the_right_class():
    row = figures.learning_step({"a": [1, -0.25], "b": [0.5, 2]}, ["cat", "dog"], right=1)
    assert [title(ax) for ax in row] == ["a", "b"]
    assert [texts(ax) for ax in row] == [["1.00", "−0.25"], ["0.50", "2.00"]]
    for ax, heights in zip(row, ([1, -0.25], [0.5, 2]), strict=True):
        assert [bar.get_height() for bar in ax.patches] == heights
        assert [bool(bar.get_hatch()) for bar in ax.patches] == [True, False]
        assert [tick.get_text() for tick in ax.get_xticklabels()] == ["cat", "dog"]
        assert [bar.get_x() + bar.get_width() / 2 for bar in ax.patches] == [0, 1]
        assert max(bar.get_width() for bar in ax.patches) < 1
        faces = [mpl.colors.to_hex(bar.get_facecolor()) for bar in ax.patches]
        assert faces == ["#ffffff", OUTPUT.lower()]
        for text, height in zip(ax.texts, heights, strict=True):
            assert text.xy[1] == height
            assert (text.xyann[1] > 0, text.get_va()) == (
                (True, "bottom") if height >= 0 else (False, "top")
            )
        assert [line.get_ydata() for line in ax.lines] == [[0, 0]]
    assert [ax.get_ylabel() for ax in row] == ["value", ""]
    assert row[0].get_ylim() == row[1].get_ylim()
    assert row[0].figure.axes == [*row]
    (ax,) = figures.learning_step({"a": [0.0]}, ["cat"], right=0)
    assert ax.texts[0].get_va() == "bottom"


def test_norms_are_geometric_means_under_their_own_names():
    one = {"a": np.array([[1e-3, 1e-2, 0.1, 1.0], [1e-5, 1e-2, 0.1, 1.0]]), "b": np.ones((1, 4))}
    two = {"a": np.full((1, 4), 1e-7), "b": np.full((1, 4), 10.0)}
    grid = figures.norms_by_layer(
        {"sums": {"one": one, "two": two}, "weights": {"one": two, "two": one}}
    )
    assert grid.shape == (2, 2)
    lines = labelled(grid[0, 0])
    assert np.allclose(lines["a"].get_ydata(), [1e-4, 1e-2, 0.1, 1])
    assert np.allclose(lines["a"].get_xdata(), [1, 2, 3, 4])
    corners = grid[0, 0].collections[0].get_paths()[0].vertices
    at_the_first = corners[corners[:, 0] == 1, 1]
    assert np.allclose([at_the_first.min(), at_the_first.max()], [1e-5, 1e-3])
    assert np.allclose(labelled(grid[0, 1])["b"].get_ydata(), 10)
    assert np.allclose(labelled(grid[1, 0])["a"].get_ydata(), 1e-7)
    assert [title(ax) for ax in grid[0]] == ["one", "two"]
    assert [ax.get_ylabel() for ax in grid[:, 0]] == ["sums", "weights"]
    assert len({ax.get_ylim() for ax in grid.flat}) == 1
    assert np.allclose(grid[0, 0].get_yticks(), [1e-10, 1e-5, 1, 1e5])
    assert legend(grid[0, 0].figure) == ["a", "b"]
    looks = [(line.get_color(), line.get_linestyle()) for line in grid[0, 0].lines]
    assert looks == list(zip(SERIES[:2], DASHES[:2], strict=True))
    assert len({ax.get_xlim() for ax in grid.flat}) == 1
    assert {ax.get_yscale() for ax in grid.flat} == {"log"}
    assert grid[1, 1].get_xticks().tolist() == [1, 1, 2, 3, 4]
    assert [ax.get_xlabel() for ax in grid.flat] == ["", "", "layer", "layer"]
    ones = figures.norms_by_layer({"sums": {"one": {"a": np.full(12, 0.0123456)}}}, decades=1)[0, 0]
    assert np.allclose(ones.lines[0].get_ydata(), 10**-1.91)
    assert ones.get_xticks().tolist() == [1, 3, 6, 9, 12]
    assert np.allclose(ones.get_yticks(), [0.01, 0.1, 1])


def history(scale):
    """Two networks, whose mean is 1, 2; 3, 4; 5, 6; 7, 8 times the scale in every measure."""
    steps = scale * np.array([[1.0, 2], [3, 4], [5, 6], [7, 8]])
    steps = np.stack([0.5 * steps, 1.5 * steps])
    return History(None, None, {}, steps / 100, steps / 10, np.full((2, 4, 2), 2.0), steps / 1000)


def test_layers_in_training_are_means_over_blocks_of_steps():
    grid = figures.layers_while_training({"x": history(1), "y": history(0.1)}, LIMITS, block=2)
    assert [title(ax) for ax in grid[0]] == ["x", "y"]
    assert [ax.get_xlabel() for ax in grid[:, 1]] == ["", "", "step"]
    labels = ["spread of outputs", "gradient of weights", "step / weights"]
    assert [ax.get_ylabel() for ax in grid[:, 0]] == labels
    assert legend(grid[0, 0].figure) == ["layer 1", "layer 2 (scores)"]
    for ax, part in zip(grid[:, 0], (1 / 100, 1 / 10, 1 / 2000), strict=True):
        first, second = ax.lines[:2]
        assert [first.get_linestyle(), second.get_linestyle()] == ["-", "--"]
        assert first.get_label().startswith("layer 1")
        assert first.get_xdata().tolist() == [1, 3]
        np.testing.assert_allclose(first.get_ydata(), np.array([2, 6]) * part, rtol=0.02)
        np.testing.assert_allclose(second.get_ydata(), np.array([3, 7]) * part, rtol=0.02)
    np.testing.assert_allclose(grid[1, 1].lines[0].get_ydata(), [0.02, 0.06], rtol=0.02)
    assert [ax.get_ylim() for ax in grid[:, 1]] == list(LIMITS.values())
    assert {ax.get_yscale() for ax in grid.flat} == {"log"}
    assert {ax.get_xlim() for ax in grid.flat} == {(0, 4)}
    colors = [line.get_color() for line in grid[0, 0].lines]
    assert sum(colors[0][:3]) < sum(colors[1][:3])  # dark to light along the layers


def test_layers_in_training_leave_out_the_steps_that_fill_no_block():
    grid = figures.layers_while_training({"x": history(1)}, LIMITS, block=3)
    assert grid[0, 0].lines[0].get_xdata().tolist() == [1.5]
    assert grid[0, 0].lines[0].get_ydata() == pytest.approx([10 ** np.round(np.log10(0.03), 2)])


def test_layers_in_training_with_histograms_of_outputs():
    before = [np.array([0.1, 0.1, 0.9]), np.array([0.0, 0.0, 0.0, 0.6])]
    after = [np.array([0.4, 0.4, 0.4]), np.array([0.0, 0.2])]
    grid = figures.layers_while_training(
        {"x": history(1)}, LIMITS, outputs={"x": (before, after)}, block=1
    )
    assert [ax.get_ylabel() for ax in grid[:, 0]] == [
        "layer",
        "gradient of weights",
        "step / weights",
    ]
    drawn = [patch.get_data() for patch in grid[0, 0].patches]
    assert [data.baseline for data in drawn] == [1, 1, 2, 2]
    tallest = [data.edges[np.argmax(np.round(data.values, 6))] for data in drawn]
    # After, before, layer by layer; a bar of zeros is as high as the others at most.
    np.testing.assert_allclose(tallest, [0.4, 0.1, 0.0, 0.0], atol=1e-9)
    assert all(np.isclose(data.values.max() - data.baseline, 0.85) for data in drawn)
    assert [patch.get_fill() for patch in grid[0, 0].patches] == [True, False, True, False]
    filled, line = grid[0, 0].patches[:2]
    looks = [filled.get_facecolor(), line.get_edgecolor()] * 2
    assert [mpl.colors.to_hex(look) for look in looks] == [QUIET.lower(), INK.lower()] * 2
    assert {(data.edges[0], data.edges[-1], len(data.edges)) for data in drawn} == {(0, 1, 41)}
    assert grid[0, 0].get_xlabel() == "output"
    assert grid[0, 0].get_yticks().tolist() == [1, 2]


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ([-1.5] * 999 + [-1.6], [2.5] * 999 + [50.0], (-2, 3)),
        ([0.0, -0.5], [0.0, -0.4], (-1, 0)),
        ([0.0, 0, 1e-9], [0.0, 0, 1e-9], (0, 1)),
    ],
)
def test_histograms_reach_over_all_values_but_the_highest_hundredth(before, after, ends):
    outputs = {"x": ([np.array(before)], [np.array(after)])}
    grid = figures.layers_while_training({"x": history(1)}, LIMITS, outputs=outputs, block=1)
    assert {tuple(patch.get_data().edges[[0, -1]]) for patch in grid[0, 0].patches} == {ends}


def test_ranges_of_sums_mark_what_died_and_what_came_back():
    start = np.array([[-1.0, -2, -3, 1], [2.0, 0, 1, -1]])  # unit 1 never above 0
    end = np.array([[-1.0, -2, -3, -4], [-0.5, 3, 1, -2]])  # units 0 and 3 died, 1 is back
    grid = figures.sum_ranges({"r": {"before": start, "after": end}})
    assert texts(grid[0, 0]) == ["1 of 4 never positive"]
    assert texts(grid[0, 1]) == ["2 of 4 never positive\nback since then: 1"]
    assert [title(ax) for ax in grid[0]] == ["before", "after"]
    assert grid[0, 0].get_ylabel() == "r"
    note = grid[0, 1].texts[0]
    assert note.get_transform() == grid[0, 1].transAxes
    assert note.get_position() == (0.97, 0.03)
    assert note.get_ha() == "right"
    assert [list(line.get_ydata()) for line in grid[0, 1].lines] == [[0, 0]]
    assert [ax.get_xlabel() for ax in grid[0]] == ["unit, sorted"] * 2
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in grid.flat}) == 1
    drawn = {}
    for lines in grid[0, 1].collections:
        color = mpl.colors.to_hex(lines.get_color()[0]) if len(lines.get_segments()) else ""
        for segment in lines.get_segments():
            drawn[tuple(segment[:, 1])] = (color, segment[0, 0])
    assert drawn == {
        (-4, -2): (ALERT.lower(), 0),
        (-1, -0.5): (ALERT.lower(), 1),
        (-3, 1): (KERNEL.lower(), 2),
        (-2, 3): (INK.lower(), 3),
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.curve_and_slope({"a": "corr2d"}), "helpers.ops has no corr2d_backward"),
        (
            lambda: figures.layers_while_training({"x": history(1)}, LIMITS, block=5),
            "block is 5; expected 1 to 4",
        ),
        (
            lambda: figures.learning_step({"a": [1]}, ["x", "y"], 0),
            r"steps\['a'\] has shape \(1,\)",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
