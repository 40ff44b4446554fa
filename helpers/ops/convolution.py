"""The convolution layer's operation: every kernel slid over every image, and its gradients."""

import numpy as np

from ._arguments import (
    as_batch,
    as_choice,
    as_int,
    as_output_gradient,
    check_same_dtype,
    quiet,
)
from ._sizes import as_padding, as_pair, output_size
from ._tape import Tapes, needed_stride
from .padding import pad2d, pad2d_backward

PAD_MODES = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "replicate",
    "circular": "circular",
}


@quiet
def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
    """Slide every kernel over every image, as the layers of networks do (cross-correlation).

    x: (N, C_in, H, W); weight: (C_out, C_in / groups, kh, kw); bias: (C_out,); all float32 or all
    float64. stride, dilation: an int or (height, width). padding: an int, (ph, pw),
    ((top, bottom), (left, right)), "same" or "valid". padding_mode: "zeros", "reflect",
    "replicate" or "circular". Returns (N, C_out, H_out, W_out) with
    H_out = floor((H + top + bottom - dilation (kh - 1) - 1) / stride) + 1, likewise W_out.
    "same" gives ceil(H / stride) for every dilation (Paddle 3.3 sets dilation to 1 without a word).
    Raises ValueError for shapes that do not fit, other dtypes and impossible arguments.

    Patches become the columns of a matrix (im2col) and one matrix product does the rest, a block
    of images or of rows at a time, so that the extra memory stays bounded. Chellapilla, Puri and
    Simard 2006, "High performance convolutional neural networks for document processing".
    """
    x, weight, bias, sides, tapes = _arguments(
        x, weight, bias, stride, padding, dilation, groups, padding_mode
    )
    y = correlate(_surround(x, sides, padding_mode), weight, tapes, groups)
    if bias is not None:
        y += bias.reshape(1, -1, 1, 1)
    return y


@quiet
def conv2d_backward(
    grad_y,
    x,
    weight,
    bias=None,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    padding_mode="zeros",
):
    """Return the gradients (grad_x, grad_weight, grad_bias or None), shaped like x, weight, bias.

    grad_y: (N, C_out, H_out, W_out), the gradient of the output. The other arguments, and errors,
    are those of `conv2d`. An x or a weight that holds NaN or infinity may give NaN to more of the
    gradients than it touches.
    """
    x, weight, bias, sides, tapes = _arguments(
        x, weight, bias, stride, padding, dilation, groups, padding_mode
    )
    grad_y = as_output_gradient(grad_y, (len(x), len(weight), *tapes.outputs), x)
    grad_x = stamp(grad_y, weight, tapes, groups)
    if padding_mode != "zeros":
        grad_x = pad2d_backward(grad_x, x, sides, PAD_MODES[padding_mode])
    grad_weight = weight_gradient(grad_y, _surround(x, sides, padding_mode), tapes, groups)
    return (
        grad_x,
        grad_weight.reshape(weight.shape),
        None if bias is None else grad_y.sum(axis=(0, 2, 3)),
    )


def correlate(x, weight, tapes, groups):
    """Read a window for every output: the sum of its products with each kernel."""
    n, c_out = len(x), len(weight)
    matrix = weight.reshape(groups, c_out // groups, -1)
    y, written = np.empty((n, c_out, *tapes.outputs), x.dtype), tapes.write(x)
    for images, rows in tapes.blocks(n, x.shape[1], x.itemsize):
        columns = tapes.columns(written, images, rows)
        product = matrix @ columns.reshape(groups, matrix.shape[2], -1)
        y[images, :, rows] = tapes.cut(product.reshape(c_out, *columns.shape[2:]))
    return y


def stamp(y, weight, tapes, groups):
    """Write a window for every output: its number times the kernel, added where windows overlap.

    The transpose of `correlate` as a matrix, and so its gradient for x.
    """
    n, channels = len(y), weight.shape[1] * groups
    matrix = weight.reshape(groups, len(weight) // groups, -1).swapaxes(1, 2)
    written = tapes.blank(channels, n, y.dtype)
    for images, rows in tapes.blocks(n, channels, y.itemsize):
        spread = tapes.spread(y[images, :, rows])
        columns = matrix @ spread.reshape(groups, matrix.shape[2], -1)
        columns = columns.reshape(channels, -1, *spread.shape[1:])
        for place, window in enumerate(tapes.windows(written, images, rows)):
            window += columns[:, place]
    return tapes.read(written)


def weight_gradient(y, x, tapes, groups):
    """Multiply every output by its window and add: (groups, C_out / groups, C_in kh kw)."""
    written, grad = tapes.write(x), 0
    for images, rows in tapes.blocks(len(x), x.shape[1], x.itemsize):
        spread = tapes.spread(y[images, :, rows]).reshape(groups, y.shape[1] // groups, -1)
        columns = tapes.columns(written, images, rows).reshape(groups, -1, spread.shape[2])
        grad += spread @ columns.swapaxes(1, 2)
    return grad


def layer_arguments(x, weight, bias, stride, dilation, groups, out_axis=0):
    """Return what convolutions and transposed ones have in common, read and checked."""
    x, weight = as_batch(x, "x"), as_batch(weight, "weight")
    groups = as_int(groups, "groups", 1)
    if bias is not None:
        bias = as_batch(bias, "bias", dims=1)
        c_out = weight.shape[out_axis] * (groups if out_axis else 1)
        if bias.size != c_out:
            raise ValueError(
                f"bias has {bias.size} values; expected {c_out}, one an output channel"
            )
    check_same_dtype(x, weight=weight, bias=bias)
    return x, weight, bias, as_pair(stride, "stride"), as_pair(dilation, "dilation"), groups


def _arguments(x, weight, bias, stride, padding, dilation, groups, padding_mode):
    x, weight, bias, stride, dilation, groups = layer_arguments(
        x, weight, bias, stride, dilation, groups
    )
    c_out, c_in, *kernel_size = weight.shape
    if x.shape[1] != c_in * groups:
        raise ValueError(
            f"x has {x.shape[1]} channels; weight of shape {weight.shape} with groups={groups} "
            f"expects {c_in * groups}"
        )
    if c_out % groups:
        raise ValueError(f"groups is {groups}; it must divide weight's {c_out} output channels")
    as_choice(padding_mode, "padding_mode", PAD_MODES)
    sides = as_padding(padding, x.shape[2:], kernel_size, stride, dilation)
    outputs = tuple(
        output_size(*axis, name="weight's kernel")
        for axis in zip(x.shape[2:], kernel_size, stride, sides, dilation, strict=True)
    )
    size, frame = x.shape[2:], sides
    if padding_mode != "zeros":
        # What is added is part of the image then.
        size = tuple(n + sum(side) for n, side in zip(size, sides, strict=True))
        frame = ((0, 0), (0, 0))
    step = needed_stride(stride, outputs)
    return x, weight, bias, sides, Tapes(size, frame, kernel_size, step, dilation, outputs)


def _surround(x, sides, padding_mode):
    """Pad, unless with zeros, which the tapes already hold."""
    return x if padding_mode == "zeros" else pad2d(x, sides, PAD_MODES[padding_mode])
