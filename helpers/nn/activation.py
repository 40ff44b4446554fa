"""Activations as layers, which have no parameters."""

from .. import ops, stacks
from .layer import Layer


class _Activation(Layer):
    """A function of each number by itself."""

    def _forward(self, x):
        return self._function(x)

    def _backward(self, grad_y, x):
        return self._gradient(grad_y, x)

    def describe(self):
        """Return the description of this activation."""
        return [stacks.activation(type(self).__name__)]


class ReLU(_Activation):
    """Keep what is positive, replace the rest by 0: `ops.relu`."""

    _function, _gradient = staticmethod(ops.relu), staticmethod(ops.relu_backward)


class Sigmoid(_Activation):
    """Squash into 0 to 1: `ops.sigmoid`."""

    _function, _gradient = staticmethod(ops.sigmoid), staticmethod(ops.sigmoid_backward)


class Tanh(_Activation):
    """Squash into -1 to 1: `ops.tanh`."""

    _function, _gradient = staticmethod(ops.tanh), staticmethod(ops.tanh_backward)
