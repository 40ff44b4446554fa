"""Pooling: each window summarised in one number, channel by channel, without parameters."""

import numpy as np

from ._arguments import as_batch, as_bool, as_floats, as_output_gradient, quiet
from ._sizes import as_pair, as_pool_padding, output_size


def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    """Keep the largest value of every window.

    x: (N, C, H, W), float32 or float64. kernel_size, stride: an int or (height, width); stride
    defaults to kernel_size. padding: the forms that `conv2d` takes, on each side less than a
    window; padded places never win. ceil_mode: also keep a last window that hangs over the edge,
    if it starts inside the image. Returns (N, C, H_out, W_out),
    H_out = floor((H + top + bottom - kh) / stride) + 1, rounded up with ceil_mode.
    Raises ValueError for impossible arguments.
    """
    x, kernel_size, stride, sides, size = _arguments(x, kernel_size, stride, padding, ceil_mode)
    padded = _surround(x, kernel_size, stride, sides, size, -np.inf)
    y = np.full((*x.shape[:2], *size), -np.inf, x.dtype)
    for place in _places(kernel_size, stride, size):
        np.maximum(y, padded[place], out=y)
    return y


@quiet
def max_pool2d_backward(grad_y, x, kernel_size, stride=None, padding=0, ceil_mode=False, y=None):
    """Hand each window's gradient to its largest value, to the first of several: (N, C, H, W).

    grad_y: (N, C, H_out, W_out), the gradient of the output. y: the output, if it is at hand; else
    it is computed again. The other arguments, and errors, are those of `max_pool2d`. Of equal
    values the first in reading order gets the gradient, as in Paddle; a window that holds NaN has
    no largest value, and its gradient is lost.
    """
    if y is None:
        y = max_pool2d(x, kernel_size, stride, padding, ceil_mode)
    x, kernel_size, stride, sides, size = _arguments(x, kernel_size, stride, padding, ceil_mode)
    grad_y = as_output_gradient(grad_y, (*x.shape[:2], *size), x)
    y = as_floats(y, "y", like=grad_y)
    padded = _surround(x, kernel_size, stride, sides, size, -np.inf)
    grad, free = np.zeros_like(padded), np.ones(y.shape, bool)
    for place in _places(kernel_size, stride, size):
        winner = (padded[place] == y) & free
        free ^= winner
        grad[place] += np.where(winner, grad_y, 0)
    return _cut(grad, x, sides)


@quiet
def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, exclusive=True):
    """Average every window.

    Arguments, result and errors are those of `max_pool2d`; besides, exclusive: leave padded
    places out of the count (True), or count them as zeros (False). What hangs over the padding
    with ceil_mode is never counted.
    """
    x, kernel_size, stride, sides, size = _arguments(x, kernel_size, stride, padding, ceil_mode)
    exclusive = as_bool(exclusive, "exclusive")
    padded = _surround(x, kernel_size, stride, sides, size, 0.0)
    total = np.zeros((*x.shape[:2], *size), x.dtype)
    for place in _places(kernel_size, stride, size):
        total += padded[place]
    return total / _counts(x, kernel_size, stride, sides, size, exclusive)


@quiet
def avg_pool2d_backward(
    grad_y, x, kernel_size, stride=None, padding=0, ceil_mode=False, exclusive=True
):
    """Share each window's gradient among all that it averaged: (N, C, H, W).

    grad_y: (N, C, H_out, W_out), the gradient of the output. The other arguments, and errors, are
    those of `avg_pool2d`; of x only the shape and dtype matter.
    """
    x, kernel_size, stride, sides, size = _arguments(x, kernel_size, stride, padding, ceil_mode)
    exclusive = as_bool(exclusive, "exclusive")
    grad_y = as_output_gradient(grad_y, (*x.shape[:2], *size), x)
    share = grad_y / _counts(x, kernel_size, stride, sides, size, exclusive)
    grad = np.zeros_like(_surround(x, kernel_size, stride, sides, size, 0.0))
    for place in _places(kernel_size, stride, size):
        grad[place] += share
    return _cut(grad, x, sides)


@quiet
def global_avg_pool2d(x):
    """Average every channel over the whole image: (N, C, H, W) to (N, C, 1, 1).

    Raises ValueError as `max_pool2d` does. Lin, Chen and Yan 2013, "Network in network", 3.2.
    """
    return as_batch(x, "x").mean(axis=(2, 3), keepdims=True)


