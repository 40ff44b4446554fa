"""Blocks of layers as paths, with their shortcuts; and the paths of a chain of blocks."""

from itertools import pairwise
from math import comb

import numpy as np
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from ..geometry import summary
from ..geometry.reading import read
from ..ops._arguments import as_int
from .style import INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes

_STEP = 1.0  # from the middle of one box to the next
_HALF = 0.43, 0.21  # of a box: width, height
_SHORTCUT = 0.62  # how far above the body a shortcut runs
_ROW = 1.0  # of a block without a shortcut
_INCH = 0.8  # of the drawing's units, upwards
_COLORS = {"conv": KERNEL, "batch_norm": QUIET, "activation": WINDOW}


def block_paths(blocks, input_shape):
    """Draw what a block does to its input: the layers in a row, and above them the shortcut.

    blocks: {title: layer of helpers.nn or of Paddle in a row, or list of `geometry` layers}, each
    with one sum at most; input_shape: (C, H, W) of one image. The shapes at both ends are those
    that `geometry.summary` counts, and a shortcut without a layer hands its input on. Titles stand
    above the rows. Returns the Axes.
    Raises ValueError for a block without layers or with two sums, for other branches than those of
    a sum, for no block, and for a shape that the layers cannot take.
    """
    if not isinstance(blocks, dict) or not blocks:
        raise ValueError(f"blocks is {blocks!r}; expected a dict of at least one {{title: block}}")
    if not isinstance(input_shape, tuple | list) or len(input_shape) != 3:
        raise ValueError(f"input_shape is {input_shape!r}; expected (C, H, W)")
    parts = {title: _parts(block) for title, block in blocks.items()}
    longest = max(len(_row(*part)) for part in parts.values())
    tall = sum(_ROW + _SHORTCUT * (part[1] is not None) for part in parts.values())
    ax = axes(None, WIDTH, _INCH * tall + 0.1, bare=True)
    ax.set_aspect("auto")
    low = 0.0
    for title, (before, sums, after) in parts.items():
        ax.text(-0.45, low + 0.26, title, weight="bold", ha="left", va="center")
        low += _ROW + _SHORTCUT * (sums is not None)
        ends = _shape(input_shape), _shape(summary(blocks[title], input_shape)[-1].output_shape)
        _draw(ax, low - _HALF[1] - 0.1, before, sums, after, ends)
    ax.set(xlim=(-0.5, longest + 1.5), ylim=(low, -0.02))
    return ax


def path_lengths(blocks, ax=None):
    """Draw how many paths of each length a chain of residual blocks has.

    blocks: how many, 1 to 1000; a path goes through a block or past it, so there are 2 to the
    power of blocks of them, and its length is the number of blocks on it. Returns the Axes.
    Raises ValueError for another number of blocks.
    """
    blocks = as_int(blocks, "blocks", 1, 1000)
    ax = axes(ax, height=2.6)
    lengths = np.arange(blocks + 1)
    ax.bar(lengths, [comb(blocks, length) for length in lengths], color=KERNEL, width=0.8)
    ax.set(xlabel="blocks on the path", ylabel="paths", xlim=(-0.6, blocks + 0.6))
    return ax


def _parts(block):
    """Split a block at its sum: (layers before it, (body, shortcut) or None, layers after it)."""
    layers = list(read(block))
    if not layers:
        raise ValueError("blocks holds a block without layers; expected at least one layer")
    places = [index for index, layer in enumerate(layers) if layer.branches]
    inner = [row for place in places for branch in layers[place].branches for row in branch]
    nested = any(layer.branches for layer in inner)
    if len(places) > 1 or nested or any(layers[place].kind != "residual" for place in places):
        kinds = [layer.kind for layer in layers]
        raise ValueError(f"blocks holds the layers {kinds}; expected one residual at most")
    if not places:
        return layers, None, []
    (place,) = places
    return layers[:place], layers[place].branches, layers[place + 1 :]


def _row(before, sums, after):
    return [*before, *(sums[0] if sums else []), *(["+"] if sums else []), *after]


def _draw(ax, y, before, sums, after, ends):
    row = _row(before, sums, after)
    stops = [0, *range(1, len(row) + 1), len(row) + 1]
    for place, text in ((stops[0], ends[0]), (stops[-1], ends[1])):
        ax.text(place, y, text, ha="center", va="center", fontsize=10)
    for place, layer in enumerate(row, start=1):
        if layer == "+":
            ax.plot([place], [y], marker="o", ms=19, mfc="white", mec=OUTPUT, mew=2.2, zorder=3)
            ax.text(place, y, "+", ha="center", va="center_baseline", fontsize=14, zorder=4)
        else:
            _box(ax, place, y, layer)
    for left, right in pairwise(stops):
        _arrow(ax, (_edge(left, row, 1), y), (_edge(right, row, -1), y))
    if sums:
        start, end = len(before) + 0.46, len(before) + len(sums[0]) + 1
        _shortcut(ax, y, start, end, sums[1])


def _edge(place, row, side):
    """Where an arrow begins or ends beside the thing at a place."""
    if place in (0, len(row) + 1):
        return place + 0.45 * side
    return place + (0.17 if row[place - 1] == "+" else _HALF[0]) * side


def _box(ax, x, y, layer):
    color = _COLORS.get(layer.kind, QUIET)
    corner = x - _HALF[0], y - _HALF[1]
    look = {"boxstyle": "round,pad=0,rounding_size=0.06", "mutation_aspect": 1}
    ax.add_patch(FancyBboxPatch(corner, 2 * _HALF[0], 2 * _HALF[1], fc="white", ec="none", **look))
    box = FancyBboxPatch(corner, 2 * _HALF[0], 2 * _HALF[1], fc=(color, 0.25), ec=color, **look)
    ax.add_patch(box)
    ax.text(x, y, _label(layer), ha="center", va="center", fontsize=10, linespacing=1.05)


def _label(layer):
    if layer.kind != "conv":
        return layer.name.replace(" ", "\n")
    step = f", /{layer.stride[0]}" if layer.stride != (1, 1) else ""
    return f"{layer.kernel_size[0]}×{layer.kernel_size[1]}{step}\n{layer.outputs} maps"


def _shortcut(ax, y, start, end, layers):
    above = y - _SHORTCUT
    path = {"color": OUTPUT, "ls": "-", "lw": 2.2, "zorder": 0}
    ax.plot([start, start], [y, above], **path)
    ax.plot([start, end], [above, above], **path)
    _arrow(ax, (end, above), (end, y - 0.26), OUTPUT)
    middle = (start + end) / 2
    for index, layer in enumerate(layers):
        _box(ax, middle + (index - (len(layers) - 1) / 2) * _STEP, above, layer)
    if not layers:
        ax.text(middle, above - 0.07, "the input itself", ha="center", va="bottom", fontsize=10)


def _arrow(ax, start, end, color=INK):
    look = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyArrowPatch(start, end, color=color, lw=1.3, zorder=1, **look))


def _shape(shape):
    return "×".join(map(str, shape))
