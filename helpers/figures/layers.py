"""What happens at each layer of a chain: gradients at the start, learning, and units that die."""

import numpy as np
from matplotlib import colormaps

from ..ops._arguments import as_int
from .style import ALERT, DASHES, INK, KERNEL, MARKERS, QUIET, SERIES, panels


def norms_by_layer(rows, decades=5):
    """Draw lengths of gradients by layer on one logarithmic axis, a panel for each network.

    rows: {what the numbers are: {title: {name: (runs, layers)}}}, at most five names; the geometric
    mean over the runs is drawn, and a band from the smallest to the largest. decades: powers of ten
    from one mark of the axis to the next. Titles stand above the first row. Returns the Axes as an
    array, [row, column].
    """
    columns = len(next(iter(rows.values())))
    grid = panels(len(rows), columns, 2.7 * len(rows) + 0.6, sharex=True, sharey=True)
    lowest, highest = 0, 0
    for row, (label, networks) in zip(grid, rows.items(), strict=True):
        for ax, lines in zip(row, networks.values(), strict=True):
            for index, (name, values) in enumerate(lines.items()):
                # Rounded, so that the last bits of a processor's arithmetic do not move a line.
                powers = np.round(np.log10(np.atleast_2d(values)), 2)
                layers = np.arange(1, powers.shape[1] + 1)
                look = {"color": SERIES[index], "ls": DASHES[index], "marker": MARKERS[index]}
                mean = 10 ** powers.mean(axis=0)
                ax.plot(layers, mean, **look, ms=4, markevery=max(len(layers) // 5, 1), label=name)
                low, high = 10 ** powers.min(axis=0), 10 ** powers.max(axis=0)
                ax.fill_between(layers, low, high, color=SERIES[index], alpha=0.2, lw=0)
                lowest, highest = min(lowest, powers.min()), max(highest, powers.max())
        row[0].set_ylabel(label)
    ticks = decades * np.arange(np.floor(lowest / decades), np.ceil(highest / decades) + 1)
    quarter = max(len(layers) // 4, 1)
    grid[0, 0].set(yscale="log", xticks=[1, *layers[quarter - 1 :: quarter]])
    grid[0, 0].set_yticks(10.0**ticks)
    grid[0, 0].minorticks_off()
    _label_columns(grid, next(iter(rows.values())), "layer")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    grid[0, 0].figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return grid


def layers_while_training(runs, limits, outputs=None, block=20):
    """Draw training runs layer by layer: outputs, gradients, and steps as parts of the weights.

    runs: {title: `networks.History`}, a column each. outputs: {title: (before, after)}, each a list
    with an array of any shape for each hidden layer; they are drawn as histograms one above the
    other, layer 1 at the bottom, a line before the training and filled after it, and exact zeros
    are cut off at the height of the others. Without outputs their spread is drawn, which the
    history holds. Below, the gradients of the weights and the steps' lengths divided by the
    weights': means over the networks and over `block` steps, on logarithmic axes. limits: (low,
    high) of each, by "spread" (not needed with outputs), "gradient" and "step". Returns the Axes as
    an array, (3, columns). Raises ValueError for a block longer than a run.
    """
    for history in runs.values():
        as_int(block, "block", 1, history.update.shape[1])
    grid = panels(3, len(runs), 7.4, sharey="row", height_ratios=[1.3 if outputs else 1, 1, 1])
    kinds = {"gradient": "gradient of weights", "step": "step / weights"}
    if not outputs:
        kinds = {"spread": "spread of outputs", **kinds}
    for column, (title, history) in zip(grid.T, runs.items(), strict=True):
        if outputs:
            before, after = outputs[title]
            _histograms(column[0], before, after)
        drawn = {"spread": history.spread, "gradient": history.gradient}
        drawn["step"] = history.update / history.length
        for ax, kind in zip(column[-len(kinds) :], kinds, strict=True):
            _by_step(ax, drawn[kind], block)
            ax.set(yscale="log", ylim=limits[kind])
            ax.minorticks_off()
    _label_columns(grid, runs, "step")
    for ax, label in zip(
        grid[:, 0], [*(["layer"] if outputs else []), *kinds.values()], strict=True
    ):
        ax.set_ylabel(label)
    handles, labels = grid[-1, 0].get_legend_handles_labels()
    labels[-1] += " (scores)"
    grid[0, 0].figure.legend(handles, labels, loc="outside upper center", ncols=6)
    return grid


def sum_ranges(rows):
    """Draw for each unit a line from its smallest to its largest sum, those never above 0 marked.

    rows: {label: {title: sums (N, units)}}, a panel each; sums are over N examples, and the titles
    of a row follow one another in time. Units are sorted by their largest sum. Thick lines mark
    units whose largest sum, rounded to six decimals, is not above 0; dark thick lines those that
    are above 0 and were not in the panel before. Both numbers stand in the panel. Panels share
    their axes. Returns the Axes as an array, [row, column].
    """
    first = next(iter(rows.values()))
    grid = panels(len(rows), len(first), 2.1 * len(rows) + 0.6, sharex=True, sharey=True)
    for row, (label, times) in zip(grid, rows.items(), strict=True):
        dead = None
        for ax, sums in zip(row, times.values(), strict=True):
            low, high = np.round(sums.min(axis=0), 6), np.round(sums.max(axis=0), 6)
            before, dead = dead, high <= 0
            back = np.zeros_like(dead) if before is None else before & ~dead
            places = np.empty(len(high), int)
            places[np.argsort(high, kind="stable")] = np.arange(len(high))
            looks = ((~dead & ~back, KERNEL, 1.2), (dead, ALERT, 2.8), (back, INK, 2.8))
            for units, color, width in looks:
                ax.vlines(places[units], low[units], high[units], color=color, lw=width)
            ax.axhline(0, color=INK, ls="-", lw=1)
            note = f"{dead.sum()} of {len(dead)} never positive"
            if before is not None:
                note += f"\nback since then: {back.sum()}"
            ax.text(0.97, 0.03, note, transform=ax.transAxes, ha="right", va="bottom")
        row[0].set_ylabel(label)
    _label_columns(grid, first, "unit, sorted")
    return grid


def _label_columns(grid, titles, xlabel):
    for column, title in zip(grid.T, titles, strict=True):
        column[0].set_title(title)
        column[-1].set_xlabel(xlabel)


def _by_step(ax, values, block):
    """Draw (networks, steps, layers) as a line for each layer, a point for each block of steps."""
    means = values.mean(axis=0)
    blocks = len(means) // block
    means = means[: blocks * block].reshape(blocks, block, -1).mean(axis=1)
    steps = (np.arange(blocks) + 0.5) * block
    # Dark to light along the layers, so that grey print keeps their order.
    shades = colormaps["cividis"](np.linspace(0, 0.85, means.shape[1]))
    for layer, color in enumerate(shades):
        # Rounded, so that the last bits of a processor's arithmetic do not move a line.
        points = 10 ** np.round(np.log10(means[:, layer]), 2)
        style = "--" if layer == means.shape[1] - 1 else "-"
        ax.plot(steps, points, color=color, ls=style, label=f"layer {layer + 1}")
    ax.set_xlim(0, blocks * block)


def _histograms(ax, before, after):
    low = np.floor(min(values.min() for values in (*before, *after)))
    high = np.ceil(max(np.quantile(values, 0.99) for values in (*before, *after)))
    edges = np.linspace(low, max(high, low + 1), 41)
    for layer, pair in enumerate(zip(after, before, strict=True), start=1):
        for values, look in zip(
            pair, ({"fill": True, "color": QUIET}, {"color": INK}), strict=True
        ):
            counts, _ = np.histogram(np.round(values, 6), edges)
            others, _ = np.histogram(np.round(values[values != 0], 6), edges)
            heights = layer + 0.85 * np.minimum(counts / others.max(), 1)
            ax.stairs(heights, edges, baseline=layer, **look)
    ax.set(xlabel="output", yticks=range(1, len(before) + 1))
