"""Small images on an empty canvas: make them dirty, and cut away what is empty."""

import numpy as np

from ..ops._arguments import as_batch, as_generator, as_int


def add_specks(x, count, rng):
    """Return images with specks: in each, `count` pixels get random values from 0.5 to 1.

    x: (N, C, H, W) floats, 0 where the canvas is empty; a speck may fall on what is drawn. rng: a
    numpy Generator. Returns an array like x. Raises ValueError for another shape or dtype, and
    where there are fewer numbers in an image than specks.
    """
    dirty = as_batch(x, "x").copy()
    as_int(count, "count", 0)
    as_generator(rng)
    pixels = dirty.reshape(len(dirty), -1)
    if count > pixels.shape[1]:
        raise ValueError(
            f"count is {count}; expected at most {pixels.shape[1]}, an image's numbers"
        )
    for image in pixels:
        image[rng.choice(len(image), count, replace=False)] = rng.uniform(0.5, 1, count)
    return dirty


def crop_to_ink(x):
    """Return images whose empty rows and columns around the ink are cut away.

    x: (N, C, H, W) floats; ink is what is not 0, in any channel. What is left stands in the upper
    left corner of an image of the same size, 0 elsewhere; an empty image stays empty. Returns an
    array like x. Raises ValueError for another shape or dtype.
    """
    x = as_batch(x, "x")
    moved = np.zeros_like(x)
    for image, place in zip(x, moved, strict=True):
        ink = (image != 0).any(axis=0)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        if len(rows):
            part = image[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            place[:, : part.shape[1], : part.shape[2]] = part
    return moved
