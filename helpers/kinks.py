"""How often a step of the gradient check carries a sum of a network over 0."""

import numpy as np

from . import ops

_SHAPES = ((64, 50), (50, 50), (50, 10))


def crossings(activation, step, x, labels, networks=5, checks=40):
    """Check weights of the first layer by central differences: how many cross 0, and how well.

    activation: "relu" or "tanh", after both hidden layers of 50 units. step: up and down. x:
    (N, 64), labels: (N,). networks: with weights from seeds 0, 1, …; checks: weights of each.
    Returns the share of checks in which a sum of any unit for any example changes its sign, and
    the largest error, divided by the root mean square of the layer's gradients.
    """
    bend, bend_back = getattr(ops, activation), getattr(ops, f"{activation}_backward")
    crossed, errors = [], []
    for seed in range(networks):
        rng = np.random.default_rng(seed)
        weights = [rng.normal(size=shape) * np.sqrt(2 / shape[0]) for shape in _SHAPES]
        gradient = _first_gradient(weights, bend, bend_back, x, labels)
        for row, column in rng.integers((10, 0), (54, 50), size=(checks, 2)):
            ends = []
            for moved in (step, -step):
                first = weights[0].copy()
                first[row, column] += moved
                ends.append(_run([first, *weights[1:]], bend, x))
            above, below = (ops.cross_entropy(scores, labels) for _, _, scores in ends)
            slope = (above - below) / (2 * step)
            signs = [np.concatenate(end[:2]) > 0 for end in ends]
            crossed.append(np.any(signs[0] != signs[1]))
            errors.append(abs(slope - gradient[row, column]) / np.sqrt(np.mean(gradient**2)))
    return float(np.mean(crossed)), float(np.max(errors))


def _run(weights, bend, x):
    """The sums of the hidden layers, and the scores."""
    first = x @ weights[0]
    second = bend(first) @ weights[1]
    return first, second, bend(second) @ weights[2]


def _first_gradient(weights, bend, bend_back, x, labels):
    first, second, scores = _run(weights, bend, x)
    gradient = ops.cross_entropy_backward(scores, labels)
    gradient = bend_back(gradient @ weights[2].T, second)
    gradient = bend_back(gradient @ weights[1].T, first)
    return x.T @ gradient
