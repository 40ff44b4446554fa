"""Pooling layers, which have no parameters."""

from .. import ops, stacks
from .layer import Layer


class MaxPool2D(Layer):
    """Keep the largest value of every window: `ops.max_pool2d`, whose arguments these are."""

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False):
        self._description = stacks.pool(kernel_size, stride, padding, ceil_mode)
        self._options = {
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
        }

    def _forward(self, x):
        self._y = ops.max_pool2d(x, **self._options)
        return self._y

    def _backward(self, grad_y, x):
        return ops.max_pool2d_backward(grad_y, x, **self._options, y=self._y)

    def describe(self):
        """Return the description of this pooling."""
        return [self._description]


class AvgPool2D(Layer):
    """Average every window: `ops.avg_pool2d`, whose arguments these are."""

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, exclusive=True):
        self._description = stacks.pool(kernel_size, stride, padding, ceil_mode)
        self._options = {
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": padding,
            "ceil_mode": ceil_mode,
            "exclusive": exclusive,
        }

    def _forward(self, x):
        return ops.avg_pool2d(x, **self._options)

    def _backward(self, grad_y, x):
        return ops.avg_pool2d_backward(grad_y, x, **self._options)

    def describe(self):
        """Return the description of this pooling."""
        return [self._description]


class GlobalAvgPool2D(Layer):
    """Average every channel over the whole image: (N, C, H, W) to (N, C, 1, 1)."""

    def _forward(self, x):
        return ops.global_avg_pool2d(x)

    def _backward(self, grad_y, x):
        return ops.global_avg_pool2d_backward(grad_y, x)

    def describe(self):
        """Return the description of this pooling."""
        return [stacks.global_pool()]
