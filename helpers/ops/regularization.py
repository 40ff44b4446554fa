"""Dropout: units switched off at random while a network trains."""

import numpy as np

from ._arguments import as_floats, as_generator, as_number

_MODES = ("upscale_in_train", "downscale_in_infer")


def dropout_mask(shape, p=0.5, rng=None):
    """Draw a mask: False, with probability p, for each unit that is dropped, else True.

    rng: a numpy Generator; without one, a fresh one. Raises ValueError for p outside 0 to 1.
    """
    rng = np.random.default_rng() if rng is None else as_generator(rng)
    return rng.random(shape) >= as_number(p, "p", 0, 1)


def dropout(x, p=0.5, training=True, mode="upscale_in_train", rng=None, mask=None):
    """Set each value to 0 with probability p while training, each by itself.

    x: any shape, float32 or float64. mode: "upscale_in_train" divides what is left by 1 - p in
    training and changes nothing at inference; "downscale_in_infer" leaves it as it is in training
    and multiplies by 1 - p at inference. rng: a numpy Generator for the mask, or mask: bools from
    `dropout_mask`, of x's shape. Returns an array like x.
    Raises ValueError for p outside 0 to 1, another mode, or a mask of another shape or dtype.
    Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
    """
    x = as_floats(x, "x")
    keep = x.dtype.type(1 - as_number(p, "p", 0, 1))
    if mode not in _MODES:
        raise ValueError(f"mode is {mode!r}; expected {' or '.join(map(repr, _MODES))}")
    if not training:
        return x * keep if mode == "downscale_in_infer" else x.copy()
    mask = dropout_mask(x.shape, p, rng) if mask is None else np.asarray(mask)
    if mask.shape != x.shape or mask.dtype != bool:
        raise ValueError(
            f"mask has shape {mask.shape} and dtype {mask.dtype}; expected {x.shape}, x's, and bool"
        )
    y = np.where(mask, x, x.dtype.type(0))
    if mode == "upscale_in_train" and keep > 0:
        y /= keep
    return y
