"""Small arrays drawn as squares with their numbers in them, and kernels at work on them."""

from itertools import product

import numpy as np
from matplotlib.patches import Rectangle

from ..geometry import conv_output_size
from ..ops import corr2d
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes, panels

_PALE = 0.25  # strength of a colour behind a number


def draw_grid(ax, values, left=0, top=0, title="", color=None, box=None, box_color=WINDOW):
    """Draw a 2-D array as squares of side 1 with their numbers, at (left, top), y downwards.

    Numbers that are NaN stay empty squares. color fills all squares; box = (row, column, rows,
    columns) fills and outlines a part in box_color. Returns ax.
    """
    values = np.atleast_2d(values)
    rows, columns = values.shape
    if color:
        ax.add_patch(Rectangle((left, top), columns, rows, color=color, alpha=_PALE, lw=0))
    if box:
        row, column, high, wide = box
        corner = (left + column, top + row)
        ax.add_patch(Rectangle(corner, wide, high, color=box_color, alpha=_PALE, lw=0))
        ax.add_patch(Rectangle(corner, wide, high, fill=False, edgecolor=box_color, lw=3, zorder=3))
    for row, column in product(range(rows), range(columns)):
        ax.add_patch(
            Rectangle((left + column, top + row), 1, 1, fill=False, edgecolor=QUIET, lw=0.8)
        )
        if not np.isnan(values[row, column]):
            ax.text(
                left + column + 0.5,
                top + row + 0.5,
                f"{values[row, column]:g}".replace("-", "−"),
                ha="center",
                va="center_baseline",
                fontsize=11,
            )
    if title:
        ax.text(left + columns / 2, top - 0.2, title, ha="center", va="bottom", fontsize=11)
    return ax


def fit_view(ax, width, height, margin=0.1, top=0.8):
    """Show 0…width by 0…height, y downwards, with room for titles above."""
    ax.set(xlim=(-margin, width + margin), ylim=(height + margin, -top))
    return ax


def number_grids(grids, ax=None, gap=1.5, height=None, colors=None, signs=None):
    """Draw named arrays side by side, for example an input, a kernel and an output.

    grids: {title: 2-D array}. colors: one colour or None for each. signs: the text between one
    and the next, for example ["∗", "="]. Returns the Axes.
    """
    arrays = [np.atleast_2d(values) for values in grids.values()]
    tallest = max(a.shape[0] for a in arrays)
    total = sum(a.shape[1] for a in arrays) + gap * (len(arrays) - 1)
    unit = min(WIDTH / (total + 0.4), 0.45)
    ax = axes(ax, WIDTH, height or unit * (tallest + 1.4), bare=True)
    left = 0
    colors = colors or [None] * len(arrays)
    for i, (title, values) in enumerate(zip(grids, arrays, strict=True)):
        draw_grid(ax, values, left, (tallest - len(values)) / 2, title, colors[i])
        left += values.shape[1] + gap
        if signs and i < len(signs):
            ax.text(left - gap / 2, tallest / 2, signs[i], ha="center", va="center", fontsize=16)
    return fit_view(ax, total, tallest, margin=0.2)


