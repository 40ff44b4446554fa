"""From a description to a network of helpers.nn: build what was budgeted."""

from math import prod

from .. import geometry, nn
from ..geometry.costs import read_shape
from ..geometry.reading import read
from ..ops._arguments import as_generator

_ACTIVATIONS = {"ReLU": nn.ReLU, "Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh}


def build(rng, layers, input_shape, init="he"):
    """Return the helpers.nn network that a list of descriptions describes.

    rng: a numpy Generator, draws the weights; init: as in `initial.draw_weight`. layers: what
    `geometry.conv` and its like return; every pool becomes a max pooling. input_shape: (C, H, W) of
    one image, or (features,). Raises ValueError for a layer that does not fit, and for an
    activation that helpers.nn does not have.
    """
    as_generator(rng)
    made, shape = [], read_shape(input_shape)
    for layer in read(layers):
        made.append(_make(rng, layer, shape, init))
        shape = geometry.summary([layer], shape)[-1].output_shape
    return nn.Sequential(*made)


def _make(rng, layer, shape, init):
    window = {"kernel_size": layer.kernel_size, "stride": layer.stride, "padding": layer.padding}
    if layer.kind == "conv":
        options = {"dilation": layer.dilation, "groups": layer.groups, "bias": layer.bias}
        return nn.Conv2D(shape[0], layer.outputs, **window, **options, rng=rng, init=init)
    if layer.kind == "pool":
        return nn.MaxPool2D(**window, ceil_mode=layer.ceil_mode)
    if layer.kind == "linear":
        return nn.Linear(prod(shape), layer.outputs, bias=layer.bias, rng=rng, init=init)
    if layer.kind == "activation":
        if layer.name not in _ACTIVATIONS:
            allowed = ", ".join(map(repr, _ACTIVATIONS))
            raise ValueError(f"layers holds {layer.name!r}; expected one of {allowed}")
        return _ACTIVATIONS[layer.name]()
    if layer.kind == "batch_norm":
        return nn.BatchNorm2D(shape[0]) if len(shape) == 3 else nn.BatchNorm1D(shape[0])
    if layer.kind in ("residual", "concat"):
        branches = [build(rng, branch, shape, init) for branch in layer.branches]
        return (nn.Residual if layer.kind == "residual" else nn.Concat)(*branches)
    return nn.GlobalAvgPool2D() if layer.kind == "global_pool" else nn.Flatten()
