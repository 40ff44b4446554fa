"""The convolution layer."""

import numpy as np

from .. import ops, stacks
from ..initial import draw_weight
from ..ops._arguments import as_choice, as_int
from ..ops._sizes import as_pair
from ..ops.convolution import PAD_MODES
from .layer import Layer, Parameter


class Conv2D(Layer):
    """Slide kernels over images: `ops.conv2d` with a weight and a bias of its own.

    in_channels, out_channels: ints; groups divides both. kernel_size, stride, padding, dilation,
    groups, padding_mode: as in `ops.conv2d`. bias: whether to add one. rng, init: as in
    `initial.draw_weight`; without rng a fresh generator; biases start at 0.
    weight: (out_channels, in_channels / groups, kh, kw), bias: (out_channels,) or None; float32.
    Raises ValueError for impossible arguments.
    """

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        padding_mode="zeros",
        bias=True,
        rng=None,
        init="he",
    ):
        self._in_channels = as_int(in_channels, "in_channels", 1)
        # Read once, so that what is refused is refused before the first image.
        self._description = stacks.conv(
            out_channels, kernel_size, stride, padding, dilation, groups, bias
        )
        if in_channels % groups or out_channels % groups:
            raise ValueError(
                f"groups is {groups}; it must divide {in_channels} and {out_channels} channels"
            )
        as_choice(padding_mode, "padding_mode", PAD_MODES)
        shape = (out_channels, in_channels // groups, *as_pair(kernel_size, "kernel_size"))
        rng = np.random.default_rng() if rng is None else rng
        self.weight = Parameter(draw_weight(shape, init, rng).astype(np.float32))
        self.bias = Parameter(np.zeros(out_channels, np.float32)) if bias else None
        self._options = {
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "groups": groups,
            "padding_mode": padding_mode,
        }

    def _arrays(self):
        return self.weight.value, None if self.bias is None else self.bias.value

    def _forward(self, x):
        return ops.conv2d(x, *self._arrays(), **self._options)

    def _backward(self, grad_y, x):
        grad_x, grad_weight, grad_bias = ops.conv2d_backward(
            grad_y, x, *self._arrays(), **self._options
        )
        self.weight.add_gradient(grad_weight)
        if self.bias is not None:
            self.bias.add_gradient(grad_bias)
        return grad_x

    def describe(self):
        """Return the description of this convolution."""
        return [self._description]
