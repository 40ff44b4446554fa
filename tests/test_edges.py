"""Chapter 05's figures draw the differences and the path that they are given."""

import numpy as np

from helpers.figures.edges import differences, kernel_path, profiles


def points(ax):
    (line,) = [line for line in ax.lines if line.get_marker() == "o"]
    return line.get_xydata()


def test_differences_stand_where_they_are_taken():
    signal = np.array([0.0, 0, 3, 4])
    grid = differences({"a": signal, "b": -signal})
    assert grid.shape == (3, 2)
    assert points(grid[1, 0]).tolist() == [[0.5, 0], [1.5, 3], [2.5, 1]]
    assert points(grid[2, 1]).tolist() == [[1, -3], [2, 2]]


def test_profiles_are_named_and_told_apart():
    ax = profiles({"one": [1, 2], "two": [2, 1]})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two"]
    assert len({(line.get_color(), line.get_linestyle()) for line in ax.lines}) == 2


def test_kernel_path_shows_every_step_and_the_goal():
    weights, losses = [[0.0, 0.0], [0.5, -0.5]], [2.0, 0.5]
    left, right = kernel_path(lambda a, b: (a - 1) ** 2 + (b + 1) ** 2, weights, losses, (1, -1))
    assert points(left)[:, 1].tolist() == losses
    assert points(right).tolist() == weights
    (goal,) = [line for line in right.lines if line.get_marker() == "*"]
    assert goal.get_xydata().tolist() == [[1, -1]]
