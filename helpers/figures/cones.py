"""What one output of a stack sees, as a cone and from above, with the paths that lead to it."""

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke

from ..geometry import receptive_field
from .grids import fit_view
from .style import INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes

_LEAN, _FLATTEN = 0.5, 0.55  # how a square lies in a cone: sheared to the right, seen from above
_ROOM = 4.0  # cells that a label beside a sheet takes
_PALE = 0.3


def path_counts(layers):
    """Return by how many paths the cells of every level reach one output, the input's level first.

    layers: `geometry` layers. A path takes one tap of the kernel in every layer, channels left
    aside. Each level is an array (rows, columns) of ints that covers the output's field there; the
    last is [[1]]. Cells that no path uses hold 0.
    Raises ValueError where a layer sees the whole image, as `geometry.receptive_field` does.
    """
    receptive_field(layers, axis=0)
    along = [np.ones(1, object), np.ones(1, object)]  # Python's ints, which do not overflow
    levels = [np.outer(*along)]
    for layer in layers[::-1]:
        for axis in (0, 1):
            k, s, d = layer.kernel_size[axis], layer.stride[axis], layer.dilation[axis]
            apart = _spread(along[axis], s)
            along[axis] = np.convolve(apart, _spread(np.ones(k, object), d))
        levels.insert(0, np.outer(*along))
    return levels


def _spread(values, step):
    apart = np.zeros((len(values) - 1) * step + 1, object)
    apart[::step] = values
    return apart


def cones(stacks, ax=None):
    """Draw what one output of each stack sees, layer under layer, as cones on one scale.

    stacks: {title: `geometry` layers with square kernels, stride 1 and dilation 1}. The input lies
    at the bottom; in each cell stands by how many paths it reaches the output. The windows at the
    front right are filled, like the cells that they feed; dashed lines follow the whole field.
    Returns the Axes.
    Raises ValueError for a stride or a dilation above 1, which these grids cannot show.
    """
    for layers in stacks.values():
        for layer in layers:
            if (*layer.stride, *layer.dilation) != (1, 1, 1, 1):
                raise ValueError(
                    f"stacks has stride {layer.stride} and dilation {layer.dilation}; expected 1: "
                    "draw others with side_view or path_maps"
                )
    counts = {title: path_counts(layers) for title, layers in stacks.items()}
    largest = max(len(levels[0]) for levels in counts.values())
    rise = (0.35 + _FLATTEN) * largest
    deepest = max(map(len, counts.values()))
    widths = [len(levels[0]) * (1 + _LEAN) + _ROOM for levels in counts.values()]
    top, bottom = rise * (deepest - 1) + 2.2, -_FLATTEN * largest / 2 - 0.6
    ax = axes(ax, WIDTH, WIDTH * (top - bottom) / (sum(widths) + 1), bare=True)
    left = 0.5
    for (title, levels), width in zip(counts.items(), widths, strict=True):
        middle = left + len(levels[0]) * (1 + _LEAN) / 2
        _cone(ax, stacks[title], levels, middle, rise)
        over = rise * (len(levels) - 1) + 1.4
        ax.text(middle, over, title, ha="center", va="bottom", fontsize=12)
        left += width
    ax.set(xlim=(0, sum(widths) + 1), ylim=(bottom, top))
    return ax


def _cone(ax, layers, levels, middle, rise):
    places = [(len(counts), middle, level * rise) for level, counts in enumerate(levels)]
    for level, place in enumerate(places):
        size = place[0]
        feeds = 0 < level < len(levels) - 1
        last = level == len(levels) - 1
        _sheet(ax, size, place, OUTPUT if last else QUIET if level else WINDOW, _PALE / 2)
        if last:
            _sheet(ax, 1, place, OUTPUT, _PALE)
        else:
            window = layers[level].kernel_size[0]
            _sheet(ax, window, place, QUIET if level else WINDOW, _PALE if level else 2 * _PALE)
            if feeds:
                _sheet(ax, 1, place, WINDOW, 1)
            above = places[level + 1]
            _join(ax, (size, place), (above[0], above), QUIET, "--")
            _join(ax, (window, place), (1, above), KERNEL, "-")
        for line in range(size + 1):
            for ends in ([(line, 0), (line, size)], [(0, line), (size, line)]):
                ax.plot(*_lay(ends, place), color=INK, lw=0.9, ls="-")
        for (row, column), paths in np.ndenumerate(levels[level]):
            x, y = _lay([(row + 0.5, column + 0.5)], place)[:, 0]
            number = ax.text(x, y, paths, ha="center", va="center_baseline", fontsize=11, zorder=4)
            number.set_path_effects([withStroke(linewidth=2.5, foreground="white", alpha=0.8)])
        where = "output" if last else f"after layer {level}" if level else "input"
        x = middle + places[0][0] * (1 + _LEAN) / 2 + 0.5
        ax.text(x, place[2], f"{where}\n{size} × {size}", va="center", fontsize=11)


def _lay(points, place):
    """Lay (row, column) points of a sheet in perspective: an array (2, n) of x and y."""
    size, middle, height = place
    v, u = np.transpose(points) - size / 2
    return np.stack([middle + u - _LEAN * v, height - _FLATTEN * v])


def _sheet(ax, part, place, color, alpha):
    """Fill the part × part cells at the front right of a sheet."""
    size = place[0]
    far = size - part
    corners = [(far, far), (far, size), (size, size), (size, far)]
    ax.add_patch(Polygon(_lay(corners, place).T, lw=0, facecolor=color, alpha=alpha))


def _join(ax, lower, upper, color, style):
    """Join the corners of two parts at the front right of sheets, each given as (part, place)."""
    for row in (0, 1):
        for column in (0, 1):
            ends = []
            for part, place in (lower, upper):
                corner = place[0] - part * (1 - row), place[0] - part * (1 - column)
                ends.append(_lay([corner], place))
            ax.plot(*np.concatenate(ends, axis=1), color=color, lw=1.2, ls=style)


def path_maps(stacks, ax=None):
    """Draw which input pixels one output of each stack reads, on one scale.

    stacks: {title: `geometry` layers}. In each cell stands by how many paths it reaches the
    output; cells that none uses stay white and empty. Returns the Axes.
    """
    maps = {title: path_counts(layers)[0] for title, layers in stacks.items()}
    gap = 1.6
    total = sum(paths.shape[1] for paths in maps.values()) + gap * (len(maps) - 1)
    tallest = max(len(paths) for paths in maps.values())
    ax = axes(ax, WIDTH, WIDTH / (total + 0.6) * (tallest + 2), bare=True)
    left = 0
    for title, paths in maps.items():
        top = (tallest - len(paths)) / 2
        middle = left + paths.shape[1] / 2
        ax.text(middle, top - 0.3, title, ha="center", va="bottom", fontsize=12)
        for (row, column), count in np.ndenumerate(paths):
            cell = Rectangle((left + column, top + row), 1, 1, edgecolor=QUIET, lw=0.8)
            cell.set_facecolor(to_rgba(WINDOW, 2 * _PALE) if count else "white")
            ax.add_patch(cell)
            if count:
                x, y = left + column + 0.5, top + row + 0.5
                ax.text(x, y, count, ha="center", va="center_baseline", fontsize=10)
        left += paths.shape[1] + gap
    return fit_view(ax, total, tallest, margin=0.3, top=1.6)
