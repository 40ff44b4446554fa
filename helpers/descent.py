"""Gradient descent in a valley whose shape is known, to compare ways of stepping."""

import numpy as np

RATES = 10.0 ** np.linspace(-3, 2, 41)
_FORGET = 0.999  # the share of the average square that Adam keeps


def descend(curvature, start, goal, memory=0.0, scale="none", steps=500, rates=RATES):
    """Return how far the worst number is from its goal after each step, at the best step size.

    The loss is a valley, half of (w − goal)ᵀ · curvature · (w − goal), so that the gradient is
    curvature · (w − goal). curvature: (n, n), symmetric; start: (n,) or (starts, n); goal: (n,).
    memory: the share of the last step's direction that is kept, 0 to below 1. scale: what a
    direction is divided by, "none", "each" (every number by the typical size of its own gradients)
    or "common" (all by one size, the root of the mean square). memory 0.9 with "each" is Adam
    (Kingma and Ba 2014) with its usual settings, with "none" Paddle's Momentum. steps: how many.
    rates: step sizes to try; the one whose worst start ends nearest counts. Returns
    (starts, steps), or (steps,) for one start.
    Raises ValueError for another scale, a memory outside 0 to 1, or where every rate diverges.
    """
    if scale not in ("none", "each", "common"):
        raise ValueError(f'scale is {scale!r}; expected "none", "each" or "common"')
    if not 0 <= memory < 1:
        raise ValueError(f"memory is {memory}; expected a number from 0 to below 1")
    offsets = np.atleast_2d(np.asarray(start, float) - goal)
    best = None
    for rate in rates:
        errors = _one_rate(curvature, offsets, rate, memory, scale, steps)
        if errors is not None and (best is None or errors[:, -1].max() < best[:, -1].max()):
            best = errors
    if best is None:
        raise ValueError(f"rates are {list(rates)}; expected one at which the steps do not diverge")
    return best[0] if np.ndim(start) == 1 else best


def _one_rate(curvature, offsets, rate, memory, scale, steps):
    """The errors (starts, steps) at one step size, or None if they grow without bound."""
    mean, squares = np.zeros_like(offsets), np.zeros_like(offsets)
    errors = np.empty((len(offsets), steps))
    limit = 10 * np.abs(offsets).max()
    for step in range(1, steps + 1):
        gradient = offsets @ curvature
        mean = memory * mean + (1 - memory) * gradient
        squares = _FORGET * squares + (1 - _FORGET) * gradient**2
        offsets = offsets - rate * _direction(mean, squares, step, memory, scale)
        errors[:, step - 1] = np.abs(offsets).max(axis=1)
        if errors[:, step - 1].max() > limit:
            return None
    return errors


def _direction(mean, squares, step, memory, scale):
    if scale == "none":
        return mean / (1 - memory)
    # Both averages began at 0; Adam divides by the weight that they have gathered since.
    mean, squares = mean / (1 - memory**step), squares / (1 - _FORGET**step)
    if scale == "common":
        squares = squares.mean(axis=1, keepdims=True)
    return mean / (np.sqrt(squares) + 1e-8)
