"""What happens at an image's border: what padding fills in, and what it does to the result."""

import numpy as np

from ..ops import pad2d
from .grids import draw_grid, fit_view
from .style import INK, QUIET, VALUES, WIDTH, WINDOW, axes, panels

_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
_MARKS = ("o", "s", "^", "D", "v")


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


def use_counts(counts):
    """Draw how often each pixel is used, as heat maps with the numbers in the squares.

    counts: {title: (H, W) array of ints}, drawn on one scale. Returns the Axes as an array.
    """
    counts = {title: np.asarray(count) for title, count in counts.items()}
    most = max(count.max() for count in counts.values())
    grid = panels(1, len(counts), WIDTH / len(counts) + 0.7)
    for ax, (title, count) in zip(grid.flat, counts.items(), strict=True):
        shown = ax.imshow(count, cmap=VALUES, vmin=0, vmax=most)
        for (r, c), n in np.ndenumerate(count):
            color = "white" if n < most / 2 else INK
            ax.text(c, r, n, ha="center", va="center", color=color, fontsize=10)
        ax.set(title=title, xlabel="column (pixels)", ylabel="row (pixels)")
        label = "outputs that use the pixel"
        ax.figure.colorbar(shown, ax=ax, location="bottom", shrink=0.9, label=label)
    return grid


def border_profile(errors, ax=None):
    """Draw the error of each padding against the distance from the border.

    errors: {name: (H, W) array}, the differences from the true result. Each point is the root
    mean square over all pixels at that distance. Returns the Axes.
    """
    ax = axes(ax, WIDTH, 3.4)
    for (name, error), line, mark in zip(errors.items(), _LINES, _MARKS, strict=False):
        profile = by_distance(error)
        ax.plot(profile, ls=line, marker=mark, markevery=3, label=name)
    ax.set(xlabel="distance from the border (pixels)", ylabel="root mean square error")
    ax.set(ylim=(0, None), xlim=(0, None))
    ax.legend()
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
