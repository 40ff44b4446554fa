"""Curves over epochs, layers or settings, with the spread over repeated runs."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from .style import axes

_LINES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3))]
_MARKERS = ["o", "s", "^", "D", "v", "P"]


def curves(runs, x=None, xlabel="epoch", ylabel="", log=False, limits=None, decimals=3, ax=None):
    """Draw named curves; where there are several runs of one, their mean and their spread.

    runs: {name: (points,) or (runs, points)}; a band reaches from the smallest to the largest
    run. x: the points' places, 1, 2, … by default. log: a logarithmic y axis. limits: (low, high)
    of the y axis. decimals: values are rounded to so many, so that the last bits of a processor's
    arithmetic do not move a line; with log, to so many significant digits. Returns the Axes.
    """
    ax = axes(ax)
    for index, (name, values) in enumerate(runs.items()):
        values = _rounded(np.atleast_2d(np.asarray(values, float)), decimals, log)
        places = np.arange(1, values.shape[1] + 1) if x is None else np.asarray(x)
        style = {
            "linestyle": _LINES[index % len(_LINES)],
            "marker": _MARKERS[index % len(_MARKERS)],
        }
        mean = _rounded(values.mean(axis=0), decimals, log)
        every = max(len(mean) // 12, 1)
        (line,) = ax.plot(places, mean, **style, ms=5, markevery=every, label=name)
        if len(values) > 1:
            low, high = values.min(axis=0), values.max(axis=0)
            ax.fill_between(places, low, high, color=line.get_color(), alpha=0.2, lw=0)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    if x is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if limits:
        ax.set_ylim(*limits)
    if len(runs) > 1:
        ax.legend()
    return ax


def _rounded(values, decimals, log):
    if not log:
        return np.round(values, decimals)
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = 10.0 ** (decimals - 1 - np.floor(np.log10(np.abs(values))))
        return np.where(values == 0, 0, np.round(values * digits) / digits)


def heat_map(values, rows, columns, ylabel="", xlabel="", label="", limits=(0, 1), ax=None):
    """Draw a table of numbers as coloured squares with the numbers in them.

    values: (len(rows), len(columns)); rows, columns: what stands at the sides. limits: what the
    colours span. label: what the numbers are. Returns the Axes.
    Raises ValueError for a table of another shape.
    """
    values = np.asarray(values, float)
    if values.shape != (len(rows), len(columns)):
        raise ValueError(f"values has shape {values.shape}; expected {(len(rows), len(columns))}")
    # Rounded to what is printed, so that colour and number say the same.
    values = np.round(values, 2)
    ax = axes(ax, height=0.45 * len(rows) + 1.2)
    shown = ax.imshow(values, vmin=limits[0], vmax=limits[1], aspect="auto")
    middle = sum(limits) / 2
    for (row, column), value in np.ndenumerate(values):
        color = "black" if value > middle else "white"
        ax.text(column, row, f"{value:.2f}", ha="center", va="center", color=color)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.figure.colorbar(shown, ax=ax, label=label)
    return ax
