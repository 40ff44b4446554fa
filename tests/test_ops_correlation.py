"""corr2d and convolve2d: the definitions, against SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d

from helpers import ops
from tests.common import assert_same

sides = st.integers(1, 9)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.tuples(sides, sides), st.tuples(sides, sides), st.integers(0, 2**32 - 1), st.booleans())
def test_equal_to_scipy(shape, kernel_shape, seed, integers):
    rng = np.random.default_rng(seed)
    if kernel_shape[0] > shape[0] or kernel_shape[1] > shape[1]:
        shape, kernel_shape = np.maximum(shape, kernel_shape), np.minimum(shape, kernel_shape)
    image, kernel = rng.normal(size=shape), rng.normal(size=kernel_shape)
    if integers:
        image, kernel = (10 * image).astype(np.int8), (10 * kernel).astype(np.int16)
    wide, wide_kernel = image.astype(float), kernel.astype(float)
    result = ops.corr2d(image, kernel)
    assert result.dtype == (np.int64 if integers else np.float64)
    assert_same(result, correlate2d(wide, wide_kernel, "valid").astype(result.dtype))
    result = ops.convolve2d(image, kernel)
    assert_same(result, convolve2d(wide, wide_kernel, "valid").astype(result.dtype))


def test_small_integers_do_not_overflow():
    bright = np.full((3, 3), 255, np.uint8)
    assert ops.corr2d(bright, bright) == 9 * 255**2
    assert ops.corr2d(bright > 0, bright > 0) == 9


@pytest.mark.parametrize("sign", [1, -1])
def test_integers_that_would_overflow_are_refused(sign):
    image, kernel = sign * np.array([[0, 1], [2**31, 3]]), np.array([[5], [-(2**31)]])
    with pytest.raises(ValueError, match=r"image and kernel reach 2147483648 and 2147483648; 2 .*"):
        ops.corr2d(image, kernel)
    smaller = kernel + np.array([[0], [1]])
    expected = [[-sign * 2**31 * (2**31 - 1), sign * (5 - 3 * (2**31 - 1))]]
    assert ops.corr2d(image, smaller).tolist() == expected
    assert ops.corr2d(image.astype(float), kernel).dtype == np.float64
    with pytest.raises(ValueError, match="image and kernel reach 9223372036854775808 and 1"):
        ops.corr2d([[-(2**63)]], [[1]])
    largest = np.array([[3, 2**63 - 1]], np.uint64)
    assert ops.corr2d(largest, [[1]]).tolist() == [[3, 2**63 - 1]]
    with pytest.raises(ValueError, match="image has a value of 9223372036854775808"):
        ops.corr2d(largest + np.uint64(1), [[1]])


@pytest.mark.parametrize(
    ("image", "kernel", "dtype"),
    [
        (np.float32, np.float32, np.float32),
        (np.float32, np.float64, np.float64),
        (int, np.float32, np.float64),
        (bool, np.uint8, np.int64),
    ],
)
def test_dtype_of_the_result(image, kernel, dtype):
    assert ops.corr2d(np.ones((2, 2), image), np.ones((2, 2), kernel)).dtype == dtype


def test_lists_will_do_and_nan_passes():
    assert ops.corr2d([[1, 2], [3, 4]], [[1]]).tolist() == [[1, 2], [3, 4]]
    assert ops.convolve2d([[1, 2]], [[3, 4]]).tolist() == [[10]]
    assert np.isnan(ops.corr2d([[np.nan, 1.0]], [[1.0]])).tolist() == [[True, False]]
    assert np.isnan(ops.corr2d([[np.inf, 1.0]], [[0.0, 1.0]])).all()


@pytest.mark.parametrize("function", [ops.corr2d, ops.convolve2d])
@pytest.mark.parametrize(
    ("image", "kernel", "message"),
    [
        (np.ones(3), np.ones((1, 1)), r"image has shape \(3,\); expected 2 dimensions"),
        (np.ones((3, 3)), np.ones((1, 1, 1)), r"kernel has shape \(1, 1, 1\)"),
        (np.ones((0, 3)), np.ones((1, 1)), r"image has shape \(0, 3\); .* not empty"),
        (np.ones((2, 5)), np.ones((3, 1)), r"kernel has shape \(3, 1\); expected at most \(2, 5\)"),
        (np.ones((2, 5)), np.ones((1, 6)), r"kernel has shape \(1, 6\); expected at most \(2, 5\)"),
        (np.ones((2, 2), complex), np.ones((1, 1)), "image has dtype complex128"),
        (
            np.full((1, 1), 2**63, np.uint64),
            np.ones((1, 1)),
            "image has a value of 9223372036854775808",
        ),
        ([["a"]], np.ones((1, 1)), "image has dtype <U1"),
        ([[1, 2], [3]], np.ones((1, 1)), "image is no array"),
        (np.ones((3, 3)), [1, 2], r"kernel has shape \(2,\); expected 2 dimensions"),
    ],
)
def test_bad_input_is_named(function, image, kernel, message):
    with pytest.raises(ValueError, match=message):
        function(image, kernel)
