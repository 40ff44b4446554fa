"""Convolution as columns and as slices of a tape, and how long each way of computing takes."""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from ..ops import corr2d
from .grids import draw_grid, fit_view
from .style import ALERT, INK, KERNEL, MARKERS, OUTPUT, QUIET, SERIES, WIDTH, WINDOW, axes

# What tells the places of a kernel apart, with a name beside each.
_FILLS = (WINDOW, "#56B4E9", "#CC79A7", "#C8C8C8")
# The tapes of a stride, lighter to darker, so that grey print tells their cells apart.
_SHADES = ("#FFFFFF", "#F6DCA8", "#8FC6EA", "#9A9A9A")
_PALE = 0.35
# A border that is seen on the darkest of the shades too.
_BORDER = {"fill": False, "edgecolor": "#5A5A5A", "lw": 0.8, "zorder": 1.5}


def patch_columns(image, kernel, shown=(0, 0), ax=None):
    """Draw how patches become columns, and how one product gives all outputs.

    image: (H, W), kernel: (kh, kw), small enough to read. shown: (row, column) of the window that
    is outlined in the image, in its column and in the output. Returns the Axes. Raises ValueError
    for a window that lies outside.
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    result = corr2d(image, kernel)
    if not all(0 <= place < size for place, size in zip(shown, result.shape, strict=True)):
        raise ValueError(f"shown is {shown}; expected a place in {result.shape}")
    (height, width), (kh, kw), (rows, across) = image.shape, kernel.shape, result.shape
    columns = np.array([image[u : u + rows, v : v + across].ravel() for u, v in _places(kernel)])
    number, gap = shown[0] * across + shown[1], 1.6
    left = kernel.size + gap
    far = left + result.size + gap
    total, top = far + result.size, height + 1.4
    ax = axes(ax, WIDTH, WIDTH / (total + 0.8) * (top + kernel.size + 1.9), bare=True)
    middle = left + result.size / 2
    draw_grid(ax, image, middle - width / 2, 0, "image", box=(*shown, kh, kw))
    draw_grid(ax, kernel, kernel.size / 2 - kw / 2, 0.5, "kernel", color=KERNEL)
    look = {"box": (*shown, 1, 1), "box_color": OUTPUT}
    draw_grid(ax, result, far + result.size / 2 - across / 2, 0.5, "output", **look)
    row = top + (kernel.size - 1) / 2
    draw_grid(ax, kernel.reshape(1, -1), 0, row, "as a row", color=KERNEL)
    box = (0, number, kernel.size, 1)
    draw_grid(ax, columns, left, top, box=box)
    note = "columns, one for each window"
    ax.text(middle, top + kernel.size + 0.2, note, ha="center", va="top", fontsize=11)
    look = {"box": (0, number, 1, 1), "box_color": OUTPUT}
    draw_grid(ax, result.reshape(1, -1), far, row, "one product", **look)
    for place, sign in ((left - gap / 2, "@"), (far - gap / 2, "=")):
        ax.text(place, row + 0.5, sign, ha="center", va="center", fontsize=16)
    tail = middle - width / 2 + shown[1], shown[0] + kh
    tip = left + number + 0.5, top - 0.05
    arrow = {"arrowstyle": "-|>", "color": INK, "lw": 1.6}
    ax.annotate("", tip, tail, arrowprops=arrow, zorder=5)
    return fit_view(ax, total, top + kernel.size + 0.7, margin=0.3)


def tape_slices(image, kernel, ax=None):
    """Draw an image as a tape, the slice of each place of a kernel, and the windows that they make.

    image: (H, W), kernel: (kh, kw) with at most four numbers. Above, the tape with the slices where
    they lie; below, the slices one above the other, the product with the kernel, and the windows
    that reach over the right edge hatched, with a word above. Returns the Axes.
    Raises ValueError for a larger kernel.
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    if kernel.size > len(_FILLS):
        raise ValueError(f"kernel has {kernel.size} numbers; expected at most {len(_FILLS)}")
    (height, width), (kh, kw) = image.shape, kernel.shape
    length = (height - kh + 1) * width
    tape = np.append(image.ravel(), np.zeros(kw - 1, image.dtype))
    label, below, places = 4.2, kernel.size + 2.2, _places(kernel)
    total = label + len(tape)
    ax = axes(ax, WIDTH, WIDTH / (total + 0.6) * (below + kernel.size + 3.0), bare=True)
    draw_grid(ax, tape, label, 0)
    _row_marks(ax, label, height, width)
    slices = []
    for index, ((u, v), color) in enumerate(zip(places, _FILLS, strict=False)):
        start, top = u * width + v, 1.35 + index
        slices.append(tape[start : start + length])
        bar = {"facecolor": color, "edgecolor": INK, "lw": 1}
        ax.add_patch(Rectangle((label + start, top), length, 0.7, **bar))
        _label(ax, label - 0.3, top + 0.35, f"place ({u}, {v})")
        draw_grid(ax, slices[-1], label, below + index)
        fill = {"facecolor": color, "alpha": _PALE, "lw": 0}
        ax.add_patch(Rectangle((label, below + index), length, 1, **fill))
        weight = f"{kernel[u, v]:g}".replace("-", "−")
        _label(ax, label - 0.3, below + index + 0.5, f"weight {weight} ×")
        text = f"from {start}"
        middle = label + start + length / 2
        ax.text(middle, top + 0.35, text, ha="center", va="center", fontsize=10)
    product = kernel.ravel() @ np.array(slices)
    top = below + kernel.size + 0.6
    draw_grid(ax, product, label, top, color=OUTPUT)
    _label(ax, label - 0.3, top + 0.5, "sum")
    for window in range(length):
        if window % width > width - kw:
            _hatch(ax, label + window, below, 1, kernel.size)
            _hatch(ax, label + window, top, 1, 1)
    if kw > 1:
        for end in range(width, length + 1, width):
            middle = label + end - (kw - 1) / 2
            ax.text(middle, below - 0.15, "wrapped", ha="center", va="bottom", fontsize=10)
    return fit_view(ax, total, top + 1, margin=0.3, top=1.1)


