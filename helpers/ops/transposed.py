"""The transposed convolution: a stamp for every pixel, where a convolution reads a window."""

from ._arguments import as_output_gradient, quiet
from ._sizes import as_padding, as_pair
from ._tape import Tapes, needed_stride
from .convolution import correlate, layer_arguments, stamp, weight_gradient


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
    x, weight, bias, tapes = _arguments(
        x, weight, bias, stride, padding, output_padding, dilation, groups
    )
    y = stamp(x, weight, tapes, groups)
    if bias is not None:
        y += bias.reshape(1, -1, 1, 1)
    return y


@quiet
def conv2d_transpose_backward(
    grad_y, x, weight, bias=None, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    """Return the gradients (grad_x, grad_weight, grad_bias or None), shaped like x, weight, bias.

    grad_y: (N, C_out, H_out, W_out), the gradient of the output. The other arguments, and errors,
    are those of `conv2d_transpose`. What stamps wrote, the gradients read: grad_x is a `conv2d`.
    """
    x, weight, bias, tapes = _arguments(
        x, weight, bias, stride, padding, output_padding, dilation, groups
    )
    grad_y = as_output_gradient(grad_y, (len(x), weight.shape[1] * groups, *tapes.image), x)
    grad_x = correlate(grad_y, weight, tapes, groups)
    grad_weight = weight_gradient(x, grad_y, tapes, groups).reshape(weight.shape)
    return grad_x, grad_weight, None if bias is None else grad_y.sum(axis=(0, 2, 3))


def _arguments(x, weight, bias, stride, padding, output_padding, dilation, groups):
    x, weight, bias, stride, dilation, groups = layer_arguments(
        x, weight, bias, stride, dilation, groups, out_axis=1
    )
    c_in, _, *kernel_size = weight.shape
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
    sides = as_padding(padding, x.shape[2:], kernel_size, stride, dilation)
    full = [
        (x.shape[2 + axis] - 1) * stride[axis]
        + dilation[axis] * (kernel_size[axis] - 1)
        + 1
        + extra[axis]
        for axis in range(2)
    ]
    image = tuple(size - sum(side) for size, side in zip(full, sides, strict=True))
    if min(image) <= 0:
        raise ValueError(
            f"padding is {padding!r}; it takes away all of an output of {full[0]} by {full[1]}"
        )
    # The windows are those of the convolution that leads from the output back to x.
    step = needed_stride(stride, x.shape[2:])
    return x, weight, bias, Tapes(image, sides, kernel_size, step, dilation, x.shape[2:])
