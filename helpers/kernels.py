"""Kernels with names: small float64 arrays (kh, kw), for cross-correlation as in `ops.conv2d`.

The constants cannot be written to; multiply or copy to have one of your own.
"""

import numpy as np

from .ops._arguments import as_int, as_number


def _constant(rows):
    kernel = np.array(rows, float)
    kernel.setflags(write=False)
    return kernel


# Slopes: positive where the picture gets brighter to the right (x) or downwards (y).
# Sobel and Feldman 1968, in Duda and Hart 1973, "Pattern classification and scene analysis".
SOBEL_X = _constant([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SOBEL_Y = _constant([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])

# The sum of the second differences along rows and columns.
LAPLACIAN = _constant([[0, 1, 0], [1, -4, 1], [0, 1, 0]])

# A pixel minus the mean of its eight neighbours.
OUTLINE = _constant([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 8
OUTLINE.setflags(write=False)

# The picture minus its Laplacian: the sum is 1, so that flat parts stay.
SHARPEN = _constant([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])

# A slope along the diagonal added to the picture, as if lit from the upper left.
EMBOSS = _constant([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])


def box(size):
    """Return the mean of size × size pixels as a kernel: every value is 1 / size².

    Raises ValueError for a size that is not a positive int.
    """
    size = as_int(size, "size", 1)
    return np.full((size, size), 1 / size**2)


def gaussian(size, sigma):
    """Return a Gaussian blur (size, size), its values adding up to 1.

    size: odd; sigma: the standard deviation in pixels, 0.01 to 1000. It is the outer product of its
    own column and row sums. Raises ValueError for other sizes and sigmas.
    """
    profile = np.exp(-(_places(size, sigma) ** 2) / (2 * sigma**2))
    profile /= profile.sum()
    return np.outer(profile, profile)


def laplacian_of_gaussian(size, sigma):
    """Return the Laplacian of a Gaussian (size, size), its values adding up to 0.

    Arguments and errors are those of `gaussian`. Marr and Hildreth 1980, "Theory of edge
    detection".
    """
    squares = _places(size, sigma) ** 2
    distance = squares[:, None] + squares[None]
    blur = np.exp(-distance / (2 * sigma**2))
    kernel = (distance - 2 * sigma**2) / sigma**4 * blur / blur.sum()
    # The cut-off tails leave a small sum, and a flat wall must not answer.
    return kernel - kernel.mean()


def _places(size, sigma):
    if as_int(size, "size", 1) % 2 == 0:
        raise ValueError(f"size is {size}; expected an odd number, so that there is a middle")
    # So that no power of sigma leaves the range of floats.
    as_number(sigma, "sigma", 0.01, 1000)
    return np.arange(size) - size // 2
