"""Pooling against Paddle, and what it refuses."""

import re

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import ops
from tests.common import assert_same, for_paddle

CASES = settings(max_examples=200, deadline=None, derandomize=True)

dtypes = st.sampled_from([np.float32, np.float64])
sides = st.integers(1, 12)
pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))
number = st.integers(0, 3)
paddings = st.one_of(
    number,
    st.tuples(number, number),
    st.tuples(st.tuples(number, number), st.tuples(number, number)),
    st.sampled_from(["same", "valid"]),
)


def images(seed, shape, dtype):
    x = np.random.default_rng(seed).normal(size=shape).astype(dtype)
    x[:, 0] = 3 if seed % 5 == 0 else x[:, 0]  # now and then a constant channel
    return x


@CASES
@given(
    st.tuples(st.integers(1, 3), st.integers(1, 3), sides, sides),
    pairs,
    st.none() | pairs,
    paddings,
    st.booleans(),
    st.booleans(),
    dtypes,
    st.integers(0, 99),
)
def test_equal_to_paddle(shape, kernel, stride, padding, ceil_mode, exclusive, dtype, seed):
    x = images(seed, shape, dtype)
    # Paddle 3.3 refuses "VALID" with ceil_mode, and where the two sides differ counts padded
    # zeros (exclusive=False) as if the second side had the width of the first.
    ceil_mode = ceil_mode and padding != "valid"
    exclusive = exclusive or padding == "same" or isinstance(padding, tuple)
    try:
        largest = ops.max_pool2d(x, kernel, stride, padding, ceil_mode)
    except ValueError as error:
        assert re.search("kernel_size is .* the padded size|padding is .* but padding", str(error))
        return
    mean = ops.avg_pool2d(x, kernel, stride, padding, ceil_mode, exclusive)
    arguments = (paddle.to_tensor(x), kernel, stride, for_paddle(padding))
    expected = F.max_pool2d(*arguments, ceil_mode=ceil_mode).numpy()
    expected_mean = F.avg_pool2d(*arguments, ceil_mode=ceil_mode, exclusive=exclusive).numpy()
    if largest.shape != expected.shape:
        # Paddle keeps windows that start past the image, and fills in -3.4e38, 0 or NaN.
        assert ceil_mode
        kept = np.s_[:, :, : largest.shape[2], : largest.shape[3]]
        expected, expected_mean = expected[kept], expected_mean[kept]
    assert largest.dtype == dtype
    np.testing.assert_array_equal(largest, expected)
    assert_same(mean, expected_mean)


def test_two_sides_that_differ_are_counted_each_by_itself():
    x = np.full((1, 1, 1, 3), 6.0)
    y = ops.avg_pool2d(x, (1, 2), (1, 2), padding=((0, 0), (0, 1)), exclusive=False)
    assert y.ravel().tolist() == [6, 3]


def test_what_hangs_over_is_kept_only_if_it_starts_inside():
    x = np.arange(1.0, 6).reshape(1, 1, 1, 5)
    assert ops.max_pool2d(x, (1, 2)).ravel().tolist() == [2, 4]
    assert ops.max_pool2d(x, (1, 2), ceil_mode=True).ravel().tolist() == [2, 4, 5]
    y = ops.max_pool2d(x, (1, 2), padding=(0, 1), ceil_mode=True)
    assert y.ravel().tolist() == [1, 3, 5]
    assert ops.avg_pool2d(x, (1, 1), (1, 7), ceil_mode=True).ravel().tolist() == [1]
    for side, expected in (((0, 1), [2, 4]), ((1, 0), [1, 3, 4])):
        y = ops.max_pool2d(x[..., :4], (1, 2), padding=((0, 0), side), ceil_mode=True)
        assert y.ravel().tolist() == expected


@settings(CASES, max_examples=50)
@given(st.tuples(st.integers(1, 3), st.integers(1, 3), sides, sides), dtypes, st.integers(0, 99))
def test_global_average_equals_paddle(shape, dtype, seed):
    x = images(seed, shape, dtype)
    expected = F.adaptive_avg_pool2d(paddle.to_tensor(x), 1).numpy()
    assert_same(ops.global_avg_pool2d(x), expected)


def plainly(x, kernel, stride, padding, summarise):
    """Pool with loops: the numbers of each window that lie in the image, summarised."""
    (top, bottom), (left, right) = padding
    height, width = x.shape[2:]
    rows = range(-top, height + bottom - kernel[0] + 1, stride[0])
    columns = range(-left, width + right - kernel[1] + 1, stride[1])
    y = np.empty((*x.shape[:2], len(rows), len(columns)))
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            window = x[:, :, max(r, 0) : r + kernel[0], max(c, 0) : c + kernel[1]]
            y[:, :, i, j] = summarise(window.reshape(*x.shape[:2], -1))
    return y