def sliding_window(image, kernel, stride=1, steps=None, columns=2):
    """Draw a kernel sliding over an image, one panel a position.

    image: (H, W), kernel: (kh, kw), small enough to read; the products of a kernel of up to four
    numbers are written out. steps: how many positions to show, in
    reading order; all by default. Returns the Axes as an array.
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    kh, kw = kernel.shape
    result = corr2d(image, kernel)[::stride, ::stride]
    places = list(product(range(result.shape[0]), range(result.shape[1])))[:steps]
    gap = 0.8
    width = image.shape[1] + kw + result.shape[1] + 2 * gap
    unit = min(WIDTH / columns / (width + 0.6), 0.45)
    rows = -(-len(places) // columns)
    written = kernel.size <= 4
    below = 1.3 if written else 0.1
    grid = panels(rows, columns, rows * unit * (image.shape[0] + below + 1.1), bare=True)
    for ax, (i, j) in zip(grid.flat, places, strict=False):
        corner = (i * stride, j * stride)
        window = image[corner[0] : corner[0] + kh, corner[1] : corner[1] + kw]
        draw_grid(ax, image, title="input", box=(*corner, kh, kw))
        left, middle = image.shape[1] + gap, (image.shape[0] - kh) / 2
        draw_grid(ax, kernel, left, middle, "kernel", color=KERNEL)
        shown = np.where(_before(result.shape, i, j), result, np.nan)
        left, middle = left + kw + gap, (image.shape[0] - result.shape[0]) / 2
        draw_grid(ax, shown, left, middle, "output", box=(i, j, 1, 1), box_color=OUTPUT)
        if written:
            terms = " + ".join(
                f"{w:g}·{a:g}" for w, a in zip(kernel.flat, window.flat, strict=True)
            )
            text = f"{terms} = {result[i, j]:g}"
            ax.text(width / 2, image.shape[0] + 0.9, text, ha="center", va="center", fontsize=11)
        fit_view(ax, width, image.shape[0] + below, margin=0.3)
    for ax in list(grid.flat)[len(places) :]:
        ax.remove()
    return grid


def _before(shape, i, j):
    """Mark the positions that have been computed once position (i, j) has."""
    return np.arange(shape[0] * shape[1]).reshape(shape) <= i * shape[1] + j


def padded_grid(size, kernel_size, padding, ax=None):
    """Draw a square input, the zeros padded around it, the first window and the output.

    size, kernel_size, padding: ints. Returns the Axes.
    """
    padded, out = size + 2 * padding, conv_output_size(size, kernel_size, padding=padding)
    ax = axes(ax, WIDTH / 2, 3.0, bare=True)
    zeros = np.zeros((padded, padded))
    zeros[padding : padding + size, padding : padding + size] = np.nan
    draw_grid(ax, zeros, color=QUIET)
    inner = Rectangle((padding, padding), size, size, facecolor="white", edgecolor=INK, lw=2.5)
    ax.add_patch(inner)
    draw_grid(
        ax,
        np.full((padded, padded), np.nan),
        title=f"{size} + 2·{padding} = {padded}",
        box=(0, 0, kernel_size, kernel_size),
    )
    left, top = padded + 1.5, (padded - out) / 2
    empty = np.full((out, out), np.nan)
    draw_grid(ax, empty, left, top, f"output {out} × {out}", box=(0, 0, 1, 1), box_color=OUTPUT)
    return fit_view(ax, left + out, padded, margin=0.2)


def rows_read(size, kernel_size, stride, padding=0, ax=None):
    """Draw the rows of an input, padding included, and which rows each window reads.

    Rows that no window reads are crossed. size, kernel_size, stride, padding: ints along the
    height. Returns the Axes.
    """
    count = conv_output_size(size, kernel_size, stride, padding)
    starts = np.arange(count) * stride - padding
    ax = axes(ax, WIDTH, 1.2 + 0.3 * count)
    for row in range(-padding, size + padding):
        read = any(start <= row < start + kernel_size for start in starts)
        color = WINDOW if 0 <= row < size else QUIET
        ax.add_patch(
            Rectangle(
                (row - 0.45, -0.9),
                0.9,
                0.8,
                facecolor=color if read else "white",
                edgecolor=INK if read else ALERT,
                hatch="" if read else "xx",
            )
        )
    for index, start in enumerate(starts):
        ax.plot(
            [start - 0.4, start + kernel_size - 0.6],
            [index + 0.5] * 2,
            color=KERNEL,
            lw=6,
            ls="-",
            solid_capstyle="butt",
        )
    ax.set(
        xlim=(-padding - 0.6, size + padding - 0.4),
        ylim=(-1, count),
        xticks=range(-padding, size + padding),
        yticks=[-0.5, *(np.arange(count) + 0.5)],
        yticklabels=["rows", *(f"window {i}" for i in range(count))],
        xlabel=f"row (the image's own are 0 to {size - 1})",
    )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax
