"""Layers described by their numbers alone: what `geometry` computes with."""

from dataclasses import dataclass, replace

from .ops._arguments import as_bool, as_int
from .ops._sizes import as_padding, as_pair, as_pool_padding


@dataclass(frozen=True)
class Layer:
    """One layer: its kind, its window and what it needs to be counted."""

    kind: str
    kernel_size: tuple = (1, 1)
    stride: tuple = (1, 1)
    padding: object = 0
    dilation: tuple = (1, 1)
    outputs: int | None = None
    groups: int = 1
    bias: bool = True
    ceil_mode: bool = False
    branches: tuple = ()
    name: str = ""

    def named(self, name):
        """Return the same layer under another name."""
        return replace(self, name=name)


def conv(out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
    """Describe a convolution; the arguments, and what is refused, are those of `ops.conv2d`."""
    kernel_size = as_pair(kernel_size, "kernel_size")
    as_padding(padding, kernel_size, kernel_size)
    return Layer(
        kind="conv",
        kernel_size=kernel_size,
        stride=as_pair(stride, "stride"),
        padding=padding,
        dilation=as_pair(dilation, "dilation"),
        outputs=as_int(out_channels, "out_channels", 1),
        groups=as_int(groups, "groups", 1),
        bias=as_bool(bias, "bias"),
        name="conv",
    )


def pool(kernel_size, stride=None, padding=0, ceil_mode=False):
    """Describe a pooling layer, whatever it computes; stride defaults to kernel_size.

    Raises ValueError where `ops.max_pool2d` does, as for padding of a whole window.
    """
    kernel_size = as_pair(kernel_size, "kernel_size")
    as_pool_padding(padding, kernel_size, kernel_size)
    stride = kernel_size if stride is None else as_pair(stride, "stride")
    ceil_mode = as_bool(ceil_mode, "ceil_mode")
    return Layer("pool", kernel_size, stride, padding, ceil_mode=ceil_mode, name="pool")


def global_pool():
    """Describe a pooling over the whole image, which leaves (C, 1, 1)."""
    return Layer("global_pool", name="global pool")


def linear(out_features, bias=True):
    """Describe a dense layer on flattened features."""
    outputs = as_int(out_features, "out_features", 1)
    return Layer("linear", outputs=outputs, bias=as_bool(bias, "bias"), name="linear")


def flatten():
    """Describe the step from (C, H, W) to C·H·W features."""
    return Layer("flatten", name="flatten")


def batch_norm():
    """Describe a batch normalisation: two parameters a channel."""
    return Layer("batch_norm", name="batch norm")


def activation(name="ReLU"):
    """Describe an activation function, which has no parameters."""
    return Layer("activation", name=name)


def residual(body, shortcut=()):
    """Describe two branches from one input, whose outputs are added.

    body, shortcut: lists of descriptions; an empty shortcut hands its input on as it is.
    """
    return Layer("residual", branches=(list(body), list(shortcut)), name="add")


def concat(*branches):
    """Describe branches from one input, whose channels are put side by side.

    branches: lists of descriptions, at least one; an empty one hands its input on as it is.
    Raises ValueError for none.
    """
    if not branches:
        raise ValueError("branches is empty; expected at least one list of layers")
    return Layer("concat", branches=tuple(map(list, branches)), name="concat")
