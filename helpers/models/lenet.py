"""LeNet-5, as it is taught today and with the choices that its chapter compares."""

from .. import nn
from ..ops._arguments import as_bool, as_choice, as_generator

_ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid}
_POOLS = {"avg": nn.AvgPool2D, "max": nn.MaxPool2D}


def lenet5(rng, activation="tanh", pool="avg", norm=False, init="xavier", classes=10):
    """Return LeNet-5 for images (N, 1, 32, 32): 61,706 parameters, three convolutions, two dense.

    rng: a numpy Generator, draws the weights; init: as in `initial.draw_weight`. activation:
    "tanh", "relu" or "sigmoid", or a class of layers that is made without arguments; pool: "avg"
    or "max"; norm: batch normalisation before each activation. Raises ValueError for other choices.
    LeCun and others 1998, "Gradient-based learning applied to document recognition", section II,
    with dense layers instead of its trained pooling, sparse C3 and radial basis functions.
    """
    as_generator(rng)
    bend = _as_class(activation)
    pooling = _POOLS[as_choice(pool, "pool", tuple(_POOLS))]
    as_bool(norm, "norm")

    def convolution(inputs, outputs):
        layers = [nn.Conv2D(inputs, outputs, 5, rng=rng, init=init)]
        return [*layers, *([nn.BatchNorm2D(outputs)] if norm else []), bend()]

    def dense(inputs, outputs):
        layers = [nn.Linear(inputs, outputs, rng=rng, init=init)]
        return [*layers, *([nn.BatchNorm1D(outputs)] if norm else []), bend()]

    return nn.Sequential(
        *convolution(1, 6),
        pooling(2),
        *convolution(6, 16),
        pooling(2),
        *convolution(16, 120),
        nn.Flatten(),
        *dense(120, 84),
        nn.Linear(84, classes, rng=rng, init=init),
    )


def _as_class(activation):
    if isinstance(activation, type) and issubclass(activation, nn.Layer):
        try:
            activation()
        except TypeError as error:
            raise ValueError(
                f"activation is {activation.__name__}; expected a class that is made without "
                f"arguments: {error}"
            ) from error
        return activation
    return _ACTIVATIONS[as_choice(activation, "activation", tuple(_ACTIVATIONS))]
