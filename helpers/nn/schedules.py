"""Learning rates that change from epoch to epoch; names and arguments are Paddle's."""

import math

from ..ops._arguments import as_int, as_number


class Schedule:
    """A learning rate that follows from the number of calls of `step` so far, `last_epoch`."""

    def __init__(self, learning_rate):
        self.base_lr, self.last_epoch = as_number(learning_rate, "learning_rate", 0), 0

    def step(self):
        """Count one more epoch (or step, if it is called after each)."""
        self.last_epoch += 1


class StepDecay(Schedule):
    """Multiply the rate by gamma after every step_size epochs."""

    def __init__(self, learning_rate, step_size, gamma=0.1):
        super().__init__(learning_rate)
        self.step_size, self.gamma = as_int(step_size, "step_size", 1), as_number(gamma, "gamma", 0)

    def get_lr(self):
        """Return the rate of the current epoch."""
        return self.base_lr * self.gamma ** (self.last_epoch // self.step_size)


class CosineAnnealingDecay(Schedule):
    """Let the rate fall to eta_min along half a cosine, in T_max epochs, and rise again after.

    Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts".
    """

    def __init__(self, learning_rate, T_max, eta_min=0.0):
        super().__init__(learning_rate)
        self.T_max, self.eta_min = as_int(T_max, "T_max", 1), as_number(eta_min, "eta_min", 0)

    def get_lr(self):
        """Return the rate of the current epoch."""
        part = (1 + math.cos(math.pi * self.last_epoch / self.T_max)) / 2
        return self.eta_min + (self.base_lr - self.eta_min) * part


class LinearWarmup(Schedule):
    """Let the rate rise in a straight line from start_lr to end_lr in warmup_steps, then stay.

    learning_rate: the rate after that, a number.
    """

    def __init__(self, learning_rate, warmup_steps, start_lr, end_lr):
        super().__init__(learning_rate)
        self.warmup_steps = as_int(warmup_steps, "warmup_steps", 1)
        self.start_lr = as_number(start_lr, "start_lr", 0)
        self.end_lr = as_number(end_lr, "end_lr", 0)

    def get_lr(self):
        """Return the rate of the current epoch."""
        part = self.last_epoch / self.warmup_steps
        if part >= 1:
            return self.base_lr
        return self.start_lr + (self.end_lr - self.start_lr) * part
