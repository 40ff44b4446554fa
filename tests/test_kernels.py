"""Named kernels: what they add up to, what they leave alone, and SciPy's opinion."""

import numpy as np
import pytest
from scipy import ndimage

from helpers import kernels, ops
from tests.common import assert_same

PICTURE = np.random.default_rng(0).normal(size=(20, 22))


def same_as(kernel, expected, edge):
    assert_same(ops.corr2d(PICTURE, kernel), expected[edge:-edge, edge:-edge])


def test_against_scipy():
    same_as(kernels.SOBEL_X, ndimage.sobel(PICTURE, axis=1), 1)
    same_as(kernels.SOBEL_Y, ndimage.sobel(PICTURE, axis=0), 1)
    same_as(kernels.LAPLACIAN, ndimage.laplace(PICTURE), 1)
    same_as(kernels.box(5), ndimage.uniform_filter(PICTURE, 5), 2)
    same_as(kernels.gaussian(9, 1.3), ndimage.gaussian_filter(PICTURE, 1.3, radius=4), 4)
    same_as(kernels.OUTLINE, (9 * PICTURE - ndimage.uniform_filter(9 * PICTURE, 3)) / 8, 1)
    same_as(kernels.SHARPEN, PICTURE - ndimage.laplace(PICTURE), 1)


def test_what_the_comments_say():
    """The slopes are positive where it gets brighter to the right or downwards, and so on."""
    rows, columns = np.mgrid[:5, :5].astype(float)
    assert_same(ops.corr2d(columns, kernels.SOBEL_X), np.full((3, 3), 8.0))
    assert_same(ops.corr2d(rows, kernels.SOBEL_Y), np.full((3, 3), 8.0))
    assert_same(
        ops.corr2d(rows + columns, kernels.EMBOSS) - (rows + columns)[1:-1, 1:-1],
        np.full((3, 3), 12.0),
    )
    lit = ops.corr2d(rows - columns, kernels.EMBOSS)
    assert_same(lit, (rows - columns)[1:-1, 1:-1])


@pytest.mark.parametrize("sigma", [0.01, 0.3, 5.0, 1000])
def test_a_blur_of_any_width_is_finite(sigma):
    for size in (1, 3, 9):
        kernel = kernels.gaussian(size, sigma)
        assert kernel.shape == (size, size)
        assert np.isclose(kernel.sum(), 1, rtol=1e-12)
        spot = kernels.laplacian_of_gaussian(size, sigma)
        assert np.isfinite(spot).all()
        assert abs(spot.sum()) <= 1e-9 * abs(spot).max()
    assert kernels.gaussian(3, 0.01)[1, 1] == 1
    assert np.ptp(kernels.gaussian(9, 1000)) < 1e-6


def test_laplacian_of_gaussian_is_what_its_name_says():
    """The Laplacian of the Gaussian curve, by small steps instead of by a formula."""
    kernel, step = kernels.laplacian_of_gaussian(15, 1.7), 1e-3
    x = np.arange(-7, 8)

    def bell(dx, dy):
        return np.exp(-((x + dx)[None] ** 2 + (x + dy)[:, None] ** 2) / (2 * 1.7**2))

    around = bell(step, 0) + bell(-step, 0) + bell(0, step) + bell(0, -step)
    expected = (around - 4 * bell(0, 0)) / step**2 / bell(0, 0).sum()
    np.testing.assert_allclose(kernel, expected - expected.mean(), atol=1e-6)


def test_sums():
    for kernel in (kernels.box(3), kernels.gaussian(7, 1.5), kernels.SHARPEN, kernels.EMBOSS):
        assert kernel.dtype == np.float64
        assert np.isclose(kernel.sum(), 1, rtol=1e-12)
    for kernel in (
        kernels.SOBEL_X,
        kernels.SOBEL_Y,
        kernels.LAPLACIAN,
        kernels.OUTLINE,
        kernels.laplacian_of_gaussian(9, 1.4),
    ):
        assert kernel.dtype == np.float64
        assert np.isclose(kernel.sum(), 0, atol=1e-12)


def test_gaussian_is_separable_and_symmetric():
    kernel = kernels.gaussian(7, 1.3)
    assert_same(kernel, np.outer(kernel.sum(axis=1), kernel.sum(axis=0)))
    assert_same(kernel, kernel[::-1, ::-1])
    assert np.linalg.matrix_rank(kernel) == 1


def test_constants_cannot_be_changed():
    constants = [value for value in vars(kernels).values() if isinstance(value, np.ndarray)]
    assert len(constants) == 6
    for kernel in constants:
        with pytest.raises(ValueError, match="read-only"):
            kernel[0, 0] = 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kernels.box(0), "size is 0; expected at least 1"),
        (lambda: kernels.box(2.5), r"size is 2\.5; expected an int"),
        (lambda: kernels.gaussian(4, 1), "size is 4; expected an odd number"),
        (lambda: kernels.gaussian(5, 0), "sigma is 0; expected 0.01 to 1000"),
        (lambda: kernels.gaussian(5, 1001), "sigma is 1001; expected 0.01 to 1000"),
        (lambda: kernels.gaussian(5, "1"), "sigma is '1'; expected 0.01 to 1000"),
        (lambda: kernels.gaussian(0, 1), "size is 0; expected at least 1"),
        (lambda: kernels.gaussian(5, np.nan), "sigma is nan"),
        (lambda: kernels.laplacian_of_gaussian(5, -1), "sigma is -1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
