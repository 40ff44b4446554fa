"""Photographs, responses and heat maps side by side."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from .style import ANGLE, PHOTOGRAPH, VALUES, WIDTH, panels


def pictures(images, kind="photo", columns=None, height=None, labels=None, limits=None):
    """Show named images in a row, or in rows of `columns`.

    images: {title: (H, W) or (H, W, 3) array}. kind, one for all or a list of one each: "photo"
    (grey or colour, uint8, or float from 0 to 1, no colour bar), "signed" (colour bar, zero in
    the middle), "value" (colour bar from the smallest to the largest), "angle" (radians from −π
    to π, a cyclic colour map). limits: (low, high) of every colour bar; arrows on a
    bar say that some values lie beyond. labels: the unit at each
    colour bar. Returns the Axes as an array.
    Raises ValueError for another kind, or a float photograph outside 0 to 1.
    """
    images = {title: np.asarray(image) for title, image in images.items()}
    columns = columns or len(images)
    rows = -(-len(images) // columns)
    kinds = [kind] * len(images) if isinstance(kind, str) else list(kind)
    if height is None:
        tallest = max(image.shape[0] / image.shape[1] for image in images.values())
        bar = 0.5 if any(k != "photo" for k in kinds) else 0
        height = rows * (min(WIDTH / columns * tallest, 4.5) + 0.35 + bar)
    grid = panels(rows, columns, height)
    for i, (ax, (title, image)) in enumerate(zip(grid.flat, images.items(), strict=False)):
        shown = _show(ax, image, kinds[i], limits)
        ax.set(title=title, xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        if set(kinds) != {"photo"}:
            label = labels if labels is None or isinstance(labels, str) else labels[i]
            _colour_bar(ax, shown, kinds[i], label)
    for ax in list(grid.flat)[len(images) :]:
        ax.remove()
    return grid


def _colour_bar(ax, shown, kind, label):
    values, (low, high) = shown.get_array(), shown.get_clim()
    beyond = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}
    extend = beyond[int(values.min() < low), int(values.max() > high)]
    bar = ax.figure.colorbar(shown, ax=ax, location="bottom", shrink=0.9, aspect=25, extend=extend)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(4)
    if kind == "angle":
        bar.set_ticks([-np.pi, 0, np.pi], labels=["−π", "0", "π"])
    if kind == "photo":
        # A photograph needs no bar; an unseen one keeps it level with its neighbours.
        bar.solids.set_visible(False)
        bar.ax.tick_params(colors="none")
    elif label:
        bar.set_label(label)


def _show(ax, image, kind, limits):
    if kind == "photo":
        if image.dtype.kind == "f" and not (image.min() >= 0 and image.max() <= 1):
            raise ValueError(
                f"images holds a photograph from {image.min():g} to {image.max():g}; expected "
                'floats from 0 to 1 or uint8: rescale it, or show it as kind="value"'
            )
        top = 255 if image.dtype == np.uint8 else 1
        return ax.imshow(image, cmap=PHOTOGRAPH, vmin=0, vmax=top)
    if kind == "signed":
        low, high = limits or np.array([-1, 1]) * (np.abs(image).max() or 1)
        return ax.imshow(image, cmap=VALUES, vmin=low, vmax=high)
    if kind == "value":
        low, high = limits or (image.min(), image.max())
        return ax.imshow(image, cmap=VALUES, vmin=low, vmax=high)
    if kind == "angle":
        return ax.imshow(image, cmap=ANGLE, vmin=-np.pi, vmax=np.pi)
    raise ValueError(f'kind is {kind!r}; expected "photo", "signed", "value" or "angle"')
