"""Images with the names of their classes, and which classes a network takes for which."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from .pictures import pictures
from .style import ALERT, INK, QUIET, axes

_MISTAKES = LinearSegmentedColormap.from_list("mistakes", ["white", ALERT])
_DARK = 0.45  # mean of red, green and blue below which a number is printed in white


def samples(x, labels, classes, guesses=None, columns=5):
    """Show images in rows, each under its class, or under its class and what it was taken for.

    x: (N, C, H, W) floats from 0 to 1, one channel, drawn dark on white, or three. labels: (N,)
    ints, places in `classes`, the names. guesses: (N,) ints like labels; a wrong one is printed in
    the colour of errors, after an arrow. columns: images in a row. Returns the Axes as an array.
    Raises ValueError for lengths that differ, no image, and other channels.
    """
    x, labels = np.asarray(x), np.asarray(labels)
    if x.ndim != 4 or x.shape[1] not in (1, 3) or len(x) == 0:
        raise ValueError(f"x has shape {x.shape}; expected (N, 1 or 3, H, W), at least one image")
    guesses = labels if guesses is None else np.asarray(guesses)
    if not len(x) == len(labels) == len(guesses):
        raise ValueError(
            f"x, labels and guesses have {len(x)}, {len(labels)} and {len(guesses)} entries; "
            "expected as many of each"
        )
    # Paper is 0 in the data and white on paper.
    shown = [1 - image[0] if len(image) == 1 else image.transpose(1, 2, 0) for image in x]
    wrong = guesses != labels
    titles = [
        f"{classes[label]} → {classes[guess]}" if other else classes[label]
        for label, guess, other in zip(labels, guesses, wrong, strict=True)
    ]
    grid = pictures(list(zip(titles, shown, strict=True)), columns=columns)
    for ax, other in zip(grid.flat, wrong, strict=False):
        ax.set_title(ax.get_title(loc="left"), color=ALERT if other else INK, fontsize=12, pad=4)
    return grid


def confusion(counts, classes, ax=None):
    """Draw how often each class was taken for each: what is right lies on the diagonal.

    counts: (classes, classes) ints, a row for each true class and a column for each answer, as
    sklearn.metrics.confusion_matrix returns them; classes: the names. Colours are those of the
    mistakes alone, each as a share of its row, so that the diagonal doesn't outshine them. Returns
    the Axes. Raises ValueError for counts of another shape, or below 0.
    """
    counts = np.asarray(counts)
    expected = (len(classes), len(classes))
    if counts.shape != expected or counts.dtype.kind not in "iu" or counts.min(initial=0) < 0:
        raise ValueError(
            f"counts has shape {counts.shape} and dtype {counts.dtype}; expected {expected}, "
            "ints from 0 on"
        )
    ax = axes(ax, width=6.6, height=5.6)
    right = np.eye(len(classes), dtype=bool)
    shares = np.where(right, 0, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
    image = ax.imshow(shares, cmap=_MISTAKES, vmin=0, vmax=max(shares.max(), 0.05))
    for (row, column), count in np.ndenumerate(counts):
        if count:
            dark = np.mean(image.cmap(image.norm(shares[row, column]))[:3]) < _DARK
            weight = "bold" if right[row, column] else "normal"
            look = {"color": "white" if dark else INK, "weight": weight, "fontsize": 10}
            ax.text(column, row, str(count), ha="center", va="center_baseline", **look)
    places = range(len(classes))
    long = max(map(len, classes)) > 2
    ax.set_xticks(places, classes, rotation=45 if long else 0, ha="right" if long else "center")
    ax.set_yticks(places, classes)
    ax.set(xlabel="taken for", ylabel="is")
    ax.spines[:].set(visible=True, color=QUIET, linewidth=0.8)
    return ax
