"""Steps of gradient descent for lists of arrays, each equal to Paddle's."""

import numpy as np

from .ops._arguments import as_number


class SGD:
    """Plain gradient steps: array − rate · gradient.

    rates: one learning rate for all arrays, or a list with one for each. decay: before its step
    every array is multiplied by 1 − rate · decay (Loshchilov and Hutter 2019, "Decoupled weight
    decay regularization"). Raises ValueError for a negative rate or decay.
    """

    def __init__(self, rates, decay=0.0):
        for rate in np.ravel(rates):
            as_number(float(rate), "rates", 0)
        self.rates, self.decay = rates, as_number(decay, "decay", 0)

    def step(self, arrays, grads):
        """Change every array in place, given a gradient of its shape."""
        rates = np.broadcast_to(self.rates, len(arrays))
        for index, (array, grad) in enumerate(zip(arrays, grads, strict=True)):
            if self.decay:
                array *= 1 - rates[index] * self.decay
            array -= rates[index] * self._direction(index, grad)

    def _direction(self, index, grad):
        return grad


class Adam(SGD):
    """The gradients' running mean, divided by the root of the running mean of their squares.

    Arguments and errors are those of `SGD`; with decay it is Paddle's AdamW. The share kept of the
    means is 0.9 and 0.999 and both are corrected for their start at 0. Kingma and Ba 2015, "Adam".
    """

    def __init__(self, rates, decay=0.0):
        super().__init__(rates, decay)
        self._means, self._squares, self._steps = {}, {}, 0

    def step(self, arrays, grads):
        """Change every array in place, given a gradient of its shape."""
        self._steps += 1
        super().step(arrays, grads)

    def _direction(self, index, grad):
        self._means[index] = 0.9 * self._means.get(index, 0.0) + 0.1 * grad
        self._squares[index] = 0.999 * self._squares.get(index, 0.0) + 0.001 * grad**2
        mean = self._means[index] / (1 - 0.9**self._steps)
        square = self._squares[index] / (1 - 0.999**self._steps)
        return mean / (np.sqrt(square) + 1e-8)


METHODS = {"sgd": SGD, "adam": Adam}
