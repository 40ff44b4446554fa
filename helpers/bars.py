"""Pictures of one bar, upright or flat: the smallest data set on which a classifier can be read."""

import numpy as np

SIDE = 12


def draw_bars(count, rng, widths=(1, 3), gap=0, noise=0.05):
    """Return pictures of one bar each, by turns upright and flat, and which are flat.

    count: how many; rng: a numpy Generator. A bar is 6 to 10 pixels long and as wide as drawn from
    widths, the smallest and the largest, at a random place. gap: rows left empty after each row of
    an upright bar (columns of a flat one), so that it becomes slats. noise: its standard deviation.
    Returns (count, 1, 12, 12) float64, ink 1 on paper 0, and (count,) int64, 0 upright, 1 flat.
    Raises ValueError for a count or a gap below 0, and for widths that do not fit.
    """
    if count < 0 or gap < 0:
        raise ValueError(f"count is {count} and gap is {gap}; expected numbers from 0 on")
    low, high = widths
    if not 1 <= low <= high <= SIDE:
        raise ValueError(
            f"widths is {widths}; expected two numbers from 1 to {SIDE}, the less first"
        )
    pictures = rng.normal(0, noise, (count, 1, SIDE, SIDE))
    flat = np.arange(count) % 2
    for picture, lies in zip(pictures[:, 0], flat, strict=True):
        length, width = rng.integers(6, 11), rng.integers(low, high + 1)
        top, left = rng.integers(0, SIDE - length + 1), rng.integers(0, SIDE - width + 1)
        ink = np.zeros((SIDE, SIDE))
        ink[top : top + length : gap + 1, left : left + width] = 1
        picture += ink.T if lies else ink
    return pictures, flat