@settings(CASES, max_examples=100)
@given(sides, sides, pairs, pairs, st.data())
def test_padding_of_all_but_one_pixel_equals_a_plain_loop(height, width, kernel, stride, data):
    """Up to a whole window less one pixel, on each side by itself."""
    numbers = [st.integers(0, size - 1) for size in kernel]
    padding = tuple(data.draw(st.tuples(number, number)) for number in numbers)
    x = images(height, (2, 2, height, width), np.float64)
    try:
        largest = ops.max_pool2d(x, kernel, stride, padding)
    except ValueError as error:
        assert "kernel_size is" in str(error)
        return
    arguments = x, kernel, stride, padding
    assert_same(largest, plainly(*arguments, lambda window: window.max(axis=-1)))
    mean = plainly(*arguments, lambda window: window.mean(axis=-1))
    assert_same(ops.avg_pool2d(*arguments), mean)
    shares = plainly(*arguments, lambda window: window.sum(axis=-1) / np.prod(kernel))
    assert_same(ops.avg_pool2d(*arguments, exclusive=False), shares)


@settings(CASES, max_examples=100)
@given(sides, sides, pairs, st.none() | pairs, dtypes)
def test_soft_pool_equals_its_definition_in_a_plain_loop(height, width, kernel, stride, dtype):
    x = images(height, (2, 3, height, width), dtype)

    def soft(window):
        weights = np.exp(window.astype(float))
        return (weights * window).sum(axis=-1) / weights.sum(axis=-1)

    try:
        y = ops.soft_pool2d(x, kernel, stride)
    except ValueError as error:
        assert "kernel_size is" in str(error)
        return
    expected = plainly(x, kernel, stride or kernel, ((0, 0), (0, 0)), soft)
    assert_same(y, expected.astype(dtype))
    assert np.all(y >= ops.avg_pool2d(x, kernel, stride) - 1e-6)
    assert np.all(y <= ops.max_pool2d(x, kernel, stride))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ([1000, -1000], 1000),
        ([3e38, 3e38], 3e38),
        ([3e38, -3e38], 3e38),
        ([np.inf, 1], np.inf),
        ([np.inf, np.inf], np.inf),
        ([np.inf, -np.inf], np.inf),
        ([-np.inf, 1], 1),
        ([-np.inf, -np.inf], -np.inf),
        ([np.inf, np.nan], np.nan),
        ([-np.inf, np.nan], np.nan),
    ],
)
def test_soft_pool_of_what_is_huge_or_infinite(window, expected, dtype):
    x = np.array(window, dtype).reshape(1, 1, 1, 2)
    assert_same(ops.soft_pool2d(x, (1, 2)), np.full((1, 1, 1, 1), expected, dtype))
    assert_same(ops.soft_pool2d(x[..., ::-1], (1, 2)), np.full((1, 1, 1, 1), expected, dtype))


def test_infinity_passes_without_a_warning():
    x = np.array([[[[np.inf, -np.inf, 1, 2]]]])
    assert_same(ops.max_pool2d(x, (1, 2)), [[[[np.inf, 2]]]])
    assert_same(ops.avg_pool2d(x, (1, 2)), [[[[np.nan, 1.5]]]])
    assert_same(ops.global_avg_pool2d(x), [[[[np.nan]]]])
    assert ops.avg_pool2d(np.full((1, 1, 1, 2), 3e38, np.float32), (1, 2)).item() == np.inf
    lowest = ops.max_pool2d(np.full((1, 1, 2, 2), -np.inf), 2, stride=1, padding=1)
    assert_same(lowest, np.full((1, 1, 3, 3), -np.inf))


def test_nan_passes_and_nothing_is_changed():
    x = np.ones((1, 1, 4, 4), np.float32)
    x[0, 0, 0, 0] = np.nan
    x.setflags(write=False)
    for function in (ops.max_pool2d, ops.avg_pool2d, ops.soft_pool2d):
        y = function(x, 2)
        assert np.isnan(y).sum() == 1
        assert y.dtype == np.float32
    assert np.isnan(ops.global_avg_pool2d(x)).all()


X = np.ones((1, 2, 5, 5))


@pytest.mark.parametrize("function", [ops.max_pool2d, ops.avg_pool2d])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((X[0], 2), "x has shape .* expected 4 dimensions"),
        ((X[:0], 2), "every axis must hold"),
        ((X.astype(int), 2), "x has dtype int64"),
        ((X, 6), "kernel_size is 6; expected at most 5, the padded size"),
        ((X, 0), "kernel_size is 0; expected at least 1"),
        ((X, 2, 0), "stride is 0"),
        (
            (X, 2, 1, 2),
            "padding is 2; expected at most 1 on a side of a window of 2, or .* but padding",
        ),
        (
            (X, (3, 4), 1, ((0, 3), (0, 0))),
            r"padding is \(\(0, 3\), \(0, 0\)\); expected at most 2",
        ),
        ((X, 2, 1, "full"), "padding is 'full'"),
        ((X, 2, 1, 0, 1), "ceil_mode is 1; expected True or False"),
        ((X, 2, 1, (0, 0, 1, 1)), "write"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_exclusive_is_checked():
    with pytest.raises(ValueError, match="exclusive is None; expected True or False"):
        ops.avg_pool2d(X, 2, exclusive=None)
