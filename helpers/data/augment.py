"""Augmentation: each image changed at random in ways that leave its class as it is."""

import numpy as np

from ..ops._arguments import as_batch, as_generator, as_int, as_number


def flip(x, rng):
    """Mirror every other image, drawn at random, left for right.

    x: (N, C, H, W) floats; rng: a numpy Generator. Returns an array like x.
    """
    x = as_batch(x, "x")
    mirrored = as_generator(rng).random(len(x)) < 0.5
    return np.where(mirrored[:, None, None, None], x[..., ::-1], x)


def shift(x, pixels, rng):
    """Move each image at random by at most so many pixels, up or down and left or right.

    x: (N, C, H, W) floats; pixels: an int from 0 on; what moves in is 0. rng: a numpy Generator.
    Returns an array like x.
    """
    x = as_batch(x, "x")
    as_int(pixels, "pixels", 0)
    as_generator(rng)
    height, width = x.shape[2:]
    framed = np.pad(x, ((0, 0), (0, 0), (pixels, pixels), (pixels, pixels)))
    moved = np.empty_like(x)
    corners = rng.integers(0, 2 * pixels + 1, (len(x), 2))
    for target, image, (top, left) in zip(moved, framed, corners, strict=True):
        target[:] = image[:, top : top + height, left : left + width]
    return moved


def cut_out(x, size, rng):
    """Set a square of each image, at a random place, to the image's mean.

    x: (N, C, H, W) floats; size: of the square, an int from 0 on; its middle is a pixel of the
    image, so that it may be cut off at the border. rng: a numpy Generator. Returns an array like x.
    DeVries and Taylor 2017, "Improved regularization of convolutional neural networks with cutout".
    """
    x = as_batch(x, "x")
    as_int(size, "size", 0)
    as_generator(rng)
    cut = x.copy()
    for image, mean in zip(cut, x.mean(axis=(2, 3), keepdims=True), strict=True):
        top, left = (int(rng.integers(length)) - size // 2 for length in x.shape[2:])
        image[:, max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)] = mean
    return cut


def mixup(x, targets, alpha, rng):
    """Blend each image, and what it stands for, with another one of the batch.

    x: (N, C, H, W) floats; targets: (N, classes), such as one-hot rows. alpha: above 0; each share
    of the first is drawn from the Beta distribution (alpha, alpha). rng: a numpy Generator. Returns
    the blended (x, targets). Zhang and others 2018, "mixup: beyond empirical risk minimization".
    """
    x, targets = as_batch(x, "x"), as_batch(targets, "targets", dims=2)
    if len(targets) != len(x):
        raise ValueError(f"targets has {len(targets)} rows; expected {len(x)}, as many as images")
    if as_number(alpha, "alpha", 0) == 0:
        raise ValueError("alpha is 0; expected a number above 0")
    share = as_generator(rng).beta(alpha, alpha, len(x)).astype(x.dtype)
    other = rng.permutation(len(x))
    blended = [
        array * part + array[other] * (1 - part)
        for array, part in ((x, share[:, None, None, None]), (targets, share[:, None]))
    ]
    return tuple(blended)
