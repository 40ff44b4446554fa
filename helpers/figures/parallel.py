"""Training on several devices drawn: shares of a batch, the ring, two runs, parts of a step."""

import numpy as np
from matplotlib.patches import Circle, Rectangle
from matplotlib.ticker import MaxNLocator

from ..ops._arguments import as_int, as_number
from .grids import draw_grid, fit_view
from .style import INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes, mosaic, panels

_OWNERS = (WINDOW, KERNEL, OUTPUT)
_HATCHES = ("", "///", "..")
_PALE = 0.35
_LONGEST = 1e6  # seconds


def shares(rows, size, ax=None):
    """Draw one step of a team: its batch dealt out, a gradient in each process, and their mean.

    rows: examples in the batch, at most 12; size: processes, 2 or 3. Rows are dealt in turn.
    Returns the Axes.
    Raises ValueError for other counts.
    """
    as_int(rows, "rows", 1, 12)
    as_int(size, "size", 2, 3)
    pitch = 2.4
    high = max(0.62 * rows, pitch * size)
    ax = axes(ax, WIDTH, 0.5 * high + 0.9, bare=True)
    top = (high - 0.62 * rows) / 2
    for row in range(rows):
        place = (0, top + 0.62 * row)
        _box(ax, place, 2.6, 0.55, f"example {row + 1}", row % size)
    for rank in range(size):
        middle = (high - pitch * size) / 2 + pitch * (rank + 0.5)
        mine = [row for row in range(rows) if row % size == rank]
        for row in mine:
            _arrow(ax, (2.7, top + 0.62 * row + 0.27), (4.4, middle), QUIET)
        _box(ax, (4.5, middle - 0.85), 4.1, 1.7, f"process {rank}:\ngradient of {len(mine)}", rank)
        _arrow(ax, (8.7, middle - 0.2), (10.2, high / 2 - 0.15))
        _arrow(ax, (10.2, high / 2 + 0.25), (8.7, middle + 0.3), OUTPUT)
    frame = {"facecolor": "white", "edgecolor": OUTPUT, "lw": 3}
    ax.add_patch(Rectangle((10.3, high / 2 - 0.9), 3.4, 1.8, **frame))
    ax.text(12, high / 2, "mean\nof the gradients", ha="center", va="center", fontsize=11)
    note = "each process takes\nthe same step with it"
    ax.text(12, high / 2 + 1.05, note, ha="center", va="top", fontsize=10)
    ax.text(1.3, top - 0.15, "one batch", ha="center", va="bottom", fontsize=11)
    return fit_view(ax, 13.8, high, margin=0.15, top=0.8)


def _box(ax, corner, wide, high, text, owner):
    color, hatch = _OWNERS[owner], _HATCHES[owner]
    ax.add_patch(Rectangle(corner, wide, high, facecolor=color, alpha=_PALE, lw=0))
    edge = {"fill": False, "edgecolor": color, "lw": 1.5}
    ax.add_patch(Rectangle(corner, wide, high, **edge))
    if hatch:
        # Beside the words, not under them.
        strip = (corner[0], corner[1]), 0.3, high
        ax.add_patch(Rectangle(*strip, fill=False, hatch=hatch, edgecolor=color, lw=0))
    middle = corner[0] + wide / 2 + 0.1, corner[1] + high / 2
    ax.text(*middle, text, ha="center", va="center", fontsize=10)


def _arrow(ax, tail, tip, color=INK):
    ax.annotate("", tip, tail, arrowprops={"arrowstyle": "-|>", "color": color, "lw": 1.3})


