"""Activation functions, value by value, each with its derivative beside it."""

import numpy as np

from ._arguments import as_floats


def relu(x):
    """Keep what is positive, replace the rest by 0. Any shape; NaN stays NaN."""
    return np.maximum(as_floats(x, "x"), 0)


def relu_backward(grad_y, x):
    """Pass the gradient on where x > 0. At 0, where no derivative exists, it is 0 as in Paddle."""
    return as_floats(grad_y, "grad_y", like=x) * (np.asarray(x) > 0)


def leaky_relu(x, negative_slope=0.01):
    """Keep what is positive, multiply the rest by `negative_slope`.

    Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models".
    """
    x = as_floats(x, "x")
    return np.where(x > 0, x, x.dtype.type(negative_slope) * x)


def leaky_relu_backward(grad_y, x, negative_slope=0.01):
    """Multiply the gradient by `negative_slope` where x < 0. At 0 it passes whole, as in Paddle."""
    grad_y = as_floats(grad_y, "grad_y", like=x)
    return np.where(np.asarray(x) < 0, grad_y.dtype.type(negative_slope) * grad_y, grad_y)


def sigmoid(x):
    """Squash into 0 to 1: 1 / (1 + exp(-x)), without overflow at either end."""
    x = as_floats(x, "x")
    # exp of minus the size never overflows; the two forms are the same number.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_backward(grad_y, x):
    """Multiply the gradient by y (1 - y), at most 1/4, where y = sigmoid(x)."""
    # 1 - y would round to 0 long before sigmoid(-x) does.
    return as_floats(grad_y, "grad_y", like=x) * sigmoid(x) * sigmoid(-np.asarray(x))


def tanh(x):
    """Squash into -1 to 1: the hyperbolic tangent."""
    return np.tanh(as_floats(x, "x"))


def tanh_backward(grad_y, x):
    """Multiply the gradient by 1 - tanh(x)²."""
    return as_floats(grad_y, "grad_y", like=x) * (1 - tanh(x) ** 2)


def softmax(x, axis=-1):
    """Turn scores into positive shares that add up to 1 along `axis`.

    exp(x) / sum of exp(x), with the largest score subtracted first, which changes nothing but
    keeps exp from overflowing.
    """
    x = as_floats(x, "x")
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis is {axis}; expected {-x.ndim} to {x.ndim - 1} for shape {x.shape}")
    shares = np.exp(x - x.max(axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)
