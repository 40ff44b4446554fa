"""What layers cost: shapes, parameters, multiply-adds and activation bytes."""

from dataclasses import dataclass
from math import prod

from ..ops._arguments import as_int
from ..ops._sizes import as_padding, output_size
from .reading import is_paddle, read
from .sizes import conv_output_size

FLOAT32 = 4  # bytes


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

    layers: a stack; of branches come the rows of each, then that of their sum or concatenation. Of
    a model of Paddle's come the layers in the order in which they run, and what its own code adds
    or concatenates has no row. input_shape: (C, H, W) of one image, or (features,). Multiply-adds
    count the products of convolutions and dense layers (one multiply-add is two FLOPs); activation
    bytes are those of the layer's output in float32. Running statistics of batch normalisation are
    no parameters.
    Raises ValueError where a layer does not fit the shape that reaches it.
    """
    shape = read_shape(input_shape)
    if is_paddle(layers):
        from .paddle_models import run_costs

        return run_costs(layers, shape)
    return _costs(layers, shape)


def table(rows):
    """Return what `summary` counted as lines of text, a layer each, and their sum in the last.

    rows: a list of `Cost`. Memory is what the layers' outputs take, in KiB of 1,024 bytes.
    """
    shapes = [" × ".join(map(str, row.output_shape)) for row in rows]
    costs = [(row.parameters, row.multiply_adds, row.activation_bytes) for row in rows]
    names = [row.name for row in rows]
    lines = [*zip(names, shapes, costs, strict=True)]
    lines.append(("sum", "", tuple(map(sum, zip(*costs, strict=True))) or (0, 0, 0)))
    wide = max(len(name) for name in (*names, "layer")), max(map(len, (*shapes, "output")))
    head = f"{'layer':{wide[0]}}  {'output':{wide[1]}}  {'parameters':>11}  {'multiply-adds':>14}"
    text = [f"{head}  {'KiB':>10}"]
    for name, shape, (parameters, products, size) in lines:
        start = f"{name:{wide[0]}}  {shape:{wide[1]}}  {parameters:11,}"
        text.append(f"{start}  {products:14,}  {size / 1024:10,.1f}")
    return "\n".join(text)


def read_shape(input_shape):
    """Return an input shape as a tuple of ints; all but (C, H, W) and (features,) is refused."""
    if not isinstance(input_shape, tuple | list) or len(input_shape) not in (1, 3):
        raise ValueError(f"input_shape is {input_shape!r}; expected (C, H, W) or (features,)")
    return tuple(as_int(n, "input_shape", 1) for n in input_shape)


def _costs(layers, shape):
    rows = []
    for layer in read(layers):
        if layer.branches:
            branches = [_costs(branch, shape) for branch in layer.branches]
            rows += [row for branch in branches for row in branch]
            ends = [branch[-1].output_shape if branch else shape for branch in branches]
            shape, parameters, multiply_adds = joined_shape(layer, ends), 0, 0
        else:
            shape, parameters, multiply_adds = cost_of(layer, shape)
        rows.append(Cost(layer.name, shape, parameters, multiply_adds, FLOAT32 * prod(shape)))
    return rows


def joined_shape(layer, shapes):
    """Return the shape of a sum, or of channels side by side."""
    # Of what is concatenated the channels may differ.
    start = 1 if layer.kind == "concat" else 0
    if len({shape[start:] for shape in shapes}) > 1:
        raise ValueError(
            f"layers holds {layer.name!r} of branches with shapes "
            f"{' and '.join(map(str, shapes))}; expected "
            + ("equal heights and widths" if start else "equal ones")
        )
    channels = sum(shape[0] for shape in shapes) if start else shapes[0][0]
    return (channels, *shapes[0][1:])


def cost_of(layer, shape):
    """Return the output shape, parameters and multiply-adds of a layer without branches."""
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
