"""What every layer is: parameters, a way forward and a way back."""

import numpy as np

from ..ops._arguments import as_choice


class Parameter:
    """An array that training changes, and its gradient.

    value: the array. grad: the sum of the gradients since they were last cleared, or None.
    """

    def __init__(self, value):
        self.value, self.grad = value, None

    def add_gradient(self, grad):
        """Add to the gradient, as when one parameter is used twice."""
        self.grad = grad if self.grad is None else self.grad + grad


class Layer:
    """A differentiable function from one array to another, with or without parameters.

    A subclass defines `_forward(x)` and `_backward(grad_y, x)`; the latter returns the gradient of
    x and adds those of the parameters to their `grad`. What is set as an attribute is found by its
    type: a Parameter is trained and saved, an array (such as running statistics) is saved, a Layer
    is a part of this one. What only passes through has a name that begins with "_".
    training: True, as at first, or False.
    """

    training = True
    _x = None

    def forward(self, x):
        """Return the layer's output, and keep x for `backward`."""
        self._x = x
        return self._forward(x)

    __call__ = forward

    def backward(self, grad_y):
        """Return the gradient of the last x, and add those of the parameters to their `grad`.

        grad_y: the gradient of the last output. Raises ValueError before the first `forward`.
        """
        if self._x is None:
            raise ValueError("backward has no x to go back to; call forward first")
        return self._backward(grad_y, self._x)

    def describe(self):
        """Return the layer as `helpers.geometry` reads it: a list of descriptions."""
        raise ValueError(f"{type(self).__name__} has no description for geometry")

    def layers(self):
        """Return the layers that are parts of this one, by name."""
        return self._attributes(Layer)

    def named_parameters(self):
        """Return all parameters by name, with those of parts such as "0.weight"."""
        found = self._attributes(Parameter)
        for name, layer in self.layers().items():
            found |= {f"{name}.{key}": part for key, part in layer.named_parameters().items()}
        return found

    def parameters(self):
        """Return all parameters, in a list."""
        return list(self.named_parameters().values())

    def state(self):
        """Return all arrays that are saved, by name: parameters and running statistics."""
        found = {name: part.value for name, part in self._attributes(Parameter).items()}
        found |= self._attributes(np.ndarray)
        for name, layer in self.layers().items():
            found |= {f"{name}.{key}": array for key, array in layer.state().items()}
        return found

    def train(self):
        """Behave as in training from now on; returns the layer."""
        return self._set_training(True)

    def eval(self):
        """Behave as in use from now on; returns the layer."""
        return self._set_training(False)

    def astype(self, dtype):
        """Change all parameters and statistics to "float32" or "float64"; returns the layer."""
        as_choice(dtype, "dtype", ("float32", "float64"))
        for parameter in self._attributes(Parameter).values():
            parameter.value, parameter.grad = parameter.value.astype(dtype), None
        for name, array in self._attributes(np.ndarray).items():
            setattr(self, name, array.astype(dtype))
        for layer in self.layers().values():
            layer.astype(dtype)
        return self

    def _set_training(self, training):
        self.training = training
        for layer in self.layers().values():
            layer._set_training(training)
        return self

    def _attributes(self, kind):
        return {
            name: part
            for name, part in vars(self).items()
            if isinstance(part, kind) and not name.startswith("_")
        }
