"""Cross-correlation and convolution of one small image, written to be read."""

import numpy as np

from ._arguments import as_array, quiet


@quiet
def corr2d(image, kernel):
    """Cross-correlate an image with a kernel: slide, multiply, add.

    image: (H, W); kernel: (kh, kw), no larger than the image. Returns (H - kh + 1, W - kw + 1),
    in int64 if both are integers, else in the floating dtype of the two together.
    Raises ValueError for other shapes or dtypes, and for integers whose sums might not fit.
    """
    image, kernel = _small(image, "image"), _small(kernel, "kernel")
    if kernel.shape[0] > image.shape[0] or kernel.shape[1] > image.shape[1]:
        raise ValueError(
            f"kernel has shape {kernel.shape}; expected at most {image.shape}, image's"
        )
    _check_range(image, kernel)
    kh, kw = kernel.shape
    result = np.empty(
        (image.shape[0] - kh + 1, image.shape[1] - kw + 1), (image[:1, :1] * kernel).dtype
    )
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            result[i, j] = (image[i : i + kh, j : j + kw] * kernel).sum()
    return result


def convolve2d(image, kernel):
    """Convolve an image with a kernel: turn the kernel by 180 degrees, then `corr2d`.

    Shapes, dtypes and errors are those of `corr2d`.
    """
    return corr2d(image, _small(kernel, "kernel")[::-1, ::-1])


def _small(array, name):
    array = as_array(array, name)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}; expected 2 dimensions, (H, W), not empty"
        )
    if array.dtype.kind in "iub":
        if int(array.max()) >= 2**63:
            raise ValueError(f"{name} has a value of {array.max()}; expected at most {2**63 - 1}")
        return array.astype(np.int64)
    if array.dtype not in (np.float32, np.float64):
        raise ValueError(f"{name} has dtype {array.dtype}; expected integers, float32 or float64")
    return array


def _check_range(image, kernel):
    """Refuse integers that could overflow, which NumPy would do without a word."""
    if image.dtype == kernel.dtype == np.int64:
        # As Python's own integers, which have no largest one.
        largest = [max(int(a.max()), -int(a.min())) for a in (image, kernel)]
        if kernel.size * largest[0] * largest[1] >= 2**63:
            raise ValueError(
                f"image and kernel reach {largest[0]} and {largest[1]}; {kernel.size} products "
                "may be too large for int64: convert one with .astype(float)"
            )
