"""Shares of a batch, blocks in a ring, two runs, parts of a step and ways to part the work."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers import figures
from tests.common import texts, title
from tests.drawings import edge_is_white, frames, numbers_at


def test_rows_are_dealt_in_turn_and_each_process_says_how_many():
    ax = figures.shares(5, 2)
    found = texts(ax)
    assert "process 0:\ngradient of 3" in found
    assert "process 1:\ngradient of 2" in found
    owners = {}
    for patch in ax.patches:
        if patch.get_fill() and patch.get_height() == 0.55:
            owners[round(patch.get_y(), 2)] = patch.get_facecolor()[:3]
    colors = [owners[place] for place in sorted(owners)]
    pair = to_rgb(figures.WINDOW), to_rgb(figures.KERNEL)
    assert colors == [pair[0], pair[1], pair[0], pair[1], pair[0]]


STAGES = {"start": np.ones((2, 2), int), "add, round 1": np.array([[1, 2], [2, 1]])}


def test_a_ring_shows_sums_what_has_come_and_what_is_complete():
    grid = figures.ring_steps(STAGES)
    first, second = grid[0]
    assert numbers_at(second) == {(0, 0): 1, (0, 1): 2, (1, 0): 2, (1, 1): 1}
    assert [title(ax) for ax in (first, second)] == list(STAGES)
    assert title(grid[1, 0]) == "each sends to the next"
    assert not frames(first, figures.KERNEL, 2.5)
    places = [
        (round(row), round(column)) for row, column, _, _ in frames(second, figures.KERNEL, 2.5)
    ]
    assert sorted(places) == [(0, 1), (1, 0)]
    complete = [patch.get_xy() for patch in second.patches if patch.get_alpha() == 0.35]
    assert sorted(complete) == [(0, 1), (1, 0)]
    assert [text for text in texts(grid[1, 0]) if text] == ["0", "1"]


def test_two_runs_lie_on_each_other_and_their_difference_below():
    losses = {"alone": [2.0, 1.0, 0.5], "two": [2.0, 1.0 + 2e-6, 0.5]}
    grid = figures.two_runs(losses, 1e-5)
    lines = {line.get_label(): line for line in grid["losses"].lines}
    assert np.allclose(lines["alone"].get_ydata(), losses["alone"])
    assert np.allclose(lines["two"].get_ydata(), losses["two"])
    assert [text.get_text() for text in grid["losses"].get_legend().get_texts()] == list(losses)
    below = grid["difference"]
    assert np.allclose(below.lines[0].get_xydata(), [[1, 1e-9], [2, 2e-6], [3, 1e-9]])
    assert below.lines[1].get_ydata()[0] == 1e-5
    assert below.get_yscale() == "log"
    assert below.get_ylim()[1] > 1e-5


def test_bars_of_a_step_follow_one_another_in_milliseconds():
    cases = {"small": {"one": (0.002, 0.0, 0.001), "two": (0.001, 0.003, 0.001)}}
    cases["large"] = {"one": (0.2, 0.0, 0.001), "two": (0.1, 0.003, 0.001)}
    grid = figures.step_parts(cases, "ms")
    small, large = grid[0]
    spans = {(round(bar.get_x(), 6), round(bar.get_width(), 6)) for bar in small.patches}
    assert spans == {(0, 2), (2, 0), (2, 1), (0, 1), (1, 3), (4, 1)}
    assert [label.get_text() for label in small.get_yticklabels()] == ["one", "two"]
    assert [title(ax) for ax in (small, large)] == list(cases)
    assert texts(small) == ["3", "5"]
    assert small.get_xlim() == large.get_xlim()
    assert small.get_xlabel() == "ms"
    assert small.get_ylim()[0] > small.get_ylim()[1]  # the first case on top
    (legend,) = small.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["compute", "communicate", "rest"]


def test_three_ways_to_split_the_work():
    grid = figures.ways_to_split()
    titles = ["data parallel", "tensor parallel", "pipeline parallel"]
    assert [title(ax) for ax in grid[0]] == titles
    # The arrows are texts without words.
    found = [[words.replace("\n", " ") for words in texts(ax) if words] for ax in grid[0]]
    assert sorted(found[0]) == sorted(2 * ["layer 1", "layer 2", "layer 3"])
    assert sorted(found[1]) == sorted(3 * ["upper half", "lower half"])
    assert found[2] == ["layer 1", "layer 2", "layer 3"]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: figures.shares(8, 2),
        lambda: figures.shares(12, 3),
        lambda: figures.ring_steps(STAGES),
        lambda: figures.two_runs({"a": [1.0, 0.5], "b": [1.0, 0.5]}, 1e-5),
        lambda: figures.step_parts({"a": {"long name": (1.0, 0.1, 0.1)}}),
        figures.ways_to_split,
    ],
)
def test_nothing_is_cut_off(draw):
    draw()
    assert edge_is_white(plt.gcf())


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures.shares(13, 2), "rows is 13; expected 1 to 12"),
        (lambda: figures.shares("8", 2), "rows is '8'; expected an int"),
        (lambda: figures.shares(8, 4), "size is 4; expected 2 to 3"),
        (lambda: figures.ring_steps({}), r"shapes \[\]; expected one, square, 2 to 8"),
        (lambda: figures.ring_steps({"a": 1}), r"shapes \[\(\)\]"),
        (lambda: figures.ring_steps({"a": np.ones((2, 2))}), "hold float64 numbers; expected ints"),
        (lambda: figures.ring_steps({"a": np.ones((2, 3))}), r"shapes \[\(2, 3\)\]"),
        (lambda: figures.two_runs({"a": [1.0]}, 1e-5), "losses has 1 runs; expected 2"),
        (lambda: figures.two_runs({"a": [1.0], "b": [1.0, 2.0]}, 1), r"\[\(1,\), \(2,\)\]"),
        (lambda: figures.two_runs({"a": [], "b": []}, 1), r"\[\(0,\), \(0,\)\]"),
        (lambda: figures.two_runs({"a": [np.nan], "b": [1.0]}, 1), "that are not positive"),
        (lambda: figures.two_runs({"a": [1.0], "b": [1.0]}, 0), "bound is 0"),
        (lambda: figures.step_parts({}), r"labels \[\]; expected the same, at least one"),
        (lambda: figures.step_parts({"a": {"b": (1, 2)}}), r"b has parts \(1, 2\); expected 3"),
        (lambda: figures.step_parts({"a": {"b": (1, 2, np.nan)}}), "b is nan; expected 0 to"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
