"""Steps of gradient descent for lists of arrays, each equal to Paddle's."""

import numpy as np

from .ops._arguments import as_bool, as_number


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
        self._memory = {}

    def step(self, arrays, grads):
        """Change every array in place, given a gradient of its shape, or None to leave it."""
        rates = np.broadcast_to(self.rates, len(arrays))
        for index, (array, grad) in enumerate(zip(arrays, grads, strict=True)):
            if grad is None:
                continue
            # A float32 array times a float64 number would be float64.
            rate = float(rates[index])
            if self.decay:
                array *= 1 - rate * self.decay
            array -= self._step(index, grad, rate)

    def _step(self, index, grad, rate):
        return rate * grad

    def _remember(self, what, index, grad):
        """Return the array that is kept between steps under a name, at first of zeros."""
        if (what, index) not in self._memory:
            self._memory[what, index] = np.zeros_like(grad)
        return self._memory[what, index]


class Momentum(SGD):
    """A running sum of the gradients, of which a part is kept at every step, times the rate.

    rates, decay: those of `SGD`. momentum: the part kept. use_nesterov: step by the gradient plus
    the part kept of the new sum. Polyak 1964; Sutskever and others 2013, "On the importance of
    initialization and momentum in deep learning".
    """

    def __init__(self, rates, decay=0.0, momentum=0.9, use_nesterov=False):
        super().__init__(rates, decay)
        self.momentum = as_number(momentum, "momentum", 0)
        self.use_nesterov = as_bool(use_nesterov, "use_nesterov")

    def _step(self, index, grad, rate):
        total = self._remember("sum", index, grad)
        total *= self.momentum
        total += grad
        return rate * (grad + self.momentum * total if self.use_nesterov else total)


class RMSProp(SGD):
    """The gradient, divided by the root of the running mean of its squares.

    rates, decay: those of `SGD`. rho: the share kept of the mean. epsilon is added to the mean
    under the root. Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning".
    """

    def __init__(self, rates, decay=0.0, rho=0.95, epsilon=1e-6):
        super().__init__(rates, decay)
        self.rho = as_number(rho, "rho", 0, 1)
        self.epsilon = as_number(epsilon, "epsilon", 0)

    def _step(self, index, grad, rate):
        square = self._remember("square", index, grad)
        square *= self.rho
        square += (1 - self.rho) * grad**2
        return rate * grad / np.sqrt(square + self.epsilon)


class Adam(SGD):
    """The gradients' running mean, divided by the root of the running mean of their squares.

    rates, decay: those of `SGD`; with decay it is Paddle's AdamW. beta1, beta2: the shares kept of
    the two means, which are corrected for their start at 0. epsilon is added to the root. Kingma
    and Ba 2015, "Adam: a method for stochastic optimization".
    """

    def __init__(self, rates, decay=0.0, beta1=0.9, beta2=0.999, epsilon=1e-8):
        super().__init__(rates, decay)
        self.beta1 = as_number(beta1, "beta1", 0, 1)
        self.beta2 = as_number(beta2, "beta2", 0, 1)
        self.epsilon = as_number(epsilon, "epsilon", 0)
        self._steps = 0

    def step(self, arrays, grads):
        """Change every array in place, given a gradient of its shape, or None to leave it."""
        self._steps += 1
        super().step(arrays, grads)

    def _step(self, index, grad, rate):
        # In place: new arrays at every step would take twice the time.
        mean = self._remember("mean", index, grad)
        square = self._remember("square", index, grad)
        mean *= self.beta1
        mean += (1 - self.beta1) * grad
        square *= self.beta2
        square += (1 - self.beta2) * grad**2
        step = square / (1 - self.beta2**self._steps)
        np.sqrt(step, out=step)
        step += self.epsilon
        np.divide(mean, step, out=step)
        step /= 1 - self.beta1**self._steps
        step *= rate
        return step


METHODS = {"sgd": SGD, "momentum": Momentum, "rmsprop": RMSProp, "adam": Adam}