def global_avg_pool2d_backward(grad_y, x):
    """Share each channel's gradient, (N, C, 1, 1), among all its pixels: (N, C, H, W).

    Raises ValueError as `global_avg_pool2d` does, and for a grad_y of another shape or dtype.
    """
    x = as_batch(x, "x")
    grad_y = as_output_gradient(grad_y, (*x.shape[:2], 1, 1), x)
    return np.broadcast_to(grad_y / x[0, 0].size, x.shape).copy()


@quiet
def soft_pool2d(x, kernel_size, stride=None):
    """Average every window with weights exp(x) / sum of exp(x): between the mean and the maximum.

    Arguments, result and errors are those of `max_pool2d`, without padding. A window that holds
    infinity averages to it.
    Stergiou, Poppe and Kalliatakis 2021, "Refining activation downsampling with SoftPool".
    """
    x, kernel_size, stride, _, size = _arguments(x, kernel_size, stride, 0, False)
    # Only differences count, and e to the power of a large value would overflow.
    largest = max_pool2d(x, kernel_size, stride)
    weights, below = np.zeros_like(largest), np.zeros_like(largest)
    for place in _places(kernel_size, stride, size):
        values = x[place]
        # Infinity minus infinity would be NaN.
        difference = np.where(values == largest, 0, values - largest)
        weight = np.exp(difference)
        weights += weight
        below += np.where(weight > 0, weight * difference, 0)
    return largest + below / weights


@quiet
def soft_pool2d_backward(grad_y, x, kernel_size, stride=None):
    """Return the gradient (N, C, H, W): a value's weight, times 1 + its distance from the average.

    grad_y: (N, C, H_out, W_out), the gradient of the output. The other arguments, and errors, are
    those of `soft_pool2d`.
    """
    y = soft_pool2d(x, kernel_size, stride)
    x, kernel_size, stride, _, size = _arguments(x, kernel_size, stride, 0, False)
    grad_y = as_output_gradient(grad_y, y.shape, x)
    largest = max_pool2d(x, kernel_size, stride)
    weights, grad = np.zeros_like(largest), np.zeros_like(x)
    for place in _places(kernel_size, stride, size):
        weights += np.exp(x[place] - largest)
    for place in _places(kernel_size, stride, size):
        weight = np.exp(x[place] - largest) / weights
        grad[place] += grad_y * weight * (1 + x[place] - y)
    return grad


def _arguments(x, kernel_size, stride, padding, ceil_mode):
    x, kernel_size = as_batch(x, "x"), as_pair(kernel_size, "kernel_size")
    stride = kernel_size if stride is None else as_pair(stride, "stride")
    sides = as_pool_padding(padding, x.shape[2:], kernel_size, stride)
    axes = zip(x.shape[2:], kernel_size, stride, sides, strict=True)
    ceil_mode = as_bool(ceil_mode, "ceil_mode")
    size = tuple(output_size(*axis, ceil_mode=ceil_mode) for axis in axes)
    return x, kernel_size, stride, sides, size


def _surround(x, kernel_size, stride, sides, size, value):
    """Pad with `value`, as far as the last window reaches."""
    widths = []
    for axis in range(2):
        before, after = sides[axis]
        reach = (size[axis] - 1) * stride[axis] + kernel_size[axis]
        widths.append((before, max(reach - before - x.shape[2 + axis], after)))
    return np.pad(x, ((0, 0), (0, 0), *widths), constant_values=value)


def _places(kernel_size, stride, size):
    """Yield, for each place in the window, where all windows have it: an index of images."""
    for u in range(kernel_size[0]):
        for v in range(kernel_size[1]):
            rows = slice(u, u + (size[0] - 1) * stride[0] + 1, stride[0])
            columns = slice(v, v + (size[1] - 1) * stride[1] + 1, stride[1])
            yield slice(None), slice(None), rows, columns


def _cut(padded, x, sides):
    """Take off what `_surround` added."""
    (top, _), (left, _) = sides
    height, width = x.shape[2:]
    return np.ascontiguousarray(padded[:, :, top : top + height, left : left + width])


def _counts(x, kernel_size, stride, sides, size, exclusive):
    """Return how many values each window averages, (H_out, W_out)."""
    counts = []
    for axis in range(2):
        (before, after), length = sides[axis], x.shape[2 + axis]
        first = np.arange(size[axis]) * stride[axis] - before
        last = first + kernel_size[axis]
        low, high = (0, length) if exclusive else (-before, length + after)
        counts.append(np.minimum(last, high) - np.maximum(first, low))
    return np.outer(*counts).astype(x.dtype)
