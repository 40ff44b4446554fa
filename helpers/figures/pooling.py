"""Pooling drawn: windows and what is left of them, and spikes that are sampled."""

import numpy as np
from matplotlib.patches import Rectangle

from ..ops import avg_pool2d, max_pool2d
from .curves import label_ends
from .grids import draw_grid, fit_view
from .style import (
    DASHES,
    INK,
    KERNEL,
    MARKERS,
    OUTPUT,
    QUIET,
    SERIES,
    WIDTH,
    WINDOW,
    axes,
    panels,
)

_SHADES = [WINDOW, QUIET, KERNEL, OUTPUT]


def pooled(image, kernel_size, stride=None, ax=None):
    """Draw an image of numbers, its windows, and the maximum and the average of each.

    image: (H, W); kernel_size, stride: ints, stride defaults to kernel_size. Windows are outlined;
    where they do not overlap, each has a colour that its results share.
    Returns the Axes.
    """
    image, stride = np.asarray(image, float), stride or kernel_size
    results = {
        "maximum": max_pool2d(image[None, None], kernel_size, stride)[0, 0],
        "average": avg_pool2d(image[None, None], kernel_size, stride)[0, 0],
    }
    ax = axes(ax, WIDTH, 0.5 * (len(image) + 1.2), bare=True)
    draw_grid(ax, image, title="input")
    lefts = {"maximum": image.shape[1] + 1.5}
    rows, columns = results["maximum"].shape
    lefts["average"] = lefts["maximum"] + columns + 1.5
    top = (len(image) - rows) / 2
    for name, left in lefts.items():
        draw_grid(ax, results[name], left, top, name)
    if stride >= kernel_size:
        for index, (i, j) in enumerate(np.ndindex(rows, columns)):
            corner = (j * stride, i * stride)
            _mark(ax, corner, kernel_size, index)
            for left in lefts.values():
                _mark(ax, (left + j, top + i), 1, index)
    else:
        frame = {"fill": False, "ec": WINDOW, "lw": 3, "zorder": 3}
        ax.add_patch(Rectangle((0, 0), kernel_size, kernel_size, **frame))
        for left in lefts.values():
            ax.add_patch(Rectangle((left, top), 1, 1, **(frame | {"ec": OUTPUT})))
    return fit_view(ax, lefts["average"] + columns, len(image), margin=0.2)


def _mark(ax, corner, side, index):
    color = _SHADES[index % len(_SHADES)]
    ax.add_patch(Rectangle(corner, side, side, facecolor=color, alpha=0.3, lw=0))
    ax.add_patch(Rectangle(corner, side, side, fill=False, ec=INK, lw=2))


def sampled_spikes(signal, ways, shifts=(0, 1, 2)):
    """Draw a signal at several shifts, one column each, and under it what is left of it.

    signal: (n,), moved right by each shift; ways: {name: function of an (n,) array}, one row each.
    Returns the Axes as an array, (1 + ways) × shifts.
    """
    grid = panels(1 + len(ways), len(shifts), 1.25 * (1 + len(ways)) + 0.5, sharey="row")
    signal = np.asarray(signal, float)
    for column, shift in enumerate(shifts):
        moved = np.roll(signal, shift)
        rows = {"signal": moved, **{name: way(moved) for name, way in ways.items()}}
        for ax, (name, values) in zip(grid[:, column], rows.items(), strict=True):
            color = WINDOW if name == "signal" else OUTPUT
            ax.bar(range(len(values)), values, width=0.8, color=color, edgecolor=INK)
            ax.set(ylim=(0, 1.1), xticks=range(len(values)))
            if column == 0:
                ax.set_ylabel(name, rotation=0, ha="right", va="center")
        grid[0, column].set_title(f"moved by {shift}" if shift else "as it is")
        grid[-1, column].set_xlabel("position")
    return grid


def change_by_window(changes, windows, ylabel):
    """Draw how a measure falls with the window's size: a thin line each photograph, a thick mean.

    changes: {way: {photograph: (len(windows),)}}; windows: sizes, each twice the last. The ways'
    names stand at the lines' ends. Values are rounded to three decimals. Returns the Axes.
    """
    ax = axes(height=3.8)
    ends = {}
    looks = zip(SERIES, DASHES, MARKERS, strict=True)
    for (way, photographs), (color, dashes, marker) in zip(changes.items(), looks, strict=False):
        rows = np.round(list(photographs.values()), 3)
        for row in rows:
            ax.plot(windows, row, color=color, ls="-", lw=0.8, alpha=0.45)
        mean = np.round(rows.mean(axis=0), 3)
        ax.plot(windows, mean, color=color, ls=dashes, marker=marker, lw=2.5, label=way)
        ends[way] = windows[-1], mean[-1]
    ax.set_xscale("log", base=2)
    ax.set(xlabel="window k (pixels)", ylabel=ylabel, ylim=(0, 1.1 * ax.dataLim.y1))
    ax.set_xticks(windows, windows)
    label_ends(ax, ends)
    return ax
