"""Batch normalisation: every feature or channel brought to mean 0 and variance 1."""

import numpy as np

from ._arguments import as_array, as_batch, as_bool, as_floats, as_number, check_same_dtype, quiet


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
    x = _as_features(x)
    vectors = {
        "running_mean": running_mean,
        "running_var": running_var,
        "weight": weight,
        "bias": bias,
    }
    for name, vector in vectors.items():
        if vector is not None or name.startswith("running"):
            _check_vector(vector, name, x)
    _check_var(running_var, "running_var")
    momentum, epsilon = as_number(momentum, "momentum", 0, 1), as_number(epsilon, "epsilon", 0)
    if as_bool(training, "training"):
        y, mean, var = _centre(x)
        for running, batch in ((running_mean, mean), (running_var, var)):
            running *= momentum
            running += (1 - momentum) * batch
    else:
        y, var = x - _column(running_mean, x), running_var
    scale = 1 / np.sqrt(var + x.dtype.type(epsilon))
    y *= _column(scale if weight is None else scale * weight, x)
    if bias is not None:
        y += _column(bias, x)
    return y


@quiet
def batch_norm_backward(grad_y, x, weight=None, epsilon=1e-5, training=True, statistics=None):
    """Return the gradients (grad_x, grad_weight or None, grad_bias), like x, weight and bias.

    grad_y: like x, the gradient of the output. statistics: (mean, variance), each (C,), with which
    the forward pass normalised: in training the batch's, computed again if they are not at hand;
    with training=False the running ones, which are needed. In training every example of a channel
    moves the mean and the variance of all; at inference they are constants.
    Errors are those of `batch_norm`. Ioffe and Szegedy 2015, section 3.
    """
    x = _as_features(x)
    grad_y = as_floats(grad_y, "grad_y", like=x)
    epsilon = as_number(epsilon, "epsilon", 0)
    if weight is not None:
        _check_vector(weight, "weight", x)
    if statistics is None:
        if not as_bool(training, "training"):
            raise ValueError("statistics is None; expected the running mean and variance")
        centred, _, var = _centre(x)
    else:
        mean, var = _as_statistics(statistics, x)
        centred = x - _column(mean, x)
    scale = 1 / np.sqrt(var + x.dtype.type(epsilon))
    grad_weight, grad_bias = scale * _sum_products(grad_y, centred), _sum(grad_y)
    grad_x = centred  # in its place, since new arrays cost more than sums
    if as_bool(training, "training"):
        count = x.dtype.type(x.size // x.shape[1])
        grad_x *= _column(-grad_weight * scale / count, x)
        grad_x += grad_y
        grad_x -= _column(grad_bias / count, x)
    else:
        grad_x[...] = grad_y
    grad_x *= _column(scale if weight is None else scale * weight, x)
    return grad_x, None if weight is None else grad_weight, grad_bias


@quiet
def batch_statistics(x):
    """Return the mean and the biased variance of each feature or channel: two arrays (C,).

    x: (N, C), or (N, C, H, W) with statistics over N, H and W. Raises ValueError as `batch_norm`
    does.
    """
    _, mean, var = _centre(_as_features(x))
    return mean, var


def _centre(x):
    """Return x minus the mean of its channels, that mean, and their biased variance."""
    count = x.dtype.type(x.size // x.shape[1])
    mean = _sum(x) / count
    centred = x - _column(mean, x)
    return centred, mean, _sum_products(centred, centred) / count


def _as_features(x):
    x = as_array(x, "x")
    if x.ndim not in (2, 4):
        raise ValueError(f"x has shape {x.shape}; expected (N, C) or (N, C, H, W)")
    return as_batch(x, "x", dims=x.ndim)


def _check_vector(vector, name, x):
    if not isinstance(vector, np.ndarray):
        raise ValueError(f"{name} is a {type(vector).__name__}; expected a NumPy array")
    if vector.shape != (x.shape[1],):
        raise ValueError(f"{name} has shape {vector.shape}; expected ({x.shape[1]},)")
    check_same_dtype(x, **{name: vector})


def _check_var(var, name):
    if var.min() < 0:
        raise ValueError(f"{name} holds {var.min():g}; expected at least 0")


def _as_statistics(statistics, x):
    if not isinstance(statistics, tuple | list) or len(statistics) != 2:
        raise ValueError(f"statistics is {statistics!r}; expected a pair (mean, variance)")
    for index, vector in enumerate(statistics):
        _check_vector(vector, f"statistics[{index}]", x)
    _check_var(statistics[1], "statistics[1]")
    return statistics


def _column(vector, x):
    """Shape a vector of channels so that it meets those of x."""
    return vector.reshape(1, -1, *[1] * (x.ndim - 2))


def _sum(x):
    """Add up each channel: (N, C) or (N, C, H, W) to (C,)."""
    # A product with ones takes a third of the time that adding does.
    if x.ndim == 2:
        return np.ones(len(x), x.dtype) @ x
    return (x.reshape(*x.shape[:2], -1) @ np.ones(x[0, 0].size, x.dtype)).sum(axis=0)


def _sum_products(x, y):
    """Multiply two arrays number by number and add up each channel: (C,)."""
    if x.ndim == 2:
        return np.einsum("nc,nc->c", x, y)
    # As many dot products as there are images and channels: no array of the products between.
    return np.vecdot(*(array.reshape(*array.shape[:2], -1) for array in (x, y))).sum(axis=0)
