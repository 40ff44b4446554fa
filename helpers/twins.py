"""Models of helpers.nn built once more in Paddle, with the same parameters."""

import paddle

from . import nn


class Residual(paddle.nn.Layer):
    """body(x) + shortcut(x), as `helpers.nn.Residual`."""

    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class Concat(paddle.nn.Layer):
    """The channels of several branches side by side, as `helpers.nn.Concat`."""

    def __init__(self, branches):
        super().__init__()
        self.branches = branches

    def forward(self, x):
        return paddle.concat([branch(x) for branch in self.branches], axis=1)


def in_paddle(model):
    """Return the same layers in Paddle, with copies of the parameters and the running statistics.

    model: a layer of helpers.nn, float32 or float64. What comes out is a paddle.nn.Layer of the
    same dtype, in the same of the two modes, training or in use; only the masks of dropout are
    drawn by Paddle. Raises ValueError for a layer that Paddle doesn't have.
    """
    before = paddle.get_default_dtype()
    values = [parameter.value for parameter in model.parameters()]
    paddle.set_default_dtype(str(values[0].dtype) if values else before)
    try:
        twin = _build(model)
    finally:
        paddle.set_default_dtype(before)
    if not model.training:
        twin.eval()
    return twin


def _build(layer):
    if isinstance(layer, nn.Sequential):
        return paddle.nn.Sequential(*map(_build, layer))
    if isinstance(layer, nn.Residual):
        return Residual(_build(layer.body), _build(layer.shortcut))
    if isinstance(layer, nn.Concat):
        return Concat(_build(layer.branches))
    if type(layer) not in _MADE:
        raise ValueError(f"model holds a {type(layer).__name__}, for which Paddle has no layer")
    twin = _MADE[type(layer)](layer)
    for name, parameter in layer.named_parameters().items():
        getattr(twin, name).set_value(parameter.value)
    return twin


def _convolution(layer):
    outputs, inputs, *kernel_size = layer.weight.value.shape
    options = {**layer._options, "bias_attr": None if layer.bias else False}
    inputs *= options["groups"]
    return paddle.nn.Conv2D(inputs, outputs, kernel_size, **options)


def _dense(layer):
    return paddle.nn.Linear(*layer.weight.value.shape, bias_attr=None if layer.bias else False)


def _norm(kind):
    def make(layer):
        twin = kind(len(layer.running_mean), layer._momentum, layer._epsilon)
        twin._mean.set_value(layer.running_mean)
        twin._variance.set_value(layer.running_var)
        return twin

    return make


_MADE = {
    nn.Conv2D: _convolution,
    nn.Linear: _dense,
    nn.BatchNorm1D: _norm(paddle.nn.BatchNorm1D),
    nn.BatchNorm2D: _norm(paddle.nn.BatchNorm2D),
    nn.MaxPool2D: lambda layer: paddle.nn.MaxPool2D(**layer._options),
    nn.AvgPool2D: lambda layer: paddle.nn.AvgPool2D(**layer._options),
    nn.GlobalAvgPool2D: lambda layer: paddle.nn.AdaptiveAvgPool2D(1),
    nn.Dropout: lambda layer: paddle.nn.Dropout(layer._p, mode=layer._mode),
    nn.Flatten: lambda layer: paddle.nn.Flatten(),
    nn.ReLU: lambda layer: paddle.nn.ReLU(),
    nn.Sigmoid: lambda layer: paddle.nn.Sigmoid(),
    nn.Tanh: lambda layer: paddle.nn.Tanh(),
}
