"""Dropout as a layer: it draws masks in training and does nothing random in use."""

import numpy as np

from .. import ops, stacks
from ..ops._arguments import as_choice, as_generator, as_number
from .layer import Layer


class Dropout(Layer):
    """Set each value to 0 with probability p while training: `ops.dropout`.

    mode: "upscale_in_train" or "downscale_in_infer". rng: a numpy Generator for the masks; without
    one, a fresh one. Raises ValueError for p outside 0 to 1 and another mode.
    """

    def __init__(self, p=0.5, mode="upscale_in_train", rng=None):
        self._p = as_number(p, "p", 0, 1)
        self._mode = as_choice(mode, "mode", ("upscale_in_train", "downscale_in_infer"))
        self._rng = np.random.default_rng() if rng is None else as_generator(rng)

    def _forward(self, x):
        self._mask = None
        if self.training:
            self._mask = ops.dropout_mask(np.shape(x), self._p, self._rng)
        return ops.dropout(x, self._p, self.training, self._mode, mask=self._mask)

    def _backward(self, grad_y, x):
        if self._mask is None:
            # At inference nothing is random: the function is its own gradient.
            return ops.dropout(grad_y, self._p, False, self._mode)
        return ops.dropout_backward(grad_y, self._mask, self._p, self._mode)

    def describe(self):
        """Return the description of a step without parameters."""
        return [stacks.activation("dropout")]
