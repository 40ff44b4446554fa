"""Sizes, receptive fields and costs of a stack of layers, from the layers' numbers alone.

A stack is a list of `Layer`s, made by `conv`, `pool`, `global_pool`, `linear`, `flatten`,
`batch_norm`, `activation` and `residual`, or a model of `helpers.nn`, which describes itself so.
"""

from dataclasses import dataclass
from math import prod

from .ops._arguments import as_int
from .ops._sizes import as_padding, as_pair, output_size
from .stacks import (
    Layer,
    activation,
    batch_norm,
    conv,
    flatten,
    global_pool,
    linear,
    pool,
    residual,
)

__all__ = [
    "Cost",
    "Field",
    "Layer",
    "activation",
    "batch_norm",
    "conv",
    "conv_output_size",
    "flatten",
    "global_pool",
    "linear",
    "pool",
    "receptive_field",
    "residual",
    "summary",
]


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """Return the size that a convolution or a pooling leaves.

    size: an int for one axis, or (H, W). Every other argument is an int for both axes or a pair;
    padding takes all the forms of `helpers.ops.conv2d`, and on one axis the pair (before, after).
    Returns floor((size + before + after - dilation (kernel_size - 1) - 1) / stride) + 1, an int
    for an int and a pair for a pair.
    Raises ValueError where the kernel does not fit into the padded size.
    """
    if isinstance(size, tuple | list):
        size = as_pair(size, "size")
        kernel_size, stride = as_pair(kernel_size, "kernel_size"), as_pair(stride, "stride")
        dilation = as_pair(dilation, "dilation")
        sides = as_padding(padding, size, kernel_size, stride, dilation)
        return tuple(map(output_size, size, kernel_size, stride, sides, dilation))
    size = as_int(size, "size", 1)
    kernel_size, stride = as_int(kernel_size, "kernel_size", 1), as_int(stride, "stride", 1)
    dilation = as_int(dilation, "dilation", 1)
    if isinstance(padding, tuple | list):
        padding = (padding, (0, 0))
    sides = as_padding(padding, (size, 1), (kernel_size, 1), (stride, 1), (dilation, 1))
    return output_size(size, kernel_size, stride, sides[0], dilation)


def _checked(layers):
    if hasattr(layers, "describe"):
        layers = layers.describe()
    if not isinstance(layers, tuple | list):
        raise ValueError(f"layers is {layers!r}; expected a list of what conv, pool, … return")
    for index, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            raise ValueError(
                f"layers[{index}] is {layer!r}; expected what conv, pool and their like return"
            )
        yield layer


@dataclass(frozen=True)
class Field:
    """What one output of a layer sees of the input, along one axis, in input pixels.

    size: outputs of the layer (None if no input size was given); jump: distance between the
    fields of neighbouring outputs; field: the receptive field's length; start: the centre of
    output 0's field, where the first pixel's centre is 0.
    """

    name: str
    size: int | None
    jump: int
    field: int
    start: float

    def span(self, index):
        """Return the first and the last input pixel that output `index` sees, padding included."""
        first = self.start + index * self.jump - (self.field - 1) / 2
        return int(first), int(first) + self.field - 1


def receptive_field(layers, input_size=None, axis=None):
    """Follow the receptive field through a stack of layers, one `Field` a layer.

    layers: a stack up to the first layer that looks at the whole image (global pooling, flatten,
    linear), which is refused; of branches come the rows of each, then what their sum sees.
    input_size: an int, to have the sizes too. axis: 0 for height, 1 for width; needed only where
    a kernel or a stride is not square.
    Raises ValueError for such layers, for padding "same" at a stride without input_size, and for
    a layer whose kernel does not fit.
    Source: r_l = r_(l-1) + dilation (k_l - 1) j_(l-1) and j_l = j_(l-1) s_l, as in Araujo, Norris
    and Sim 2019, "Computing receptive fields of convolutional neural networks".
    """
    if axis is not None:
        as_int(axis, "axis", 0, 1)
    size = None if input_size is None else as_int(input_size, "input_size", 1)
    return _fields(layers, axis, Field("input", size, 1, 1, 0.0))


def _fields(layers, axis, below):
    """Return one `Field` a layer of a stack whose input is the layer `below`."""
    rows = []
    for layer in _checked(layers):
        if layer.kind in ("global_pool", "flatten", "linear"):
            raise ValueError(
                f"layers holds {layer.name!r}, which sees the whole image; stop before"
            )
        if layer.kind == "residual":
            branches = [_fields(branch, axis, below) for branch in layer.branches]
            rows += [row for branch in branches for row in branch]
            ends = [branch[-1] if branch else below for branch in branches]
            below = _joined(layer, *ends)
        else:
            below = _one_field(layer, axis, below)
        rows.append(below)
    return rows


