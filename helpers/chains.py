"""A deep chain of equal dense layers, and how large the gradients are at each of them."""

from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from . import ops
from .initial import draw_weight
from .ops._arguments import as_int

ACTIVATIONS = ("gelu", "leaky_relu", "relu", "sigmoid", "silu", "tanh")


class Trace(NamedTuple):
    """What one batch leaves at each layer of a chain, the layer nearest to the input first.

    sums: a list of (N, units), what the activations are applied to. sum_grads: (layers,), the
    length of the gradient of an example's loss for the layer's sums (root mean square over the
    examples). weight_grads: (layers,), the length of the gradient of the mean loss for the weights.
    """

    sums: list
    sum_grads: np.ndarray
    weight_grads: np.ndarray


def chain_weights(sizes, init, rng):
    """Draw the weights of a chain of dense layers at random, normally distributed around 0.

    sizes: the number of inputs, of units in each layer, and of classes: (64, 50, 50, 10) makes two
    layers and an output layer. init: "small" (standard deviation 0.01), "xavier", "he", or the
    standard deviation itself. rng: a numpy Generator. Returns float64 arrays (inputs, outputs).
    Raises ValueError for an unknown init, or sizes without a layer.
    """
    if not isinstance(sizes, tuple | list) or len(sizes) < 3:
        raise ValueError(f"sizes is {sizes!r}; expected inputs, at least one layer, and classes")
    pairs = pairwise(as_int(size, "sizes", 1) for size in sizes)
    return [draw_weight(pair, init, rng) for pair in pairs]


def pick_activation(activation, **options):
    """Return two functions of an activation, y = f(x) and grad_x = g(grad_y, x).

    activation: the name of one of helpers.ops, such as "relu", or such a pair itself. options:
    what the activation takes beyond x, such as negative_slope.
    Raises ValueError for any other name, and for what is no such pair.
    """
    if isinstance(activation, str):
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation is {activation!r}; expected one of {list(ACTIVATIONS)}")
        activation = getattr(ops, activation), getattr(ops, f"{activation}_backward")
    if not isinstance(activation, tuple | list) or list(map(callable, activation)) != [True, True]:
        raise ValueError(f"activation is {activation!r}; expected a name, or a pair of functions")
    forward, backward = activation
    return partial(forward, **options), partial(backward, **options)


def trace_chain(x, labels, weights, activation, **options):
    """Send a batch through a chain of dense layers and its loss's gradient back.

    x: (N, inputs) float64; labels: (N,) integers; weights: as `chain_weights` makes them; there
    are no biases. activation: as `pick_activation` takes it, applied after every layer but the
    last, whose outputs are scores for softmax cross-entropy. options: what the activation takes.
    Returns a `Trace` of all layers but the last.
    Raises ValueError for another activation, and for shapes that do not fit.
    """
    bend, bend_backward = pick_activation(activation, **options)
    if not isinstance(weights, tuple | list) or len(weights) < 2:
        raise ValueError(f"weights is {weights!r}; expected a list of at least 2 arrays")
    inputs, sums = [x], []
    for weight in weights[:-1]:
        sums.append(ops.linear(inputs[-1], weight))
        inputs.append(bend(sums[-1]))
    scores = ops.linear(inputs[-1], weights[-1])
    grad = ops.cross_entropy_backward(scores, labels)
    grad, _, _ = ops.linear_backward(grad, inputs[-1], weights[-1])
    sum_grads, weight_grads = [], []
    for layer in reversed(range(len(sums))):
        grad = bend_backward(grad, sums[layer])
        # The mean loss holds each example's own with a share of 1/N.
        sum_grads.append(np.linalg.norm(grad) * np.sqrt(len(grad)))
        grad, weight_grad, _ = ops.linear_backward(grad, inputs[layer], weights[layer])
        weight_grads.append(np.linalg.norm(weight_grad))
    return Trace(sums, np.array(sum_grads[::-1]), np.array(weight_grads[::-1]))
