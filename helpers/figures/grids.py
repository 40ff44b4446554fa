"""Small arrays drawn as squares with their numbers in them, and kernels at work on them."""

from itertools import product

import numpy as np
from matplotlib.patches import Rectangle

from ..geometry import conv_output_size
from ..ops import corr2d
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, SIGNED, WIDTH, WINDOW, axes, panels

_PALE = 0.25  # strength of a colour behind a number
_SHADE = 0.15  # how far towards the ends of the signed colours: numbers stay legible on them


def draw_grid(ax, values, left=0, top=0, title="", color=None, box=None, box_color=WINDOW):
    """Draw a 2-D array as squares of side 1 with their numbers, at (left, top), y downwards.

    Numbers that are NaN stay empty squares. color fills all squares; "signed" shades each by its
    own number, blue below 0, white at 0, orange above. box = (row, column, rows, columns) fills
    and outlines a part in box_color. Returns ax.
    """
    values = np.atleast_2d(values)
    rows, columns = values.shape
    if color == "signed":
        _shade(ax, values, left, top)
    elif color:
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


def _shade(ax, values, left, top):
    numbers = np.nan_to_num(np.asarray(values, float))
    largest = np.abs(numbers).max() or 1
    for (row, column), value in np.ndenumerate(numbers):
        color = SIGNED(0.5 + _SHADE * value / largest)
        ax.add_patch(Rectangle((left + column, top + row), 1, 1, facecolor=color, lw=0))


def fit_view(ax, width, height, margin=0.1, top=0.8):
    """Show 0…width by 0…height, y downwards, with room for titles above."""
    ax.set(xlim=(-margin, width + margin), ylim=(height + margin, -top))
    return ax


def number_grids(grids, ax=None, gap=1.5, height=None, colors=None, signs=None, outlines=None):
    """Draw named arrays side by side, for example an input, a kernel and an output.

    grids: {title: 2-D array}. colors: a colour, "signed" or None for each. signs: the text
    between one and the next, for example ["∗", "="]. outlines: {title: (row, column, rows,
    columns)}, a part to outline, for example one that another array repeats. Returns the Axes.
    """
    arrays = [np.atleast_2d(values) for values in grids.values()]
    tallest = max(a.shape[0] for a in arrays)
    total = sum(a.shape[1] for a in arrays) + gap * (len(arrays) - 1)
    unit = min(WIDTH / (total + 0.4), 0.45)
    ax = axes(ax, WIDTH, height or unit * (tallest + 1.4), bare=True)
    left = 0
    colors = colors or [None] * len(arrays)
    for i, (title, values) in enumerate(zip(grids, arrays, strict=True)):
        top = (tallest - len(values)) / 2
        draw_grid(ax, values, left, top, title, colors[i])
        if outlines and title in outlines:
            row, column, high, wide = outlines[title]
            frame = {"fill": False, "edgecolor": INK, "lw": 3, "zorder": 3}
            ax.add_patch(Rectangle((left + column, top + row), wide, high, **frame))
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

    size, kernel_size: ints. padding: an int, or a list of them, drawn side by side on one scale.
    Returns the Axes.
    """
    amounts = padding if isinstance(padding, list) else [padding]
    padded = [size + 2 * amount for amount in amounts]
    outputs = [conv_output_size(size, kernel_size, padding=amount) for amount in amounts]
    gap, tallest = 1.2, max(padded)
    total = sum(padded) + sum(outputs) + gap * (3 * len(amounts) - 2)
    unit = min(WIDTH / (total + 0.4), 0.45)
    ax = axes(ax, WIDTH, unit * (tallest + 1.4), bare=True)
    left = 0
    for amount, wide, out in zip(amounts, padded, outputs, strict=True):
        top = (tallest - wide) / 2
        zeros = np.zeros((wide, wide))
        zeros[amount : amount + size, amount : amount + size] = np.nan
        draw_grid(ax, zeros, left, top, color=QUIET)
        image = {"facecolor": "white", "edgecolor": INK, "lw": 2.5}
        ax.add_patch(Rectangle((left + amount, top + amount), size, size, **image))
        empty, window = np.full((wide, wide), np.nan), (0, 0, kernel_size, kernel_size)
        draw_grid(ax, empty, left, top, f"{size} + 2·{amount} = {wide}", box=window)
        left += wide + gap
        empty, title = np.full((out, out), np.nan), f"output {out} × {out}"
        first = {"box": (0, 0, 1, 1), "box_color": OUTPUT}
        draw_grid(ax, empty, left, (tallest - out) / 2, title, **first)
        left += out + 2 * gap
    return fit_view(ax, total, tallest, margin=0.2)


def rows_read(size, kernel_size, stride, padding=0, title="", ax=None):
    """Draw the rows of an input, padding included, and which rows each window reads.

    Rows that no window reads are crossed. size, kernel_size, stride, padding: ints along the
    height. Returns the Axes.
    """
    count = conv_output_size(size, kernel_size, stride, padding)
    starts = np.arange(count) * stride - padding
    ax = axes(ax, WIDTH, 1.3 + 0.28 * count)
    for row in range(-padding, size + padding):
        read = any(start <= row < start + kernel_size for start in starts)
        box = Rectangle((row - 0.45, -0.9), 0.9, 0.8, edgecolor=INK if read else ALERT)
        box.set_facecolor((WINDOW if 0 <= row < size else QUIET) if read else "white")
        box.set_hatch("" if read else "xx")
        ax.add_patch(box)
    for index, start in enumerate(starts):
        ends = [start - 0.4, start + kernel_size - 0.6]
        ax.plot(ends, [index + 0.5] * 2, color=KERNEL, lw=6, ls="-", solid_capstyle="butt")
    ax.set(xlim=(-padding - 0.6, size + padding - 0.4), ylim=(count, -1.1), title=title)
    ax.xaxis.set(ticks=range(-padding, size + padding), ticks_position="top")
    ax.xaxis.set_label_position("top")
    ax.set_yticks([-0.5, *(np.arange(count) + 0.5)])
    ax.set_yticklabels(["rows", *(f"window {index}" for index in range(count))])
    ax.set_xlabel(f"row (the image's own are 0 to {size - 1})")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax
