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
        # In place: new arrays at every step would take twice the time.
        if index not in self._means:
            self._means[index], self._squares[index] = np.zeros_like(grad), np.zeros_like(grad)
        mean, square = self._means[index], self._squares[index]
        mean *= 0.9
        mean += 0.1 * grad
        square *= 0.999
        square += 0.001 * grad**2
        step = square / (1 - 0.999**self._steps)
        np.sqrt(step, out=step)
        step += 1e-8
        np.divide(mean, step, out=step)
        step /= 1 - 0.9**self._steps
        return step


METHODS = {"sgd": SGD, "adam": Adam}
