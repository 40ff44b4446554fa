"""Matrices drawn with their numbers: rows, columns, and the same numbers again and again."""

import numpy as np
from matplotlib.patches import Rectangle

from .style import INK, QUIET, SIGNED, WIDTH, axes

_PRINTED = 60  # columns: more of them leave no room for a number of 10 points
_DARK = 0.45  # mean of red, green and blue below which a number is printed in white


def matrix(values, ax=None, numbers=False, blocks=None, limit=None, title="", xlabel="", ylabel=""):
    """Draw a matrix, one square a number: white where it is 0, blue below and orange above.

    values: (rows, columns). numbers: print every number that is not 0 in its square. blocks:
    (rows, columns) after which to draw a line and a tick, such as the width of the output and of
    the input picture. limit: the size at which the colours are strongest; by default the
    largest in `values`. Returns the Axes. Raises ValueError for values that are no matrix, and for
    numbers where they would not fit: more than 60 columns, or longer than two characters.
    """
    values = np.asarray(values, float)
    if values.ndim != 2 or values.size == 0:
        raise ValueError(f"values has shape {values.shape}; expected (rows, columns)")
    rows, columns = values.shape
    texts = _texts(values) if numbers else {}
    ax = axes(ax, WIDTH, height=(WIDTH - 0.7) * rows / columns + 0.85)
    limit = limit or np.abs(values).max() or 1
    ax.imshow(values, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
    _print(ax, values, texts)
    if blocks:
        _lines(ax, values.shape, blocks)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.set_xticks(range(0, columns, blocks[1]) if blocks else [])
    ax.set_yticks(range(0, rows, blocks[0]) if blocks else [])
    ax.spines[:].set(visible=True, color=QUIET, linewidth=0.8)
    return ax


def _texts(values):
    """What to print, by place."""
    texts = {place: f"{value:g}" for place, value in np.ndenumerate(values) if value != 0}
    longest = max(map(len, texts.values()), default=0)
    if values.shape[1] > _PRINTED or longest > 2:
        raise ValueError(
            f"numbers do not fit: values has {values.shape[1]} columns and numbers of up to "
            f"{longest} characters; expected at most {_PRINTED} columns and 2 characters"
        )
    return texts


def _print(ax, values, texts):
    (image,) = ax.images
    for (row, column), text in texts.items():
        shade = image.cmap(image.norm(values[row, column]))[:3]
        ink = "white" if np.mean(shade) < _DARK else INK
        text = text.replace("-", "−")
        ax.text(column, row, text, ha="center", va="center_baseline", fontsize=10, color=ink)


def _lines(ax, shape, blocks):
    """Outline the blocks, so that each is one row of the output seen from one row of the input."""
    down, across = blocks
    for top in range(0, shape[0], down):
        for left in range(0, shape[1], across):
            corner = (left - 0.5, top - 0.5)
            ax.add_patch(Rectangle(corner, across, down, fill=False, edgecolor=QUIET, lw=0.6))
