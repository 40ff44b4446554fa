"""Handwritten digits that come with scikit-learn: real data without a download."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from ..ops._arguments import as_batch, as_generator, as_int

_TRAINING = 1297


class Digits(NamedTuple):
    """Two pairs of arrays: train and test, each (x, labels)."""

    train: tuple
    test: tuple


def load_digits(size=32):
    """Return 1,797 handwritten digits of 13 people, split into 1,297 for training and 500 for test.

    size: height and width in pixels, at least 8, which is what the data has; larger ones are
    enlarged smoothly (bilinear). Returns `Digits(train, test)`, each a pair: x (N, 1, size, size)
    float32 from 0 (paper) to 1 (ink), and labels (N,) int64 from 0 to 9. The split is drawn once
    at random and is always the same.
    Raises ValueError for a size below 8.
    Alpaydin and Kaynak 1998, "Optical recognition of handwritten digits", UCI repository.
    """
    from sklearn.datasets import load_digits as load  # a second to import, for those who need it

    as_int(size, "size", 8)
    bunch = load()
    images = (bunch.images / 16).astype(np.float32)
    if size > 8:
        images = np.stack([_enlarge(image, size) for image in images])
    order = np.random.default_rng(0).permutation(len(images))
    x, labels = images[order, None], bunch.target[order].astype(np.int64)
    return Digits((x[:_TRAINING], labels[:_TRAINING]), (x[_TRAINING:], labels[_TRAINING:]))


def _enlarge(image, size):
    return np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BILINEAR))


def scatter_on_canvas(x, size, rng):
    """Place each image at a random position of an empty canvas.

    x: (N, C, H, W) floats; size: height and width of the canvas, at least H and W; rng: a numpy
    Generator. Returns (N, C, size, size) of x's dtype, 0 around the images.
    Raises ValueError for another shape or dtype, and a canvas smaller than the images.
    """
    n, channels, height, width = as_batch(x, "x").shape
    as_int(size, "size", max(height, width))
    as_generator(rng)
    canvas = np.zeros((n, channels, size, size), x.dtype)
    tops = rng.integers(0, size - height + 1, n)
    lefts = rng.integers(0, size - width + 1, n)
    for image, place, top, left in zip(x, canvas, tops, lefts, strict=True):
        place[:, top : top + height, left : left + width] = image
    return canvas
