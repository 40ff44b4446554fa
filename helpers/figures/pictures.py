"""Photographs, responses and heat maps side by side."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from .style import ANGLE, PHOTOGRAPH, QUIET, VALUES, WIDTH, panels


def pictures(
    images, kind="photo", columns=None, height=None, labels=None, limits=None, part=np.s_[:]
):
    """Show named images in a row, or in rows of `columns`.

    images: {title: (H, W) or (H, W, 3) array}. kind: "photo" (grey or colour, uint8, or float from
    0 to 1, no colour bar), "signed" (colour bar, zero in the middle), "value" (colour bar from the
    smallest to the largest), "angle" (radians from −π to π, a cyclic colour map). limits: (low,
    high) of a "signed" or "value" colour bar; arrows on the bar say that some values lie beyond.
    labels: what the numbers at a colour bar are. kind, limits and labels: one for all, or a list
    with one (or None) for each. part: rows and columns to show of every picture, such as
    np.s_[:100, 50:150]. Returns the Axes as an array.
    Raises ValueError for another kind, or a float photograph outside 0 to 1.
    """
    images = {title: np.asarray(image)[part] for title, image in images.items()}
    count = len(images)
    columns = columns or count
    kinds, labels, limits = (_for_each(setting, count) for setting in (kind, labels, limits))
    shapes = [image.shape[0] / image.shape[1] for image in images.values()]
    extra = 0.35 + (0.5 if set(kinds) != {"photo"} else 0)
    tall = [
        min(WIDTH / columns * max(shapes[i : i + columns]), 4.5) + extra
        for i in range(0, count, columns)
    ]
    options = {"gridspec_kw": {"height_ratios": tall}}
    grid = panels(len(tall), columns, height or sum(tall), **options)
    for i, (ax, (title, image)) in enumerate(zip(grid.flat, images.items(), strict=False)):
        shown = _show(ax, image, kinds[i], limits[i])
        ax.set(title=title, xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=QUIET, linewidth=0.8)
        if set(kinds) != {"photo"}:
            _colour_bar(ax, shown, kinds[i], labels[i], ticks=4 if columns < 4 else 3)
    for ax in list(grid.flat)[count:]:
        ax.remove()
    return grid


def _for_each(setting, count):
    return list(setting) if isinstance(setting, list) else [setting] * count


def _colour_bar(ax, shown, kind, label, ticks):
    values, (low, high) = shown.get_array(), shown.get_clim()
    beyond = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}
    extend = beyond[int(values.min() < low), int(values.max() > high)]
    bar = ax.figure.colorbar(shown, ax=ax, location="bottom", shrink=0.9, aspect=25, extend=extend)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(ticks)
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
