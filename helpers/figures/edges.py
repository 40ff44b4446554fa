"""Edges in one dimension, and kernels while they are learned."""

import numpy as np

from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes, panels


def differences(signals):
    """Draw signals over their first and second differences, one column a signal.

    signals: {title: (n,)}. The first difference stands between the pixels that it compares, the
    second above its middle pixel. Returns the Axes as an array, 3 × signals.
    """
    grid = panels(3, len(signals), 4.6, sharex="col", sharey="row")
    for column, (title, signal) in enumerate(signals.items()):
        signal, places = np.asarray(signal, float), np.arange(len(signal))
        rows = [
            (places, signal, WINDOW, "brightness"),
            (places[:-1] + 0.5, np.diff(signal), KERNEL, "first\ndifference"),
            (places[1:-1], np.diff(signal, 2), OUTPUT, "second\ndifference"),
        ]
        for ax, (x, y, color, name) in zip(grid[:, column], rows, strict=True):
            ax.axhline(0, color=QUIET, lw=1, ls="-")
            ax.vlines(x, 0, y, color=color, lw=2.5)
            ax.plot(x, y, "o", color=color, ms=5)
            if column == 0:
                ax.set_ylabel(name)
        grid[0, column].set_title(title)
        grid[2, column].set_xlabel("position (pixels)")
    return grid


def profiles(lines, xlabel="column (pixels)", ylabel="brightness (0 to 1)", ax=None):
    """Draw named rows of pixels as curves over their position. lines: {name: (n,)}.

    Returns the Axes.
    """
    ax = axes(ax, WIDTH, 3.0)
    styles = [(QUIET, "-", 1.2), (INK, "-", 1.8), (KERNEL, "--", 2.5), (ALERT, ":", 2.5)]
    for (name, values), (color, style, width) in zip(lines.items(), styles, strict=False):
        ax.plot(values, color=color, ls=style, lw=width, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(ncols=len(lines), loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return ax


def kernel_path(loss, weights, losses, goal):
    """Draw how a kernel of two numbers was learned: the loss, and the path over its landscape.

    loss: a function of (w0, w1); weights: (steps, 2), one row before each step; losses: (steps,);
    goal: (2,). Returns the Axes: losses left, path right.
    """
    weights, losses = np.round(weights, 4), np.round(losses, 4)
    (left, right) = panels(1, 2, 3.8)[0]
    left.plot(losses, "o-", color=KERNEL, ms=4)
    left.set(xlabel="step", ylabel="squared error, summed", ylim=(0, None))
    low = np.minimum(weights.min(axis=0), goal) - 0.4
    high = np.maximum(weights.max(axis=0), goal) + 0.4
    w0, w1 = np.linspace(low[0], high[0], 60), np.linspace(low[1], high[1], 60)
    height = np.array([[loss(a, b) for a in w0] for b in w1])
    levels = np.linspace(0, np.sqrt(height.max()), 12) ** 2
    right.contour(w0, w1, height, levels=levels, colors=QUIET, linewidths=0.8)
    right.plot(*weights.T, "o-", color=KERNEL, ms=4, label="kernel, step by step")
    right.plot(*goal, "*", color=ALERT, ms=16, label="the kernel that made the data")
    right.set(xlabel="left number of the kernel", ylabel="right number of the kernel")
    right.legend(loc="lower left", bbox_to_anchor=(0, 1))
    return np.array([left, right])
