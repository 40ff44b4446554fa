"""Layers made of layers: one after the other, around a shortcut, and side by side."""

import numpy as np

from .. import stacks
from .layer import Layer


class Sequential(Layer):
    """Layers one after the other; indexed like a list.

    Raises ValueError for what is no layer.
    """

    def __init__(self, *layers):
        for index, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise ValueError(f"layers[{index}] is {layer!r}; expected a layer of helpers.nn")
            setattr(self, str(index), layer)

    def __getitem__(self, index):
        return list(self.layers().values())[index]

    def __len__(self):
        return len(self.layers())

    def _forward(self, x):
        for layer in self.layers().values():
            x = layer.forward(x)
        return x

    def _backward(self, grad_y, x):
        for layer in reversed(self.layers().values()):
            grad_y = layer.backward(grad_y)
        return grad_y

    def describe(self):
        """Return the descriptions of all layers, in their order."""
        return [found for layer in self.layers().values() for found in layer.describe()]


class Residual(Layer):
    """Add what a layer makes of x to x itself: body(x) + shortcut(x).

    body: a layer whose output has the shape of the shortcut's. shortcut: a layer, or None for x as
    it is. Raises ValueError for shapes that cannot be added.
    He and others 2015, "Deep residual learning for image recognition", section 3.
    """

    def __init__(self, body, shortcut=None):
        self.body = body
        self.shortcut = Sequential() if shortcut is None else shortcut

    def _forward(self, x):
        y, past = self.body.forward(x), self.shortcut.forward(x)
        if y.shape != past.shape:
            raise ValueError(
                f"body returned shape {y.shape}, shortcut {past.shape}; expected the same"
            )
        return y + past

    def _backward(self, grad_y, x):
        return self.body.backward(grad_y) + self.shortcut.backward(grad_y)

    def describe(self):
        """Return one description with two branches."""
        return [stacks.residual(self.body.describe(), self.shortcut.describe())]


class Concat(Layer):
    """Put the channels of several branches side by side, each of which gets the same x.

    branches: layers, at least one, whose outputs differ in channels at most; `Sequential()` hands
    x on as it is. Raises ValueError for none, and for outputs of other heights or widths.
    Huang and others 2016, "Densely connected convolutional networks", section 3.
    """

    def __init__(self, *branches):
        if not branches:
            raise ValueError("branches is empty; expected at least one layer")
        self.branches = Sequential(*branches)

    def _forward(self, x):
        parts = [branch.forward(x) for branch in self.branches]
        shapes = [part.shape for part in parts]
        if len({(shape[0], *shape[2:]) for shape in shapes}) > 1:
            raise ValueError(
                f"branches returned shapes {' and '.join(map(str, shapes))}; expected the same but "
                "for the channels"
            )
        self._ends = np.cumsum([shape[1] for shape in shapes])
        return np.concatenate(parts, axis=1)

    def _backward(self, grad_y, x):
        parts = np.split(grad_y, self._ends[:-1], axis=1)
        pairs = zip(self.branches, parts, strict=True)
        return sum(branch.backward(part) for branch, part in pairs)

    def describe(self):
        """Return one description with all branches."""
        return [stacks.concat(*(branch.describe() for branch in self.branches))]
