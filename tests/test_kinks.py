"""Checks that carry a sum over 0."""

import numpy as np

from helpers.kinks import crossings

X = np.random.default_rng(5).random((20, 64))
LABELS = np.arange(20) % 10


def test_small_steps_cross_less_and_find_the_gradient():
    crossed, error = crossings("relu", 1e-6, X, LABELS, networks=1, checks=10)
    assert crossed == 0
    assert error < 1e-6
    assert crossings("relu", 0.1, X, LABELS, networks=1, checks=10)[0] > 0.5


def test_without_a_kink_the_error_falls_with_the_square_of_the_step():
    errors = [crossings("tanh", step, X, LABELS, 1, 10)[1] for step in (1e-2, 1e-3)]
    assert 50 < errors[0] / errors[1] < 200
