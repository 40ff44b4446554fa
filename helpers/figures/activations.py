"""Activation functions above their slopes, bent lines that add up, and one step of learning."""

import numpy as np

from helpers import ops

from .style import DASHES, INK, KERNEL, OUTPUT, QUIET, SERIES, WINDOW, panels


def curve_and_slope(activations, marks=(), reach=5.0, limits=(0, 1.1)):
    """Draw activation functions above, and below them their slopes on one common axis.

    activations: {title: name} or {title: (name, options)}, name being a function of helpers.ops
    that has a NAME_backward. marks: places at which to draw a tangent above and its slope as a
    point below. reach: x runs from -reach to reach. limits: (low, high) of the slopes' axis. Where
    a slope jumps, at 0, a full point is what helpers.ops returns and an open one what it does not.
    Returns the Axes as an array, (2, functions).
    Raises ValueError for a name that helpers.ops does not have.
    """
    grid = panels(2, len(activations), 5.2, sharex=True, sharey="row")
    for column, (title, entry) in zip(grid.T, activations.items(), strict=True):
        name, options = (entry, {}) if isinstance(entry, str) else entry
        if not hasattr(ops, f"{name}_backward"):
            raise ValueError(f"activations holds {name!r}; helpers.ops has no {name}_backward")
        value, slope = _value_and_slope(name, options)
        # An even number of points, so that none of them is 0.
        x = np.linspace(-reach, reach, 1000)
        column[0].plot(x, value(x), color=KERNEL, ls="-")
        _plot_slope(column[1], x, slope)
        for mark in marks:
            _plot_tangent(column, mark, value, slope, half=reach / 5)
        column[0].set(title=title, ylim=(-1.3, 3.2))
        column[0].axhline(0, color=QUIET, lw=1, ls="-", zorder=0)
        column[1].axhline(0, color=QUIET, lw=1, ls="-", zorder=0)
        column[1].set(title=f"slope, at most {slope(x).max():.3g}", xlabel="x", ylim=limits)
        column[1].margins(x=0.02)
    grid[0, 0].set_ylabel("output")
    grid[1, 0].set_ylabel("slope")
    return grid


def hinges(x, parts, total, target, fits):
    """Draw how bent lines add up: left two of them and their sum, right fits of a curve.

    x: (n,). parts: {label: (n,)}, two of them, drawn on the left with total, {label: (n,)}.
    target: (label, (n,)), the curve on the right, and fits: {label: (n,)}, at most four. Returns
    the two Axes.
    """
    left, right = panels(1, 2, 3.6)[0]
    for (label, y), style in zip(parts.items(), ["--", ":"], strict=True):
        left.plot(x, y, color=KERNEL, ls=style, label=label)
    for label, y in total.items():
        left.plot(x, y, color=OUTPUT, ls="-", lw=4, alpha=0.5, label=label)
    right.plot(x, target[1], color=QUIET, ls="-", lw=5, label=target[0])
    looks = zip(SERIES, DASHES, strict=True)
    for (label, y), (color, style) in zip(fits.items(), looks, strict=False):
        # Rounded, so that the last bits of a solver do not move a line.
        right.plot(x, np.round(y, 3), color=color, ls=style, label=label)
    for ax in (left, right):
        ax.set(xlabel="x", ylabel="output")
        ax.legend(loc="upper left")
    return left, right


def learning_step(steps, classes, right):
    """Draw the numbers of one step of learning as bars, one panel for each stage.

    steps: {title: (classes,)}, in the order of the computation. classes: the bars' names. right:
    the index of the right class, whose bars are filled; the others are hatched. Every bar carries
    its number. Returns the Axes as an array.
    Raises ValueError for numbers that do not fit the classes.
    """
    row = panels(1, len(steps), 2.9, sharey=True)[0]
    for ax, (title, values) in zip(row, steps.items(), strict=True):
        if np.shape(values) != (len(classes),):
            raise ValueError(f"steps[{title!r}] has shape {np.shape(values)}; expected {classes}")
        for place, value in enumerate(np.round(values, 3) + 0.0):
            look = {"facecolor": "white", "edgecolor": INK, "hatch": "//"}
            if place == right:
                look = {"facecolor": OUTPUT, "edgecolor": INK}
            ax.bar(place, value, width=0.7, **look)
            side = {"va": "bottom", "xytext": (0, 2)} if value >= 0 else {"va": "top"}
            side = {"xytext": (0, -2), **side}
            ax.annotate(
                f"{value:.2f}".replace("-", "−"),
                (place, value),
                textcoords="offset points",
                ha="center",
                **side,
            )
        ax.axhline(0, color=INK, lw=1, ls="-")
        ax.set_xticks(range(len(classes)), classes)
        ax.set_title(title)
        ax.margins(y=0.18)
    row[0].set_ylabel("value")
    return row


def _value_and_slope(name, options):
    def value(x):
        return getattr(ops, name)(x, **options)

    def slope(x):
        x = np.asarray(x, float)
        return getattr(ops, f"{name}_backward")(np.ones_like(x), x, **options)

    return value, slope


def _plot_slope(ax, x, slope):
    y = slope(x)
    # A line from one side of a jump to the other would claim slopes between the two.
    middle = len(x) // 2
    jumps = abs(y[middle] - y[middle - 1]) > 0.05
    parts = (x[:middle], x[middle:]) if jumps else (x,)
    for part in parts:
        ax.plot(part, slope(part), color=OUTPUT, ls="-", clip_on=False)
    if jumps:
        for side in (y[middle - 1], y[middle]):
            taken = np.isclose(slope(0.0), side)
            look = {"color": OUTPUT, "mfc": OUTPUT if taken else "white"}
            ax.plot(0, side, "o", ms=7, **look, zorder=4, clip_on=False)


def _plot_tangent(column, mark, value, slope, half):
    steepness = float(slope(mark))
    ends = mark + np.array([-half, half])
    height = float(value(np.float64(mark)))
    column[0].plot(ends, height + steepness * (ends - mark), color=WINDOW, ls="--")
    column[0].plot(mark, height, "o", color=WINDOW, ms=6)
    column[1].plot(mark, steepness, "o", color=WINDOW, ms=6, clip_on=False)
    # Beside the point, on the side away from 0, where the curve is lower.
    side = 1 if mark >= 0 else -1
    below = steepness > 0.8
    column[1].annotate(
        f"{steepness:.2g}".replace("-", "−"),
        (mark, steepness),
        (5 * side, -5 if below else 5),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="top" if below else "bottom",
    )
