"""Dropout: units switched off at random while a network trains."""

import numpy as np

from ._arguments import as_floats

_MODES = ("upscale_in_train", "downscale_in_infer")


def dropout_mask(shape, p=0.5, rng=None):
    """Draw a mask: False, with probability p, for each unit that is dropped, else True.

    rng: a numpy Generator; without one, a fresh one. Raises ValueError for p outside 0 to 1.
    """
    rng = np.random.default_rng() if rng is None else rng
    return rng.random(shape) >= _probability(p)


def dropout(x, p=0.5, training=True, mode="upscale_in_train", rng=None, mask=None):
    """Set each value to 0 with probability p while training, each by itself.

    x: any shape, float32 or float64. mode: "upscale_in_train" divides what is left by 1 - p in
    training and changes nothing at inference; "downscale_in_infer" leaves it as it is in training
    and multiplies by 1 - p at inference. rng: a numpy Generator for the mask, or mask: one from
    `dropout_mask`, of x's shape. Returns an array like x.
    Raises ValueError for p outside 0 to 1, another mode, or a mask of another shape.
    Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
    """
    x = as_floats(x, "x")
    keep = x.dtype.type(1 - _probability(p))
    if mode not in _MODES:
        raise ValueError(f"mode is {mode!r}; expected {' or '.join(map(repr, _MODES))}")
    if not training:
        return x * keep if mode == "downscale_in_infer" else x.copy()
    mask = dropout_mask(x.shape, p, rng) if mask is None else np.asarray(mask)
    if mask.shape != x.shape:
        raise ValueError(f"mask has shape {mask.shape}; expected {x.shape}, x's")
    y = np.where(mask, x, x.dtype.type(0))
    if mode == "upscale_in_train" and keep > 0:
        y /= keep
    return y


def _probability(p):
    if not 0 <= p <= 1:
        raise ValueError(f"p is {p}; expected 0 to 1, the probability of dropping")
    return p
