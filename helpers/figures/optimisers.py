"""Ways of stepping compared: over rates and scales, in a ravine, and by what a training reaches."""

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter

from .curves import label_ends
from .style import ALERT, DASHES, INK, KERNEL, MARKERS, QUIET, SERIES, VALUES, WIDTH, axes, panels

_LAST = 10  # steps over which a path is said to stay near its goal
_LEVELS = np.array([1.0, 3.0, 6.0, 10.0])  # contour lines: how far out along the ravine's floor


def rate_maps(maps, rates, scales, least=0.9, xlabel="", ylabel="learning rate", columns=2):
    """Draw what trainings reach for each learning rate and each scale of the first weights.

    maps: {title: (rates, scales)}, parts from 0 to 1, a panel each on one colour scale. Larger
    rates stand higher. Values are rounded to two decimals; those of at least `least` get a dot,
    and their number stands in the title. Returns the Axes as an array, [row, column].
    Raises ValueError for a map of another shape.
    """
    for title, values in maps.items():
        if np.shape(values) != (len(rates), len(scales)):
            raise ValueError(
                f"maps[{title!r}] has shape {np.shape(values)}; expected "
                f"({len(rates)}, {len(scales)}), rates by scales"
            )
    rows = -(-len(maps) // columns)
    grid = panels(rows, columns, 3.0 * rows + 0.3, sharex=True, sharey=True)
    for ax, (title, values) in zip(grid.flat, maps.items(), strict=False):
        values = np.round(np.asarray(values, float), 2)
        image = ax.imshow(values, cmap=VALUES, vmin=0, vmax=1, origin="lower", aspect="auto")
        high, wide = np.nonzero(values >= least)
        ax.plot(wide, high, "o", color=INK, mec="white", ms=7, ls="")
        ax.set_title(f"{title}: {len(high)} dots")
        ax.set_xticks(range(len(scales)), [f"{scale:g}" for scale in scales])
        ax.set_yticks(range(len(rates)), [f"{rate:g}" for rate in rates])
    for ax in list(grid.flat)[len(maps) :]:
        ax.set_axis_off()
    for ax in grid[-1]:
        ax.set_xlabel(xlabel)
    for ax in grid[:, 0]:
        ax.set_ylabel(ylabel)
    bar = grid[0, 0].figure.colorbar(image, ax=grid, ticks=[0, 0.5, 1], shrink=0.6)
    bar.set_label(f"right answers (dot: at least {least:g})")
    return grid


def along(runs, xlabel="", ylabel="", limits=None, log=False, best=None, dots=(), ax=None):
    """Draw named results over a logarithmic axis: their means, and bands from lowest to highest.

    runs: {name: {x: a result, or several}}, at most five; x are positive, and the names stand at
    the lines' ends. limits: (low, high) of the y axis; log: a logarithmic one. best: max or min, to
    ring each line's best mean. dots: names that are drawn as dots without a line, and the others as
    lines without marks, where one would cover the other. Results are rounded to two decimals, with
    log to two significant digits. Returns the Axes.
    Raises ValueError for more than five names, and for dots that are none of them.
    """
    if len(runs) > len(SERIES):
        raise ValueError(f"runs has {len(runs)} names; expected at most {len(SERIES)}")
    if not set(dots) <= set(runs):
        raise ValueError(f"dots is {list(dots)}; expected names out of {list(runs)}")
    ax = axes(ax)
    ax.set_xscale("log")
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ends, ticks = {}, set()
    for index, (name, groups) in enumerate(runs.items()):
        groups = {float(x): np.atleast_1d(groups[x]).astype(float) for x in sorted(groups)}
        places = list(groups)
        mean = _rounded([values.mean() for values in groups.values()], log)
        low = _rounded([values.min() for values in groups.values()], log)
        high = _rounded([values.max() for values in groups.values()], log)
        look = {"color": SERIES[index], "ls": DASHES[index], "marker": MARKERS[index], "ms": 5}
        if dots:
            alone = {"ls": "", "marker": "o", "ms": 9, "mec": "white", "zorder": 3}
            look |= alone if name in dots else {"marker": ""}
        ax.plot(places, mean, **look, label=name)
        if any(values.size > 1 for values in groups.values()):
            ax.fill_between(places, low, high, color=SERIES[index], alpha=0.15, lw=0)
        if best is not None:
            chosen = list(mean).index(best(mean))
            ring = {"mfc": "none", "mec": SERIES[index], "mew": 2, "ms": 13, "clip_on": False}
            ax.plot(places[chosen], mean[chosen], "o", **ring)
        ends[name] = places[-1], mean[-1]
        ticks |= set(places)
    ax.xaxis.set_major_locator(FixedLocator(_sparse(sorted(ticks))))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.minorticks_off()
    low, high = ax.get_ylim()
    if log and high < 100 * low:
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if limits:
        ax.set_ylim(*limits)
    if len(runs) > 1:
        label_ends(ax, ends)
    return ax


def ravines(rows, reach=(-6, 11)):
    """Draw paths over the contour lines of ravines f(w) = wᵀ · curvature · w / 2, a panel a path.

    rows: {label: (curvature (2, 2), {title: path (steps + 1, 2)})}, a row each. The goal is (0, 0).
    In each panel stands the largest distance from it in the path's last ten steps. reach: the
    limits of all axes, which have one scale. Returns the Axes as an array, [row, column].
    Raises ValueError for a path that is none.
    """
    columns = max(len(paths) for _, paths in rows.values())
    side = (WIDTH - 0.6) / columns
    grid = panels(len(rows), columns, len(rows) * (side + 0.35), sharex=True, sharey=True)
    for row, (label, (curvature, paths)) in zip(grid, rows.items(), strict=True):
        for ax, (title, path) in zip(row, paths.items(), strict=False):
            path = np.round(np.asarray(path, float), 3)
            if path.ndim != 2 or path.shape[1] != 2:
                raise ValueError(f"{title} has shape {path.shape}; expected (steps + 1, 2)")
            _contours(ax, np.asarray(curvature, float), reach)
            ax.plot(*path.T, "-", color=KERNEL, lw=1.2, marker="o", ms=2.5)
            ax.plot(*path[0], "s", color=INK, ms=7)
            ax.plot(0, 0, "*", color=ALERT, ms=13, mec="white", zorder=4)
            far = np.linalg.norm(path[-_LAST:], axis=1).max()
            note = f"{_two_digits(far)} away" if far < 1000 else "gone"
            ax.text(0.97, 0.03, note, transform=ax.transAxes, ha="right", va="bottom")
            ax.set_title(title, fontsize=11)
            ax.set(xlim=reach, ylim=reach, aspect="equal", xticks=[0, 10], yticks=[0, 10])
        row[0].set_ylabel(label)
    return grid


def _contours(ax, curvature, reach):
    line = np.linspace(*reach, 120)
    x, y = np.meshgrid(line, line)
    height = (curvature[0, 0] * x**2 + 2 * curvature[0, 1] * x * y + curvature[1, 1] * y**2) / 2
    flat = np.linalg.eigvalsh(curvature)[0]
    ax.contour(x, y, height, levels=flat * _LEVELS**2 / 2, colors=QUIET, linewidths=0.8)


def _two_digits(value):
    if value < 0.01:
        return "below 0.01"
    return f"{float(f'{value:.2g}'):g}"


def _rounded(values, log):
    if not log:
        return np.round(values, 2)
    return np.array([float(f"{value:.2g}") for value in values])


def _sparse(places):
    """At most one place a factor of two, or of nearly three where these are more than five."""
    for factor in (2, 2.9):
        kept = []
        for place in places:
            if not kept or place >= factor * kept[-1]:
                kept.append(place)
        if len(kept) <= 5:
            break
    return kept
