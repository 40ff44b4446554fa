"""Looking inside a trained network: which check finds which bug, and rows of small images."""

import numpy as np

from .style import ALERT, INK, OUTPUT, PHOTOGRAPH, QUIET, SIGNED, WIDTH, axes, panels

_KINDS = ("ink", "signed")
_STRONG = -0.4  # of the largest: from here on a negative number is marked, for print in grey


def check_table(found, ax=None):
    """Draw a table of bugs and checks: a cross where the check finds the bug, a dot where not.

    found: {bug: {check: bool}}, the same checks for every bug; None for a check that was not made
    leaves its place empty. Returns the Axes.
    Raises ValueError where the checks differ.
    """
    checks = list(next(iter(found.values())))
    for bug, results in found.items():
        if list(results) != checks:
            raise ValueError(f"{bug!r} has checks {list(results)}; expected {checks}")
    ax = axes(ax, WIDTH, 0.9 + 0.42 * len(found))
    for row, results in enumerate(found.values()):
        ax.axhline(row + 0.5, color=QUIET, lw=0.6, ls="-")
        for column, check in enumerate(checks):
            if results[check]:
                ax.plot(column, row, "X", ms=14, color=ALERT, mec=INK)
                ax.text(column + 0.12, row, "found", va="center", fontsize=11)
            elif results[check] is not None:
                ax.plot(column, row, "o", ms=6, color=OUTPUT)
                ax.text(column + 0.12, row, "passes", va="center", fontsize=10)
    ax.set_xticks(range(len(checks)), checks, fontsize=11)
    ax.set_yticks(range(len(found)), list(found), fontsize=11)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set(xlim=(-0.4, len(checks) - 0.4), ylim=(len(found) - 0.5, -0.5))
    return ax


def image_rows(rows, kinds="ink", captions=None):
    """Draw rows of small images, each row with its name at the left.

    rows: {name: (n, H, W)}, as many images in each row. kinds: "ink" (0 paper, 1 ink, dark on
    white) or "signed" (white at 0, blue below, with a dash where it is strongly so, orange above,
    each image by its own largest value), one for all or {name: kind}. captions: {name: n texts} to
    stand above images, of two lines at most. Returns the Axes as an array, [row, column].
    Raises ValueError for rows of unequal length and for another kind.
    """
    rows = {name: np.asarray(images, float) for name, images in rows.items()}
    captions = captions or {}
    count = len(next(iter(rows.values())))
    for name, images in rows.items():
        if images.ndim != 3 or len(images) != count:
            raise ValueError(
                f"{name!r} has shape {images.shape}; expected ({count}, height, width)"
            )
        kind = kinds if isinstance(kinds, str) else kinds[name]
        if kind not in _KINDS:
            raise ValueError(f"kinds is {kind!r} for {name!r}; expected one of {list(_KINDS)}")
    side = min((WIDTH - 1.9) / count, 1.1)
    lines = {name: max(text.count("\n") + 1 for text in texts) for name, texts in captions.items()}
    above = [0.05 + 0.24 * lines.get(name, 0) for name in rows]
    grid = panels(len(rows), count, 0.15 + sum(side + more for more in above))
    for line, (name, images) in zip(grid, rows.items(), strict=True):
        kind = kinds if isinstance(kinds, str) else kinds[name]
        for index, (ax, image) in enumerate(zip(line, images, strict=True)):
            _small(ax, image, kind)
            if name in captions:
                ax.set_title(captions[name][index], fontsize=10, loc="center", pad=3)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=11)
    return grid


def _small(ax, image, kind):
    """One image without ticks, rounded so that the last bits of a processor do not show."""
    if kind == "ink":
        look = {"cmap": PHOTOGRAPH, "vmin": 0, "vmax": 1}
        image = 1 - image
    else:
        image = np.round(image / (np.abs(image).max() or 1), 2)
        look = {"cmap": SIGNED, "vmin": -1, "vmax": 1}
    ax.imshow(image, interpolation="nearest", **look)
    if kind == "signed":
        rows, columns = np.nonzero(image <= _STRONG)
        ax.plot(columns, rows, ls="", marker="_", ms=4, mew=1.2, color="white")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=QUIET, linewidth=0.8)
