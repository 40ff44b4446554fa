"""Dropout drawn: a network without some of its units, and what many masks add up to."""

from math import comb

import numpy as np

from .style import ALERT, INK, KERNEL, OUTPUT, PHOTOGRAPH, QUIET, WIDTH, WINDOW, axes, panels


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
        ax.set_title(title)
        most = max(len(mask) for mask in masks) / 2
        ax.set(xlim=(-0.5, 1.6 * (len(masks) - 1) + 0.5), ylim=(-most, most))
    return grid[0]


def zeros_histogram(zeros, n, p, ax=None):
    """Draw how often each number of zeros occurred among n units, against the binomial law.

    zeros: (masks,) ints, counted; p: the probability of dropping. Returns the Axes.
    """
    ax = axes(ax, WIDTH, 3.0)
    places = np.arange(n + 1)
    share = np.bincount(zeros, minlength=n + 1) / len(zeros)
    theory = [comb(n, k) * p**k * (1 - p) ** (n - k) for k in places]
    ax.bar(places, share, color=WINDOW, edgecolor=INK, label="counted")
    ax.plot(places, theory, "o--", color=KERNEL, label=f"binomial, n = {n}, p = {p:g}")
    ax.set(xlabel="units dropped", ylabel="share of the masks", xticks=places)
    ax.legend()
    return ax


def means_against_theory(measured, theory, ylabel, ax=None):
    """Draw means over many masks with their standard errors, and where theory puts them.

    measured: {name: (runs,)}; theory: {name: number}. Error bars are three standard errors of the
    mean. Returns the Axes.
    """
    ax = axes(ax, WIDTH / 2, 3.0)
    for place, (name, values) in enumerate(measured.items()):
        values = np.asarray(values)
        error = 3 * values.std(ddof=1) / np.sqrt(len(values))
        label = "mean ± 3 standard errors" if place == 0 else None
        ax.errorbar(place, values.mean(), error, fmt="o", color=KERNEL, capsize=6, label=label)
        reach = [place - 0.3, place + 0.3]
        theory_label = "theory" if place == 0 else None
        ax.plot(reach, [theory[name]] * 2, color=ALERT, ls="--", label=theory_label)
    ax.set_xticks(range(len(measured)), list(measured))
    most = max(max(np.mean(values) for values in measured.values()), max(theory.values()))
    ax.set(ylabel=ylabel, xlim=(-0.6, len(measured) - 0.4), ylim=(0, 1.5 * most))
    ax.legend(loc="upper right")
    return ax


def many_answers(pictures, answers):
    """Draw images, and beside each the shares that many masked networks give to each class.

    pictures: {title: (H, W)}, from 0 (paper) to 1 (ink); answers: for each (networks, classes).
    Every point is one network's answer, spread sideways so that points do not hide one another.
    Returns the Axes as an array.
    """
    ratios = {"width_ratios": [1, 2] * len(pictures)}
    grid = panels(1, 2 * len(pictures), 2.4, gridspec_kw=ratios)
    rng = np.random.default_rng(0)
    pairs = zip(pictures.items(), answers, grid[0, ::2], grid[0, 1::2], strict=True)
    for (title, picture), shares, left, right in pairs:
        left.imshow(1 - picture, cmap=PHOTOGRAPH, vmin=0, vmax=1)
        left.set(title=title, xticks=[], yticks=[])
        left.spines[:].set_visible(True)
        places = np.arange(shares.shape[1]) + rng.uniform(-0.3, 0.3, shares.shape)
        right.plot(places.ravel(), shares.ravel(), ".", color=KERNEL, ms=3)
        right.set(xlabel="class", ylabel="share", xticks=range(shares.shape[1]), ylim=(0, 1))
    return grid
