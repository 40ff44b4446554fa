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

    images: {title: (H, W) or (H, W, 3) array}, or pairs of them in a list, where titles may repeat.
    kind: "photo" (grey or colour, uint8, or float from
    0 to 1, no colour bar), "signed" (white at 0, blue below, orange above), "value" (from dark to
    light), "angle" (radians from −π to π, a cyclic colour map). limits: (low, high) of a "signed"
    or "value" image, by default its own extremes, for "signed" as far below as above 0; arrows on
    the colour bar say that some values lie beyond. Neighbours with the same limits share one bar.
    labels: what the numbers at a bar are. kind, limits and labels: one for all, or a list with one
    (or None) for each. part: (top, left, height, width) in pixels, to show of every image.
    zoom: screen pixels to a pixel; by default as many as fit the widest image, at most 450 in
    height, and for smaller ones as many as make them about as wide. An image with more pixels than
    there is room for is shown by one pixel for each square of them: a photograph's mean, else the
    value farthest from 0. Returns the Axes as an array, None where a row is not full.
    Raises ValueError for another kind, a float photograph outside 0 to 1, and a part or a zoom
    that does not fit.
    """
    images = images.items() if isinstance(images, dict) else images
    images = [(title, _cut(np.asarray(image), part)) for title, image in images]
    columns = min(columns or len(images), len(images))
    room = (int(WIDTH * _DOTS) - 2 * _EDGE - _GAP * (columns - 1)) // columns
    widest = max((image for _, image in images), key=lambda image: image.shape[1])
    pixels, side = _fit(widest, "value", room, zoom)
    extent = side * widest.shape[1] if zoom is None and pixels is widest else room
    kinds, labels, limits = (_for_each(setting, len(images)) for setting in (kind, labels, limits))
    looks = zip(images, kinds, labels, limits, strict=True)
    shown = [_Picture(*named, *look, room, extent, zoom) for named, *look in looks]
    rows = [shown[start : start + columns] for start in range(0, len(shown), columns)]
    wide = [max(row[c].room for row in rows if c < len(row)) for c in range(columns)]
    tall = [_row_height(row) for row in rows]
    size = sum(wide) + _GAP * (columns - 1) + 2 * _EDGE, sum(tall)
    figure = plt.figure(figsize=np.array(size) / _DOTS, FigureClass=Drawing, layout="none")
    grid = np.full((len(rows), columns), None)
    for r, row in enumerate(rows):
        top = sum(tall[:r]) + max(picture.above for picture in row)
        for c, picture in enumerate(row):
            left = _EDGE + sum(wide[:c]) + _GAP * c
            place = _box(size, left, top, picture.width, picture.height)
            grid[r, c] = picture.draw(figure.add_axes(place))
        below = top + max(picture.height for picture in row) + 8
        for first, last in _shared_bars(row):
            left = _EDGE + sum(wide[:first]) + _GAP * first
            right = _EDGE + sum(wide[:last]) + _GAP * last + row[last].width
            across = min(right - left, 400)
            bar_axes = figure.add_axes(_box(size, left, below, across, 10))
            _colour_bar(bar_axes, grid[r, first : last + 1], row[first : last + 1], across)
    return grid


class _Picture:
    """One image on its way to the screen: its pixels, how large each is, and its colours."""

    def __init__(self, title, image, kind, label, limits, room, extent, zoom):
        self.title = textwrap.fill(title, room // _LETTER)
        self.image, self.kind, self.label = image, kind, label
        self.limits = tuple(_limits(image, kind, limits))
        self.pixels, side = _fit(image, kind, extent, zoom)
        self.height, self.width = (side * count for count in self.pixels.shape[:2])
        lines = self.title.split("\n")
        self.above = 6 + _LINE * len(lines)
        self.room = max(self.width, _LETTER * max(map(len, lines)))

    def draw(self, ax):
        low, high = self.limits
        options = {"interpolation": "nearest", "aspect": "auto"}
        ax.imshow(self.pixels, cmap=_MAPS[self.kind], vmin=low, vmax=high, **options)
        ax.set_title(self.title, fontsize=12, pad=4)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, color=QUIET, linewidth=0.8)
        return ax


def _row_height(row):
    above, high = (max(getattr(p, name) for p in row) for name in ("above", "height"))
    return above + high + (_BAR if any(p.kind != "photo" for p in row) else _EDGE)


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


def _shared_bars(row):
    """Group neighbours with the same colours: the first and the last place for each bar."""
    spans, last = [], None
    for place, picture in enumerate(row):
        look = picture.kind, picture.limits, picture.label
        if picture.kind == "photo":
            last = None
        elif look == last:
            spans[-1] = spans[-1][0], place
        else:
            spans.append((place, place))
            last = look
    return spans


def _box(total, left, top, width, height):
    """A place in pixels from the upper left as matplotlib takes it: parts of the figure."""
    across, down = total
    return left / across, 1 - (top + height) / down, width / across, height / down


_MAPS = {"photo": PHOTOGRAPH, "signed": SIGNED, "value": VALUES, "angle": ANGLE}


def _colour_bar(bar_axes, neighbours, row, across):
    low, high = row[0].limits
    values = np.concatenate([picture.image.ravel() for picture in row])
    beyond = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}
    extend = beyond[int(values.min() < low), int(values.max() > high)]
    shown = neighbours[0].images[0]
    bar = bar_axes.figure.colorbar(shown, cax=bar_axes, orientation="horizontal", extend=extend)
    for ax in neighbours:
        ax.images[0].colorbar = bar
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(max(across // 60, 2), steps=[1, 2, 5, 10])
    if row[0].kind == "angle":
        bar.set_ticks([-np.pi, 0, np.pi], labels=["−π", "0", "π"])
    if row[0].label:
        bar.set_label(row[0].label, labelpad=1)
