"""Normalisation drawn: its steps, who shares a mean, company, values on an activation's curve."""

from itertools import product

import numpy as np
from matplotlib.patches import Rectangle

from ..ops import batch_norm
from .curves import dot_plot
from .grids import draw_grid, fit_view
from .style import INK, KERNEL, OUTPUT, QUIET, WIDTH, WINDOW, axes, panels

_STEP = 4.2  # from one table of the data flow to the next, in squares


def data_flow(batch, weight, bias, epsilon=1e-5, ax=None):
    """Draw a batch on its way through batch normalisation: centred, divided, scaled and shifted.

    batch: (N, 2), a sample a row; weight, bias: (2,), γ and β. Numbers are rounded to two
    decimals. What is measured on the batch stands in orange, what is learned in blue. Returns the
    Axes.
    Raises ValueError for a batch that is not (N, 2).
    """
    batch = np.asarray(batch, float)
    if batch.ndim != 2 or batch.shape[1] != 2:
        raise ValueError(f"batch has shape {batch.shape}; expected (N, 2)")
    mean, variance = batch.mean(axis=0), batch.var(axis=0)
    start = [np.zeros(2), np.ones(2)]
    scaled = [np.asarray(weight, float), np.asarray(bias, float)]
    normal = batch_norm(batch, *start, training=True, epsilon=epsilon)
    output = batch_norm(batch, *start, *scaled, training=True, epsilon=epsilon)
    high = len(batch)
    ax = axes(ax, WIDTH, 0.55 * (high + 3.4), bare=True)
    stages = {"batch": batch, "centred": batch - mean, "normalised": normal, "output": output}
    for index, (title, values) in enumerate(stages.items()):
        color = OUTPUT if title == "output" else None
        draw_grid(ax, np.round(values, 2), index * _STEP, 0, title, color)
    measured = {"mean": mean, "variance": variance}
    for index, (name, values) in enumerate(measured.items()):
        _statistic(ax, name, values, index * _STEP, high, WINDOW)
        _arrow(ax, (index * _STEP + 1, high + 0.05), (index * _STEP + 1, high + 0.8))
    for name, values, left in zip("γβ", scaled, (7.3, 10.2), strict=True):
        _statistic(ax, name, values, left, high, KERNEL)
    for index, text in enumerate(("− mean", "÷ √(var. + ε)", "· γ + β")):
        left, middle = index * _STEP + 2, high / 2
        _arrow(ax, (left + 0.15, middle), (left + _STEP - 2.15, middle))
        ax.text(left + _STEP / 2 - 1, middle - 0.2, text, ha="center", va="bottom", fontsize=10)
    return fit_view(ax, 3 * _STEP + 2, high + 2.2, margin=0.2)


def _statistic(ax, name, values, left, high, color):
    draw_grid(ax, np.round(values, 2), left, high + 1, color=color)
    ax.text(left + 1, high + 2.12, name, ha="center", va="top", fontsize=11)


def _arrow(ax, tail, tip):
    ax.annotate("", tip, tail, arrowprops={"arrowstyle": "->", "color": INK, "lw": 1.5})


def shared_statistics(*shapes, channel=0):
    """Draw which numbers of a batch share one mean and one variance.

    shapes: (N, C), drawn as a table, or (N, C, H, W), drawn as a small image for each sample and
    channel; the numbers that share with one another in `channel` are orange and hatched. Returns
    the Axes as an array, one for each shape.
    Raises ValueError for another number of axes, and for a channel that a shape does not have.
    """
    for shape in shapes:
        if len(shape) not in (2, 4):
            raise ValueError(f"shape is {shape}; expected (N, C) or (N, C, H, W)")
        if not 0 <= channel < shape[1]:
            raise ValueError(f"channel is {channel}; expected 0 to {shape[1] - 1} for {shape}")
    grid = panels(1, len(shapes), 3.4, bare=True)
    for ax, shape in zip(grid.flat, shapes, strict=True):
        _shared(ax, shape, channel)
    return grid


