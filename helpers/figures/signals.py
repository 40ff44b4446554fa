"""One-dimensional signals: a convolution as an area that changes while one signal slides."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from .style import INK, KERNEL, OUTPUT, WIDTH, WINDOW


def sliding_area(f, g, step, shifts, names=("f", "g")):
    """Draw g, flipped and slid along f, at several shifts, and the whole convolution beneath.

    f, g: (n,) samples, taken in the middle of each `step` seconds, of signals that are 0 before
    time 0. shifts: the times in seconds at which to stop, multiples of step; there the area under
    the product of f and the flipped g is shaded, and its size is marked on the curve beneath.
    Returns the Axes by name: 0, 1, … for the shifts and "all".
    """
    f, g = np.asarray(f, float), np.asarray(g, float)
    time = (np.arange(-len(g), len(f)) + 0.5) * step
    still = np.concatenate([np.zeros(len(g)), f])
    top = [list(range(len(shifts))), ["all"] * len(shifts)]
    figure, grid = plt.subplot_mosaic(top, figsize=(WIDTH, 4.8), height_ratios=[1, 1.1])
    for panel, shift in enumerate(shifts):
        ax, index = grid[panel], round(shift / step)
        slid = np.zeros_like(still)
        slid[index : index + len(g)] = g[::-1][: len(still) - index]
        area = (still * slid).sum() * step
        ax.plot(time, still, color=WINDOW, ls="--", label=f"{names[0]}(τ)")
        ax.plot(time, slid, color=KERNEL, ls="-", label=f"{names[1]}(t − τ)")
        ax.fill_between(
            time, still * slid, color=OUTPUT, alpha=0.5, hatch="//", lw=0, label="product"
        )
        ax.set(title=f"t = {shift:g} s: area {area:.2f}", xlabel="τ in seconds", ylim=(-0.05, 1.1))
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.tick_params(labelleft=panel == 0)
        grid["all"].plot(shift, area, "o", color=INK, ms=8, zorder=3)
    figure.legend(*grid[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    whole = np.concatenate([[0], np.convolve(f, g)[: len(f)]]) * step
    grid["all"].plot(np.arange(len(f) + 1) * step, whole, color=OUTPUT, ls="-")
    grid["all"].set(xlabel="t in seconds", ylabel="area")
    return grid
