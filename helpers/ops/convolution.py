"""The convolution layer's operation, and the transposed convolution."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ._arguments import as_batch, as_choice, as_int, check_same_dtype, quiet
from ._sizes import as_padding, as_pair, output_size
from .padding import pad2d

# What one block of unrolled patches and its product may take: large enough for a fast matrix
# product, small beside a photograph.
_BLOCK_BYTES = 16 * 2**20

_PAD_MODES = {
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
    x, weight, bias, stride, dilation, groups = _layer_arguments(
        x, weight, bias, stride, dilation, groups
    )
    c_out, c_in, kh, kw = weight.shape
    if x.shape[1] != c_in * groups:
        raise ValueError(
            f"x has {x.shape[1]} channels; weight of shape {weight.shape} with groups={groups} "
            f"expects {c_in * groups}"
        )
    if c_out % groups:
        raise ValueError(f"groups is {groups}; it must divide weight's {c_out} output channels")
    as_choice(padding_mode, "padding_mode", _PAD_MODES)
    sides = as_padding(padding, x.shape[2:], (kh, kw), stride, dilation)
    h_out, w_out = (
        output_size(*axis, name="weight's kernel")
        for axis in zip(x.shape[2:], (kh, kw), stride, sides, dilation, strict=True)
    )
    if np.any(sides):
        x = pad2d(x, sides, _PAD_MODES[padding_mode])
    windows = _windows(x, (kh, kw), stride, dilation)
    n = len(x)
    windows = windows.reshape(n, groups, c_in, *windows.shape[2:])
    matrix = weight.reshape(groups, c_out // groups, c_in * kh * kw)
    y = np.empty((n, groups, c_out // groups, h_out, w_out), x.dtype)
    row_bytes = (groups * c_in * kh * kw + c_out) * w_out * x.itemsize
    for images, rows in _blocks(n, h_out, row_bytes):
        block = windows[images, :, :, rows]
        # (image, group, channel, row, column, u, v) -> one column for each patch.
        columns = block.transpose(1, 2, 5, 6, 0, 3, 4).reshape(groups, c_in * kh * kw, -1)
        product = matrix @ columns
        product = product.reshape(groups, c_out // groups, block.shape[0], -1, w_out)
        y[images, :, :, rows] = product.transpose(2, 0, 1, 3, 4)
    y = y.reshape(n, c_out, h_out, w_out)
    if bias is not None:
        y += bias.reshape(1, c_out, 1, 1)
    return y


@quiet
def conv2d_transpose(
    x, weight, bias=None, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    """Stamp the kernel once for every input pixel, `stride` apart, and add the stamps.

    x: (N, C_in, H, W); weight: (C_in, C_out / groups, kh, kw); bias: (C_out,); all float32 or all
    float64. output_padding adds rows at the bottom and columns at the right, fewer than stride or
    dilation. padding takes rows and columns away, in any form that `conv2d` takes. Returns
    (N, C_out, H_out, W_out) with
    H_out = (H - 1) stride - top - bottom + dilation (kh - 1) + 1 + output_padding.
    It is the transpose of `conv2d` as a matrix (and its gradient for the input), not its inverse.
    Raises ValueError as `conv2d` does, and where nothing would be left.
    Zeiler et al. 2010, "Deconvolutional networks"; Dumoulin and Visin 2016, section 4.
    """
    x, weight, bias, stride, dilation, groups = _layer_arguments(
        x, weight, bias, stride, dilation, groups, out_axis=1
    )
    c_in, c_out, kh, kw = weight.shape
    n, _, height, width = x.shape
    if x.shape[1] != c_in:
        raise ValueError(f"x has {x.shape[1]} channels; weight of shape {weight.shape} has {c_in}")
    if c_in % groups:
        raise ValueError(f"groups is {groups}; it must divide x's {c_in} channels")
    extra = as_pair(output_padding, "output_padding", 0)
    for axis in range(2):
        if extra[axis] >= max(stride[axis], dilation[axis]):
            raise ValueError(
                f"output_padding is {output_padding!r}; expected less than "
                f"{max(stride[axis], dilation[axis])}, the larger of stride and dilation"
            )
    (top, bottom), (left, right) = as_padding(padding, (height, width), (kh, kw), stride, dilation)
    full_h = (height - 1) * stride[0] + dilation[0] * (kh - 1) + 1 + extra[0]
    full_w = (width - 1) * stride[1] + dilation[1] * (kw - 1) + 1 + extra[1]
    if full_h <= top + bottom or full_w <= left + right:
        raise ValueError(
            f"padding is {padding!r}; it takes away all of an output of {full_h} by {full_w}"
        )
    y = np.zeros((n, groups, c_out, full_h, full_w), x.dtype)
    pixels = x.reshape(n, groups, c_in // groups, height * width)
    stamps = weight.reshape(groups, c_in // groups, c_out, kh, kw)
    for u in range(kh):
        for v in range(kw):
            product = stamps[..., u, v].swapaxes(1, 2) @ pixels
            rows = slice(u * dilation[0], u * dilation[0] + (height - 1) * stride[0] + 1, stride[0])
            cols = slice(v * dilation[1], v * dilation[1] + (width - 1) * stride[1] + 1, stride[1])
            y[..., rows, cols] += product.reshape(n, groups, c_out, height, width)
    y = y.reshape(n, groups * c_out, full_h, full_w)
    y = np.ascontiguousarray(y[..., top : full_h - bottom, left : full_w - right])
    if bias is not None:
        y += bias.reshape(1, -1, 1, 1)
    return y


def _layer_arguments(x, weight, bias, stride, dilation, groups, out_axis=0):
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


def _windows(x, kernel_size, stride, dilation):
    """View x as (N, C, H_out, W_out, kh, kw): the patch under the kernel at every position."""
    spans = tuple(d * (k - 1) + 1 for k, d in zip(kernel_size, dilation, strict=True))
    windows = sliding_window_view(x, spans, axis=(2, 3))
    return windows[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def _blocks(images, rows, row_bytes):
    """Yield (slice of images, slice of rows) that cover the output within _BLOCK_BYTES each."""
    rows_a_block = max(_BLOCK_BYTES // row_bytes, 1)
    images_a_block = max(rows_a_block // rows, 1)
    for i in range(0, images, images_a_block):
        for r in range(0, rows, rows_a_block):
            yield slice(i, i + images_a_block), slice(r, r + rows_a_block)
