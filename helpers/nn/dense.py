"""The dense layer, and the step from images to features."""

import numpy as np

from .. import ops, stacks
from ..initial import draw_weight
from ..ops._arguments import as_bool, as_int
from .layer import Layer, Parameter


class Linear(Layer):
    """Multiply by a weight and add a bias: `ops.linear`.

    in_features, out_features: ints. bias: whether to add one. rng, init: as in
    `initial.draw_weight`; without rng a fresh generator; biases start at 0.
    weight: (in_features, out_features), bias: (out_features,) or None; float32.
    Raises ValueError for impossible arguments.
    """

    def __init__(self, in_features, out_features, bias=True, rng=None, init="he"):
        shape = as_int(in_features, "in_features", 1), as_int(out_features, "out_features", 1)
        rng = np.random.default_rng() if rng is None else rng
        self.weight = Parameter(draw_weight(shape, init, rng).astype(np.float32))
        self.bias = None
        if as_bool(bias, "bias"):
            self.bias = Parameter(np.zeros(out_features, np.float32))

    def _arrays(self):
        return self.weight.value, None if self.bias is None else self.bias.value

    def _forward(self, x):
        return ops.linear(x, *self._arrays())

    def _backward(self, grad_y, x):
        grad_x, grad_weight, grad_bias = ops.linear_backward(grad_y, x, *self._arrays())
        self.weight.add_gradient(grad_weight)
        if self.bias is not None:
            self.bias.add_gradient(grad_bias)
        return grad_x

    def describe(self):
        """Return the description of this dense layer."""
        return [stacks.linear(self.weight.value.shape[1], self.bias is not None)]


class Flatten(Layer):
    """Write all numbers of an example in one row: (N, C, H, W) to (N, C·H·W)."""

    def _forward(self, x):
        return x.reshape(len(x), -1)

    def _backward(self, grad_y, x):
        return grad_y.reshape(x.shape)

    def describe(self):
        """Return the description of this step."""
        return [stacks.flatten()]