def four_norms(shape=(3, 4, 2, 2), groups=2):
    """Draw which numbers share one mean in batch, layer, instance and group normalisation.

    shape: (N, C, H, W); in each panel the numbers that share with the first channel of sample 0 are
    orange and hatched, and counted in the title. groups: of channels, a divisor of C. Returns the
    Axes as an array.
    Raises ValueError for another number of axes, and groups that do not divide the channels.
    """
    if len(shape) != 4:
        raise ValueError(f"shape is {shape}; expected (N, C, H, W)")
    if groups < 1 or shape[1] % groups:
        raise ValueError(f"groups is {groups}; expected a divisor of {shape[1]} channels")
    together = {
        "batch": (range(shape[0]), range(1)),
        "layer": (range(1), range(shape[1])),
        "instance": (range(1), range(1)),
        "group": (range(1), range(shape[1] // groups)),
    }
    grid = panels(1, 4, 2.3, bare=True)
    for ax, (name, (samples, channels)) in zip(grid.flat, together.items(), strict=True):
        places = set(product(samples, channels))
        width, height = _sheets(ax, shape, places)
        count = len(places) * shape[2] * shape[3]
        ax.set_title(f"{name}: {count} numbers", loc="center")
        ax.text(width / 2, height + 0.4, "channels →", ha="center", va="top", fontsize=10)
        if name == "batch":
            middle = {"ha": "right", "va": "center", "rotation": 90, "fontsize": 10}
            ax.text(-0.3, height / 2, "← samples", **middle)
        fit_view(ax, width, height + 1.4, margin=0.2, top=0.3)
        ax.set_xlim(-1.6, width + 0.2)
    return grid


def _shared(ax, shape, channel):
    samples, channels = shape[:2]
    high, wide = shape[2:] or (1, 1)
    across, down = _pitch(shape)
    width, height = _sheets(ax, shape, {(sample, channel) for sample in range(samples)})
    kind = "feature" if len(shape) == 2 else "channel"
    for c in range(channels):
        place = c * across + wide / 2
        ax.text(place, -0.15, f"{kind} {c}", ha="center", va="bottom", fontsize=10)
    for sample in range(samples):
        place = sample * down + high / 2
        ax.text(-0.2, place, f"sample {sample}", ha="right", va="center", fontsize=10)
    factors = "·".join(map(str, (samples, *shape[2:])))
    count = samples * high * wide
    ax.set_title(f"{shape}: {factors if factors == str(count) else f'{factors} = {count}'} numbers")
    fit_view(ax, width, height, margin=0.2, top=0.7)
    ax.set_xlim(-0.28 * width, width + 0.2)


def _pitch(shape):
    """From one channel to the next, and from one sample to the next; tables have no gaps."""
    high, wide = shape[2:] or (1, 1)
    gap = 0 if len(shape) == 2 else 0.6
    return wide + gap, high + gap


def _sheets(ax, shape, marked):
    """Draw a square for each number, the (sample, channel) in `marked` orange; return the size."""
    (samples, channels), (high, wide) = shape[:2], shape[2:] or (1, 1)
    across, down = _pitch(shape)
    for sample, c in product(range(samples), range(channels)):
        left, top = c * across, sample * down
        if (sample, c) in marked:
            _square(ax, left, top, wide, high, facecolor=WINDOW, alpha=0.5, hatch="//")
        for i, j in product(range(high), range(wide)):
            _square(ax, left + j, top + i, 1, 1, fill=False, edgecolor=QUIET, lw=0.8)
        # The marked squares of a table touch, and get one outline.
        joined = down == high
        if (sample, c) in marked and (sample == 0 or not joined):
            tall = samples if joined else high
            _square(ax, left, top, wide, tall, fill=False, edgecolor=INK, lw=2, zorder=3)
    return (channels - 1) * across + wide, (samples - 1) * down + high


def _square(ax, left, top, wide, high, **options):
    ax.add_patch(Rectangle((left, top), wide, high, **options))


def company(shares, alone):
    """Draw the share that one sample's right class gets in many batches, and what it gets alone.

    shares: {batch size: (batches,) shares from 0 to 1}, without eval(); alone: the share in eval
    mode, whatever the batch. Returns the Axes.
    """
    words = {str(size): values for size, values in shares.items()}
    labels = {"xlabel": "size of the batch", "ylabel": "share of the right class"}
    ax = dot_plot({"without eval()": words}, **labels, ax=axes(height=3.6))
    alone = np.round(alone, 3)
    ax.axhline(alone, color=OUTPUT, ls="--", label="eval()", zorder=0)
    place = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    ax.annotate("eval()", (1, alone), xytext=(4, 0), **place, color=OUTPUT, va="center")
    return ax


def over_activation(groups, function, name, bins=40):
    """Draw where values lie along an activation's curve, one panel for each group.

    groups: {title: array}; the share of values in each of `bins` equal parts of the axis is a bar.
    The axis holds all values of all groups, and is the same in every panel. function: the
    activation, name: what it is called. Returns the Axes with the bars, as an array.
    """
    span = 5 * np.ceil(max(np.abs(values).max() for values in groups.values()) / 5)
    grid = panels(1, len(groups), 3.0, sharey=True)
    z = np.linspace(-span, span, 200)
    for ax, (title, values) in zip(grid.flat, groups.items(), strict=True):
        counts, edges = np.histogram(np.ravel(values), bins, (-span, span))
        shares = np.round(counts / counts.sum(), 2)
        ax.bar(edges[:-1], shares, np.diff(edges), align="edge", color=WINDOW, edgecolor="white")
        ax.set(title=title, xlabel="value before the activation", xlim=(-span, span))
        curve = ax.twinx()
        curve.plot(z, function(z), color=KERNEL)
        curve.set(ylim=(0, 1.05), yticks=[0, 1] if ax is grid.flat[-1] else [])
        curve.spines["right"].set_visible(True)
    curve.set_ylabel(f"{name} (line)", color=KERNEL)
    grid.flat[0].set_ylabel("share of values (bars)")
    return grid
