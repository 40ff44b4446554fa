"""Each operation of a convolutional network as a pure NumPy function; images are (N, C, H, W)."""

from .convolution import conv2d, conv2d_transpose
from .correlation import convolve2d, corr2d
from .padding import pad2d

__all__ = ["conv2d", "conv2d_transpose", "convolve2d", "corr2d", "pad2d"]
