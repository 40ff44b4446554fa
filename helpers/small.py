"""Train small networks in NumPy, on one processor core in about a second each.

A network is a list of layers of `helpers.geometry`: `conv` with a square window and stride 1,
`pool` (the maximum) with windows side by side, `linear`, `flatten`, `activation` (ReLU), and
`local` from here. Arithmetic is in float64, so that every processor trains the same network.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from .geometry import summary
from .ops import cross_entropy_backward
from .ops._arguments import as_batch, as_generator, as_int, as_number
from .optimizers import Adam
from .small_layers import BACKWARD, FORWARD
from .stacks import conv

_EXAMPLES = 250  # at once where nothing is learned, so that memory stays small


class Network(NamedTuple):
    """A trained or untrained network: its layers, and a (weight, bias) or None for each.

    weight and bias are as Paddle stores them, and for `local` (positions, out, in · k · k) and
    (positions, out).
    """

    layers: list
    weights: list


def local(out_channels, kernel_size, padding=0):
    """Describe a convolution that shares nothing: every position has its own kernels and biases."""
    return replace(conv(out_channels, kernel_size, padding=padding), kind="local", name="local")


def draw(layers, shape, rng):
    """Return a `Network` with random weights: normal, deviation √(2 / inputs), and biases 0.

    shape: (C, H, W) of one image; rng: a numpy Generator.
    Raises ValueError for layers that this module does not know, or that do not fit the shape.
    He and others 2015, "Delving deep into rectifiers".
    """
    as_generator(rng)
    weights, channels = [], shape[0]
    shared = [replace(layer, kind="conv") if layer.kind == "local" else layer for layer in layers]
    for layer, row in zip(layers, summary(shared, shape), strict=True):
        _check(layer, shape)
        inputs, outputs = channels * layer.kernel_size[0] ** 2, layer.outputs
        deviation = np.sqrt(2 / inputs)
        if layer.kind == "linear":
            pair = rng.normal(size=(inputs, outputs)) * deviation, np.zeros(outputs)
        elif layer.kind == "conv":
            window = (outputs, channels, *layer.kernel_size)
            pair = rng.normal(size=window) * deviation, np.zeros(outputs)
        elif layer.kind == "local":
            positions = int(np.prod(row.output_shape[1:]))
            pair = rng.normal(size=(positions, outputs, inputs)) * deviation
            pair = pair, np.zeros((positions, outputs))
        else:
            pair = None
        weights.append(pair)
        shape = row.output_shape
        channels = shape[0]
    if not any(weights):
        raise ValueError("layers holds no layer with weights; expected conv, local or linear")
    return Network(list(layers), weights)


def train(layers, data, epochs, seed=0, rate=0.01, batch_size=32):
    """Train a new network on mini-batches, by softmax cross-entropy and Adam, and return it.

    layers: as in `draw`; data: (x, labels), x (N, C, H, W) and labels (N,) integers. seed: of the
    initial weights and of the batches' order. rate: Adam's learning rate.
    Raises ValueError as `draw` does, and for data of other shapes or numbers out of range.
    Kingma and Ba 2015, "Adam: a method for stochastic optimization".
    """
    x, labels = data
    x = as_batch(x, "x").astype(np.float64)
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        as_int(value, name, 1)
    as_number(rate, "rate", 0)
    if len(labels) != len(x):
        raise ValueError(
            f"data has {len(x)} examples and {len(labels)} labels; expected as many of each"
        )
    rng = np.random.default_rng(seed)
    network = draw(layers, x.shape[1:], rng)
    arrays = [array for pair in network.weights if pair for array in pair]
    adam = Adam(rate)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            found = gradients(network, x[batch], labels[batch])
            adam.step(arrays, [grad for pair in found if pair for grad in pair])
    return network


def gradients(network, x, labels):
    """Return the gradients of a batch's mean loss: for each layer a (weight, bias), or None.

    Arguments are those of `train`.
    """
    output, kept = _forward(network, x)
    grad = cross_entropy_backward(output.T, labels).T
    first = next(index for index, pair in enumerate(network.weights) if pair)
    found = [None] * len(network.layers)
    for index in reversed(range(first, len(network.layers))):
        kind, pair = network.layers[index].kind, network.weights[index]
        # Nobody asks for the gradient of the images.
        grad, found[index] = BACKWARD[kind](kept[index], pair, grad, wanted=index > first)
    return found


def scores(network, x):
    """Return what a network answers to images (N, C, H, W): scores (N, classes)."""
    x = as_batch(x, "x").astype(np.float64)
    parts = [x[start : start + _EXAMPLES] for start in range(0, len(x), _EXAMPLES)]
    return np.concatenate([_forward(network, part)[0].T for part in parts])


def accuracy(network, data):
    """Return the share of images whose highest score is that of the label; data as in `train`."""
    x, labels = data
    return float((np.round(scores(network, x), 9).argmax(axis=1) == labels).mean())


def _check(layer, shape):
    """Refuse what `geometry` can count but this module does not train."""
    same = layer.kernel_size[0] == layer.kernel_size[1] and isinstance(layer.padding, int)
    plain = same and layer.dilation == (1, 1) and layer.groups == 1 and layer.bias
    fits = {
        "conv": plain and layer.stride == (1, 1),
        "local": plain and layer.stride == (1, 1),
        "pool": plain and layer.stride == layer.kernel_size and not layer.padding,
        "linear": plain,
        "flatten": True,
        "activation": layer.name == "ReLU",
    }
    if layer.kind == "pool" and any(side % layer.kernel_size[0] for side in shape[1:]):
        fits["pool"] = False
    if not fits.get(layer.kind):
        raise ValueError(
            f"layers holds {layer} at shape {tuple(shape)}; expected conv or local with a square "
            "window, stride 1, a padding that is an int, and a bias; pool with windows side by "
            "side that cover the image; linear with a bias, flatten, or activation ReLU"
        )


def parameter_count(network):
    """Return the number of parameters: of all weights and biases."""
    return sum(array.size for pair in network.weights if pair for array in pair)


def _forward(network, x):
    """Return the scores (classes, N), and what each layer keeps for the way back."""
    x, kept = np.ascontiguousarray(np.moveaxis(x, 0, -1)), []
    for layer, pair in zip(network.layers, network.weights, strict=True):
        x, memory = FORWARD[layer.kind](layer, pair, x)
        kept.append(memory)
    return x, kept
