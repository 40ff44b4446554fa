"""Optimisers of a model's parameters; names, arguments and steps are those of paddle.optimizer."""

from .. import optimizers as rules
from ..ops._arguments import as_number
from .layer import Parameter


class Optimizer:
    """What all optimisers share: parameters, a learning rate and the decay of weights.

    learning_rate: a number, or one of `schedules`. parameters: a list of Parameters.
    weight_decay: is added to every gradient times its parameter (an L2 term in the loss).
    Raises ValueError for no parameter, what is none, and numbers out of range.
    """

    def __init__(self, rule, learning_rate, parameters, weight_decay=0.0):
        self._schedule = learning_rate if hasattr(learning_rate, "get_lr") else None
        self._rate = (
            learning_rate if self._schedule else as_number(learning_rate, "learning_rate", 0)
        )
        if not isinstance(parameters, list | tuple) or not parameters:
            raise ValueError(f"parameters is {parameters!r}; expected a list of at least one")
        for index, parameter in enumerate(parameters):
            if not isinstance(parameter, Parameter):
                raise ValueError(f"parameters[{index}] is {parameter!r}; expected a Parameter")
        self._rule, self._parameters = rule, list(parameters)
        self._weight_decay = as_number(weight_decay, "weight_decay", 0)

    def get_lr(self):
        """Return the learning rate of the next step."""
        return self._schedule.get_lr() if self._schedule else self._rate

    def step(self):
        """Move every parameter by its gradient; one without a gradient stays."""
        self._rule.rates = self.get_lr()
        values = [parameter.value for parameter in self._parameters]
        self._rule.step(values, [self._gradient(parameter) for parameter in self._parameters])

    def clear_grad(self):
        """Forget all gradients."""
        for parameter in self._parameters:
            parameter.grad = None

    def _gradient(self, parameter):
        if parameter.grad is None or not self._weight_decay:
            return parameter.grad
        return parameter.grad + self._weight_decay * parameter.value


class SGD(Optimizer):
    """Plain gradient steps: `helpers.optimizers.SGD`."""

    def __init__(self, learning_rate=0.001, parameters=None, weight_decay=0.0):
        super().__init__(rules.SGD(0), learning_rate, parameters, weight_decay)


class Momentum(Optimizer):
    """Steps by a running sum of the gradients: `helpers.optimizers.Momentum`."""

    def __init__(
        self,
        learning_rate=0.001,
        momentum=0.9,
        parameters=None,
        use_nesterov=False,
        weight_decay=0.0,
    ):
        rule = rules.Momentum(0, 0, momentum, use_nesterov)
        super().__init__(rule, learning_rate, parameters, weight_decay)


class RMSProp(Optimizer):
    """Gradients divided by their running size: `helpers.optimizers.RMSProp`."""

    def __init__(
        self, learning_rate=0.001, rho=0.95, epsilon=1e-6, parameters=None, weight_decay=0.0
    ):
        rule = rules.RMSProp(0, 0, rho, epsilon)
        super().__init__(rule, learning_rate, parameters, weight_decay)


class Adam(Optimizer):
    """A running mean of the gradients, divided by their size: `helpers.optimizers.Adam`."""

    def __init__(
        self,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        parameters=None,
        weight_decay=0.0,
    ):
        rule = rules.Adam(0, 0, beta1, beta2, epsilon)
        super().__init__(rule, learning_rate, parameters, weight_decay)


class AdamW(Optimizer):
    """`Adam` whose weight_decay shrinks the parameters themselves, not through the gradient.

    Loshchilov and Hutter 2019, "Decoupled weight decay regularization".
    """

    def __init__(
        self,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        parameters=None,
        weight_decay=0.01,
    ):
        rule = rules.Adam(0, weight_decay, beta1, beta2, epsilon)
        super().__init__(rule, learning_rate, parameters)
