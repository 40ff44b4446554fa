"""Pooling: each window summarised in one number, channel by channel, without parameters."""

import numpy as np

from ._arguments import as_batch, as_bool, quiet
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
    for values in _each_place(padded, kernel_size, stride, size):
        np.maximum(y, values, out=y)
    return y


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
    for values in _each_place(padded, kernel_size, stride, size):
        total += values
    counts = []
    for axis in range(2):
        (before, after), length = sides[axis], x.shape[2 + axis]
        first = np.arange(size[axis]) * stride[axis] - before
        last = first + kernel_size[axis]
        low, high = (0, length) if exclusive else (-before, length + after)
        counts.append(np.minimum(last, high) - np.maximum(first, low))
    return total / np.outer(*counts).astype(x.dtype)


@quiet
def global_avg_pool2d(x):
    """Average every channel over the whole image: (N, C, H, W) to (N, C, 1, 1).

    Raises ValueError as `max_pool2d` does. Lin, Chen and Yan 2013, "Network in network", 3.2.
    """
    return as_batch(x, "x").mean(axis=(2, 3), keepdims=True)


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
    for values in _each_place(x, kernel_size, stride, size):
        # Infinity minus infinity would be NaN.
        difference = np.where(values == largest, 0, values - largest)
        weight = np.exp(difference)
        weights += weight
        below += np.where(weight > 0, weight * difference, 0)
    return largest + below / weights


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


def _each_place(padded, kernel_size, stride, size):
    """Yield, for each place in the window, what all windows have there: (N, C, H_out, W_out)."""
    for u in range(kernel_size[0]):
        for v in range(kernel_size[1]):
            rows = slice(u, u + (size[0] - 1) * stride[0] + 1, stride[0])
            columns = slice(v, v + (size[1] - 1) * stride[1] + 1, stride[1])
            yield padded[:, :, rows, columns]
