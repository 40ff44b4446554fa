"""Dropout: units switched off at random while a network trains."""

import numpy as np

from ._arguments import (
    as_array,
    as_bool,
    as_choice,
    as_floats,
    as_generator,
    as_int,
    as_number,
    masked,
    quiet,
)

_MODES = ("upscale_in_train", "downscale_in_infer")


def dropout_mask(shape, p=0.5, rng=None):
    """Draw a mask: False, with probability p, for each unit that is dropped, else True.

    rng: a numpy Generator; without one, a fresh one. Raises ValueError for p outside 0 to 1 and
    other shapes than tuples of positive ints.
    """
    rng = np.random.default_rng() if rng is None else as_generator(rng)
    if not isinstance(shape, tuple | list):
        raise ValueError(f"shape is {shape!r}; expected a tuple of ints")
    shape = [as_int(size, "shape", 1) for size in shape]
    return rng.random(shape) >= as_number(p, "p", 0, 1)


@quiet
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
    as_choice(mode, "mode", _MODES)
    if not as_bool(training, "training"):
        if mode == "upscale_in_train":
            return x.copy()
        # Where every unit would be dropped, what is infinite is too.
        return x * keep if keep > 0 else np.zeros_like(x)
    mask = dropout_mask(x.shape, p, rng) if mask is None else mask
    return _apply(x, mask, keep, mode, "x")


@quiet
def dropout_backward(grad_y, mask, p=0.5, mode="upscale_in_train"):
    """Pass the gradient through the units that were not dropped, scaled as they were.

    grad_y: any shape, float32 or float64. mask: bools of that shape, True for what was kept, as
    `dropout_mask` draws them and the forward pass had them in training. Errors are those of
    `dropout`.
    """
    grad_y = as_floats(grad_y, "grad_y")
    keep = grad_y.dtype.type(1 - as_number(p, "p", 0, 1))
    return _apply(grad_y, mask, keep, as_choice(mode, "mode", _MODES), "grad_y")


def _apply(values, mask, keep, mode, name):
    mask = as_array(mask, "mask")
    if mask.shape != values.shape or mask.dtype != bool:
        raise ValueError(
            f"mask has shape {mask.shape} and dtype {mask.dtype}; "
            f"expected {values.shape}, {name}'s, and bool"
        )
    kept = masked(values, mask)
    if mode == "upscale_in_train" and keep > 0:
        kept /= keep
    return kept
