"""The layers of `helpers.small`, forward and backward, in the layout that is fast for small images.

Arrays are (channels, height, width, examples) or (features, examples), float64: with the examples
last, a slice of all images is one long run of memory, and a convolution one large matrix product.
Forward functions take (layer, (weight, bias) or None, x) and return the output and what the way
back needs; backward functions take that, the pair, the output's gradient and whether the input's
gradient is wanted, and return it with the gradients of weight and bias, or None.
"""

import numpy as np


def _columns(x, size, padding):
    """Return every patch: (channels · size · size, height, width, examples) of the output."""
    channels, height, width, examples = x.shape
    high, wide = (side + 2 * padding - size + 1 for side in (height, width))
    framed = np.zeros((channels, height + 2 * padding, width + 2 * padding, examples))
    framed[:, padding : padding + height, padding : padding + width] = x
    columns = np.empty((channels, size, size, high, wide, examples))
    for i in range(size):
        for j in range(size):
            columns[:, i, j] = framed[:, i : i + high, j : j + wide]
    return columns.reshape(-1, high, wide, examples)


def _add_patches(columns, shape, size, padding):
    """Add every patch back where it came from: the gradient of `_columns`."""
    channels, height, width, examples = shape
    high, wide = columns.shape[1:3]
    columns = columns.reshape(channels, size, size, high, wide, examples)
    framed = np.zeros((channels, height + 2 * padding, width + 2 * padding, examples))
    for i in range(size):
        for j in range(size):
            framed[:, i : i + high, j : j + wide] += columns[:, i, j]
    return framed[:, padding : padding + height, padding : padding + width]


def _conv(layer, pair, x):
    weight, bias = pair
    columns = _columns(x, layer.kernel_size[0], layer.padding)
    flat = columns.reshape(len(columns), -1)
    y = weight.reshape(len(weight), -1) @ flat
    y += bias[:, None]
    return y.reshape(-1, *columns.shape[1:]), (layer, x.shape, columns.shape, flat)


def _conv_backward(kept, pair, grad, wanted):
    layer, shape, unrolled, flat = kept
    weight = pair[0]
    grad = grad.reshape(len(weight), -1)
    own = (grad @ flat.T).reshape(weight.shape), grad.sum(axis=1)
    if not wanted:
        return None, own
    columns = (weight.reshape(len(weight), -1).T @ grad).reshape(unrolled)
    return _add_patches(columns, shape, layer.kernel_size[0], layer.padding), own


def _local(layer, pair, x):
    weight, bias = pair
    columns = _columns(x, layer.kernel_size[0], layer.padding)
    apart = columns.reshape(len(columns), -1, x.shape[-1]).swapaxes(0, 1)
    y = (weight @ apart + bias[..., None]).swapaxes(0, 1)
    return y.reshape(-1, *columns.shape[1:]), (layer, x.shape, columns.shape, apart)


def _local_backward(kept, pair, grad, wanted):
    layer, shape, unrolled, apart = kept
    weight = pair[0]
    grad = grad.reshape(weight.shape[1], -1, shape[-1]).swapaxes(0, 1)
    own = grad @ apart.swapaxes(1, 2), grad.sum(axis=2)
    if not wanted:
        return None, own
    columns = (weight.swapaxes(1, 2) @ grad).swapaxes(0, 1).reshape(unrolled)
    return _add_patches(columns, shape, layer.kernel_size[0], layer.padding), own


def _pool(layer, pair, x):
    places = _places(layer.kernel_size[0])
    y = x[places[0]]
    for place in places[1:]:
        y = np.maximum(y, x[place])
    return y, (places, x, y)


def _pool_backward(kept, pair, grad, wanted):
    places, x, y = kept
    grad_x, free = np.empty_like(x), np.ones(y.shape, bool)
    for place in places:
        # Of equal maxima the first gets the gradient, as in Paddle.
        winner = (x[place] == y) & free
        free ^= winner
        np.multiply(grad, winner, out=grad_x[place])
    return grad_x, None


def _places(size):
    """Return the slices that take the first, second, … pixel of every window."""
    return [
        (slice(None), slice(i, None, size), slice(j, None, size))
        for i in range(size)
        for j in range(size)
    ]


def _linear(layer, pair, x):
    weight, bias = pair
    return weight.T @ x + bias[:, None], x


def _linear_backward(x, pair, grad, wanted):
    return pair[0] @ grad if wanted else None, (x @ grad.T, grad.sum(axis=1))


def _relu(layer, pair, x):
    y = np.maximum(x, 0)
    return y, y


def _relu_backward(y, pair, grad, wanted):
    return grad * (y > 0), None


def _flatten(layer, pair, x):
    return x.reshape(-1, x.shape[-1]), x.shape


def _flatten_backward(shape, pair, grad, wanted):
    return grad.reshape(shape), None


FORWARD = {
    "conv": _conv,
    "local": _local,
    "pool": _pool,
    "linear": _linear,
    "activation": _relu,
    "flatten": _flatten,
}
BACKWARD = {
    "conv": _conv_backward,
    "local": _local_backward,
    "pool": _pool_backward,
    "linear": _linear_backward,
    "activation": _relu_backward,
    "flatten": _flatten_backward,
}
