"""Dropout drawn: a network without some of its units, and what many masks add up to."""

from math import comb

import numpy as np

from .style import (
    ALERT,
    INK,
    KERNEL,
    OUTPUT,
    PHOTOGRAPH,
    QUIET,
    SERIES,
    WIDTH,
    WINDOW,
    axes,
    panels,
)


def thinned_network(masks):
    """Draw a dense network, and beside it the same with units dropped.

    masks: one bool array (units,) a layer, the input first; False is dropped. Dropped units are
    crossed out and lose their connections. Returns the Axes: whole, thinned.
    """
    grid = panels(1, 2, 3.6, bare=True)
    whole = [np.ones(len(mask), bool) for mask in masks]
    for ax, kept, title in zip(grid[0], (whole, masks), ("whole", "with dropout"), strict=True):
        places = [
            [(1.6 * layer, unit - (len(mask) - 1) / 2) for unit in range(len(mask))]
            for layer, mask in enumerate(kept)
        ]
        for layer in range(len(kept) - 1):
            for start, here in zip(places[layer], kept[layer], strict=True):
                for end, there in zip(places[layer + 1], kept[layer + 1], strict=True):
                    if here and there:
                        line = np.transpose([start, end])
                        ax.plot(*line, color=QUIET, lw=0.8, ls="-", zorder=1)
        for layer, (points, mask) in enumerate(zip(places, kept, strict=True)):
            last = layer == len(kept) - 1
            color = WINDOW if layer == 0 else OUTPUT if last else KERNEL
            for point, here in zip(points, mask, strict=True):
                face = color if here else "white"
                ax.plot(*point, "o", ms=17, mfc=face, mec=INK if here else ALERT, zorder=2)
                if not here:
                    ax.plot(*point, "x", ms=10, color=ALERT, mew=2, zorder=3)
        most = max(len(mask) for mask in masks) / 2
        # Inside the frame: above it a title would touch the figure's edge.
        ax.text(-0.4, most + 0.2, title, fontsize=12, ha="left", va="bottom")
        ax.set(xlim=(-0.5, 1.6 * (len(masks) - 1) + 0.5), ylim=(-most, most + 0.7))
    return grid[0]


def zeros_histogram(zeros, n, p, ax=None):
    """Draw how often each number of zeros occurred among n units, against the binomial law.

    zeros: (masks,) ints, counted; p: the probability of dropping. Returns the Axes.
    """
    ax = axes(ax, WIDTH, 3.0)
    places = np.arange(n + 1)
    share = np.bincount(zeros, minlength=n + 1) / len(zeros)
    theory = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in places]
    ax.bar(places, share, color=QUIET, edgecolor=INK, label="counted")
    ax.plot(places, theory, "o--", color=SERIES[1], label=f"binomial, n = {n}, p = {p:g}")
    ax.set(xlabel="units dropped", ylabel="share of the masks", xticks=places)
    ax.legend()
    return ax


def mask_strips(trained, inference, bracket=None, ax=None):
    """Draw one dot for each mask in a strip for each way of rescaling, and inference as a mark.

    trained: {name: (masks,)}, what came out with each mask; inference: {name: number}, what comes
    out afterwards. The mean over the masks is a short line. bracket: the name between whose mean
    and inference a bracket stands, with their ratio. Returns the Axes.
    Raises ValueError where the names differ.
    """
    if list(trained) != list(inference):
        raise ValueError(f"inference has {list(inference)}; expected trained's, {list(trained)}")
    ax = axes(ax, WIDTH, 0.8 + 0.75 * len(trained))
    aside = np.random.default_rng(0)
    for row, (name, values) in enumerate(trained.items()):
        values = np.asarray(values, float)
        heights = row + aside.uniform(-0.2, 0.2, len(values))
        labels = ("one mask", "mean of the masks", "inference") if row == 0 else (None,) * 3
        ax.plot(values, heights, ".", color=SERIES[1], ms=5, alpha=0.5, mew=0, label=labels[0])
        mean = values.mean()
        ax.plot([mean, mean], [row - 0.3, row + 0.3], "-", color=INK, lw=3, label=labels[1])
        look = {"ms": 11, "mfc": SERIES[2], "mec": INK, "zorder": 3}
        ax.plot(inference[name], row, "D", **look, label=labels[2])
        if name == bracket:
            ends, top = sorted([mean, inference[name]]), row - 0.42
            ax.plot([ends[0], *ends, ends[1]], [top + 0.1, top, top, top + 0.1], "-", color=ALERT)
            text = f"×{inference[name] / mean:.1f}"
            ax.text(sum(ends) / 2, top - 0.04, text, color=ALERT, ha="center", va="bottom")
    ax.set_yticks(range(len(trained)), list(trained))
    ax.set(ylim=(len(trained) - 0.5, -0.75), xlim=(0, None))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def many_answers(pictures, answers):
    """Draw images, and below each the shares that many masked networks give to each class.

    pictures: {title: (H, W)}, from 0 (paper) to 1 (ink); answers: {title: (networks, classes)}.
    Every point is one network's answer, spread sideways so that points do not hide one another; a
    short line is their mean. Returns the Axes as an array: pictures above, answers below.
    Raises ValueError where the titles differ.
    """
    if list(pictures) != list(answers):
        raise ValueError(f"answers has {list(answers)}; expected pictures', {list(pictures)}")
    grid = panels(2, len(pictures), 3.6, gridspec_kw={"height_ratios": [1, 2]})
    rng = np.random.default_rng(0)
    for (title, picture), above, below in zip(pictures.items(), *grid, strict=True):
        above.imshow(1 - picture, cmap=PHOTOGRAPH, vmin=0, vmax=1)
        above.set(xticks=[], yticks=[])
        above.set_title(title)
        above.spines[:].set_visible(True)
        shares = np.round(answers[title], 3)
        for place, values in enumerate(shares.T):
            aside = place + rng.uniform(-0.3, 0.3, len(values))
            below.plot(aside, np.sort(values), ".", color=SERIES[1], ms=3)
            mean = [np.round(values.mean(), 3)] * 2
            below.plot([place - 0.4, place + 0.4], mean, "-", color=INK, lw=2)
        below.set(xlabel="class", xticks=range(shares.shape[1]), ylim=(0, 1))
    grid[1, 0].set_ylabel("share")
    return grid
