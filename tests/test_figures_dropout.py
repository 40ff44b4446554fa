"""Chapter 09's figures: units, counts, strips and answers as they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import figures
from helpers.figures.style import ALERT, KERNEL, OUTPUT, WINDOW
from tests.common import texts, title
from tests.drawings import edge_is_white


def test_thinned_network_loses_units_and_their_connections():
    whole, thinned = figures.thinned_network([np.ones(2, bool), np.array([True, False, True])])
    count = {ax: [line.get_marker() for line in ax.lines] for ax in (whole, thinned)}
    assert count[whole].count("o") == count[thinned].count("o") == 5
    assert (count[whole].count("x"), count[thinned].count("x")) == (0, 1)
    assert (count[whole].count("None"), count[thinned].count("None")) == (6, 4)
    assert (texts(whole), texts(thinned)) == (["whole"], ["with dropout"])


def test_thinned_network_crosses_out_the_unit_that_is_off():
    whole, thinned = figures.thinned_network([np.ones(1, bool), np.array([False, True, True])])
    crosses = [line for line in thinned.lines if line.get_marker() == "x"]
    assert [line.get_xydata().tolist() for line in crosses] == [[[1.6, -1.0]]]
    assert crosses[0].get_color() == ALERT
    connections = [line.get_xydata() for line in thinned.lines if line.get_marker() == "None"]
    assert [ends[1].tolist() for ends in connections] == [[1.6, 0], [1.6, 1]]
    units = [line for line in thinned.lines if line.get_marker() == "o"]
    assert [line.get_markerfacecolor() for line in units] == [WINDOW, "white", OUTPUT, OUTPUT]
    assert [line.get_xydata()[0].tolist() for line in units] == [
        [0, 0],
        [1.6, -1],
        [1.6, 0],
        [1.6, 1],
    ]
    assert {line.get_linestyle() for line in thinned.lines if line.get_marker() == "None"} == {"-"}
    for ax in (whole, thinned):
        (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
        assert left < -0.3 < 1.9 < right
        assert low <= -1.5
        assert 1.5 < ax.texts[0].get_position()[1] < high
        assert left < ax.texts[0].get_position()[0] < 0


def test_thinned_network_colours_layers_by_role():
    whole, _ = figures.thinned_network([np.ones(1, bool)] * 4)
    units = [line.get_markerfacecolor() for line in whole.lines if line.get_marker() == "o"]
    assert units == [WINDOW, KERNEL, KERNEL, OUTPUT]


def test_histogram_stands_beside_the_binomial_law():
    ax = figures.zeros_histogram(np.array([0, 1, 1, 2]), 2, 0.25)
    assert [bar.get_height() for bar in ax.patches] == [0.25, 0.5, 0.25]
    assert [bar.get_x() + bar.get_width() / 2 for bar in ax.patches] == [0, 1, 2]
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[0, 9 / 16], [1, 6 / 16], [2, 1 / 16]])
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert sorted(names) == ["binomial, n = 2, p = 0.25", "counted"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("units dropped", "share of the masks")
    assert ax.get_xticks().tolist() == [0, 1, 2]
    short = figures.zeros_histogram(np.array([0]), 3, 0.25)
    assert [bar.get_height() for bar in short.patches] == [1, 0, 0, 0]


def strips(**options):
    trained = {"a": [1.0, 3.0], "b": [4.0, 6.0]}
    return figures.mask_strips(trained, {"a": 2.0, "b": 7.5}, **options)


def test_strips_show_every_mask_the_mean_and_inference():
    ax = strips()
    points = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "."]
    assert points == [[1, 3], [4, 6]]
    rows = [np.round(line.get_ydata()).tolist() for line in ax.lines if line.get_marker() == "."]
    assert rows == [[0, 0], [1, 1]]
    means = [list(line.get_xdata()) for line in ax.lines if line.get_marker() == "None"]
    assert means == [[2, 2], [5, 5]]
    marks = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "D"]
    assert marks == [[[2, 0]], [[7.5, 1]]]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b"]
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["one mask", "mean of the masks", "inference"]
    assert texts(ax) == []
    for row in (0, 1):
        (low, high) = next(
            line.get_ydata()
            for line in ax.lines
            if line.get_marker() == "None" and round(np.mean(line.get_ydata())) == row
        )
        assert (low + high) / 2 == row
        assert 0.4 < high - low < 1
    heights = [line.get_ydata() for line in ax.lines if line.get_marker() == "."]
    assert all(0 < np.ptp(drawn) < 0.4 for drawn in heights)  # spread, so that none hides another
    handles = dict(zip(names, ax.get_legend().legend_handles, strict=True))
    assert handles["inference"].get_marker() == "D"
    assert handles["one mask"].get_marker() == "."
    assert ax.get_xlim()[0] == 0
    assert ax.get_yticks().tolist() == [0, 1]
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first strip is on top"


def test_bracket_reaches_from_the_mean_to_inference():
    ax = strips(bracket="b")
    (bracket,) = (line for line in ax.lines if len(line.get_xdata()) == 4)
    assert list(bracket.get_xdata()) == [5, 5, 7.5, 7.5]
    assert texts(ax) == ["×1.5"]
    assert bracket.get_color() == ax.texts[0].get_color() == ALERT
    assert ax.texts[0].get_position()[1] < min(bracket.get_ydata())
    assert ax.texts[0].get_position()[0] == 6.25
    assert 0 < max(bracket.get_ydata()) < 1


def test_many_answers_shows_every_answer_below_its_picture():
    rng = np.random.default_rng(0)
    pictures = {"one": np.zeros((8, 8)), "two": rng.random((8, 8))}
    answers = {"one": rng.random((7, 10)), "two": rng.random((7, 10))}
    grid = figures.many_answers(pictures, answers)
    assert [title(ax) for ax in grid[0]] == ["one", "two"]
    for name, above, below in zip(pictures, *grid, strict=True):
        np.testing.assert_allclose(above.images[0].get_array(), 1 - pictures[name])
        dots = [line for line in below.lines if line.get_marker() == "."]
        means = [line for line in below.lines if line.get_marker() == "None"]
        for place in range(10):
            shares = np.round(answers[name][:, place], 3)
            assert dots[place].get_ydata().tolist() == sorted(shares)
            assert np.all(np.round(dots[place].get_xdata()) == place)
            assert np.allclose(means[place].get_ydata(), np.round(shares.mean(), 3))
            assert np.mean(means[place].get_xdata()) == place
            assert 0.5 < np.ptp(means[place].get_xdata()) < 1
            assert len(set(dots[place].get_xdata())) == 7
        assert [tick.get_text() for tick in below.get_xticklabels()] == [*"0123456789"]
        assert above.images[0].get_clim() == (0, 1)
        assert above.images[0].get_cmap().name == "gray"
        assert (below.get_xlabel(), below.get_ylim()) == ("class", (0, 1))
        assert len(above.get_xticks()) == len(above.get_yticks()) == 0
        assert {line.get_color() for line in dots} != {line.get_color() for line in means}
    assert [ax.get_ylabel() for ax in grid[1]] == ["share", ""]


@pytest.mark.parametrize(
    ("draw", "first", "second"),
    [
        (figures.mask_strips, {"a": [1.0], "b": [1.0]}, {"b": 1.0, "a": 1.0}),
        (figures.many_answers, {"a": np.zeros((2, 2))}, {"b": np.zeros((3, 10))}),
    ],
)
def test_names_that_differ_are_refused(draw, first, second):
    with pytest.raises(ValueError, match="expected"):
        draw(first, second)


def test_no_ink_on_the_outermost_pixels():
    for draw in (
        lambda: figures.thinned_network([np.ones(5, bool)] * 4),
        lambda: figures.zeros_histogram(np.array([0, 1, 1, 2]), 2, 0.5),
        lambda: strips(bracket="b"),
        lambda: figures.many_answers(
            {name: np.zeros((8, 8)) for name in ("a", "half 5, half 0", "c")},
            {name: np.eye(10) for name in ("a", "half 5, half 0", "c")},
        ),
    ):
        draw()
        assert edge_is_white(plt.gcf())
        plt.close("all")
