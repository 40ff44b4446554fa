"""Batch normalisation as a layer: the batch's statistics in training, the saved ones in use."""

import numpy as np

from .. import ops, stacks
from ..ops._arguments import as_int
from .layer import Layer, Parameter


class _BatchNorm(Layer):
    """Normalise each feature or channel: `ops.batch_norm`, with parameters and statistics.

    num_features: C. momentum: the share kept of the old statistics. weight (scale), bias (shift),
    running_mean, running_var: (C,), float32, at first 1, 0, 0 and 1.
    """

    def __init__(self, num_features, momentum=0.9, epsilon=1e-5):
        features = as_int(num_features, "num_features", 1)
        self.weight = Parameter(np.ones(features, np.float32))
        self.bias = Parameter(np.zeros(features, np.float32))
        self.running_mean = np.zeros(features, np.float32)
        self.running_var = np.ones(features, np.float32)
        self._momentum, self._epsilon = momentum, epsilon

    def _forward(self, x):
        if np.ndim(x) != self._dims:
            raise ValueError(
                f"x has shape {np.shape(x)}; {type(self).__name__} expects {self._dims} dimensions"
            )
        return ops.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight.value,
            self.bias.value,
            self.training,
            self._momentum,
            self._epsilon,
        )

    def _backward(self, grad_y, x):
        saved = None if self.training else (self.running_mean, self.running_var)
        grad_x, grad_weight, grad_bias = ops.batch_norm_backward(
            grad_y, x, self.weight.value, self._epsilon, self.training, saved
        )
        self.weight.add_gradient(grad_weight)
        self.bias.add_gradient(grad_bias)
        return grad_x

    def describe(self):
        """Return the description of this normalisation."""
        return [stacks.batch_norm()]


class BatchNorm1D(_BatchNorm):
    """Normalise each feature of (N, C) over the batch; arguments as in Paddle."""

    _dims = 2


class BatchNorm2D(_BatchNorm):
    """Normalise each channel of (N, C, H, W) over batch and places; arguments as in Paddle."""

    _dims = 4
