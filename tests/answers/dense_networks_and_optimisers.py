"""Answers to the exercises of chapter 11."""

import numpy as np

from helpers import nn, optimizers
from helpers.checks.dense_networks_and_optimisers import RATES

from . import Answers

RIGHT = np.array([[0.8, 0.6, 1.2], [0.8, 0.5, 0.95], [0.7, 0.35, 1.175]])


def by_nn(w, gradients, rate, kept, kept_squares):
    weight = nn.Parameter(w.copy())
    optimizer = nn.Adam(rate, kept, kept_squares, parameters=[weight])
    path = []
    for gradient in gradients:
        weight.grad = gradient
        optimizer.step()
        path.append(weight.value.tolist())
    return path


def adam_with(first, second, root=True):
    """Adam with the two corrections, which may be left out, and the root, too."""

    def adam(w, gradients, rate, kept, kept_squares):
        mean, square, path = 0, 0, []
        for step, gradient in enumerate(gradients, 1):
            mean = kept * mean + (1 - kept) * gradient
            square = kept_squares * square + (1 - kept_squares) * gradient**2
            size = square / (1 - kept_squares**step) if second else square
            size = (np.sqrt(size) if root else size) + 1e-8
            w = w - rate * (mean / (1 - kept**step) if first else mean) / size
            path.append(w)
        return path

    return adam


def in_place(w, gradients, rate, kept, kept_squares):
    w -= rate
    return gradients


def by_powers(curvature):
    """The steepest direction by multiplying again and again."""
    direction = np.random.default_rng(0).normal(size=len(curvature))
    for _ in range(2000):
        direction = curvature @ direction
        direction /= np.linalg.norm(direction)
    return 2 / (direction @ curvature @ direction)


def best_distance(kept, steepness, steps=50, last=10):
    found = []
    for rate in RATES:
        place = np.array([[10.0, 2.0]])
        optimizer = optimizers.Momentum(rate, momentum=kept)
        path = []
        for _ in range(steps):
            optimizer.step([place], [place * [1, steepness]])
            path.append(np.hypot(*place[0]))
        found.append(max(path[-last:]))
    return np.float64(min(found))


ANSWERS = {
    "ravine": Answers(
        second=(np.float32(0.03), np.array(0.7)),
        wrong=[
            ((0.05, 0), "flies out, across the ravine"),
            ((0.01, 0), "it creeps along the floor"),
            ((0.5, 0.9), "flies out"),
            ((0.03, 0.97), "it swings along the floor"),
            ((0.03, 1.5), "from 0 to 1"),
        ],
    ),
    "three_paths": Answers(
        second=RIGHT.tolist(),
        wrong=[
            (2 - RIGHT, "against the gradient"),
            ([[0.8, 0.6, 1.2], [0.8, 0.4, 0.6], [0.7, 0.35, 1.175]], "half of the old sum"),
            ([[0.8, 0.6, 1.2], [0.8, 0.5, 0.95], [0.8, 0.5, 1]], "the path of Nesterov at [0]"),
            ([[0.8, 0.6, 1.2], [0.8, 0.5, 0.95], [0.8, 0.5, 0.95]], "half of the *new* sum"),
            (RIGHT[:2], "shape (2, 3), expected (3, 3)"),
        ],
    ),
    "adam": Answers(
        second=by_nn,
        wrong=[
            (adam_with(False, False), "both means begin at 0"),
            (adam_with(True, False), "the mean of squares is too small"),
            (adam_with(False, True), "the mean of gradients is too small"),
            (adam_with(True, True, False), "the square root is missing"),
            (lambda *given: by_nn(*given)[-1], "one row a step"),
            (in_place, "changes its argument"),
        ],
    ),
    "largest_rate": Answers(
        second=by_powers,
        wrong=[
            (lambda curvature: 2 / np.diag(curvature).max(), "no axis need be steepest"),
            (lambda curvature: 1 / np.linalg.eigvalsh(curvature).max(), "solved in one step"),
            (lambda curvature: 2 / np.linalg.eigvalsh(curvature).min(), "flattest direction"),
            (lambda curvature: 0.005, "largest_rate is 0.005"),
        ],
    ),
    "diagnoses": Answers(
        second=(("wrong labels", "healthy", "large inputs", "small weights", "dead units"),),
        wrong=[
            (["healthy"] * 5, "learns by heart"),
            (
                ["wrong labels", "healthy", "large inputs", "dead units", "small weights"],
                "what each hidden layer hands on",
            ),
            (["wrong labels", "healthy", "dead units"], "five words"),
            (["ill", "healthy", "large inputs", "small weights", "dead units"], "one of 'healthy'"),
        ],
    ),
    "memory": Answers(
        second=(0.5, best_distance),
        wrong=[
            ((0.5, lambda kept, s: best_distance(kept, s, last=1)), "the worst of the last ten"),
            ((0.5, lambda kept, s: best_distance(0, s)), "the memory is missing"),
            ((0.5, lambda kept, s: best_distance(kept, s, steps=49)), "the last ten of 50 steps"),
            ((0.5, lambda kept, s: best_distance(kept, 1 / s)), "the steep one"),
            ((2, best_distance), "from 0 to 1"),
        ],
    ),
}
