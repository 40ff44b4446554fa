"""LeNet-5: which maps see which, and what it answers along a strip of digits."""

import numpy as np
from matplotlib.patches import Rectangle

from ..ops._arguments import as_array, as_int
from .style import ALERT, INK, KERNEL, OUTPUT, PHOTOGRAPH, QUIET, WIDTH, axes, panels


def connections(table, ax=None, rows="input map", columns="output map"):
    """Draw which input maps each output map sees: a filled square for each pair.

    table: (inputs, outputs) of bools. Below each column stands how many inputs it sees. rows,
    columns: what the numbers at the axes are. Returns the Axes. Raises ValueError for another
    shape, and for values that are not bools.
    """
    table = as_array(table, "table")
    if table.ndim != 2 or table.size == 0 or table.dtype != bool:
        raise ValueError(
            f"table has shape {table.shape} and dtype {table.dtype}; expected (inputs, outputs), "
            "bool"
        )
    inputs, outputs = table.shape
    side = min((WIDTH - 1.4) / outputs, 0.42)  # inches of a square
    ax = axes(ax, side * outputs + 1.4, side * (inputs + 1) + 0.9)
    for (row, column), seen in np.ndenumerate(table):
        corner = (column - 0.5, row - 0.5)
        ax.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=QUIET, lw=0.8))
        if seen:
            inner = (column - 0.38, row - 0.38)
            ax.add_patch(Rectangle(inner, 0.76, 0.76, facecolor=KERNEL, edgecolor=INK, lw=0.6))
    for column, count in enumerate(table.sum(axis=0)):
        look = {"ha": "center", "va": "center_baseline", "fontsize": 11, "color": INK}
        ax.text(column, inputs + 0.05, str(count), **look)
    ax.text(-0.8, inputs + 0.05, "sees", ha="right", va="center_baseline", fontsize=11, color=INK)
    ax.set(xticks=range(outputs), yticks=range(inputs), xlabel=columns, ylabel=rows)
    ax.set(xlim=(-0.6, outputs - 0.4), ylim=(inputs + 0.6, -0.6), aspect="equal")
    ax.xaxis.set_ticks_position("top")
    ax.xaxis.set_label_position("top")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def strip(image, answers, shares, window, truth):
    """Draw a strip of digits, and below it what a network answers as its window slides along.

    image: (H, W) from 0, paper, to 1, ink. answers, shares: one digit and one share from 0 to 1
    for each place of the window, evenly spaced from the left end to the right. window: its width
    in pixels. truth: {left: digit}, the windows that hold a whole digit: their answers are drawn
    as large dots, filled where they are right and crossed where they are wrong; the windows in
    between as small dots. Each dot stands at its window's middle and carries its answer. Returns
    the Axes as an array. Raises ValueError for an image that has no two axes or other values,
    answers that are no whole numbers, shares that are not as many or not from 0 to 1, a window that
    does not fit, and a place in truth that no answer belongs to.
    """
    image, answers, shares = _as_strip(image, answers, shares)
    as_int(window, "window", 1, image.shape[1] - 1)
    lefts = np.linspace(0, image.shape[1] - window, len(answers))
    if not isinstance(truth, dict):
        raise ValueError(f"truth is {truth!r}; expected a dict {{left: digit}}")
    if not set(truth) <= {int(left) for left in lefts}:
        raise ValueError(f"truth has places {sorted(truth)}; expected some of {lefts.tolist()}")
    high = (WIDTH - 0.7) * image.shape[0] / image.shape[1]
    grid = panels(2, 1, high + 2.3, sharex=True, height_ratios=[high, 1.8])
    top, ax = grid[:, 0]
    look = {"cmap": PHOTOGRAPH, "vmin": 0, "vmax": 1, "interpolation": "nearest"}
    top.imshow(1 - image, aspect="auto", extent=(0, image.shape[1], image.shape[0], 0), **look)
    top.set(yticks=[])
    top.tick_params(bottom=False, labelbottom=False)
    top.spines[:].set(visible=True, color=QUIET, linewidth=0.8)
    for left, answer, share in zip(lefts, answers, shares, strict=True):
        middle, digit = left + window / 2, truth.get(int(left))
        kind = {"color": QUIET, "marker": "o", "ms": 4}
        if digit is not None:
            kind = {"color": OUTPUT if answer == digit else ALERT, "ms": 9}
            kind["marker"] = "o" if answer == digit else "X"
            ax.axvline(middle, color=QUIET, ls=":", lw=1, zorder=0)
        share = np.round(share, 3)
        ax.plot([middle], [share], ls="", clip_on=False, **kind)
        weight = "normal" if digit is None else "bold"
        words = {"xytext": (0, 6), "textcoords": "offset points", "ha": "center", "fontsize": 10}
        ax.annotate(str(answer), (middle, share), **words, color=INK, weight=weight)
    ax.set(xlim=(0, image.shape[1]), ylim=(0, 1.16), yticks=[0, 0.5, 1])
    ax.set(xlabel="middle of the window (pixels)", ylabel="largest share")
    return grid


def _as_strip(image, answers, shares):
    image = as_array(image, "image")
    if image.ndim != 2 or image.size == 0 or image.dtype.kind not in "fiu":
        raise ValueError(
            f"image has shape {image.shape} and dtype {image.dtype}; expected (H, W), numbers"
        )
    if not (image.min() >= 0 and image.max() <= 1):
        raise ValueError(f"image has values {image.min()} to {image.max()}; expected 0 to 1")
    answers, shares = as_array(answers, "answers"), as_array(shares, "shares")
    if answers.ndim != 1 or len(answers) < 2 or answers.dtype.kind not in "iu":
        raise ValueError(
            f"answers has shape {answers.shape} and dtype {answers.dtype}; expected at least 2 "
            "whole numbers in one axis"
        )
    if shares.shape != answers.shape or shares.dtype.kind not in "fiu":
        raise ValueError(
            f"shares has shape {shares.shape} and dtype {shares.dtype}; expected "
            f"{answers.shape}, numbers"
        )
    if not (shares.min() >= 0 and shares.max() <= 1):
        raise ValueError(f"shares has values {shares.min()} to {shares.max()}; expected 0 to 1")
    return image, answers, shares
