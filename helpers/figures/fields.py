"""Receptive fields drawn: a stack from the side, measured boxes, and fields beside the image."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from ..geometry import receptive_field
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes, panels


def taps(layers, size, index):
    """Return the cells that one output reads at every level, input first, as sorted arrays.

    layers: `geometry` layers; size: of the input; index: of the output, along one axis. Cells of
    the padding are there too, below 0 or from the level's size on.
    """
    levels = [np.array([index])]
    sizes = [size, *(row.size for row in receptive_field(layers, size))]
    for layer, below in zip(layers[::-1], sizes[-2::-1], strict=True):
        row = receptive_field([layer], below)[0]
        steps = layer.dilation[0] * np.arange(layer.kernel_size[0])
        inside = [i for i in levels[0] if 0 <= i < row.size]
        levels.insert(0, np.unique([row.span(i)[0] + steps for i in inside]))
    return levels


def side_view(layers, size, index, ax=None, title=""):
    """Draw a stack along one axis from the side, and the cells that one output reads.

    layers, size, index: as for `taps`; the layers' names label the levels. Filled cells are read,
    dashed ones are padding that is read. Returns the Axes.
    """
    rows = receptive_field(layers, size)
    starts, jumps = [0, *(row.start for row in rows)], [1, *(row.jump for row in rows)]
    sizes = [size, *(row.size for row in rows)]
    colors = [WINDOW, *[QUIET] * (len(layers) - 1), OUTPUT]
    ax = axes(ax, WIDTH, 0.9 + 0.75 * len(sizes))
    for level, read in enumerate(taps(layers, size, index)):
        for cell in sorted({*range(sizes[level]), *read.tolist()}):
            inside = 0 <= cell < sizes[level]
            x = starts[level] + cell * jumps[level]
            box = Rectangle((x - 0.4, level - 0.2), 0.8, 0.4, zorder=2)
            box.set(facecolor=colors[level] if inside and cell in read else "white")
            box.set(edgecolor=INK if inside else ALERT, ls="-" if inside else ":")
            ax.add_patch(box)
            if level and inside and cell in read:
                below = taps(layers[level - 1 : level], sizes[level - 1], cell)[0]
                for tap in starts[level - 1] + below * jumps[level - 1]:
                    ends = [level - 0.8, level - 0.2]
                    ax.plot([tap, x], ends, color=KERNEL, lw=1, ls="-", zorder=1)
    labels = [f"input: {size}", *(f"{row.name}: {row.size}" for row in rows)]
    ax.set(yticks=range(len(sizes)), yticklabels=labels, ylim=(-0.5, len(layers) + 0.5))
    ax.set(title=title, xlabel="position in the input (pixels)")
    ax.xaxis.set_major_locator(MaxNLocator(10, integer=True, steps=[1, 2, 5, 10]))
    ax.spines[:].set_visible(False)
    ax.tick_params(left=False)
    return ax


def boxes(fields, spans):
    """Draw measured fields and, around each, the box that a calculation gives.

    fields: {title: (H, W) bool array}, True where the pixel reaches the output, all of one shape.
    spans: {title: ((top, bottom), (left, right))}, the box, inclusive, in pixels, under the same
    titles. Returns the Axes as an array.
    """
    fields = {title: np.asarray(field, bool) for title, field in fields.items()}
    tall = max(field.shape[0] / field.shape[1] for field in fields.values())
    grid = panels(1, len(fields), WIDTH / len(fields) * tall + 1.1)
    for ax, (title, field) in zip(grid.flat, fields.items(), strict=True):
        ax.imshow(field, cmap=ListedColormap(["white", WINDOW]), vmin=0, vmax=1)
        box = outline(ax, spans[title])
        ax.set(title=title, xlabel="column (pixels)")
        ax.set(xlim=(-1.5, field.shape[1] + 0.5), ylim=(field.shape[0] + 0.5, -1.5))
        frame = {"fill": False, "edgecolor": QUIET, "lw": 1.2}
        ax.add_patch(Rectangle((-0.5, -0.5), field.shape[1], field.shape[0], **frame))
        ax.spines[:].set_visible(False)
    grid[0, 0].set_ylabel("row (pixels)")
    grid[0, 0].figure.legend([box], ["computed field"], loc="outside lower center")
    return grid


def axis_spans(row, input_size, ax=None, title=""):
    """Draw along one axis what every output of a layer sees, beside the image.

    row: a `Field` of `geometry.receptive_field` with its size. input_size: pixels of the image;
    what lies outside is padding, drawn thin. Returns the Axes.
    """
    ax = axes(ax, WIDTH, 1.1 + 0.28 * row.size)
    ax.axvspan(-0.5, input_size - 0.5, color=QUIET, alpha=0.2, lw=0)
    for index in range(row.size):
        first, last = row.span(index)
        ax.plot([first, last], [index] * 2, color=INK, lw=1.5, ls=":")
        inside = [max(first, 0) - 0.5, min(last, input_size - 1) + 0.5]
        ax.plot(inside, [index] * 2, color=WINDOW, lw=9, ls="-", solid_capstyle="butt")
    names = [f"output {index}" for index in range(row.size)]
    ax.set(yticks=range(row.size), yticklabels=names, ylim=(row.size - 0.4, -0.6))
    ax.set(title=title, xlabel=f"position (pixels; the image, grey, is 0 to {input_size - 1})")
    ax.spines[:].set_visible(False)
    ax.tick_params(left=False)
    return ax


def outline(ax, span):
    """Draw the box ((top, bottom), (left, right)), inclusive, on an image. Returns the patch."""
    (top, bottom), (left, right) = span
    box = Rectangle((left - 0.5, top - 0.5), right - left + 1, bottom - top + 1, fill=False)
    # White on dark ink is seen on every colour of a map.
    box.set(edgecolor="white", lw=2, path_effects=[withStroke(linewidth=4, foreground=INK)])
    box.set_clip_on(False)
    return ax.add_patch(box)
