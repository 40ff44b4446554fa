"""Computations as graphs with their numbers, the gradient of a convolution, what checks catch."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from ..graph import steps
from ..ops import conv2d_transpose
from .grids import draw_grid, fit_view
from .style import INK, KERNEL, OUTPUT, QUIET, SERIES, WIDTH, WINDOW, axes

_COLUMN, _ROW = 1.0, 0.72  # from one box to the next, in units of the widest figure's columns
_HALF = 0.21  # of a box's width
_BEND = 0.04  # from a box to where a line leaves its level
_BACK = SERIES[2]  # gradients, on their way back


def graph(output, ax=None):
    """Draw recorded steps as boxes: on each line the value going forward, the gradient back.

    output: a `graph.Value` whose gradients `graph.backward` has filled in; the numbers drawn are
    those that it holds, to two digits. Inputs are framed in orange; one that several steps take
    has the sum of its gradients beneath. Returns the Axes.
    Raises ValueError for an output whose own gradient is not 1.
    """
    if output.grad != 1:
        raise ValueError(f"output has the gradient {output.grad:g}; call backward(output) first")
    places = _places(output)
    left = -_HALF - 0.05
    right = (max(column for column, _ in places.values()) + 1) * _COLUMN - _HALF + 0.05
    rows = [row for _, row in places.values()]
    unit = min((WIDTH - 0.2) / (right - left), 1.45)
    height = unit * _ROW * (max(rows) - min(rows) + 1.1)
    ax = axes(ax, WIDTH, height + 0.45, bare=True)  # the title takes the rest
    order = steps(output)
    users = {id(value): sum(v.inputs.count(value) for v in order) for value in order}
    for value in order:
        for source, gradient in zip(value.inputs, value.passed, strict=True):
            ends = places[id(source)], places[id(value)]
            _edge(ax, ends, source.data, gradient, fork=users[id(source)] > 1)
    column, row = places[id(output)]
    _edge(ax, ((column, row), (column + 1, row)), output.data, output.grad, fork=False)
    for value in order:
        _box(ax, value, places[id(value)])
        if users[id(value)] > 1:
            _fork_sum(ax, value, order, places[id(value)])
    ax.set(xlim=(left, right))
    ax.set_title("Above each line: the value. Below, bold: the gradient on its way back")
    ax.set(ylim=((max(rows) + 0.5) * _ROW, (min(rows) - 0.6) * _ROW))
    return ax


def conv_gradient(grads, kernel, stride):
    """Draw the gradient of a convolution's input as a convolution with the flipped kernel.

    grads: (H, W), the output's gradient; kernel: (k, k); stride: the forward one, at most a few.
    Left the gradient spread by the stride and padded with k − 1 zeros, in its middle the flipped
    kernel, right the gradient of the input that the windows cover. One window is outlined, and
    what it gives. Returns the Axes.
    """
    grads, kernel = np.asarray(grads, float), np.asarray(kernel, float)
    k = len(kernel)
    wide = (np.array(grads.shape) - 1) * stride + 1
    spread = np.zeros(wide + 2 * (k - 1))
    inner = (slice(k - 1, k - 1 + wide[0], stride), slice(k - 1, k - 1 + wide[1], stride))
    spread[inner] = grads
    result = conv2d_transpose(grads[None, None], kernel[None, None], stride=stride)[0, 0]
    gap, (rows, columns) = 1.3, spread.shape
    total = columns + k + result.shape[1] + 2 * gap
    unit = min(WIDTH / (total + 0.4), 0.45)
    ax = axes(None, WIDTH, unit * (rows + 1.5), bare=True)
    row, column = k - 1, k - 1
    title = f"gradient, spread by {stride}" if stride > 1 else "gradient of the output"
    draw_grid(ax, spread, 0, 0, f"{title}, {k - 1} zeros around", box=(row, column, k, k))
    for i, j in np.ndindex(grads.shape):
        corner = k - 1 + j * stride, k - 1 + i * stride
        ax.add_patch(Rectangle(corner, 1, 1, facecolor=QUIET, alpha=0.35, lw=0, zorder=0))
    middle, left = rows / 2, columns + gap
    draw_grid(ax, kernel[::-1, ::-1], left, middle - k / 2, "kernel, flipped", color=KERNEL)
    look = {"box": (row, column, 1, 1), "box_color": OUTPUT}
    right = left + k + gap
    draw_grid(ax, result, right, middle - len(result) / 2, "gradient of the input", **look)
    for place, sign in ((columns + gap / 2, "∗"), (left + k + gap / 2, "=")):
        ax.text(place, middle, sign, ha="center", va="center", fontsize=16)
    return fit_view(ax, total, rows, margin=0.2)


def verdicts(table, limit=1e-7, ax=None):
    """Draw which test case catches which bug: a row for each bug, a column for each case.

    table: {bug: {case: the error that the check found}}; above the limit the bug is caught.
    Columns follow the order in which cases first occur, and a case that a bug lacks stays empty.
    What passes unseen is filled. Returns the Axes.
    """
    cases = list(dict.fromkeys(case for row in table.values() for case in row))
    ax = axes(ax, WIDTH, 0.42 * len(table) + 0.8)
    for y, row in enumerate(table.values()):
        for case, error in row.items():
            x, caught = cases.index(case), error > limit
            pale = "white" if caught else WINDOW
            box = Rectangle((x - 0.47, y - 0.42), 0.94, 0.84, edgecolor=INK, lw=1, facecolor=pale)
            ax.add_patch(box)
            look = {"ha": "center", "va": "center_baseline"}
            weight = "bold" if caught else "normal"
            ax.text(x, y, "caught" if caught else "passes", weight=weight, **look)
    ax.set(xlim=(-0.5, len(cases) - 0.5), ylim=(len(table) - 0.5, -0.5))
    ax.set_xticks(range(len(cases)), cases)
    ax.set_yticks(range(len(table)), list(table))
    ax.xaxis.set_ticks_position("top")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def _places(output):
    """Column and row of each value: steps from left to right, inputs just before their first."""
    order, places, free = [value for value in steps(output) if value.inputs], {}, 0
    for value in order:
        inner = [places[id(source)] for source in value.inputs if source.inputs]
        fresh = {id(s): s for s in value.inputs if not s.inputs and id(s) not in places}
        known = [places[id(source)] for source in value.inputs if id(source) in places]
        column = 1 + max([column for column, _ in known], default=0)
        if inner:
            row = float(np.mean([row for _, row in inner]))
        else:
            row = free + (len(fresh) - 1) / 2 if fresh else known[0][1]
        while any(c == column and abs(r - row) < 1 for c, r in places.values()):
            row += 0.5
        places[id(value)] = column, row
        for index, source in enumerate(fresh):
            places[source] = column - 1, row + 1 if inner else free + index
        free = max(row for _, row in places.values()) + 1
    leaves = {id(source) for value in order for source in value.inputs if not source.inputs}
    for leaf in leaves:
        rows = [places[id(v)][1] for v in order if leaf in map(id, v.inputs)]
        if len(rows) > 1:
            places[leaf] = places[leaf][0], float(np.mean(rows))
    return places


def _box(ax, value, place):
    column, row = place
    corner = column * _COLUMN - _HALF, (row - 0.25) * _ROW
    edge, width = (INK, 1.2) if value.inputs else (WINDOW, 2.5)
    look = {"boxstyle": "round,pad=0,rounding_size=0.08", "facecolor": "white"}
    ax.add_patch(
        FancyBboxPatch(corner, 2 * _HALF, 0.5 * _ROW, edgecolor=edge, lw=width, zorder=3, **look)
    )
    ax.text(
        column * _COLUMN, row * _ROW, value.name, ha="center", va="center", fontsize=10, zorder=4
    )


def _fork_sum(ax, value, order, place):
    passed = [
        gradient
        for user in order
        for source, gradient in zip(user.inputs, user.passed, strict=True)
        if source is value
    ]
    text = " + ".join(map(_short, passed)).replace("+ −", "− ") + f" = {_short(value.grad)}"
    below = place[0] * _COLUMN + _HALF - 0.05, (place[1] + 0.3) * _ROW
    ax.text(*below, text, color=_BACK, weight="bold", ha="right", va="top", fontsize=10)


def _edge(ax, ends, value, gradient, fork):
    """Draw a line with a level part, which lies with the target if the source has several lines."""
    (start, first), (end, last) = ends
    left, right = start * _COLUMN + _HALF, end * _COLUMN - _HALF
    level = last if fork else first
    bend = left + _BEND if fork else right - _BEND
    xs, ys = [left, bend, right], [first * _ROW, level * _ROW, last * _ROW]
    ax.plot(xs, ys, color=INK, ls="-", lw=1.2, zorder=1)
    ends = (left, right) if first == last else (bend, right) if fork else (left, bend)
    middle = sum(ends) / 2
    look = {"ha": "center", "fontsize": 10, "zorder": 4}
    ax.text(middle, level * _ROW - 0.05, _short(value), va="bottom", color=KERNEL, **look)
    text = _short(gradient)
    ax.text(middle, level * _ROW + 0.05, text, va="top", color=_BACK, weight="bold", **look)


def _short(number):
    return f"{float(f'{number:.2g}') + 0.0:g}".replace("-", "−")
