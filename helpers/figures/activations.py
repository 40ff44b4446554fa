"""Activation functions with their slopes, and what their slopes do to gradients in deep chains."""

import numpy as np

from helpers import ops

from .curves import curves
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, WINDOW, panels


def curve_and_slope(activations, marks=(), reach=6.0):
    """Draw activation functions, one a row: left the function, right its slope.

    activations: {title: name} or {title: (name, options)}, name being a function of helpers.ops
    that has a NAME_backward. marks: places at which to draw a tangent on the left and its slope as
    a point on the right. reach: x runs from -reach to reach. Where the slope jumps, at 0, a full
    point is what helpers.ops returns and an open one what it does not. Returns the Axes as an
    array, (rows, 2).
    Raises ValueError for a name that helpers.ops does not have.
    """
    grid = panels(len(activations), 2, 2.7 * len(activations) + 0.2)
    for row, (title, entry) in zip(grid, activations.items(), strict=True):
        name, options = (entry, {}) if isinstance(entry, str) else entry
        if not hasattr(ops, f"{name}_backward"):
            raise ValueError(f"activations holds {name!r}; helpers.ops has no {name}_backward")
        value, slope = _value_and_slope(name, options)
        # An odd number of points on each side, so that none of them is 0.
        x = np.linspace(-reach, reach, 1200)
        row[0].plot(x, value(x), color=KERNEL, ls="-")
        _plot_slope(row[1], x, slope)
        for mark in marks:
            _plot_tangent(row, mark, value, slope, half=reach / 5)
        row[0].set(title=title, xlabel="x", ylabel="output")
        row[1].set(title=f"its slope, at most {slope(x).max():.2g}", xlabel="x", ylabel="slope")
        row[1].set_ylim(-0.06 * slope(x).max(), 1.15 * slope(x).max())
    return grid


def hinges(x, parts, total, target, fits):
    """Draw how bent lines add up: left two of them and their sum, right fits of a curve.

    x: (n,). parts: {label: (n,)}, drawn on the left with total, {label: (n,)}. target: (label,
    (n,)), the curve on the right, and fits: {label: (n,)}. Returns the two Axes.
    """
    left, right = panels(1, 2, 3.6)[0]
    for (label, y), style in zip(parts.items(), ["--", ":"], strict=True):
        left.plot(x, y, color=KERNEL, ls=style, label=label)
    for label, y in total.items():
        left.plot(x, y, color=OUTPUT, ls="-", lw=4, alpha=0.5, label=label)
    right.plot(x, target[1], color=INK, ls=":", label=target[0])
    for (label, y), style, color in zip(
        fits.items(), ["--", "-.", "-"], [ALERT, WINDOW, OUTPUT], strict=False
    ):
        # Rounded, so that the last bits of a solver do not move a line.
        right.plot(x, np.round(y, 3), color=color, ls=style, label=label)
    for ax in (left, right):
        ax.set(xlabel="x", ylabel="output")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.3), ncols=2)
    return left, right


def norms_by_layer(runs, ylabel="length of the gradient"):
    """Draw gradient norms by layer, one panel for each network, on one logarithmic scale.

    runs: [{title: {name: (runs, layers)}}, …], a dictionary for each row of panels; mean and
    spread over the runs are drawn. Returns the Axes as an array, [row, column].
    """
    grid = panels(len(runs), len(runs[0]), 2.7 * len(runs) + 0.7, sharey="row")
    for row, networks in zip(grid, runs, strict=True):
        for ax, (title, lines) in zip(row, networks.items(), strict=True):
            layers = np.shape(next(iter(lines.values())))[-1]
            curves(lines, xlabel="layer", log=True, decimals=2, ax=ax)
            ax.get_legend().remove()
            ax.set(title=title, xticks=[1, *range(layers // 4, layers + 1, layers // 4)])
            ax.tick_params(labelleft=ax is row[0])
        row[0].set_ylabel(ylabel)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    grid[0, 0].figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return grid


def sums_under_slope(sums, flat=0.01):
    """Draw where the sums of a layer fall on the sigmoid's slope, one panel for each network.

    sums: {title: array of any shape}. flat: below this slope the sigmoid counts as flat; those
    stretches are hatched, and the share of the sums on them stands above. Returns the Axes as an
    array.
    """
    row = panels(1, len(sums), 3.2, sharey=True)[0]
    x = np.linspace(-15, 15, 600)
    slope = ops.sigmoid_backward(np.ones_like(x), x)
    for ax, (title, values) in zip(row, sums.items(), strict=True):
        values = np.asarray(values, float).ravel()
        share = np.mean(ops.sigmoid_backward(np.ones_like(values), values) < flat)
        counts, edges = np.histogram(np.round(values, 6).clip(-14.99, 14.99), np.arange(-15, 16))
        # The tallest bar reaches as high as the slope: only the shapes are compared.
        ax.stairs(counts / counts.max() / 4, edges, color=QUIET, fill=True, label="sums (count)")
        ax.plot(x, slope, color=OUTPUT, ls="-", label="slope of the sigmoid")
        ax.fill_between(
            x, 0.27, where=slope < flat, color=ALERT, alpha=0.12, hatch="//", lw=0, label="flat"
        )
        ax.set(title=f"{title}\non the flat parts: {share:.0%}", xlabel="sum", ylim=(0, 0.27))
    row[0].set_ylabel("slope")
    row[0].figure.legend(*row[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
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
        ax.plot(part, slope(part), color=OUTPUT, ls="-")
    if jumps:
        for side in (y[middle - 1], y[middle]):
            taken = np.isclose(slope(0.0), side)
            ax.plot(0, side, "o", ms=7, color=OUTPUT, mfc=OUTPUT if taken else "white", zorder=4)


def _plot_tangent(row, mark, value, slope, half):
    steepness = float(slope(mark))
    ends = mark + np.array([-half, half])
    height = float(value(np.float64(mark)))
    row[0].plot(ends, height + steepness * (ends - mark), color=WINDOW, ls="--")
    row[0].plot(mark, height, "o", color=WINDOW, ms=6)
    row[1].plot(mark, steepness, "o", color=WINDOW, ms=6)
    row[1].annotate(
        f"{steepness:.4g}",
        (mark, steepness),
        (8 if mark >= 0 else -8, 0),
        textcoords="offset points",
        ha="left" if mark >= 0 else "right",
        va="bottom",
    )
