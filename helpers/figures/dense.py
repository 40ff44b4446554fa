"""Channels put side by side: how they grow, and who reads which."""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from ..ops._arguments import as_int
from .style import INK, KERNEL, OUTPUT, QUIET, VALUES, WIDTH, WINDOW, axes, panels

_FILLS = (WINDOW, KERNEL, OUTPUT)
_HATCHES = ("", "//", "..")  # for print in grey


def add_and_concat(first, added):
    """Draw the channels of an input and of two layers' results, added and put side by side.

    first: channels of the input; added: channels of each layer's result, the same for both layers.
    Left all have as many channels as the input, and a sum's colours and hatches lie over one
    another; right the input's channels and the results' stand on top of one another. Returns the
    two Axes.
    Raises ValueError for numbers below 1.
    """
    first, added = as_int(first, "first", 1), as_int(added, "added", 1)
    left, right = panels(1, 2, 4.0, sharey=True)[0]
    for step, name in enumerate(("x", "x + F", "x + F + G")):
        _bar(left, step - 0.35, 0, 0.7, first, range(step + 1))
        _note(left, step, first, name, f"{first}")
    for step, name in enumerate(("x", "[x, F]", "[x, F, G]")):
        ends = np.cumsum([first, *[added] * step])
        for part, end in enumerate(ends):
            low = 0 if part == 0 else ends[part - 1]
            _bar(right, step - 0.35, low, 0.7, end - low, [part])
        text = " + ".join(map(str, [first, *[added] * step]))
        _note(right, step, ends[-1], name, f"{text} = {ends[-1]}" if step else text)
    left.set_title("Addition: parts are mixed")
    right.set_title("Concatenation: parts stay apart")
    for ax in (left, right):
        ax.set(xlim=(-0.7, 2.9), ylim=(0, (first + 2 * added) * 1.2), xticks=[])
        ax.spines["bottom"].set_visible(False)
    left.set_ylabel("channels")
    return np.array([left, right])


def channels_along(rows):
    """Draw the channels after each layer as bars, the numbers above them.

    rows: {block: [channels that come, after its first layer, …]}; what comes is drawn quiet, what
    the block's layers add in the colour of outputs. Returns the Axes.
    Raises ValueError for no block, one without layers, or whose channels do not grow.
    """
    if not isinstance(rows, dict) or not rows:
        raise ValueError(f"rows is {rows!r}; expected {{name: channels}}, at least one block")
    for name, channels in rows.items():
        listed = isinstance(channels, list | tuple) and len(channels) > 1
        counts = [as_int(count, f"rows[{name!r}]", 1) for count in channels] if listed else []
        if not listed or min(np.diff(counts)) <= 0:
            raise ValueError(f"rows[{name!r}] is {channels!r}; expected numbers that grow")
    ax = axes(width=WIDTH, height=3.6)
    x, highest, ticks = 0, 0, {}
    for name, channels in rows.items():
        ticks[name] = x + (len(channels) - 1) / 2
        for count in channels:
            ax.bar(x, channels[0], 0.8, color=QUIET, edgecolor=INK, lw=0.8)
            ax.bar(x, count - channels[0], 0.8, channels[0], color=OUTPUT, edgecolor=INK, lw=0.8)
            ax.text(x, count, str(count), ha="center", va="bottom", fontsize=10)
            highest = max(highest, count)
            x += 1
        x += 0.7
    ax.set_xticks(list(ticks.values()), list(ticks))
    ax.tick_params(axis="x", length=0)
    ax.set(ylabel="channels", ylim=(0, 1.12 * highest))
    return ax


def reading_maps(maps, sources, readers, labels):
    """Draw for each reader, a row, how much of a quantity belongs to each source, a column.

    maps: {title: (readers, sources) floats from 0 on, NaN where nothing is read}, a panel each with
    a colour bar of its own; labels: {title: what its numbers are}. sources, readers: names. Numbers
    are printed with two decimals. Returns the Axes as an array.
    Raises ValueError for no map, maps of other shapes or values, and a missing label.
    """
    if not isinstance(maps, dict) or not maps:
        raise ValueError(f"maps is {maps!r}; expected {{title: numbers}}, at least one map")
    if not isinstance(labels, dict) or set(maps) - set(labels):
        raise ValueError(f"labels is {labels!r}; expected one for each of {list(maps)}")
    grid = panels(1, len(maps), 4.6)[0]
    for ax, (title, values) in zip(grid, maps.items(), strict=True):
        values = np.round(np.asarray(values, float), 2)
        if values.shape != (len(readers), len(sources)):
            raise ValueError(
                f"maps[{title!r}] has shape {values.shape}; expected "
                f"{(len(readers), len(sources))}: a row a reader, a column a source"
            )
        if np.isnan(values).all() or not np.all(
            (values >= 0) & (values < np.inf) | np.isnan(values)
        ):
            raise ValueError(f"maps[{title!r}] is {values}; expected finite numbers from 0 on")
        image = ax.imshow(values, cmap=VALUES, vmin=0, vmax=max(np.nanmax(values), 0.01))
        for (row, column), value in np.ndenumerate(values):
            if not np.isnan(value):
                dark = np.mean(image.cmap(image.norm(value))[:3]) < 0.45
                text = "1" if value == 1 else f"{value:.2f}".removeprefix("0")
                look = {"color": "white" if dark else INK, "fontsize": 10}
                ax.text(column, row, text, ha="center", va="center_baseline", **look)
        ax.set_xticks(range(len(sources)), sources)
        ax.set_yticks(range(len(readers)), readers)
        ax.set(xlabel="source", ylabel="reader", title=title)
        ax.figure.colorbar(image, ax=ax, location="bottom", label=labels[title], shrink=0.9)
    return grid


def _bar(ax, x, y, width, height, parts):
    fill = np.mean([to_rgb(_FILLS[part]) for part in parts], axis=0)
    hatch = "".join(_HATCHES[part] for part in parts)
    look = {"facecolor": fill, "hatch": hatch, "edgecolor": INK, "lw": 0.8}
    ax.add_patch(Rectangle((x, y), width, height, alpha=0.85, **look))


def _note(ax, x, top, name, count):
    ax.text(x, top, f"{name}\n{count}", ha="center", va="bottom", fontsize=11)
