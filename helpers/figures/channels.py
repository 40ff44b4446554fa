"""Channels, many kernels and batches drawn as sums and as stacks of sheets; stamps that add up."""

import numpy as np
from matplotlib.patches import Rectangle

from ..ops import conv2d_transpose, corr2d
from .grids import draw_grid, fit_view
from .style import INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes, panels

_LEAN = np.array([0.1, -0.06])  # from one sheet of a stack to the next, right and up


def channel_sum(x, weight, ax=None):
    """Draw one output of many channels: each channel, its slice of the kernel, and the sum of all.

    x: (C, H, W); weight: (C, kh, kw), small enough to read. The window at the upper left is
    outlined; brackets hold the slices of the one kernel together. Returns the Axes.
    """
    x, weight = np.asarray(x), np.asarray(weight)
    parts = [corr2d(channel, kernel) for channel, kernel in zip(x, weight, strict=True)]
    (_, height, wide), (_, kh, kw), (rows, columns) = x.shape, weight.shape, parts[0].shape
    pitch, total = height + 1.2, len(x) * (height + 1.2) - 1.2
    kernel_left, parts_left = wide + 1.4, wide + kw + 2.9
    output_left = parts_left + columns + 2.2
    ax = axes(ax, WIDTH, 0.52 * (total + 2.2), bare=True)
    for index, (channel, kernel, part) in enumerate(zip(x, weight, parts, strict=True)):
        top, middle = index * pitch, index * pitch + height / 2
        draw_grid(ax, channel, 0, top, f"input, channel {index}", box=(0, 0, kh, kw))
        draw_grid(ax, kernel, kernel_left, middle - kh / 2, f"channel {index}", color=KERNEL)
        title = f"sums of channel {index}"
        draw_grid(ax, part, parts_left, middle - rows / 2, title, box=(0, 0, 1, 1))
    for left, inwards in ((kernel_left - 0.6, 1), (kernel_left + kw + 0.6, -1)):
        across = np.array([0.3 * inwards, 0, 0, 0.3 * inwards]) + left
        ax.plot(across, [-0.8, -0.8, total + 0.3, total + 0.3], color=KERNEL, ls="-", lw=2.5)
    label = {"ha": "center", "fontsize": 11}
    ax.text(kernel_left + kw / 2, -1.0, "one kernel", va="bottom", color=KERNEL, **label)
    middle = total / 2
    ax.text(output_left - 1.1, middle, "Σ", ha="center", va="center", fontsize=26)
    top = middle - rows / 2
    look = {"box": (0, 0, 1, 1), "box_color": OUTPUT}
    draw_grid(ax, sum(parts), output_left, top, "output", **look)
    return fit_view(ax, output_left + columns, total, margin=0.4, top=1.8)


