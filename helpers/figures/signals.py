"""One-dimensional signals: a convolution as an area that changes while one signal slides."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from .style import INK, KERNEL, OUTPUT, WINDOW, mosaic

_STEP = 0.01  # seconds from one sample to the next
_BEFORE = 0.5  # of `until`: how much is shown of the time before 0


def sliding_area(f, g, shifts, names=("f", "g"), until=4.0):
    """Draw g, flipped and slid along f, at several shifts, and the whole convolution beneath.

    f, g: functions of an array of times in seconds that are 0 before time 0. shifts: the times at
    which to stop, from 0 to `until`; there the area under the product of f and the flipped g is
    shaded, and its size is marked on the curve beneath. names: what f and g are. Areas are sums of
    samples, 100 a second, each in the middle of its piece. Returns the Axes by name: 0, 1, … for
    the shifts and "all". Raises ValueError for no shift, or one outside 0 to `until`.
    """
    shifts = [float(shift) for shift in shifts]
    if not shifts or not all(0 <= shift <= until for shift in shifts):
        raise ValueError(f"shifts is {shifts}; expected times from 0 to until, {until:g}")
    layout = [list(range(len(shifts))), ["all"] * len(shifts)]
    grid = mosaic(layout, height=4.8, height_ratios=[1, 1.1])
    for panel, shift in enumerate(shifts):
        _overlap(grid[panel], f, g, shift, names, until)
        grid[panel].tick_params(labelleft=panel == 0)
        grid["all"].plot(shift, area_at(f, g, shift), "o", color=INK, ms=8, zorder=3)
    handles = grid[0].get_legend_handles_labels()
    grid[0].figure.legend(*handles, loc="outside upper center", ncols=3)
    times = np.linspace(0, until, 201)
    areas = [area_at(f, g, time) for time in times]
    grid["all"].plot(times, areas, color=OUTPUT, ls="-")
    grid["all"].set(xlabel="t in seconds", ylabel="area", ylim=(-0.05, 1.1))
    grid["all"].set_title(f"The area under the product at every t: {names[0]} ∗ {names[1]}")
    return grid


def area_at(f, g, shift):
    """Return the convolution of f and g at one time: the area under f(τ) · g(shift − τ).

    f, g: functions of an array of times in seconds that are 0 before time 0.
    """
    times = (np.arange(round(shift / _STEP)) + 0.5) * _STEP
    return float((f(times) * g(shift - times)).sum() * _STEP)


def _overlap(ax, f, g, shift, names, until):
    times = np.arange(-_BEFORE * until, until, _STEP) + _STEP / 2
    still, slid = f(times), g(shift - times)
    ax.plot(times, still, color=WINDOW, ls="--", label=f"{names[0]}(τ)")
    ax.plot(times, slid, color=KERNEL, ls="-", label=f"{names[1]}(t − τ)")
    ax.fill_between(times, still * slid, color=OUTPUT, alpha=0.5, hatch="//", lw=0, label="product")
    ax.set(xlabel="τ in seconds", ylim=(-0.05, 1.1))
    ax.set_title(f"t = {shift:g} s: area {area_at(f, g, shift):.2f}")
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 5, 10]))
