"""A network at every place of a larger image: windows, and dense layers as convolutions."""

import numpy as np

from . import geometry, nn
from .ops._arguments import as_batch, as_generator, as_int

_TRIES = 10_000  # of placing one image, before a canvas counts as full


def windows(x, size, step):
    """Return all square windows of one image, row by row, as a batch.

    x: (1, C, H, W) floats; size: a window's height and width; step: pixels from one window to the
    next, both ways. Returns (rows · columns, C, size, size), copies. Raises ValueError for another
    shape, and for an image smaller than a window.
    """
    x = as_batch(x, "x")
    as_int(step, "step", 1)
    height, width = x.shape[2:]
    as_int(size, "size", 1, min(height, width))
    if len(x) != 1:
        raise ValueError(f"x holds {len(x)} images; expected one")
    tops, lefts = range(0, height - size + 1, step), range(0, width - size + 1, step)
    return np.stack([x[0, :, t : t + size, le : le + size] for t in tops for le in lefts])


def as_convolutions(model, input_shape):
    """Return the network that slides a classifier over images of any size, in one pass.

    model: a Sequential of helpers.nn; input_shape: (C, H, W), what it was trained on. The first
    dense layer after the maps becomes a convolution with a kernel as large as they are, every
    further one a 1×1 convolution, Flatten goes, and all else stays, shared with the model.
    The result maps (N, C, H', W') to (N, classes, rows, columns): without zero padding in the
    model, its answers to windows whose step is the product of all strides.
    Raises ValueError for layers that look at the whole image in another way.
    Matan and others 1991, "Multi-digit recognition using a space displacement neural network".
    """
    layers, shape = [], input_shape
    for layer, row in zip(_flat(model), geometry.summary(model, input_shape), strict=True):
        if isinstance(layer, nn.Linear):
            layer = _as_convolution(layer, shape)
            shape = (layer.weight.value.shape[0], 1, 1)
        elif len(row.output_shape) == 3:
            shape = row.output_shape
        if isinstance(layer, nn.BatchNorm1D | nn.GlobalAvgPool2D | nn.Residual):
            raise ValueError(f"model holds {type(layer).__name__}, which is not converted here")
        if not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


def _flat(model):
    """The layers of a Sequential and of those within it, in their order."""
    if not isinstance(model, nn.Sequential):
        return [model]
    return [found for layer in model.layers().values() for found in _flat(layer)]


def _as_convolution(dense, shape):
    weight = dense.weight.value
    outputs = weight.shape[1]
    layer = nn.Conv2D(shape[0], outputs, tuple(shape[1:]), bias=dense.bias is not None)
    layer.weight.value = weight.T.reshape(outputs, *shape)
    if dense.bias is not None:
        layer.bias.value = dense.bias.value
    return layer


def fill_canvas(x, size, gap, rng):
    """Place images at random on one empty canvas, at least `gap` pixels apart.

    x: (N, C, H, W) floats; size: the canvas's height and width; rng: a numpy Generator. Returns
    (canvas, places): (1, C, size, size) of x's dtype, 0 around the images, and (N, 2) ints, the
    top and the left of each. Raises ValueError for another shape, and where no room is found.
    """
    n, channels, height, width = as_batch(x, "x").shape
    as_int(size, "size", max(height, width))
    as_int(gap, "gap", 0)
    as_generator(rng)
    canvas, places = np.zeros((1, channels, size, size), x.dtype), np.zeros((0, 2), int)
    for image in x:
        for _ in range(_TRIES):
            place = rng.integers(0, (size - height + 1, size - width + 1))
            apart = np.abs(places - place) >= (height + gap, width + gap)
            if apart.any(axis=1).all():
                break
        else:
            raise ValueError(f"size is {size}; no room for {n} images, {gap} pixels apart")
        top, left = place
        canvas[0, :, top : top + height, left : left + width] = image
        places = np.vstack([places, place])
    return canvas, places


def training_windows(data, rng, size=16, canvas=96, count=8, gap=6, apart=5):
    """Cut windows from canvases full of images: one with each image, and as many with none.

    data: (x, labels), x (N, C, H, W) floats with H = W up to `size`, labels from 0 on. Each
    canvas takes `count` images, `gap` pixels apart; what is left over is left out. A window with
    an image holds it whole, at a random place; one without has its centre at least `apart` pixels,
    up or across, from every image's centre, and the label that follows the last one: nothing.
    Returns (windows, labels), windows (2 N', C, size, size). Raises ValueError as `fill_canvas`.
    """
    x, labels = data
    free = size - x.shape[2]
    cut, kinds = [], []
    order = as_generator(rng).permutation(len(x))
    for start in range(0, len(x) - count + 1, count):
        part = order[start : start + count]
        image, places = fill_canvas(x[part], canvas, gap, rng)
        corners = (places - rng.integers(0, free + 1, places.shape)).clip(0, canvas - size)
        empty = _away_from(places - free / 2, canvas - size + 1, apart, rng)
        for top, left in [*corners, *empty]:
            cut.append(image[0, :, top : top + size, left : left + size])
        kinds += [*labels[part], *[labels.max() + 1] * count]
    return np.stack(cut), np.array(kinds)


def _away_from(corners, limit, apart, rng):
    """As many random corners below `limit` as there are others, away from all of them."""
    found = []
    while len(found) < len(corners):
        place = rng.integers(0, limit, 2)
        if np.abs(corners - place).max(axis=1).min() >= apart:
            found.append(place)
    return found


def match(found, corners, labels, reach=5):
    """Compare what was found with what is there: which finds are right, and which labels are seen.

    found: [(top, left, label)], the best first; corners: (N, 2), where a find would be perfect;
    labels: (N,). A find is right if a label like it, not seen yet, lies at most `reach` pixels
    away, up and across. Returns two bool arrays: one value a find, one a label.
    """
    right, seen = np.zeros(len(found), bool), np.zeros(len(labels), bool)
    for index, (top, left, label) in enumerate(found):
        near = np.abs(np.asarray(corners) - (top, left)).max(axis=1) <= reach
        fits = np.flatnonzero(near & (np.asarray(labels) == label) & ~seen)
        if len(fits):
            right[index], seen[fits[0]] = True, True
    return right, seen