def layer_stacks(images, in_channels, out_channels, sizes, ax=None):
    """Draw a layer's shapes: images as stacks of sheets, kernels as stacks, outputs as stacks.

    images, in_channels, out_channels: how many; sizes: (input, kernel, output) in pixels, drawn to
    one scale, the kernels enlarged until they can be seen. The first kernel is drawn full, with its
    window through all sheets of the first image, and so is the one sheet that it makes of each.
    Returns the Axes.
    """
    size_in, size_kernel, size_out = sizes
    shapes = {
        "x": [images, in_channels, size_in, size_in],
        "weight": [out_channels, in_channels, size_kernel, size_kernel],
        "y": [images, out_channels, size_out, size_out],
    }
    edge = {"x": 2.0, "y": 2.0 * size_out / size_in}
    edge["weight"] = max(2.0 * size_kernel / size_in, 0.4)
    height, lefts = max(images * 3.0, 0.62 * out_channels), {"x": 0.0, "weight": 4.8, "y": 8.4}
    ax = axes(ax, WIDTH, 0.65 * (height + 2.4), bare=True)
    tops = {}
    for name, color in (("x", WINDOW), ("weight", KERNEL), ("y", OUTPUT)):
        count, sheets = shapes[name][:2]
        pitch = height / count
        tops[name] = [pitch * item + (pitch - edge[name]) / 2 for item in range(count)]
        for item, top in enumerate(tops[name]):
            strong = {"x": 0, "weight": sheets if item == 0 else 0, "y": 1}[name]
            _stack(ax, (lefts[name], top), sheets, edge[name], color, strong)
        text = f"{name}\n{' × '.join(map(str, shapes[name]))}"
        ax.text(lefts[name] + edge[name] / 2, -0.5, text, ha="center", va="bottom", fontsize=11)
    for top in tops["weight"]:
        place = lefts["weight"] + edge["weight"] + in_channels * _LEAN[0] + 0.35
        ax.plot(place, top + edge["weight"] / 2, "o", color=INK, ms=5)
    window = np.array([0.5, tops["x"][0] + 0.6])
    for sheet in range(in_channels)[::-1]:
        _sheet(ax, window + sheet * _LEAN, edge["weight"], KERNEL, 0.9, front=sheet == 0)
    kernel = np.array([lefts["weight"], tops["weight"][0] + edge["weight"] / 2])
    output = np.array([lefts["y"], tops["y"][0] + edge["y"] / 2])
    deep = edge["weight"] + in_channels * _LEAN[0]
    start, right = (
        window + np.array([deep, edge["weight"] / 2]),
        kernel + np.array([deep + 0.55, 0]),
    )
    for tail, tip in ((start, kernel - [0.15, 0]), (right, output + np.array([0.3, 0]))):
        ax.annotate("", tip, tail, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.6})
    note = "● one bias for each kernel"
    ax.text(lefts["weight"] + 0.4, height + 0.2, note, ha="center", va="top", fontsize=10)
    ax.set(xlim=(-0.8, 11.8), ylim=(height + 0.8, -1.7))
    return ax


def _stack(ax, corner, sheets, edge, color, strong):
    """Draw sheets behind one another, the first in front; so many of them are full of colour."""
    for sheet in range(sheets)[::-1]:
        alpha = 0.95 if sheet < strong else 0.25
        _sheet(ax, np.array(corner) + sheet * _LEAN, edge, color, alpha, front=True)


def _sheet(ax, corner, edge, color, alpha, front):
    patch = {"lw": 0.8, "edgecolor": INK}
    ax.add_patch(Rectangle(corner, edge, edge, facecolor="white", lw=0, alpha=1.0 if front else 0))
    ax.add_patch(Rectangle(corner, edge, edge, facecolor=color, alpha=alpha, lw=0))
    ax.add_patch(Rectangle(corner, edge, edge, fill=False, **patch))


def stamps(values, kernels, stride):
    """Draw a transposed convolution of one row: each input's stamp, and their sum beneath.

    values: (n,), the inputs; kernels: {title: (k,)}, a panel for each; stride: the distance from
    one stamp to the next. Places where stamps overlap are hatched. Returns the Axes as an array.
    """
    values = np.asarray(values, float)
    longest = (len(values) - 1) * stride + max(map(len, kernels.values()))
    height = 0.36 * (len(values) + 3.4)
    grid = panels(1, len(kernels), height, bare=True)
    for ax, (title, kernel) in zip(grid[0], kernels.items(), strict=True):
        kernel = np.asarray(kernel, float)
        for row, value in enumerate(values):
            left = row * stride
            draw_grid(ax, value * kernel[None], left, row, color=WINDOW)
            ax.text(-0.3, row + 0.5, f"{value:g} ·", ha="right", va="center_baseline", fontsize=11)
        row, window = values.reshape(1, 1, 1, -1), kernel.reshape(1, 1, 1, -1)
        total = conv2d_transpose(row, window, stride=(1, stride))[0, 0]
        top = len(values) + 0.5
        written = np.zeros(total.shape[1])
        for row in range(len(values)):
            written[row * stride : row * stride + len(kernel)] += 1
        for place in np.flatnonzero(written > 1):
            hatch = {"fill": False, "hatch": "///", "edgecolor": QUIET, "lw": 0}
            ax.add_patch(Rectangle((place, top), 1, 1, **hatch))
        draw_grid(ax, total, 0, top, color=OUTPUT)
        ax.text(-0.3, top + 0.5, "sum", ha="right", va="center_baseline", fontsize=11)
        ax.set_title(title)
        fit_view(ax, longest, top + 1, margin=0.2, top=0.2)
        ax.set_xlim(left=-1.8)
    return grid
