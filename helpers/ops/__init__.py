"""Each operation of a convolutional network as a pure NumPy function; images are (N, C, H, W)."""

from .activation import (
    gelu,
    gelu_backward,
    leaky_relu,
    leaky_relu_backward,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    silu,
    silu_backward,
    softmax,
    tanh,
    tanh_backward,
)
from .convolution import conv2d, conv2d_transpose
from .correlation import convolve2d, corr2d
from .dense import linear, linear_backward
from .loss import cross_entropy, cross_entropy_backward
from .normalization import batch_norm
from .padding import pad2d
from .pooling import avg_pool2d, global_avg_pool2d, max_pool2d, soft_pool2d
from .regularization import dropout, dropout_mask

__all__ = [
    "avg_pool2d",
    "batch_norm",
    "conv2d",
    "conv2d_transpose",
    "convolve2d",
    "corr2d",
    "cross_entropy",
    "cross_entropy_backward",
    "dropout",
    "dropout_mask",
    "gelu",
    "gelu_backward",
    "global_avg_pool2d",
    "leaky_relu",
    "leaky_relu_backward",
    "linear",
    "linear_backward",
    "max_pool2d",
    "pad2d",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "silu",
    "silu_backward",
    "soft_pool2d",
    "softmax",
    "tanh",
    "tanh_backward",
]
