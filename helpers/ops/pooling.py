"""Pooling: each window summarised in one number, channel by channel, without parameters."""

import numpy as np

from ._arguments import as_batch, as_bool, as_output_gradient, masked, quiet
from ._sizes import as_pair, as_pool_padding, output_size
from ._tape import Tapes, needed_stride


@quiet
def max_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False):
    """Keep the largest value of every window.

    x: (N, C, H, W), float32 or float64. kernel_size, stride: an int or (height, width); stride
    defaults to kernel_size. padding: the forms that `conv2d` takes, on each side less than a
    window; padded places never win. ceil_mode: also keep a last window that hangs over the edge,
    if it starts inside the image. Returns (N, C, H_out, W_out),
    H_out = floor((H + top + bottom - kh) / stride) + 1, rounded up with ceil_mode.
    Raises ValueError for impossible arguments.
    """
    x, tapes, _ = _arguments(x, kernel_size, stride, padding, ceil_mode)
    return _summarise(x, tapes, np.maximum, -np.inf)


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
    x, tapes, _ = _arguments(x, kernel_size, stride, padding, ceil_mode)
    shape = (*x.shape[:2], *tapes.outputs)
    grad_y, y = as_output_gradient(grad_y, shape, x), as_output_gradient(y, shape, x, "y")
    # NaN equals nothing, so that padding wins not even against -infinity.
    read, grad = tapes.write(x, np.nan), tapes.blank(x.shape[1], len(x), x.dtype)
    finite = np.isfinite(grad_y).all()
    for images, rows in _blocks(x, tapes):
        gradient, largest = (tapes.spread(a[images, :, rows]) for a in (grad_y, y))
        free = np.ones(largest.shape, bool)
        pairs = (tapes.windows(both, images, rows) for both in (read, grad))
        for values, target in zip(*pairs, strict=True):
            winner = (values == largest) & free
            free ^= winner
            target += gradient * winner if finite else masked(gradient, winner)
    return tapes.read(grad)


@quiet
def avg_pool2d(x, kernel_size, stride=None, padding=0, ceil_mode=False, exclusive=True):
    """Average every window.

    Arguments, result and errors are those of `max_pool2d`; besides, exclusive: leave padded
    places out of the count (True), or count them as zeros (False). What hangs over the padding
    with ceil_mode is never counted.
    """
    x, tapes, sides = _arguments(x, kernel_size, stride, padding, ceil_mode)
    return _summarise(x, tapes, np.add, 0) / _counts(x, tapes, sides, exclusive)


@quiet
def avg_pool2d_backward(
    grad_y, x, kernel_size, stride=None, padding=0, ceil_mode=False, exclusive=True
):
    """Share each window's gradient among all that it averaged: (N, C, H, W).

    grad_y: (N, C, H_out, W_out), the gradient of the output. The other arguments, and errors, are
    those of `avg_pool2d`; of x only the shape and dtype matter.
    """
    x, tapes, sides = _arguments(x, kernel_size, stride, padding, ceil_mode)
    grad_y = as_output_gradient(grad_y, (*x.shape[:2], *tapes.outputs), x)
    share = grad_y / _counts(x, tapes, sides, exclusive)
    grad = tapes.blank(x.shape[1], len(x), x.dtype)
    for images, rows in _blocks(x, tapes):
        part = tapes.spread(share[images, :, rows])
        for target in tapes.windows(grad, images, rows):
            target += part
    return tapes.read(grad)


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
    x, tapes, _ = _arguments(x, kernel_size, stride, 0, False)
    largest, weights = _soft_weights(x, tapes)
    below = 0
    for values, weight in zip(_places(x, tapes), weights, strict=True):
        # Only differences count; where there is no weight, infinity has none either.
        below += np.where(weight > 0, weight * _difference(values, largest), 0)
    return largest + below / sum(weights)


@quiet
def soft_pool2d_backward(grad_y, x, kernel_size, stride=None):
    """Return the gradient (N, C, H, W): a value's weight, times 1 + its distance from the average.

    grad_y: (N, C, H_out, W_out), the gradient of the output. The other arguments, and errors, are
    those of `soft_pool2d`.
    """
    y = soft_pool2d(x, kernel_size, stride)
    x, tapes, _ = _arguments(x, kernel_size, stride, 0, False)
    grad_y = as_output_gradient(grad_y, y.shape, x)
    _, weights = _soft_weights(x, tapes)
    total, grad = sum(weights), np.zeros_like(x)
    places = zip(_places(x, tapes), _places(grad, tapes), weights, strict=True)
    for values, target, weight in places:
        target += grad_y * weight / total * (1 + values - y)
    return grad


def _arguments(x, kernel_size, stride, padding, ceil_mode):
    x, kernel_size = as_batch(x, "x"), as_pair(kernel_size, "kernel_size")
    stride = kernel_size if stride is None else as_pair(stride, "stride")
    sides = as_pool_padding(padding, x.shape[2:], kernel_size, stride)
    axes = list(zip(x.shape[2:], kernel_size, stride, sides, strict=True))
    ceil_mode = as_bool(ceil_mode, "ceil_mode")
    outputs = tuple(output_size(*axis, ceil_mode=ceil_mode) for axis in axes)
    frame = []
    for count, (size, k, s, (before, after)) in zip(outputs, axes, strict=True):
        # With ceil_mode the last window may reach further than the padding.
        frame.append((before, max((count - 1) * s + k - before - size, after)))
    step = needed_stride(stride, outputs)
    return x, Tapes(x.shape[2:], tuple(frame), kernel_size, step, (1, 1), outputs), sides


def _blocks(x, tapes):
    return tapes.blocks(len(x), x.shape[1], x.itemsize)


def _summarise(x, tapes, add, start):
    """Fold what is in each window with `add`; padding holds `start`, which changes nothing."""
    y, written = np.empty((*x.shape[:2], *tapes.outputs), x.dtype), tapes.write(x, start)
    for images, rows in _blocks(x, tapes):
        first, *others = tapes.windows(written, images, rows)
        total = first.copy()
        for values in others:
            add(total, values, out=total)
        y[images, :, rows] = tapes.cut(total)
    return y


def _places(x, tapes):
    """Yield, for each place in the window, what all windows have there: (N, C, H_out, W_out)."""
    (kh, kw), (sh, sw), (high, wide) = tapes.kernel_size, tapes.stride, tapes.outputs
    for u in range(kh):
        for v in range(kw):
            yield x[:, :, u : u + (high - 1) * sh + 1 : sh, v : v + (wide - 1) * sw + 1 : sw]


def _soft_weights(x, tapes):
    """Return each window's largest value, and exp(value - largest) for each place in the window."""
    largest = _summarise(x, tapes, np.maximum, -np.inf)
    return largest, [np.exp(_difference(values, largest)) for values in _places(x, tapes)]


def _difference(values, largest):
    # Infinity minus infinity would be NaN.
    return np.where(values == largest, 0, values - largest)


def _counts(x, tapes, sides, exclusive):
    """Return how many values each window averages, (H_out, W_out)."""
    exclusive, counts = as_bool(exclusive, "exclusive"), []
    for axis in range(2):
        (before, after), length = sides[axis], x.shape[2 + axis]
        first = np.arange(tapes.outputs[axis]) * tapes.stride[axis] - before
        last = first + tapes.kernel_size[axis]
        low, high = (0, length) if exclusive else (-before, length + after)
        counts.append(np.minimum(last, high) - np.maximum(first, low))
    return np.outer(*counts).astype(x.dtype)