def _one_field(layer, axis, below):
    k, s, d, before, after = _along(layer, axis, below.size)
    size = below.size
    if size is not None:
        size = output_size(size, k, s, (before, after), d, layer.ceil_mode)
    start = below.start + (d * (k - 1) / 2 - before) * below.jump
    return Field(layer.name, size, below.jump * s, below.field + d * (k - 1) * below.jump, start)


def _joined(layer, one, other):
    """Return the field of a sum: what either branch sees."""
    if (one.size, one.jump) != (other.size, other.jump):
        raise ValueError(
            f"layers holds {layer.name!r} of branches with sizes {one.size} and {other.size} and "
            f"jumps {one.jump} and {other.jump}; expected equal ones"
        )
    ends = [end for branch in (one, other) for end in branch.span(0)]
    first, last = min(ends), max(ends)
    return Field(layer.name, one.size, one.jump, last - first + 1, (first + last) / 2)


def _along(layer, axis, size):
    """Return kernel size, stride, dilation and the padding before and after, along one axis."""
    same = isinstance(layer.padding, str) and layer.padding.lower() == "same"
    if same and size is None and layer.stride != (1, 1):
        raise ValueError('padding "same" with a stride depends on the size; give input_size')
    # At stride 1 "same" does not depend on the size, so that any will do.
    sides = as_padding(
        layer.padding, (size or 1,) * 2, layer.kernel_size, layer.stride, layer.dilation
    )
    window = (layer.kernel_size, layer.stride, layer.dilation, sides)
    if axis is None and any(height != width for height, width in window):
        raise ValueError(f"layer {layer.name!r} is not square; give axis=0 (height) or 1 (width)")
    k, s, d, (before, after) = (pair[axis or 0] for pair in window)
    return k, s, d, before, after


@dataclass(frozen=True)
class Cost:
    """What one layer produces and costs for one image."""

    name: str
    output_shape: tuple
    parameters: int
    multiply_adds: int
    activation_bytes: int


def summary(layers, input_shape):
    """Count shapes, parameters, multiply-adds and activation bytes, one `Cost` a layer.

    input_shape: (C, H, W) of one image, or (features,). Multiply-adds count the products of
    convolutions and dense layers (one multiply-add is two FLOPs); activation bytes are those of
    the layer's output in float32. Running statistics of batch normalisation are no parameters.
    Raises ValueError where a layer does not fit the shape that reaches it.
    """
    if not isinstance(input_shape, tuple | list) or len(input_shape) not in (1, 3):
        raise ValueError(f"input_shape is {input_shape!r}; expected (C, H, W) or (features,)")
    return _costs(layers, tuple(as_int(n, "input_shape", 1) for n in input_shape))


def _costs(layers, shape):
    rows = []
    for layer in _checked(layers):
        if layer.kind == "residual":
            branches = [_costs(branch, shape) for branch in layer.branches]
            rows += [row for branch in branches for row in branch]
            ends = [branch[-1].output_shape if branch else shape for branch in branches]
            if ends[0] != ends[1]:
                raise ValueError(
                    f"layers holds {layer.name!r} of branches with shapes {ends[0]} and {ends[1]}; "
                    "expected equal ones"
                )
            shape, parameters, multiply_adds = ends[0], 0, 0
        else:
            shape, parameters, multiply_adds = _cost(layer, shape)
        rows.append(Cost(layer.name, shape, parameters, multiply_adds, 4 * prod(shape)))
    return rows


def _cost(layer, shape):
    channels = shape[0]
    if layer.kind in ("conv", "pool", "global_pool") and len(shape) != 3:
        raise ValueError(f"layer {layer.name!r} needs an input (C, H, W); it gets {shape}")
    if layer.kind == "conv":
        for count, what in ((channels, "input"), (layer.outputs, "output")):
            if count % layer.groups:
                raise ValueError(
                    f"groups is {layer.groups}; it must divide {count} {what} channels"
                )
        kernel = channels // layer.groups * prod(layer.kernel_size)
        size = conv_output_size(
            shape[1:], layer.kernel_size, layer.stride, layer.padding, layer.dilation
        )
        shape = (layer.outputs, *size)
        return shape, layer.outputs * (kernel + layer.bias), kernel * prod(shape)
    if layer.kind == "pool":
        sides = as_padding(layer.padding, shape[1:], layer.kernel_size, layer.stride)
        axes = zip(shape[1:], layer.kernel_size, layer.stride, sides, strict=True)
        size = [output_size(*axis, ceil_mode=layer.ceil_mode) for axis in axes]
        return (channels, *size), 0, 0
    if layer.kind == "global_pool":
        return (channels, 1, 1), 0, 0
    if layer.kind == "flatten":
        return (prod(shape),), 0, 0
    if layer.kind == "batch_norm":
        return shape, 2 * channels, 0
    if layer.kind == "linear":
        if len(shape) != 1:
            raise ValueError(
                f"layer {layer.name!r} needs flat features; it gets {shape}: flatten()"
            )
        return (layer.outputs,), (channels + layer.bias) * layer.outputs, channels * layer.outputs
    return shape, 0, 0
