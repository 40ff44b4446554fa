"""Chapter 09's figures: units, counts and means as they were given."""

import numpy as np

from helpers.figures.dropout import (
    many_answers,
    means_against_theory,
    thinned_network,
    zeros_histogram,
)


def test_thinned_network_loses_units_and_their_connections():
    whole, thinned = thinned_network([np.ones(2, bool), np.array([True, False, True])])
    count = {ax: [line.get_marker() for line in ax.lines] for ax in (whole, thinned)}
    assert count[whole].count("o") == count[thinned].count("o") == 5
    assert (count[whole].count("x"), count[thinned].count("x")) == (0, 1)
    assert (count[whole].count("None"), count[thinned].count("None")) == (6, 4)


def test_histogram_stands_beside_the_binomial_law():
    ax = zeros_histogram(np.array([0, 1, 1, 2]), 2, 0.5)
    assert [bar.get_height() for bar in ax.patches] == [0.25, 0.5, 0.25]
    assert np.allclose(ax.lines[0].get_ydata(), [0.25, 0.5, 0.25])


def test_means_and_theory():
    ax = means_against_theory({"a": [1.0, 3.0], "b": [4.0, 4.0]}, {"a": 2.5, "b": 4.0}, "mean")
    points = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert points == [2, 4]
    theory = [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--"]
    assert theory == [2.5, 4]


def test_many_answers_shows_every_answer():
    shares = np.random.default_rng(0).random((7, 10))
    grid = many_answers({"one": np.zeros((8, 8)), "two": np.ones((8, 8))}, [shares, shares])
    assert [ax.get_title() for ax in grid[0, ::2]] == ["one", "two"]
    for ax in grid[0, 1::2]:
        assert np.array_equal(ax.lines[0].get_ydata(), shares.ravel())
        assert np.array_equal(np.round(ax.lines[0].get_xdata()), np.tile(np.arange(10), 7))
