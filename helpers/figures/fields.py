"""Receptive fields: cones and side views of a stack, measured boxes, and where gradients fall."""

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from ..geometry import receptive_field
from .style import ALERT, INK, KERNEL, OUTPUT, QUIET, VALUES, WIDTH, WINDOW, axes, panels

_LEAN, _FLATTEN = 0.45, 0.5  # how a square lies in a cone: sheared to the right, seen from above


def cone(layers, ax=None):
    """Draw what one output of a stack sees, layer under layer, as a cone of square grids.

    layers: `geometry` layers with square kernels and stride 1. The input lies at the bottom.
    Solid lines join a window to the cell computed from it; dashed lines follow the whole field.
    Returns the Axes.
    Raises ValueError for a stride above 1, which these grids cannot show.
    """
    if any(layer.stride != (1, 1) for layer in layers):
        raise ValueError(
            f"layers has strides {[layer.stride for layer in layers]}; expected 1 everywhere: "
            "draw others with side_view"
        )
    sizes = [*(receptive_field(layers[i:])[-1].field for i in range(len(layers))), 1]
    ax = axes(ax, WIDTH / 2, 1.5 * len(sizes), bare=True)
    rise = 0.75 * max(sizes)
    for level, size in enumerate(sizes):
        color = OUTPUT if size == 1 else WINDOW if level == 0 else QUIET
        _sheet(ax, size, level * rise, size, facecolor=color, alpha=0.35)
        for line in range(size + 1):
            for ends in ([(line, 0), (line, size)], [(0, line), (size, line)]):
                ax.plot(*_lay(ends, size, level * rise), color=INK, lw=0.9, ls="-")
        where = "input" if level == 0 else f"after layer {level}"
        x, y = _lay([(0, size)], size, level * rise)[:, 0]
        ax.text(x + 0.5, y, f"{where}\n{size} × {size}", va="top", fontsize=11)
    for level, (layer, size) in enumerate(zip(layers, sizes, strict=False)):
        above, window = sizes[level + 1], layer.dilation[0] * (layer.kernel_size[0] - 1) + 1
        _join(ax, (size, size, level * rise), (above, above, (level + 1) * rise), QUIET, "--")
        _join(ax, (window, size, level * rise), (1, above, (level + 1) * rise), KERNEL, "-")
        _sheet(ax, window, level * rise, size, fill=False, edgecolor=KERNEL, lw=2.5)
    ax.set(xlim=(-0.8 * sizes[0], 1.35 * sizes[0]), ylim=(-0.4 * sizes[0], None))
    return ax


def _lay(points, size, height):
    """Lay (row, column) points of a size × size grid in perspective: an array (2, n) of x and y."""
    v, u = np.transpose(points) - size / 2
    return np.stack([u - _LEAN * v, height - _FLATTEN * v])


def _sheet(ax, part, height, size, **options):
    """Draw the part × part cells at the front right of a grid as one sheet."""
    far = size - part
    corners = [(far, far), (far, size), (size, size), (size, far)]
    ax.add_patch(Polygon(_lay(corners, size, height).T, lw=options.pop("lw", 0), **options))


def _join(ax, lower, upper, color, style):
    """Join the corners of two sheets, each given as (part, size, height)."""
    for row in (0, 1):
        for column in (0, 1):
            ends = [
                _lay([(s - part * (1 - row), s - part * (1 - column))], s, height)
                for part, s, height in (lower, upper)
            ]
            ax.plot(*np.concatenate(ends, axis=1), color=color, lw=1.2, ls=style)


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
    ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    ax.spines[:].set_visible(False)
    ax.tick_params(left=False)
    return ax


def boxes(fields, spans, columns=None, label=""):
    """Draw measured fields and, around each, the box that a calculation gives.

    fields: {title: (H, W) array}, all bool (True: the pixel reaches the output) or all numbers
    (shown with a colour bar called label). spans: for each field its box, ((top, bottom),
    (left, right)), inclusive, in pixels. Returns the Axes as an array.
    """
    fields = {title: np.asarray(field) for title, field in fields.items()}
    columns = columns or len(fields)
    rows = -(-len(fields) // columns)
    numbers = any(field.dtype != bool for field in fields.values())
    tall = max(field.shape[0] / field.shape[1] for field in fields.values())
    grid = panels(rows, columns, rows * (WIDTH / columns * tall + 0.7 + 0.6 * numbers) + 0.4)
    for ax, (title, field), span in zip(grid.flat, fields.items(), spans, strict=True):
        if numbers:
            shown = ax.imshow(field, cmap=VALUES, vmin=0)
            ticks = MaxNLocator(4, integer=True)
            place = {"location": "bottom", "shrink": 0.9, "ticks": ticks}
            ax.figure.colorbar(shown, ax=ax, label=label, **place)
        else:
            ax.imshow(field, cmap=ListedColormap(["white", WINDOW]), vmin=0, vmax=1)
        box = outline(ax, span)
        ax.set(title=title, xlabel="column (pixels)", ylabel="row (pixels)")
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.spines[:].set_visible(True)
    grid[0, 0].figure.legend([box], ["computed field"], loc="outside lower center")
    return grid


def outline(ax, span):
    """Draw the box ((top, bottom), (left, right)), inclusive, on an image. Returns the patch."""
    (top, bottom), (left, right) = span
    box = Rectangle((left - 0.5, top - 0.5), right - left + 1, bottom - top + 1, fill=False)
    # White on dark ink is seen on every colour of a map.
    box.set(edgecolor="white", lw=2, path_effects=[withStroke(linewidth=4, foreground=INK)])
    box.set_clip_on(False)
    return ax.add_patch(box)
