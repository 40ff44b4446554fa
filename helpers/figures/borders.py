"""What happens at an image's border: what padding fills in, and what it does to the result."""

import numpy as np
from matplotlib.patches import Rectangle

from ..ops import pad2d
from .curves import curves
from .grids import draw_grid, fit_view
from .style import INK, QUIET, WIDTH, WINDOW, axes


def padded_rows(row, amount, value, ax=None):
    """Draw one row of pixels as every padding continues it, one mode a line.

    row: (W,) numbers; amount: pixels added at each end; value: of constant padding.
    Returns the Axes.
    """
    row = np.asarray(row, float)
    image = row.reshape(1, 1, 1, -1)
    modes = {"zeros": ("constant", 0.0), f"constant {value:g}": ("constant", value)}
    modes |= {mode: (mode, 0.0) for mode in ("reflect", "replicate", "circular")}
    ax = axes(ax, 6.0, 3.4, bare=True)
    for line, (name, (mode, fill)) in enumerate(modes.items()):
        padded = pad2d(image, (0, amount), mode, fill)[0, 0]
        top, ends = 1.25 * line, [amount, amount + row.size]
        for start, part in zip([0, *ends], np.split(padded, ends, axis=1), strict=True):
            draw_grid(ax, part, start, top, color=WINDOW if start == amount else QUIET)
        ax.vlines(ends, top, top + 1, color=INK, lw=2.5, ls="-")
        ax.text(-0.3, top + 0.5, name, ha="right", va="center_baseline", fontsize=11)
    ax.text(amount + row.size / 2, -0.3, "the image's own", ha="center", fontsize=11)
    fit_view(ax, row.size + 2 * amount, 1.25 * len(modes))
    ax.set_xlim(left=-3.5)
    return ax


def use_counts(counts, ax=None):
    """Draw how often each pixel is used, as numbers in squares, darker for more.

    counts: {title: (H, W) array of ints}, drawn on one scale. Returns the Axes.
    """
    counts = {title: np.asarray(count) for title, count in counts.items()}
    most = max(count.max() for count in counts.values())
    tallest = max(len(count) for count in counts.values())
    total = sum(count.shape[1] for count in counts.values()) + 1.5 * (len(counts) - 1)
    unit = min(WIDTH / (total + 0.6), 0.4)
    ax = axes(ax, WIDTH, unit * (tallest + 1.8), bare=True)
    left = 0
    for title, count in counts.items():
        top = (tallest - len(count)) / 2
        for (row, column), number in np.ndenumerate(count):
            shade = Rectangle((left + column, top + row), 1, 1, facecolor=WINDOW, lw=0)
            ax.add_patch(shade).set_alpha(0.8 * number / most)
        draw_grid(ax, count, left, top, title)
        left += count.shape[1] + 1.5
    return fit_view(ax, total, tallest, margin=0.3, top=1.2)


def border_profile(errors, reach, title="", ax=None):
    """Draw the error of each padding on the way to the border.

    errors: {name: (H, W) array}, the differences from the true result. Each point is the root
    mean square over all pixels at that distance, from reach − 1 on the left to 0, the border, on
    the right. Returns the Axes.
    """
    towards = {name: by_distance(error)[reach - 1 :: -1] for name, error in errors.items()}
    ax = axes(ax, WIDTH, 3.2)
    ax.set_xlim(reach - 1, 0)
    highest = 1.1 * max(profile.max() for profile in towards.values())
    labels = {"xlabel": "distance from the border (pixels)", "ylabel": "root mean square error"}
    curves(towards, np.arange(reach)[::-1], limits=(0, highest), **labels, ax=ax)
    ax.set_title(title)
    return ax


def by_distance(error):
    """Return the root mean square of an (H, W) array over the pixels at each distance 0, 1, 2 …

    from the border, as far as the centre.
    """
    error = np.asarray(error)
    rows, columns = (np.minimum(np.arange(n), np.arange(n)[::-1]) for n in error.shape)
    distance = np.minimum(rows[:, None], columns[None])
    squares = np.bincount(distance.ravel(), (error**2).ravel().astype(float))
    return np.sqrt(squares / np.bincount(distance.ravel()))