def stride_tapes(image, stride, ax=None):
    """Draw an image, its cells marked by row and column modulo the stride, and the tapes of each.

    image: (H, W), its sides multiples of stride; stride: 2, the only one with a filling for each of
    its tapes. Returns the Axes. Raises ValueError for another stride or other sides.
    """
    image = np.asarray(image)
    height, width = image.shape
    if stride != 2 or height % 2 or width % 2:
        raise ValueError(
            f"stride is {stride} and image has shape {image.shape}; expected 2 and even sides"
        )
    gap, label = 4.6, 2.6
    length = height * width // 4
    total = width + gap + length
    tall = max(height, 6.4)
    ax = axes(ax, WIDTH, min(WIDTH / (total + 0.6), 0.5) * (tall + 1.4), bare=True)
    middle = (tall - height) / 2
    for index, (a, b) in enumerate(_places(np.zeros((2, 2)))):
        fill = {"facecolor": _SHADES[index], "lw": 0}
        for row in range(a, height, 2):
            for column in range(b, width, 2):
                ax.add_patch(Rectangle((column, middle + row), 1, 1, **fill))
                ax.add_patch(Rectangle((column, middle + row), 1, 1, **_BORDER))
        top, left = index * tall / 4 + 0.3, width + gap
        page = image[a::2, b::2]
        ax.add_patch(Rectangle((left, top), length, 1, **fill))
        draw_grid(ax, page.ravel(), left, top)
        _label(ax, left - 0.3, top + 0.5, f"tape ({a}, {b})")
        for place in range(length):
            ax.add_patch(Rectangle((left + place, top), 1, 1, **_BORDER))
        for row in range(1, len(page)):
            edge = left + row * page.shape[1]
            ax.plot([edge, edge], [top - 0.1, top + 1.1], color=INK, ls="-", lw=2.5)
    draw_grid(ax, image, 0, middle, "image")
    ax.text(width + label / 2, tall / 2, "→", ha="center", va="center", fontsize=20)
    return fit_view(ax, total, tall, margin=0.3)


