"""Data sets under one name each, parted for training, for choices and for one last test."""

from typing import NamedTuple

import numpy as np

from ..ops._arguments import as_choice, as_int
from .cifar import CIFAR10_CLASSES, load_cifar10
from .digits import load_digits
from .mnist import load_mnist
from .shapes import SHAPE_CLASSES, make_shapes

_SHAPES = 3000, 1000  # drawn for training and validation, and for the test
_DIGIT_CLASSES = tuple("0123456789")


class Splits(NamedTuple):
    """Three pairs (x, labels), for training, for choices and for one test; the classes' names."""

    train: tuple
    validation: tuple
    test: tuple
    classes: tuple


def load_splits(name, size=32, train=None):
    """Return the `Splits` of a data set, the same every time.

    name: "digits" or "shapes", which need no download, "mnist" or "cifar10". size: height and
    width in pixels; 32 for the colour images. train: take so many training images; by default all
    that are there. A fifth of the data set's training images are held out for validation.
    Returns x (N, C, size, size) float32 from 0 to 1 and labels (N,) int64 in each pair.
    Raises ValueError for another name or size, and for more training images than there are.
    """
    load, classes = _LOADERS[as_choice(name, "name", tuple(_LOADERS))]
    (x, labels), test = load(size)
    held = len(x) // 5
    most = len(x) - held
    if train is not None and as_int(train, "train", 1) > most:
        raise ValueError(f"train is {train}; expected at most {most}, which {name} has")
    order = np.random.default_rng(1).permutation(len(x))
    # Held out first, so that a smaller training set meets the same validation images.
    for_choices, for_training = order[:held], order[held:][:train]
    pairs = [(x[rows], labels[rows]) for rows in (for_training, for_choices)]
    return Splits(*pairs, test, classes)


def _shapes(size):
    _check_size(size)
    rngs = np.random.default_rng(0).spawn(2)
    return [make_shapes(n, rng) for n, rng in zip(_SHAPES, rngs, strict=True)]


def _cifar10(size):
    _check_size(size)
    return load_cifar10()


def _check_size(size):
    if as_int(size, "size", 1) != 32:
        raise ValueError(f"size is {size}; expected 32, the size of these images")


_LOADERS = {
    "digits": (load_digits, _DIGIT_CLASSES),
    "shapes": (_shapes, SHAPE_CLASSES),
    "mnist": (load_mnist, _DIGIT_CLASSES),
    "cifar10": (_cifar10, CIFAR10_CLASSES),
}
