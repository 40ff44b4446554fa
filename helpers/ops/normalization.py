"""Batch normalisation: every feature or channel brought to mean 0 and variance 1."""

import numpy as np

from ._arguments import as_array, as_batch, as_bool, as_number, check_same_dtype, quiet


@quiet
def batch_norm(
    x,
    running_mean,
    running_var,
    weight=None,
    bias=None,
    training=False,
    momentum=0.9,
    epsilon=1e-5,
):
    """Subtract the mean, divide by the standard deviation, then scale and shift.

    x: (N, C), or (N, C, H, W) with statistics over N, H and W. running_mean, running_var, weight
    (scale), bias (shift): (C,), all of x's dtype; start the running ones at 0 and 1. training:
    True uses the batch's own statistics and CHANGES running_mean and running_var in place to
    momentum · old + (1 - momentum) · batch, with the biased variance, as Paddle does; False uses
    the running ones. epsilon is added to the variance. Returns an array like x.
    Raises ValueError for shapes that do not fit, other dtypes, running_var or epsilon below 0 and
    momentum outside 0 to 1. Ioffe and Szegedy 2015, algorithms 1 and 2.
    """
    x = as_array(x, "x")
    if x.ndim not in (2, 4):
        raise ValueError(f"x has shape {x.shape}; expected (N, C) or (N, C, H, W)")
    x = as_batch(x, "x", dims=x.ndim)
    vectors = {
        "running_mean": running_mean,
        "running_var": running_var,
        "weight": weight,
        "bias": bias,
    }
    for name, vector in vectors.items():
        if vector is None and not name.startswith("running"):
            continue
        if not isinstance(vector, np.ndarray):
            raise ValueError(f"{name} is a {type(vector).__name__}; expected a NumPy array")
        if vector.shape != (x.shape[1],):
            raise ValueError(f"{name} has shape {vector.shape}; expected ({x.shape[1]},)")
    check_same_dtype(x, **vectors)
    if running_var.min() < 0:
        raise ValueError(f"running_var holds {running_var.min():g}; expected at least 0")
    momentum, epsilon = as_number(momentum, "momentum", 0, 1), as_number(epsilon, "epsilon", 0)
    mean, var = running_mean, running_var
    if as_bool(training, "training"):
        axes = (0,) if x.ndim == 2 else (0, 2, 3)
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        for running, batch in ((running_mean, mean), (running_var, var)):
            running *= momentum
            running += (1 - momentum) * batch
    shape = (1, -1) if x.ndim == 2 else (1, -1, 1, 1)
    y = (x - mean.reshape(shape)) / np.sqrt(var + x.dtype.type(epsilon)).reshape(shape)
    if weight is not None:
        y = y * weight.reshape(shape)
    return y if bias is None else y + bias.reshape(shape)
