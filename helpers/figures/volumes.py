"""A network's layers as blocks, drawn to scale."""

from math import prod

from matplotlib.patches import Polygon

from .style import INK, KERNEL, OUTPUT, WIDTH, WINDOW, axes

_DEPTH = (0.4, 0.3)  # how far one pixel of width leads right and up in the drawing


def volumes(rows, input_shape, ax=None):
    """Draw the input and the output of every layer as blocks to one scale: a pixel, a channel.

    rows: what `geometry.summary` returns; input_shape: (C, H, W). Height and width of a block are
    its pixels, its length from left to right its channels; flat features are a bar. Layers that
    only rearrange their input, or leave its shape, are left out. Returns the Axes.
    """
    blocks = [("input", tuple(input_shape))]
    for row in rows:
        if row.output_shape != blocks[-1][1] and prod(row.output_shape) != prod(blocks[-1][1]):
            blocks.append((row.name, row.output_shape))
    tallest = max(shape[1] for _, shape in blocks if len(shape) == 3)
    reaches = [shape[0] + _DEPTH[0] * (shape[2] if len(shape) == 3 else 1) for _, shape in blocks]
    steps = [max(reach + 0.3 * tallest, 1.15 * tallest) for reach in reaches]
    margin = 0.7 * tallest
    x = (-margin, sum(steps) + margin / 2)
    high = 1.45 * tallest * WIDTH / (x[1] - x[0])  # inches of the blocks; labels take one more
    ax = axes(ax, WIDTH, high + 1.05, bare=True)
    inch = (x[1] - x[0]) / WIDTH
    left = 0.0
    for index, (name, shape) in enumerate(blocks):
        channels, height, width = shape if len(shape) == 3 else (*shape, 1, 1)
        color = WINDOW if index == 0 else OUTPUT if index == len(blocks) - 1 else KERNEL
        _block(ax, left, (tallest - height) / 2, channels, height, width, color)
        size = f"{channels} × {height} × {width}" if height > 1 else f"{channels}"
        # Neighbours' labels stand at two heights, so that none runs into the next.
        below = tallest + (0.08 if index % 2 else 0.52) * inch
        middle = left + reaches[index] / 2
        ax.plot([middle, middle], [1.02 * tallest, below], color=INK, lw=0.7, ls="-")
        text = f"{name}\n{size}"
        ax.text(middle, below, text, ha="center", va="top", fontsize=10, **_PAPER)
        left += steps[index]
    ax.set(xlim=x, ylim=(tallest + 1.05 * inch, -0.45 * tallest))
    return ax


_PAPER = {"bbox": {"fc": "white", "ec": "none", "pad": 1}}


def _block(ax, left, top, length, height, width, color):
    right, up = _DEPTH[0] * width, _DEPTH[1] * width
    front = [(left, top), (left + length, top), (left + length, top + height), (left, top + height)]
    lid = [front[0], front[1], (left + length + right, top - up), (left + right, top - up)]
    side = [
        front[1],
        (left + length + right, top - up),
        (left + length + right, top + height - up),
        front[2],
    ]
    for corners, alpha in ((front, 0.75), (lid, 0.35), (side, 0.5)):
        ax.add_patch(Polygon(corners, facecolor="white", edgecolor="none"))
        ax.add_patch(Polygon(corners, facecolor=color, edgecolor=INK, lw=0.8, alpha=alpha))
