"""Where an output's gradient falls inside its receptive field."""

import numpy as np

from .fields import outline
from .style import INK, QUIET, VALUES, panels


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
        # Rounded, so that a tie does not hang on the order of adding up.
        if np.round(gradient[square, square].sum() / whole, 9) >= share:
            return 2 * reach + 1
    return len(gradient)


def effective_field(gradient, predicted, share=0.95):
    """Draw a mean gradient as a heat map with its core, and its sum along one axis.

    gradient: (n, n), not negative, n odd: the whole of the computed field. The box is the
    smallest that holds `share` of it. predicted: (n,), the shares of the columns that a theory
    gives, drawn over the measured ones. Returns the Axes as an array.
    """
    gradient = np.asarray(gradient) / np.sum(gradient)
    side, middle = core(gradient, share), len(gradient) // 2
    reach = side // 2
    grid = panels(1, 2, 4.2)
    image, profile = grid[0]
    edges = [-middle - 0.5, middle + 0.5]
    shown = image.imshow(np.round(gradient, 6), cmap=VALUES, extent=[*edges, *edges[::-1]])
    image.figure.colorbar(
        shown, ax=image, location="bottom", shrink=0.9, label="share of the gradient per pixel"
    )
    outline(image, ((-reach, reach), (-reach, reach)))
    image.set(xlabel="column from the centre (pixels)", ylabel="row from the centre (pixels)")
    image.set(
        title=f"{100 * share:g} % in {side} × {side} of {len(gradient)} × {len(gradient)} pixels"
    )
    position = np.arange(-middle, middle + 1)
    sums = np.round(gradient.sum(axis=0), 4)
    profile.bar(position, sums, color=QUIET, width=0.9, label="measured")
    profile.plot(position, predicted, color=INK, ls="-", label="predicted")
    profile.set(xlabel="column from the centre (pixels)", ylabel="share of the gradient")
    profile.set(ylim=(0, 1.35 * sums.max()), title="Sum of each column")
    profile.legend(loc="upper right")
    return grid
