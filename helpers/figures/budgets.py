"""What networks cost: side by side, layer by layer, and as an inventory of memory."""

import numpy as np

from ..ops._arguments import as_number
from .style import INK, KERNEL, QUIET, SERIES, WINDOW, axes, panels

_HATCHES = ("", "//", "..", "xx", "\\\\")


def budgets(costs):
    """Draw what each network costs: a panel a cost, a dot a network, and its number beside it.

    costs: {cost: {network: number above 0}}, one to four costs of the same networks, which keep
    their order from the top. Each panel has a logarithmic axis of its own, with marks at powers of
    ten. Returns the Axes as an array.
    Raises ValueError for other networks from panel to panel, none, and numbers not above 0.
    """
    names = [list(numbers) for numbers in _cases(costs, "costs").values()]
    if not names or len(names) > 4 or not names[0] or any(other != names[0] for other in names):
        raise ValueError(f"costs names {names}; expected one to four costs of the same networks")
    grid = panels(1, len(costs), 0.42 * len(names[0]) + 1.1, sharey=True)[0]
    places = np.arange(len(names[0]))
    for ax, (cost, numbers) in zip(grid, costs.items(), strict=True):
        values = np.array([_above(value, f"costs[{cost!r}]") for value in numbers.values()])
        if not values.all():
            raise ValueError(f"costs has {cost!r} of 0; expected numbers above 0")
        low, high = values.min(), values.max()
        ax.hlines(places, low / 3, values, color=QUIET, lw=0.8, ls=":", zorder=0)
        ax.plot(values, places, "o", ms=8, color=KERNEL)
        for place, value in zip(places, values, strict=True):
            label = {"xytext": (8, 0), "textcoords": "offset points", "va": "center"}
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            ax.annotate(short(value), (value, place), **label, color=INK, bbox=paper)
        # Room for the number beside the last dot.
        ax.set(xscale="log", xlim=(low / 3, high * (high / low) ** 0.42))
        ax.set_title(cost)
        # Every second power of ten: there is no room for more words.
        first, last = np.log10([low / 3, 3 * high])
        powers = [10.0**power for power in range(0, 18, 2) if first < power < last]
        ax.set_xticks(powers, [_round(power) for power in powers])
        ax.tick_params(axis="x", labelsize=10, colors=INK)
        ax.minorticks_off()
        ax.tick_params(axis="y", length=0)
    grid[0].set_yticks(places, names[0])
    grid[0].invert_yaxis()
    return grid


def shares_by_layer(shares, names):
    """Draw in which layers a network's costs lie: a panel a cost, a bar a layer.

    shares: {cost: numbers, one a layer}; each is drawn as a share of its sum, on one scale, the
    largest marked and the first of them with its value. names: the layers' names, written below.
    Returns the Axes as an array, from the top.
    Raises ValueError for other lengths, numbers below 0, and a cost whose sum is not above 0.
    """
    if not _cases(shares, "shares"):
        raise ValueError("shares is empty; expected a cost, at least")
    grid = panels(len(shares), 1, 1.35 * len(shares) + 1.1, sharex=True, sharey=True)[:, 0]
    highest = 0.0
    for ax, (cost, numbers) in zip(grid, shares.items(), strict=True):
        numbers = np.array([_above(number, f"shares[{cost!r}]") for number in numbers])
        if len(numbers) != len(names) or numbers.sum() <= 0:
            raise ValueError(
                f"shares has {len(numbers)} numbers of {cost!r} with sum {numbers.sum():g}; "
                f"expected {len(names)}, with a sum above 0"
            )
        parts = np.round(numbers / numbers.sum(), 6)
        top = int(np.argmax(parts))
        colors = [WINDOW if part == parts[top] else KERNEL for part in parts]
        edges = [INK if part == parts[top] else "none" for part in parts]
        ax.bar(np.arange(len(parts)), parts, color=colors, edgecolor=edges, lw=1, width=0.75)
        highest = max(highest, parts[top])
        note = {"xytext": (0, 3), "textcoords": "offset points", "ha": "center"}
        ax.annotate(f"{parts[top]:.0%}", (top, parts[top]), **note, color=INK)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.set_title(cost)
    grid[0].set_ylim(0, 1.3 * highest)
    grid[-1].set_xticks(np.arange(len(names)), names, rotation=60, ha="right")
    return grid


def inventory(bars, measured=None, unit="MiB"):
    """Draw for each case what memory holds, part upon part, and a mark where it was measured.

    bars: {case: {part: number}}, at most five parts in all, which have the same look in all cases.
    measured: {case: number}, drawn as a line across the bar. Returns the Axes.
    Raises ValueError for more parts, none, numbers below 0, and measured cases that bars doesn't
    have.
    """
    # In the order of the case that has most of them.
    cases = sorted(_cases(bars, "bars").values(), key=len, reverse=True)
    parts = list(dict.fromkeys(part for case in cases for part in case))
    if not 0 < len(parts) <= len(_HATCHES):
        raise ValueError(
            f"bars has {len(parts)} parts; expected at least 1, at most {len(_HATCHES)}"
        )
    measured = {} if measured is None else _cases(measured, "measured")
    if not set(measured) <= set(bars):
        raise ValueError(f"measured has {[*measured]}; expected cases of bars, {[*bars]}")
    ax = axes(height=0.62 * len(bars) + 1.4)
    colors = (SERIES[1], SERIES[4], SERIES[2], SERIES[3], QUIET)
    for place, case in enumerate(bars.values()):
        start = 0.0
        for part, number in case.items():
            number = _above(number, f"bars[{list(bars)[place]!r}][{part!r}]")
            index = parts.index(part)
            look = {"color": colors[index], "hatch": _HATCHES[index], "edgecolor": "white"}
            ax.barh(place, number, left=start, height=0.55, lw=0.5, **look)
            start += number
    for part in parts:
        index = parts.index(part)
        look = {"color": colors[index], "hatch": _HATCHES[index], "edgecolor": "white"}
        ax.barh(0, 0, label=part, **look)
    for case, number in measured.items():
        number, place = _above(number, f"measured[{case!r}]"), [*bars].index(case)
        (line,) = ax.plot([number, number], [place - 0.38, place + 0.38], color=INK, lw=3, ls="-")
        line.set_label("measured" if case == next(iter(measured)) else "")
    ax.set_yticks(range(len(bars)), list(bars))
    ax.set(xlabel=unit, xlim=(0, None))
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    handles, labels = ax.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda index: labels[index] == "measured")
    handles, labels = ([items[index] for index in order] for items in (handles, labels))
    ax.figure.legend(handles, labels, loc="outside upper left", ncols=min(len(labels), 4))
    return ax


def _cases(value, name):
    if not isinstance(value, dict):
        raise ValueError(f"{name} is {value!r}; expected a dict")
    return value


def _above(number, name):
    """Return a number from 0 on; what is none, below 0 or infinite is refused."""
    return as_number(number, name, 0, 1e300)


def _round(power):
    """Return a power of ten with k, M or G and no digits behind a point: 10k, 1M."""
    text = short(power)
    return text.rstrip("kMG").split(".")[0] + text[len(text.rstrip("kMG")) :]


def short(number):
    """Return a number above 0 with three digits and k, M or G: 61.7k, 15.5G."""
    sizes = {1e9: "G", 1e6: "M", 1e3: "k", 1: ""}
    # Just below a thousand, three digits would read 1000.
    size = next((size for size in sizes if number >= 0.9995 * size), 1)
    value = number / size
    digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{digits}f}{sizes[size]}"
