"""Photographs, responses and heat maps side by side, pixel by pixel."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from .style import ANGLE, PHOTOGRAPH, QUIET, SIGNED, VALUES, WIDTH, Drawing

_DOTS = 100  # pixels to the inch, as in the style
_GAP, _EDGE, _BAR = 16, 18, 58  # pixels between, around and below pictures
_LETTER, _LINE = 9, 20  # pixels that a letter of a title takes, and a line of one
_TALLEST = 450  # pixels of one picture's height


def pictures(images, kind="photo", columns=None, labels=None, limits=None, part=None, zoom=None):
    """Show named images in a row, or in rows of `columns`, each pixel as a square of whole pixels.

    images: {title: (H, W) or (H, W, 3) array}. kind: "photo" (grey or colour, uint8, or float from
    0 to 1, no colour bar), "signed" (white at 0, blue below, orange above), "value" (from dark to
    light), "angle" (radians from −π to π, a cyclic colour map). limits: (low, high) of a "signed"
    or "value" image, by default its own extremes, for "signed" as far below as above 0; arrows on
    the colour bar say that some values lie beyond. Neighbours with the same limits share one bar.
    labels: what the numbers at a bar are. kind, limits and labels: one for all, or a list with one
    (or None) for each. part: (top, left, height, width) in pixels, to show of every image.
    zoom: screen pixels to a pixel; by default as many as fit, at most 450 in height. An image with
    more pixels than there is room for is shown by one pixel for each square of them: a
    photograph's mean, else the value farthest from 0. Returns the Axes as an array, None where a
    row is not full.
    Raises ValueError for another kind, a float photograph outside 0 to 1, and a part or a zoom
    that does not fit.
    """
    images = {title: _cut(np.asarray(image), part) for title, image in images.items()}
    count = len(images)
    columns = min(columns or count, count)
    kinds, labels, limits = (_for_each(setting, count) for setting in (kind, labels, limits))
    room = (int(WIDTH * _DOTS) - 2 * _EDGE - _GAP * (columns - 1)) // columns
    shown = [
        _fit(image, kinds[i], room, zoom) for i, image in enumerate(images.values())
    ]  # (array, side of a pixel)
    clims = [_limits(image, kinds[i], limits[i]) for i, image in enumerate(images.values())]
    titles = [textwrap.fill(title, room // _LETTER) for title in images]
    rows = [range(start, min(start + columns, count)) for start in range(0, count, columns)]
    sizes = [(pixels.shape[0] * side, pixels.shape[1] * side) for pixels, side in shown]
    wide = [
        max(
            max(sizes[row[c]][1], _LETTER * max(map(len, titles[row[c]].split("\n"))))
            for row in rows
            if c < len(row)
        )
        for c in range(columns)
    ]
    bars = [_shared_bars(row, kinds, clims, labels) for row in rows]
    above = [6 + _LINE * max(titles[i].count("\n") + 1 for i in row) for row in rows]
    tall = [
        above[r] + max(sizes[i][0] for i in row) + (_BAR if spans else _EDGE)
        for r, (row, spans) in enumerate(zip(rows, bars, strict=True))
    ]
    total = np.array([sum(wide) + _GAP * (columns - 1) + 2 * _EDGE, sum(tall)])
    figure = plt.figure(figsize=total / _DOTS, FigureClass=Drawing, layout="none")
    grid = np.full((len(rows), columns), None)
    for r, (row, spans) in enumerate(zip(rows, bars, strict=True)):
        top, places = sum(tall[:r]) + above[r], {}
        for c, i in enumerate(row):
            places[i] = _EDGE + sum(wide[:c]) + _GAP * c
            high, across = sizes[i]
            ax = figure.add_axes(_box(total, places[i], top, across, high))
            _show(ax, shown[i][0], kinds[i], clims[i])
            ax.set_title(titles[i], fontsize=12, pad=4)
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set(visible=True, color=QUIET, linewidth=0.8)
            grid[r, c] = ax
        for span in spans:
            left, right = places[span[0]], places[span[-1]] + sizes[span[-1]][1]
            across = min(right - left, 400)
            below = top + max(sizes[i][0] for i in row) + 8
            bar = figure.add_axes(_box(total, left, below, across, 10))
            values = np.concatenate([np.ravel(list(images.values())[i]) for i in span])
            _colour_bar(
                bar, grid[r, row.index(span[0])], values, kinds[span[0]], labels[span[0]], across
            )
            for i in span[1:]:
                grid[r, row.index(i)].images[0].colorbar = (
                    grid[r, row.index(span[0])].images[0].colorbar
                )
    return grid


def _for_each(setting, count):
    return list(setting) if isinstance(setting, list) else [setting] * count


def _cut(image, part):
    if part is None:
        return image
    top, left, height, width = part
    if min(top, left) < 0 or top + height > image.shape[0] or left + width > image.shape[1]:
        raise ValueError(f"part is {part}; expected a part of an image of shape {image.shape}")
    return image[top : top + height, left : left + width]


def _fit(image, kind, room, zoom):
    """Return the pixels to show and the side of each on the screen, a whole number."""
    height, width = image.shape[:2]
    if zoom is not None:
        if zoom != int(zoom) or zoom < 1 or zoom * width > room:
            raise ValueError(
                f"zoom is {zoom!r}; expected a whole number, and at most {room} pixels for "
                f"an image {width} wide"
            )
        return image, int(zoom)
    if width <= room and height <= _TALLEST:
        return image, max(min(room // width, _TALLEST // height), 1)
    step = max(-(-width // room), -(-height // _TALLEST))
    # What is left over at the right and the bottom is fewer pixels than one square.
    whole = image[: height // step * step, : width // step * step]
    squares = whole.reshape(height // step, step, width // step, step, *image.shape[2:])
    squares = squares.swapaxes(1, 2).reshape(
        height // step, width // step, step**2, *image.shape[2:]
    )
    if kind == "photo":
        return squares.mean(axis=2).astype(image.dtype), 1
    farthest = np.abs(np.round(squares, 9)).argmax(axis=2)
    return np.take_along_axis(squares, farthest[..., None], axis=2)[..., 0], 1


def _limits(image, kind, limits):
    if kind == "photo":
        if image.dtype.kind == "f" and not (image.min() >= 0 and image.max() <= 1):
            raise ValueError(
                f"images holds a photograph from {image.min():g} to {image.max():g}; expected "
                'floats from 0 to 1 or uint8: rescale it, or show it as kind="value"'
            )
        return 0, 255 if image.dtype == np.uint8 else 1
    if kind == "signed":
        reach = np.abs(image).max() or 1
        return limits or (-reach, reach)
    if kind == "value":
        return limits or (image.min(), image.max())
    if kind == "angle":
        return -np.pi, np.pi
    raise ValueError(f'kind is {kind!r}; expected "photo", "signed", "value" or "angle"')


def _shared_bars(row, kinds, clims, labels):
    """Group neighbours with the same colours: a list of the places in a row for each bar."""
    spans = []
    for i in row:
        if kinds[i] == "photo":
            continue
        same = spans and spans[-1][-1] == i - 1
        if same:
            last = spans[-1][-1]
            mine, theirs = ((kinds[k], tuple(clims[k]), labels[k]) for k in (i, last))
            same = mine == theirs
        if same:
            spans[-1].append(i)
        else:
            spans.append([i])
    return spans


def _box(total, left, top, width, height):
    """A place in pixels from the upper left as matplotlib takes it: parts of the figure."""
    across, down = total
    return left / across, 1 - (top + height) / down, width / across, height / down


_MAPS = {"photo": PHOTOGRAPH, "signed": SIGNED, "value": VALUES, "angle": ANGLE}


def _show(ax, pixels, kind, clim):
    ax.imshow(
        pixels, cmap=_MAPS[kind], vmin=clim[0], vmax=clim[1], interpolation="nearest", aspect="auto"
    )


def _colour_bar(bar_axes, ax, values, kind, label, across):
    shown = ax.images[0]
    low, high = shown.get_clim()
    beyond = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}
    extend = beyond[int(values.min() < low), int(values.max() > high)]
    bar = ax.figure.colorbar(shown, cax=bar_axes, orientation="horizontal", extend=extend)
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(max(across // 60, 2), steps=[1, 2, 5, 10])
    if kind == "angle":
        bar.set_ticks([-np.pi, 0, np.pi], labels=["−π", "0", "π"])
    if label:
        bar.set_label(label, labelpad=1)
