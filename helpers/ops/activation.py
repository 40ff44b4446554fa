"""Activation functions, value by value, each with its derivative beside it."""

from math import erfc

import numpy as np

from ._arguments import as_floats, as_int, as_number, masked, quiet

# NumPy has no error function.
_erfc = np.vectorize(erfc, otypes=[float])


def relu(x):
    """Keep what is positive, replace the rest by 0. Any shape; NaN stays NaN."""
    return np.maximum(as_floats(x, "x"), 0)


def relu_backward(grad_y, x):
    """Pass the gradient on where x > 0. At 0, where no derivative exists, it is 0 as in Paddle."""
    grad_y, x = _gradient(grad_y, x)
    return masked(grad_y, x > 0)


def leaky_relu(x, negative_slope=0.01):
    """Keep what is positive, multiply the rest by `negative_slope`, any number.

    Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models".
    """
    x, negative_slope = as_floats(x, "x"), as_number(negative_slope, "negative_slope")
    return np.where(x < 0, _times(x, negative_slope), x)


def leaky_relu_backward(grad_y, x, negative_slope=0.01):
    """Multiply the gradient by `negative_slope` where x < 0. At 0 it passes whole, as in Paddle."""
    grad_y, x = _gradient(grad_y, x)
    negative_slope = as_number(negative_slope, "negative_slope")
    return np.where(x < 0, _times(grad_y, negative_slope), grad_y)


def sigmoid(x):
    """Squash into 0 to 1: 1 / (1 + exp(-x)), without overflow at either end."""
    x = as_floats(x, "x")
    # exp of minus the size never overflows; the two forms are the same number.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def sigmoid_backward(grad_y, x):
    """Multiply the gradient by y (1 - y), at most 1/4, where y = sigmoid(x)."""
    grad_y, x = _gradient(grad_y, x)
    return _times(grad_y, _sigmoid_slope(x))


def tanh(x):
    """Squash into -1 to 1: the hyperbolic tangent."""
    return np.tanh(as_floats(x, "x"))


@quiet
def tanh_backward(grad_y, x):
    """Multiply the gradient by 1 - y², at most 1, where y = tanh(x)."""
    grad_y, x = _gradient(grad_y, x)
    # 1 - y² = 4 sigmoid(2x) sigmoid(-2x), which keeps its digits where y is near 1.
    return _times(grad_y, 4 * _sigmoid_slope(2 * x))


@quiet
def silu(x):
    """Multiply x by its own sigmoid; also called swish.

    Elfwing, Uchibe and Doya 2017, "Sigmoid-weighted linear units for neural network function
    approximation in reinforcement learning".
    """
    x = as_floats(x, "x")
    return _times(x, sigmoid(x))


@quiet
def silu_backward(grad_y, x):
    """Multiply the gradient by s (1 + x (1 - s)), where s = sigmoid(x)."""
    grad_y, x = _gradient(grad_y, x)
    return _times(grad_y, _times(1 + _times(x, sigmoid(-x)), sigmoid(x)))


@quiet
def gelu(x):
    """Multiply x by the share of a normal distribution (mean 0, deviation 1) that lies below x.

    The exact form, with the error function. Hendrycks and Gimpel 2016, "Gaussian error linear
    units".
    """
    x = as_floats(x, "x")
    return _times(x, _share_below(x))


@quiet
def gelu_backward(grad_y, x):
    """Multiply the gradient by the share below x, plus x times the normal density at x."""
    grad_y, x = _gradient(grad_y, x)
    density = np.exp(-x * x / 2) / x.dtype.type(np.sqrt(2 * np.pi))
    return _times(grad_y, _share_below(x) + _times(x, density))


def _sigmoid_slope(x):
    # 1 - y would round to 0 long before this does, which is sigmoid(x) sigmoid(-x).
    small = np.exp(-np.abs(x))
    return small / (1 + small) ** 2


def _share_below(x):
    # erfc keeps the digits of small shares, where 1 + erf would round to 0.
    return (_erfc(-x / np.sqrt(2)) / 2).astype(x.dtype)


def _gradient(grad_y, x):
    x = as_floats(x, "x")
    return as_floats(grad_y, "grad_y", like=x), x


@quiet
def _times(values, slope):
    """Multiply, where a slope of 0 gives 0 of infinity too: what is flat lets nothing pass."""
    slope = np.asarray(slope, values.dtype)
    return np.multiply(values, slope, out=np.zeros_like(values), where=slope != 0)


@quiet
def softmax(x, axis=-1):
    """Turn scores into positive shares that add up to 1 along `axis`.

    exp(x) / sum of exp(x), with the largest score subtracted first, which changes nothing but
    keeps exp from overflowing.
    """
    x = as_floats(x, "x")
    axis = as_int(axis, "axis", -x.ndim, x.ndim - 1)
    shares = np.exp(x - x.max(axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


@quiet
def softmax_backward(grad_y, x, axis=-1):
    """Multiply each share by its gradient's distance from the mean, weighted by the shares.

    Arguments and errors are those of `softmax`; grad_y is the gradient of its result.
    """
    grad_y, x = _gradient(grad_y, x)
    shares = softmax(x, axis)
    return shares * (grad_y - (grad_y * shares).sum(axis=axis, keepdims=True))