def ring_steps(stages):
    """Draw a ring of processes, and how many parts each block holds at each stage.

    stages: {title: (processes, blocks) ints}, the first before any round; a row a process, 2 to 8.
    Complete blocks are filled, and what the last round changed is outlined. Returns the Axes as an
    array. Raises ValueError for stages of different shapes or dtypes, or without as many blocks as
    processes.
    """
    tables = [np.asarray(table) for table in stages.values()]
    shapes = {table.shape for table in tables}
    count = len(tables[0]) if tables and tables[0].ndim else 0
    if not 2 <= count <= 8 or shapes != {(count, count)}:
        raise ValueError(f"stages have shapes {sorted(shapes)}; expected one, square, 2 to 8")
    if any(table.dtype.kind not in "iu" for table in tables):
        raise ValueError(f"stages hold {tables[0].dtype} numbers; expected ints")
    columns = -(-(len(tables) + 1) // 2)
    grid = panels(2, columns, 2 * (WIDTH / columns) + 0.5, bare=True)
    _ring(grid[1, 0], count)
    free = [ax for ax in grid.flat if ax is not grid[1, 0]]
    before = tables[0]
    for ax, (title, table) in zip(free, stages.items(), strict=False):
        table = np.asarray(table)
        draw_grid(ax, table)
        for row, column in np.argwhere(table == count):
            ax.add_patch(Rectangle((column, row), 1, 1, color=OUTPUT, alpha=_PALE, lw=0))
        for row, column in np.argwhere(table != before):
            frame = {"fill": False, "edgecolor": KERNEL, "lw": 2.5, "zorder": 3}
            ax.add_patch(Rectangle((column + 0.06, row + 0.06), 0.88, 0.88, **frame))
        for row in range(count):
            ax.text(-0.2, row + 0.5, row, ha="right", va="center_baseline", fontsize=10)
        ax.set_title(title, fontsize=11)
        fit_view(ax, count, count, margin=0.1, top=0.1).set_xlim(left=-0.6)
        before = table
    return grid


def _ring(ax, count):
    angles = 2 * np.pi * np.arange(count) / count
    places = np.stack([1.4 * np.sin(angles), -1.4 * np.cos(angles)], axis=1)
    for rank, place in enumerate(places):
        ax.add_patch(Circle(place, 0.42, facecolor="white", edgecolor=INK, lw=1.5))
        ax.text(*place, rank, ha="center", va="center", fontsize=11)
        way = places[(rank + 1) % count] - place
        gap = 0.5 * way / np.hypot(*way)
        _arrow(ax, place + gap, place + way - gap, KERNEL)
    ax.set(xlim=(-2.2, 2.2), ylim=(2.2, -2.2))
    ax.set_title("each sends to the next", fontsize=11)


def two_runs(losses, bound):
    """Draw the losses of two runs by step, and below how far apart they are.

    losses: {name: (steps,)}, two, positive. bound: the largest relative difference expected. Where
    they are equal the difference is drawn at the foot of its axis. Returns the Axes by name,
    "losses" and "difference".
    Raises ValueError for another number of runs, runs of unequal length, and losses and bounds that
    are not positive.
    """
    if len(losses) != 2:
        raise ValueError(f"losses has {len(losses)} runs; expected 2")
    losses = {name: np.asarray(values, float) for name, values in losses.items()}
    shapes = [values.shape for values in losses.values()]
    if shapes[0] != shapes[1] or len(shapes[0]) != 1 or shapes[0][0] == 0:
        raise ValueError(f"losses have shapes {shapes}; expected two of the same steps, at least 1")
    if not all(np.all(values > 0) for values in losses.values()):
        raise ValueError("losses hold numbers that are not positive")
    if as_number(bound, "bound", 0) == 0:
        raise ValueError("bound is 0; expected a positive number")
    grid = mosaic([["losses"], ["difference"]], 4.6, sharex=True)
    steps = np.arange(1, len(next(iter(losses.values()))) + 1)
    looks = {"lw": 4, "color": WINDOW, "ls": "-"}, {"ls": "", "marker": ".", "ms": 6, "color": INK}
    for (name, values), look in zip(losses.items(), looks, strict=True):
        grid["losses"].plot(steps, values, label=name, **look)
    grid["losses"].set(ylabel="loss of the batch", ylim=(0, None))
    grid["losses"].legend(loc="upper right")
    first, second = losses.values()
    apart = np.maximum(np.abs(second / first - 1), 1e-9)
    below = grid["difference"]
    below.plot(steps, apart, ls="", marker="o", ms=4, color=KERNEL)
    below.axhline(bound, color=INK, ls="--", lw=1.5)
    below.text(steps[-1], bound * 1.3, "bound", ha="right", va="bottom")
    below.set(yscale="log", ylim=(5e-10, max(20 * bound, 2 * apart.max())))
    below.set(xlabel="step", ylabel="relative difference")
    below.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    return grid


def step_parts(cases, xlabel="milliseconds", titles=("compute", "communicate", "rest")):
    """Draw how long the parts of a step take in several cases, as bars one after the other.

    cases: {panel: {label: seconds of each part}}, the same labels in each panel; all have one
    scale, and at each bar's end stands the sum. titles: of the parts. Returns the Axes as an array.
    Raises ValueError for no case, other labels, and parts that are not as many seconds, from 0.
    """
    labels = {tuple(bars) for bars in cases.values()}
    if len(labels) != 1 or () in labels:
        raise ValueError(f"cases have labels {sorted(labels)}; expected the same, at least one")
    for bars in cases.values():
        for label, parts in bars.items():
            if np.shape(parts) != (len(titles),):
                raise ValueError(f"{label} has parts {parts!r}; expected {len(titles)}")
            for part in parts:
                as_number(part, label, 0, _LONGEST)
    height = 0.9 + 0.42 * max(map(len, cases.values()))
    grid = panels(1, len(cases), height, sharex=True)
    for ax, (panel, bars) in zip(grid[0], cases.items(), strict=True):
        for place, parts in enumerate(bars.values()):
            left = 0.0
            for part, value in enumerate(parts):
                look = {"color": (WINDOW, KERNEL, QUIET)[part], "hatch": _HATCHES[part]}
                label = titles[part] if place == 0 else None
                ax.barh(place, 1000 * value, 0.7, left, edgecolor="white", label=label, **look)
                left += 1000 * value
            ax.annotate(
                f"{left:.2g}", (left, place), (4, 0), textcoords="offset points", va="center"
            )
        ax.set_yticks(range(len(bars)), list(bars) if ax is grid[0, 0] else [])
        ax.set(title=panel, xlabel=xlabel, ylim=(len(bars) - 0.4, -0.6))
        ax.margins(x=0.15)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    grid[0, 0].figure.legend(handles, labels, loc="outside lower center", ncols=len(titles))
    return grid


def ways_to_split():
    """Draw three ways to split work on two devices: the batch, each layer, the chain of layers.

    Returns the Axes as an array.
    """
    grid = panels(1, 3, 2.6, bare=True)
    titles = "data parallel", "tensor parallel", "pipeline parallel"
    for ax, title in zip(grid[0], titles, strict=True):
        ax.set_title(title, fontsize=11)
        ax.set(xlim=(-0.2, 6.2), ylim=(4.2, -0.2))
    for layer in range(3):
        left = 2.3 * layer
        right, after = left + 1.45, left + 2.3
        for rank in range(2):
            _box(grid[0, 0], (left, 2.1 * rank), 1.4, 1.8, f"layer\n{layer + 1}", rank)
            half = "upper" if rank == 0 else "lower"
            _box(grid[0, 1], (left, 2.0 * rank), 1.4, 2.0, f"{half}\nhalf", rank)
        owner = 0 if layer == 0 else 1
        _box(grid[0, 2], (left, 1.1), 1.4, 1.8, f"layer\n{layer + 1}", owner)
        if layer < 2:
            for middle in (0.9, 3.0):
                _arrow(grid[0, 0], (right, middle), (after, middle))
            for start in (0.9, 3.1):
                for tip in (0.9, 3.1):
                    _arrow(grid[0, 1], (right, start), (after, tip))
            _arrow(grid[0, 2], (right, 2.0), (after, 2.0))
    names = {"device 0": 0, "device 1": 1}
    handles = [
        Rectangle((0, 0), 1, 1, fc=(_OWNERS[i], _PALE), ec=_OWNERS[i], hatch=_HATCHES[i])
        for i in names.values()
    ]
    grid[0, 0].figure.legend(handles, list(names), loc="outside lower center", ncols=2)
    return grid
