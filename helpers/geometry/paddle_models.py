"""Models of Paddle, read in two ways: as a chain of descriptions, and as they run."""

from contextlib import contextmanager
from math import prod

import numpy as np
import paddle
from paddle import nn

from .. import stacks
from .costs import FLOAT32, Cost, cost_of


def describe_chain(model):
    """Return the descriptions of a Sequential, or of a single layer.

    Raises ValueError for a model whose forward is code of its own: nothing but a run can tell what
    it does with its layers.
    """
    if isinstance(model, nn.Sequential):
        return [layer for part in model for layer in describe_chain(part)]
    if list(model.children()):
        raise ValueError(
            f"layers holds a {type(model).__name__}, whose forward is code of its own; expected "
            "layers in a row: a list, or Sequential"
        )
    return [_describe(model)]


def run_costs(model, input_shape):
    """Run a model once on zeros, and return one `Cost` for each call of a layer without parts.

    Raises ValueError for parameters that belong to no layer which this module knows.
    """
    rows, counted = [], set()

    def note(layer, inputs, output):
        description = _describe(layer)
        before, after = (tuple(array.shape[1:]) for array in (inputs[0], output))
        shape, parameters, multiply_adds = after, 0, 0
        if description.kind != "activation":
            shape, parameters, multiply_adds = cost_of(description, before)
        if shape != after:
            raise ValueError(f"{layer} turns {before} into {after}; expected {shape}")
        # A layer that is called twice has its parameters once.
        parameters *= layer not in counted
        counted.add(layer)
        bytes_out = FLOAT32 * prod(shape)
        rows.append(Cost(description.name, shape, parameters, multiply_adds, bytes_out))

    trained = [array for array in model.parameters() if not array.stop_gradient]
    dtype = trained[0].dtype if trained else "float32"
    with _at_use(model), paddle.no_grad():
        leaves = [
            layer for layer in model.sublayers(include_self=True) if not list(layer.children())
        ]
        hooks = [layer.register_forward_post_hook(note) for layer in leaves]
        try:
            model(paddle.zeros([1, *input_shape], dtype))
        finally:
            for hook in hooks:
                hook.remove()
    found, wanted = sum(row.parameters for row in rows), sum(int(p.size) for p in trained)
    if found != wanted:
        raise ValueError(
            f"layers has {wanted} parameters, and its layers account for {found}; expected no "
            "parameter outside of them, and no layer that does not run"
        )
    return rows


@contextmanager
def _at_use(model):
    """Put a model into eval mode, and afterwards each of its layers back into its own."""
    before = {layer: layer.training for layer in model.sublayers(include_self=True)}
    model.eval()
    try:
        yield
    finally:
        for layer, training in before.items():
            layer.training = training


def _describe(layer):
    """Return the description of a layer without parts; of an unknown one, as an activation."""
    if isinstance(layer, nn.Conv2D):
        outputs, _, *kernel_size = layer.weight.shape
        return stacks.conv(
            outputs,
            tuple(kernel_size),
            _pair(layer._stride),
            _padding(layer._padding),
            _pair(layer._dilation),
            layer._groups,
            layer.bias is not None,
        )
    if isinstance(layer, nn.MaxPool2D | nn.AvgPool2D):
        stride = layer.ksize if layer.stride is None else layer.stride
        padding = _padding(layer.padding)
        return stacks.pool(_pair(layer.ksize), _pair(stride), padding, layer.ceil_mode)
    if isinstance(layer, nn.AdaptiveAvgPool2D | nn.AdaptiveMaxPool2D):
        if np.any(np.array(layer._output_size) != 1):
            raise ValueError(f"layers holds {layer}; expected a pooling to one place")
        return stacks.global_pool()
    if isinstance(layer, nn.Linear):
        return stacks.linear(layer.weight.shape[1], layer.bias is not None)
    if isinstance(layer, nn.BatchNorm1D | nn.BatchNorm2D) and layer.weight is not None:
        return stacks.batch_norm()
    if isinstance(layer, nn.Flatten):
        return stacks.flatten()
    if any(not array.stop_gradient for array in layer.parameters()):
        raise ValueError(f"layers holds {layer}, whose parameters this module can't count")
    return stacks.activation(type(layer).__name__)


def _pair(value):
    return tuple(value) if isinstance(value, list | tuple) else value


def _padding(padding):
    """Return Paddle's padding in the form of `ops.conv2d`; it has lists of two and of four, too."""
    if not isinstance(padding, list | tuple):
        return padding
    if len(padding) == 4:
        return (tuple(padding[:2]), tuple(padding[2:]))
    return tuple(padding)
