"""What networks cost: each number beside its name, and every part in its place."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers import figures
from helpers.figures.budgets import short
from tests.common import texts, title
from tests.drawings import edge_is_white

COSTS = {"parameters": {"small": 61_706, "large": 138e6}, "work": {"small": 4e5, "large": 1.55e10}}


def test_every_network_has_a_dot_and_its_number_in_every_panel():
    grid = figures.budgets(COSTS)
    assert [title(ax) for ax in grid] == list(COSTS)
    for ax, numbers in zip(grid, COSTS.values(), strict=True):
        (dots,) = (line for line in ax.lines if line.get_marker() == "o")
        assert np.allclose(dots.get_xdata(), list(numbers.values()))
        assert list(dots.get_ydata()) == [0, 1]
        assert texts(ax) == [short(number) for number in numbers.values()]
        (guides,) = ax.collections
        assert [ends[1][0] for ends in guides.get_segments()] == list(numbers.values())
        for note, place, number in zip(ax.texts, (0, 1), numbers.values(), strict=True):
            assert note.xy == (number, place)
        assert ax.get_xscale() == "log"
        marks = [
            (label.get_text(), tick)
            for label, tick in zip(ax.get_xticklabels(), ax.get_xticks(), strict=True)
        ]
        assert marks
        assert {
            short(tick).replace(".00", "").replace(".0", "") == text for text, tick in marks
        } == {True}
        assert ax.get_xlim()[0] < min(numbers.values())
    assert [label.get_text() for label in grid[0].get_yticklabels()] == ["small", "large"]
    assert grid[0].yaxis_inverted()
    assert edge_is_white(grid[0].figure)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (61_706, "61.7k"),
        (138_357_544, "138M"),
        (1.547e10, "15.5G"),
        (7.0e6, "7.00M"),
        (999_960, "1.00M"),
        (12, "12.0"),
        (999, "999"),
        (99.96, "100"),
    ],
)
def test_numbers_have_three_digits(number, text):
    assert short(number) == text


def test_shares_stand_at_their_layers_on_one_scale():
    shares = {"parameters": [1, 1, 6], "work": [4, 4, 2]}
    grid = figures.shares_by_layer(shares, ["a", "b", "c"])
    for ax, (cost, numbers) in zip(grid, shares.items(), strict=True):
        assert title(ax) == cost
        heights = [bar.get_height() for bar in ax.patches]
        assert np.allclose(heights, np.array(numbers) / sum(numbers))
        marked = [bar.get_facecolor()[:3] == to_rgb(figures.WINDOW) for bar in ax.patches]
        assert marked == [number == max(numbers) for number in numbers]
        assert [bar.get_x() + bar.get_width() / 2 for bar in ax.patches] == [0, 1, 2]
    assert [texts(ax) for ax in grid] == [["75%"], ["40%"]]
    assert [ax.texts[0].xy[0] for ax in grid] == [2, 0]
    assert grid[0].get_ylim() == grid[1].get_ylim()
    assert [label.get_text() for label in grid[1].get_xticklabels()] == ["a", "b", "c"]
    assert edge_is_white(grid[0].figure)


BARS = {"use": {"weights": 3, "rest": 1}, "train": {"weights": 3, "gradients": 3, "rest": 5}}


def test_parts_lie_one_upon_the_other_and_look_the_same_in_every_case():
    ax = figures.inventory(BARS, {"train": 12.5}, unit="GiB")
    legend = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert legend == ["weights", "gradients", "rest", "measured"]
    bars = [bar for bar in ax.patches if bar.get_width() > 0]
    found = [
        (round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_width()) for bar in bars
    ]
    assert found == [(0, 0, 3), (0, 3, 1), (1, 0, 3), (1, 3, 3), (1, 6, 5)]
    looks = [(bar.get_facecolor(), bar.get_hatch()) for bar in bars]
    assert looks[0] == looks[2]
    assert looks[1] == looks[4]
    assert len(set(looks)) == 3
    (mark,) = ax.lines
    assert set(mark.get_xdata()) == {12.5}
    assert np.mean(mark.get_ydata()) == 1
    assert mark.get_linestyle() == "-"
    assert ax.get_xlabel() == "GiB"
    assert edge_is_white(ax.figure)


def test_a_legend_of_many_parts_is_not_cut_off():
    parts = {"weights": 1, "gradients": 1, "velocity": 1, "activations": 1, "on the way back": 1}
    ax = figures.inventory({"a network, training": parts}, {"a network, training": 6})
    ax.figure.canvas.draw()
    box = ax.figure.legends[0].get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= ax.figure.bbox.x1


def test_without_measurements_there_is_no_mark():
    ax = figures.inventory(BARS)
    assert not ax.lines
    assert "measured" not in [text.get_text() for text in ax.figure.legends[0].get_texts()]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures.budgets({}), "expected one to four costs"),
        (lambda: figures.budgets({"a": {"x": 1}, "b": {"y": 1}}), "of the same networks"),
        (lambda: figures.budgets({"a": {"x": 0}}), "costs has 'a' of 0; expected numbers above 0"),
        (lambda: figures.budgets({"a": {"x": np.nan}}), r"costs\['a'\] is nan; expected"),
        (lambda: figures.budgets({"a": {}}), "expected one to four costs"),
        (lambda: figures.budgets([1]), r"costs is \[1\]; expected a dict"),
        (lambda: figures.shares_by_layer({"a": [-1, 3]}, "xy"), r"shares\['a'\] is -1; expected"),
        (lambda: figures.shares_by_layer({}, ["x"]), "shares is empty"),
        (lambda: figures.inventory({}), "bars has 0 parts; expected at least 1"),
        (lambda: figures.inventory({"a": {"x": np.inf}}), r"bars\['a'\]\['x'\] is inf; expected"),
        (lambda: figures.inventory({"a": {"x": 1}}, {"a": np.nan}), r"measured\['a'\] is nan"),
        (lambda: figures.shares_by_layer({"a": [1]}, ["x", "y"]), "expected 2, with a sum above 0"),
        (lambda: figures.shares_by_layer({"a": [0]}, ["x"]), "with a sum above 0"),
        (lambda: figures.inventory({"a": dict.fromkeys("uvwxyz", 1)}), "at most 5"),
        (lambda: figures.inventory(BARS, {"other": 1}), "expected cases of bars"),
    ],
)
def test_refusals(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
