"""Chapter 16's figure: trials over their settings, and seeds of one setting beside them."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import figures
from tests.drawings import edge_is_white

TRIALS = [
    {"rate": 0.001, "dropout": 0.1, "accuracy": 0.2},
    {"rate": 0.01, "dropout": 0.4, "accuracy": 0.5},
    {"rate": 0.0002, "dropout": 0.3, "accuracy": 0.1},
]


def lines(ax):
    return {line.get_label(): line.get_xydata().tolist() for line in ax.lines}


def test_every_trial_stands_over_each_of_its_settings():
    grid = figures.search(TRIALS, [0.3, 0.25], log=("rate",), chance=0.1)
    assert [ax.get_xlabel() for ax in grid] == ["rate", "dropout", "seeds of one setting"]
    assert lines(grid[0])["trials"] == [[0.001, 0.2], [0.0002, 0.1]]
    assert lines(grid[0])["best"] == [[0.01, 0.5]]
    assert lines(grid[1])["trials"] == [[0.1, 0.2], [0.3, 0.1]]
    assert lines(grid[1])["best"] == [[0.4, 0.5]]
    assert lines(grid[2])["seeds of one setting"] == [[-1, 0.3], [1, 0.25]]
    assert [ax.get_xscale() for ax in grid] == ["log", "linear", "linear"]
    assert grid[0].get_ylabel() == "accuracy"
    assert all(ax.get_ylim() == (0, 1) for ax in grid)


def test_the_range_of_the_seeds_is_a_band_in_every_panel():
    for ax in figures.search(TRIALS, [0.3, 0.25]):
        (band,) = ax.patches
        assert band.get_y() == 0.25
        np.testing.assert_allclose(band.get_height(), 0.05)


def test_lines_of_guessing_and_of_luck_cross_every_panel():
    for ax in figures.search(TRIALS, [0.3, 0.25], chance=0.1, reach=0.4):
        across = {line.get_linestyle(): line.get_ydata() for line in ax.lines}
        assert list(across["--"]) == [0.1, 0.1]
        assert list(across[":"]) == [0.4, 0.4]


def test_a_logarithmic_axis_names_powers_of_ten():
    ax = figures.search(TRIALS, [0.3], log=("rate",))[0]
    plt.gcf().canvas.draw()
    low, high = ax.get_xlim()
    assert low < 0.0001 < 0.01 < high
    shown = [
        tick.get_text() for tick in ax.get_xticklabels() if low < tick.get_position()[0] < high
    ]
    assert shown == ["0.0001", "0.001", "0.01"]


@pytest.mark.parametrize(
    ("trials", "seeds", "message"),
    [
        ([], [0.3], "trials is empty"),
        ([{"accuracy": 0.3}], [0.3], "expected the same names in each"),
        ([{"rate": 0.3}], [0.3], "expected the same names in each"),
        ([*TRIALS, {"rate": 1, "accuracy": 0.2}], [0.3], "expected the same names in each"),
        ([{"rate": np.nan, "accuracy": 0.2}], [0.3], "rate nan; expected a finite number"),
        ([{"rate": 1, "accuracy": np.inf}], [0.3], "accuracy inf; expected a finite number"),
        (TRIALS, [], r"seeds is \[\]; expected a list of scores"),
        (TRIALS, [[0.3, 0.2]], r"seeds is \[\[0.3, 0.2\]\]; expected a list of scores"),
        (TRIALS, [np.nan], r"seeds is \[nan\]"),
    ],
)
def test_what_does_not_fit_is_refused(trials, seeds, message):
    with pytest.raises(ValueError, match=message):
        figures.search(trials, seeds)


def test_a_logarithmic_axis_needs_a_setting_above_0():
    with pytest.raises(ValueError, match=r"^log is .*; expected names among"):
        figures.search(TRIALS, [0.3], log=("rates",))
    with pytest.raises(ValueError, match="rate 0; expected a number above 0"):
        figures.search([{"rate": 0, "accuracy": 0.2}], [0.3], log=("rate",))


def test_no_ink_on_the_outermost_pixels():
    figures.search(TRIALS, [0.3, 0.4], log=("rate",), chance=0.1)
    assert edge_is_white(plt.gcf())
    plt.close("all")
