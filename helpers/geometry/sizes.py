"""The size that a convolution or a pooling leaves."""

from ..ops._arguments import as_int
from ..ops._sizes import as_padding, as_pair, output_size


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
