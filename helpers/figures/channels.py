"""Channels, many kernels and batches drawn as sums and as stacks of sheets."""

import numpy as np
from matplotlib.patches import Rectangle

from ..ops import corr2d
from .grids import draw_grid, fit_view
from .style import INK, KERNEL, OUTPUT, WIDTH, WINDOW, axes


def channel_sum(x, weight, ax=None):
    """Draw one output of many channels: each channel with its kernel, and the sum of the results.

    x: (C, H, W); weight: (C, kh, kw), small enough to read. The window at the upper left is
    outlined. Returns the Axes.
    """
    x, weight = np.asarray(x), np.asarray(weight)
    parts = [corr2d(channel, kernel) for channel, kernel in zip(x, weight, strict=True)]
    (_, height, wide), (_, kh, kw) = x.shape, weight.shape
    rows, columns = parts[0].shape
    gap, pitch = 1.2, height + 1.2
    lefts = np.cumsum([0, wide + gap, kw + gap, columns + gap + 0.6])
    total = len(x) * pitch - 1.2
    ax = axes(ax, WIDTH, 0.45 * (total + 1.2), bare=True)
    for index, (channel, kernel, part) in enumerate(zip(x, weight, parts, strict=True)):
        top = index * pitch
        draw_grid(ax, channel, lefts[0], top, f"channel {index}", box=(0, 0, kh, kw))
        draw_grid(ax, kernel, lefts[1], top + (height - kh) / 2, f"kernel {index}", color=KERNEL)
        middle = top + (height - rows) / 2
        draw_grid(ax, part, lefts[2], middle, "its sums", box=(0, 0, 1, 1))
        sign = "+" if index < len(x) - 1 else "="
        ax.text(lefts[3] - 0.9, top + height / 2, sign, ha="center", va="center", fontsize=16)
    draw_grid(
        ax,
        sum(parts),
        lefts[3] + 0.2,
        (total - rows) / 2,
        "output",
        box=(0, 0, 1, 1),
        box_color=OUTPUT,
    )
    return fit_view(ax, lefts[3] + 0.2 + columns, total, margin=0.2)


def layer_stacks(images, in_channels, out_channels, sizes, ax=None):
    """Draw a layer's shapes: images as stacks of sheets, kernels as stacks, outputs as stacks.

    images, in_channels, out_channels: how many; sizes: (input, kernel, output) in pixels, drawn to
    one scale, the kernels enlarged until they can be seen. Returns the Axes.
    """
    ax = axes(ax, WIDTH, 2.2 + 1.4 * images, bare=True)
    size_in, size_kernel, size_out = sizes
    side = {"in": 2.0, "kernel": max(2.0 * size_kernel / size_in, 0.45)}
    side["out"] = 2.0 * size_out / size_in
    step = 0.1
    columns = [
        (0, images, in_channels, side["in"], WINDOW, "x"),
        (4.6, out_channels, in_channels, side["kernel"], KERNEL, "weight"),
        (8.2, images, out_channels, side["out"], OUTPUT, "y"),
    ]
    shapes = {
        "x": [images, in_channels, size_in, size_in],
        "weight": [out_channels, in_channels, size_kernel, size_kernel],
        "y": [images, out_channels, size_out, size_out],
    }
    height = images * 3.0
    for left, count, sheets, edge, color, name in columns:
        pitch = height / count
        for item in range(count):
            top = item * pitch + (pitch - edge) / 2
            for sheet in range(sheets)[::-1]:
                corner = (left + step * sheet, top - step * sheet / 2)
                patch = Rectangle(corner, edge, edge, facecolor="white", edgecolor=INK, lw=0.8)
                ax.add_patch(patch)
                ax.add_patch(Rectangle(corner, edge, edge, facecolor=color, alpha=0.45, lw=0))
            if name == "weight":
                ax.plot(left + edge + step * sheets + 0.5, top + edge / 2, "o", color=INK, ms=5)
        title = f"{name}\n{' × '.join(map(str, shapes[name]))}"
        ax.text(left + edge / 2, -0.9, title, ha="center", va="bottom", fontsize=11)
    ax.text(6.2, height + 0.3, "● one bias for each kernel", ha="center", va="top", fontsize=10)
    for left in (3.4, 7.4):
        ends = {"xy": (left + 0.5, height / 2), "xytext": (left, height / 2)}
        ax.annotate("", **ends, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 2})
    ax.set(xlim=(-0.8, 11.6), ylim=(height + 0.9, -2.3))
    return ax
