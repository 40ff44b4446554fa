"""Each operation of a convolutional network as a pure NumPy function; images are (N, C, H, W).

NAME_backward(grad_y, …the arrays that NAME took, …its options) returns the gradients of those
arrays, in their order: an array for one, a tuple for several, None where an array was None. A loss
is a number, so its backward function takes no grad_y.
"""

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
    softmax_backward,
    tanh,
    tanh_backward,
)
from .convolution import conv2d, conv2d_backward
from .correlation import convolve2d, corr2d
from .dense import linear, linear_backward
from .gradients import check_gradient
from .loss import cross_entropy, cross_entropy_backward, hinge_loss, hinge_loss_backward
from .normalization import batch_norm, batch_norm_backward, batch_statistics
from .padding import pad2d, pad2d_backward
from .pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    soft_pool2d,
    soft_pool2d_backward,
)
from .regularization import dropout, dropout_backward, dropout_mask
from .transposed import conv2d_transpose, conv2d_transpose_backward

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "batch_statistics",
    "check_gradient",
    "conv2d",
    "conv2d_backward",
    "conv2d_transpose",
    "conv2d_transpose_backward",
    "convolve2d",
    "corr2d",
    "cross_entropy",
    "cross_entropy_backward",
    "dropout",
    "dropout_backward",
    "dropout_mask",
    "gelu",
    "gelu_backward",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "hinge_loss",
    "hinge_loss_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "linear",
    "linear_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "pad2d",
    "pad2d_backward",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "silu",
    "silu_backward",
    "soft_pool2d",
    "soft_pool2d_backward",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_backward",
]
