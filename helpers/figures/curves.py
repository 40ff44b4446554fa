"""Curves over epochs, layers or settings, and single results as dots, with their spread."""

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter

from .style import DASHES, INK, MARKERS, QUIET, SERIES, axes

_LINE_HEIGHT = 17  # pixels of a label at the end of a line


def curves(runs, x=None, xlabel="epoch", ylabel="", log=False, limits=None, decimals=3, ax=None):
    """Draw named curves; where there are several runs of one, their mean and their spread.

    runs: {name: (points,) or (runs, points)}, at most five; a band reaches from the smallest to the
    largest run, and the name stands at the line's end. x: the points' places, 1, 2, … by default.
    log: a logarithmic y axis. limits: (low, high) of the y axis. decimals: values are rounded to so
    many, so that the last bits of a processor's arithmetic do not move a line; with log, to so many
    significant digits. Returns the Axes.
    Raises ValueError for more than five curves, or runs of unequal length.
    """
    ax = axes(ax)
    _check_count(runs)
    ends = {}
    for index, (name, values) in enumerate(runs.items()):
        values = _rounded(np.atleast_2d(np.asarray(values, float)), decimals, log)
        places = np.arange(1, values.shape[1] + 1) if x is None else np.asarray(x)
        mean = _rounded(values.mean(axis=0), decimals, log)
        look = _look(index) | {"ms": 5, "markevery": max(len(mean) // 12, 1)}
        (line,) = ax.plot(places, mean, **look, label=name)
        if len(values) > 1:
            low, high = values.min(axis=0), values.max(axis=0)
            ax.fill_between(places, low, high, color=line.get_color(), alpha=0.2, lw=0)
        ends[name] = places[-1], mean[-1]
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if log:
        ax.set_yscale("log")
    if x is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    if limits:
        ax.set_ylim(*limits)
    if len(runs) > 1:
        label_ends(ax, ends)
    return ax


def dot_plot(
    runs, xlabel="", ylabel="test accuracy", chance=None, log=False, limits=(0, 1), ax=None
):
    """Draw every single result as a dot, and the mean of each group as a short line.

    runs: {series: {x: results}}, at most five series, whose names stand in a legend if there is
    more than one. x are numbers, then they are places on an axis (log: a logarithmic one), or
    words, then they are categories, in the order in which they first occur. chance: where to draw
    the line of guessing. limits: (low, high) of the y axis. Results are rounded to three decimals.
    Returns the Axes.
    Raises ValueError for more than five series, or numbers and words mixed.
    """
    ax = axes(ax)
    _check_count(runs)
    keys = list(dict.fromkeys(key for groups in runs.values() for key in groups))
    words = [isinstance(key, str) for key in keys]
    if any(words) != all(words):
        raise ValueError(f"runs has places {keys}; expected all words, or all numbers")
    category = bool(keys) and words[0]
    places = {key: keys.index(key) if category else float(key) for key in keys}
    if log:
        ax.set_xscale("log")
    # On the screen neighbouring series stand a few pixels apart, whatever the axis.
    step = _smallest_gap(places.values(), log) * min(0.6 / len(runs), 0.25)
    for index, (name, groups) in enumerate(runs.items()):
        look = _look(index)
        aside = (index - (len(runs) - 1) / 2) * step
        centres = [_moved(places[key], aside, log) for key in groups]
        for place, values in zip(centres, groups.values(), strict=True):
            values = np.sort(np.round(np.atleast_1d(np.asarray(values, float)), 3))
            spread = np.linspace(-0.35, 0.35, len(values)) * step if len(values) > 1 else [0.0]
            dots = [_moved(place, side, log) for side in spread]
            style = {"color": look["color"], "marker": look["marker"], "ls": "", "ms": 4.5}
            ax.plot(dots, values, **style, alpha=0.6, mew=0, clip_on=False)
            reach = [_moved(place, side * step, log) for side in (-0.42, 0.42)]
            style = {"color": look["color"], "ls": "-", "lw": 3}
            ax.plot(reach, [np.round(values.mean(), 3)] * 2, **style, clip_on=False)
        (line,) = ax.plot([], [], color=look["color"], marker=look["marker"], ls="-", lw=3)
        line.set_label(name)
    if chance is not None:
        ax.axhline(chance, color=QUIET, ls="--", lw=1.5, zorder=0)
        ends = {"xy": (1, chance), "xycoords": ("axes fraction", "data")}
        ends |= {"xytext": (4, 0), "textcoords": "offset points"}
        ax.annotate("chance", **ends, color=INK, va="center")
    _label_places(ax, places, category, log)
    ax.set(xlabel=xlabel, ylabel=ylabel, ylim=limits)
    if len(runs) > 1:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(runs), borderaxespad=0.2)
    return ax


def label_ends(ax, ends):
    """Write names at the right ends of lines, apart from one another.

    ends: {name: (x, y)}, where each line ends, in the data's units; the colours are those of the
    lines with the same labels. Call it when the limits of the axes are set, if they are.
    """
    ax.autoscale_view()
    colors = {line.get_label(): line.get_color() for line in ax.lines}
    height = ax.figure.get_size_inches()[1] * ax.figure.dpi * 0.75
    parts = (ax.transData - ax.transAxes).transform(np.array(list(ends.values()), float))
    spacing = _LINE_HEIGHT / height
    order = np.argsort(np.round(parts[:, 1], 3), kind="stable")
    # Moved as little as a few rounds of pushing neighbours apart need, and kept off the x axis.
    apart = np.clip(parts[order, 1], 0, 1)
    for _ in range(200):
        apart[0] = max(apart[0], spacing / 2)
        overlap = np.maximum(spacing - np.diff(apart), 0) / 2
        apart[:-1] -= overlap
        apart[1:] += overlap
    for index, place in zip(order, apart, strict=True):
        name = list(ends)[index]
        where = {"xy": (ends[name][0], place), "xycoords": ("data", "axes fraction")}
        where |= {"xytext": (8, 0), "textcoords": "offset points"}
        ax.annotate(name, **where, color=colors[name], va="center", annotation_clip=False)


def _check_count(runs):
    if len(runs) > len(SERIES):
        raise ValueError(f"runs has {len(runs)} names; expected at most {len(SERIES)}")


def _look(index):
    return {"color": SERIES[index], "linestyle": DASHES[index], "marker": MARKERS[index]}


def _smallest_gap(places, log):
    ordered = np.sort(np.log10(list(places)) if log else np.array(list(places), float))
    return np.diff(ordered).min() if len(ordered) > 1 else 1.0


def _moved(place, aside, log):
    return place * 10.0**aside if log else place + aside


def _label_places(ax, places, category, log):
    if category:
        ax.set_xticks(list(places.values()), list(places))
        ax.set_xlim(-0.6, len(places) - 0.4)
    elif log:
        ax.xaxis.set_major_locator(FixedLocator(list(places.values())))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
    else:
        ax.set_xticks(list(places.values()))


def _rounded(values, decimals, log):
    if not log:
        return np.round(values, decimals)
    with np.errstate(divide="ignore", invalid="ignore"):
        digits = 10.0 ** (decimals - 1 - np.floor(np.log10(np.abs(values))))
        return np.where(values == 0, 0, np.round(values * digits) / digits)
