"""A network at every place of a larger picture: windows and cells, finds, and what is saved."""

import numpy as np
from matplotlib.patches import Rectangle

from .style import (
    ALERT,
    INK,
    KERNEL,
    MARKERS,
    OUTPUT,
    PHOTOGRAPH,
    QUIET,
    SERIES,
    WIDTH,
    WINDOW,
    axes,
    panels,
)

_LOOKS = ((WINDOW, "-"), (KERNEL, "--"), (OUTPUT, "-."))


def windows_and_cells(size, window, step, cells):
    """Draw windows on a large input, and beside it the grid of answers with their cells.

    Each answer is a cell at its window's middle, a step wide. size, window, step: pixels. cells:
    up to three (row, column) of the grid, numbered 1, 2, 3 in both panels. Returns the Axes as an
    array. Raises ValueError for more cells, or one outside.
    """
    count = (size - window) // step + 1
    if len(cells) > len(_LOOKS) or not all(0 <= n < count for cell in cells for n in cell):
        raise ValueError(f"cells is {cells}; expected up to three, each number below {count}")
    grid = panels(1, 2, 3.7, bare=True)
    frame = {"fill": False, "edgecolor": INK, "lw": 1.5}
    left, right = grid[0]
    left.add_patch(Rectangle((0, 0), size, size, **frame))
    first = (window - step) / 2
    for row, column in np.ndindex(count, count):
        corner = (first + column * step, first + row * step)
        right.add_patch(Rectangle(corner, step, step, fill=False, ec=QUIET, lw=0.8))
    right.add_patch(Rectangle((0, 0), size, size, **frame))
    for number, ((row, column), (color, style)) in enumerate(zip(cells, _LOOKS, strict=False), 1):
        look = {"edgecolor": color, "lw": 3, "ls": style, "fill": False}
        corner = (column * step, row * step)
        left.add_patch(Rectangle(corner, window, window, **look))
        cell = (first + column * step, first + row * step)
        right.add_patch(Rectangle(cell, step, step, **look))
        label = {"ha": "center", "va": "center", "fontsize": 12, "color": INK}
        left.text(corner[0] + 0.07 * size, corner[1] + 0.07 * size, number, **label)
        right.text(cell[0] + step / 2, cell[1] + step / 2, number, **label)
    left.set_title(f"{size} × {size} pixels, windows of {window} × {window}")
    right.set_title(f"{count} × {count} answers, at the windows' middles")
    for ax in (left, right):
        margin = 0.03 * size
        ax.set(xlim=(-margin, size + margin), ylim=(size + margin, -margin))
    return grid


def finds(canvases, window, size):
    """Draw canvases with a box for every find, labelled, and one for every image not found.

    canvases: {title: (canvas, found, right, missed)}: canvas (H, W) from 0, paper, to 1, ink;
    found [(top, left, label)]; right, one bool a find; missed [(top, left)] of the images.
    window: pixels of a find's side; size: of an image's. Right finds are full green lines, wrong
    ones dashed orange, missed images dotted black. Returns the Axes as an array. Raises ValueError
    where there are not as many bools as finds.
    """
    high, wide = np.max([np.shape(parts[0]) for parts in canvases.values()], axis=0)
    grid = panels(1, len(canvases), WIDTH / len(canvases) * (high + 3) / (wide + 3) + 0.7)
    kinds = {
        "right": {"ec": OUTPUT, "ls": "-", "lw": 2},
        "wrong": {"ec": ALERT, "ls": "--", "lw": 2},
        "missed": {"ec": INK, "ls": ":", "lw": 2},
    }
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.7}
    inside = {"ha": "left", "va": "top", "bbox": paper, "zorder": 3}
    marks = {}
    for ax, (title, (canvas, found, right, missed)) in zip(
        grid.flat, canvases.items(), strict=True
    ):
        if len(found) != len(right):
            raise ValueError(f"right has {len(right)} values; expected {len(found)}, one a find")
        ax.imshow(1 - canvas, cmap=PHOTOGRAPH, vmin=0, vmax=1, interpolation="nearest")
        for (top, left, label), good in zip(found, right, strict=True):
            kind = "right" if good else "wrong"
            marks[kind] = _box(ax, top, left, window, **kinds[kind])
            ax.text(left + 0.7, top + 0.7, label, fontsize=10, color=INK, **inside)
        for top, left in missed:
            marks["missed"] = _box(ax, top, left, size, **kinds["missed"])
        high, wide = np.shape(canvas)
        _box(ax, 0, 0, high, ec=QUIET, ls="-", lw=0.8)
        ax.set(title=title, xticks=[], yticks=[], xlim=(-2, wide + 1), ylim=(high + 1, -2))
        ax.spines[:].set_visible(False)
    names = [name for name in kinds if name in marks]
    handles = [marks[name] for name in names]
    grid[0, 0].figure.legend(handles, names, loc="outside lower center", ncols=3)
    return grid


def _box(ax, top, left, side, **look):
    box = Rectangle((left - 0.5, top - 0.5), side, side, fill=False, **look)
    return ax.add_patch(box)


def savings(steps, ratios, window, ax=None):
    """Draw how many times as much sliding costs as converting, for each step of the grid.

    steps: pixels between neighbouring windows, whole numbers. ratios: {name: one ratio a step}, at
    most two; above 1 converting is cheaper. A stem leads from 1 to each ratio. window: pixels of a
    window's side, marked on the axis, where windows stop to overlap. Returns the Axes.
    Raises ValueError for more than two names.
    """
    if len(ratios) > 2:
        raise ValueError(f"ratios has {len(ratios)} names; expected at most two")
    ax = axes(ax, WIDTH, 3.6)
    for aside, color, marker, (name, values) in zip(
        (-0.12, 0.12), SERIES, MARKERS, ratios.items(), strict=False
    ):
        places = np.asarray(steps) + aside
        ax.plot(places, values, color=color, marker=marker, ls="", ms=6, label=name)
        ax.vlines(places, 1, values, color=color, lw=1.5)
    ax.axhline(1, color=QUIET, ls="-", lw=1.5, zorder=0)
    ax.axvline(window, color=QUIET, ls=":", lw=1.5, zorder=0)
    words = {"textcoords": "offset points", "color": INK, "fontsize": 10}
    end = {"xytext": (-4, 5), "ha": "right", "va": "bottom"} | words
    line = ("axes fraction", "data")
    ax.annotate("upwards: converting is cheaper", xy=(1, 1), xycoords=line, **end)
    ax.annotate("downwards: sliding is cheaper", xy=(1, 0), xycoords="axes fraction", **end)
    side = {"xy": (window, 1), "xycoords": ("data", "axes fraction"), "xytext": (5, -14)}
    ax.annotate("from here on windows do not overlap", **side, **words)
    ax.set(xlabel="step of the grid (pixels)", ylabel="multiply-adds,\nsliding ÷ converting")
    ax.set(yscale="log", xlim=(0, 1.9 * window), xticks=steps)
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(ratios), borderaxespad=0.2)
    return ax
