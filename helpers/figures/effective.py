"""Where an output's gradient falls inside its receptive field."""

import numpy as np

from .fields import outline
from .style import ALERT, INK, KERNEL, QUIET, VALUES, WIDTH, WINDOW, axes, panels


def core(gradient, share=0.95):
    """Return the side of the smallest centred square that holds a share of the gradient.

    gradient: (n, n), not negative, n odd. Returns an odd int.
    Raises ValueError for another shape, or a share that is not above 0 and at most 1.
    """
    gradient = np.asarray(gradient)
    if gradient.ndim != 2 or gradient.shape[0] != gradient.shape[1] or len(gradient) % 2 == 0:
        raise ValueError(f"gradient has shape {gradient.shape}; expected (n, n) with n odd")
    if not 0 < share <= 1:
        raise ValueError(f"share is {share!r}; expected above 0 and at most 1")
    middle = len(gradient) // 2
    whole = gradient.sum()
    for reach in range(middle):
        square = slice(middle - reach, middle + reach + 1)
        if gradient[square, square].sum() >= share * whole:
            return 2 * reach + 1
    return len(gradient)


def effective_field(gradient, share=0.95):
    """Draw a mean gradient as a heat map with its core, and its sum along one axis.

    gradient: (n, n), not negative, n odd: the whole of the computed field. The box is the
    smallest that holds `share` of it. Beside it, the column sums and the Gaussian of the same
    standard deviation. Returns the Axes as an array.
    """
    gradient = np.asarray(gradient) / np.sum(gradient)
    side, middle = core(gradient, share), len(gradient) // 2
    reach = side // 2
    grid = panels(1, 2, 4.2)
    image, profile = grid[0]
    shown = image.imshow(gradient, cmap=VALUES, extent=[-middle - 0.5, middle + 0.5] * 2)
    image.figure.colorbar(
        shown, ax=image, location="bottom", shrink=0.9, label="share of the gradient per pixel"
    )
    outline(image, ((-reach, reach), (-reach, reach)))
    image.set(xlabel="column from the centre (pixels)", ylabel="row from the centre (pixels)")
    image.set(title=f"box of {side} × {side}: {100 * share:g} % of it")
    position = np.arange(-middle, middle + 1)
    sums = gradient.sum(axis=0)
    deviation = np.sqrt((sums * position**2).sum() - (sums * position).sum() ** 2)
    bell = np.exp(-(position**2) / (2 * deviation**2))
    profile.bar(position, sums, color=WINDOW, width=0.9, label="sum of each column")
    profile.plot(position, bell / bell.sum(), color=INK, ls="-", label="Gaussian, same width")
    profile.set(xlabel="column from the centre (pixels)", ylabel="share of the gradient")
    profile.set(ylim=(0, 1.35 * sums.max()), title=f"standard deviation {deviation:.1f} pixels")
    profile.legend(loc="upper right")
    return grid


def growth(depths, computed, effective, ax=None):
    """Draw how the computed field and its effective part grow with depth.

    depths, computed, effective: as many numbers each: layers, and sides in pixels. The dotted
    line grows as the square root of the depth, through the last point. Returns the Axes.
    """
    ax = axes(ax, WIDTH, 3.4)
    root = effective[-1] * np.sqrt(np.asarray(depths) / depths[-1])
    ax.plot(depths, computed, color=ALERT, ls="--", marker="s", label="computed field")
    ax.plot(depths, effective, color=KERNEL, ls="-", marker="o", label="95 % of the gradient")
    ax.plot(depths, root, color=QUIET, ls=":", label="∝ √depth")
    ax.set(xlabel="depth (3×3 layers)", ylabel="side (pixels)", xticks=depths, ylim=(0, None))
    ax.legend()
    return ax