def time_dots(groups, unit="", ax=None):
    """Draw positive numbers, such as times, as dots on one logarithmic axis, grouped.

    groups: {group: {name: number}}, the names the same in all, at most five. unit: what the axis
    measures. The number stands beside its dot, to two digits: a dot has no length that would
    mislead on such an axis. Returns the Axes. Raises ValueError for groups of unequal names, and
    numbers that are not above 0.
    """
    names = list(next(iter(groups.values())))
    if any(list(group) != names for group in groups.values()) or len(names) > len(SERIES):
        raise ValueError(
            f"groups name {[list(group) for group in groups.values()]}; expected "
            f"the same names in all, at most {len(SERIES)}"
        )
    numbers = [number for group in groups.values() for number in group.values()]
    if not min(numbers) > 0:
        raise ValueError(f"the smallest number is {min(numbers)}; expected all above 0")
    pitch = len(names) + 1
    ax = axes(ax, WIDTH, 0.9 + 0.26 * pitch * len(groups))
    for index, name in enumerate(names):
        places = [number * pitch + index for number in range(len(groups))]
        values = [group[name] for group in groups.values()]
        look = {"color": SERIES[index], "marker": MARKERS[index], "ls": "", "ms": 7}
        ax.plot(values, places, **look, label=name)
        for place, value in zip(places, values, strict=True):
            ax.axhline(place, color=QUIET, ls=":", lw=0.8, zorder=0)
            text = f"{value:.2g}" if value < 100 else f"{value:.0f}"
            look = {"va": "center", "fontsize": 10}
            look["bbox"] = {"facecolor": "white", "lw": 0, "pad": 1}
            ax.annotate(text, (value, place), (8, 0), textcoords="offset points", **look)
    ax.set(xlim=(min(numbers) / 1.6, max(numbers) * 2.2), xlabel=unit)
    ax.set_yticks([i * pitch + (len(names) - 1) / 2 for i in range(len(groups))], list(groups))
    ax.set_ylim(len(groups) * pitch - 1.3, -0.7)
    log_scales(ax)
    look = {"ncols": len(names), "borderaxespad": 0.2, "columnspacing": 1.4, "handletextpad": 0.2}
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), **look)
    return ax


def log_scales(ax, places=None, y=False):
    """Give an Axes a logarithmic x axis, and a y axis if wanted, with numbers that can be read.

    places: what is written at the x axis, 1 and 3 times the powers of ten by default. Returns ax.
    """
    axis = [(ax.xaxis, places)]
    ax.set_xscale("log")
    if y:
        ax.set_yscale("log")
        axis.append((ax.yaxis, None))
    for one, ticks in axis:
        one.set_major_locator(LogLocator(subs=(1, 3)) if ticks is None else FixedLocator(ticks))
        one.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        one.set_minor_locator(NullLocator())
        one.set_minor_formatter(NullFormatter())
    return ax


def _places(kernel):
    return list(np.ndindex(kernel.shape))


def _label(ax, x, y, text):
    ax.text(x, y, text, ha="right", va="center", fontsize=11)


def _row_marks(ax, left, height, width):
    """Mark on the tape where each row of the image begins, and what lies behind its end."""
    for row in range(height):
        start = left + row * width
        ax.plot([start, start], [-0.15, 1.15], color=INK, ls="-", lw=3)
        text = f"row {row}"
        ax.text(start + width / 2, -0.2, text, ha="center", va="bottom", fontsize=11)
    end = left + height * width
    ax.plot([end, end], [-0.15, 1.15], color=INK, ls="-", lw=3)
    _label(ax, left - 0.3, 0.5, "tape")


def _hatch(ax, left, top, width, height):
    """Frame and hatch a rectangle behind its numbers."""
    box = {"fill": False, "edgecolor": ALERT, "lw": 2, "zorder": 4}
    ax.add_patch(Rectangle((left, top), width, height, **box))
    lines = {"facecolor": "white", "edgecolor": ALERT, "hatch": "//", "alpha": 0.3, "lw": 0}
    ax.add_patch(Rectangle((left, top), width, height, **lines))
