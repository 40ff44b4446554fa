"""Pooling against Paddle, and what it refuses."""

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import ops
from tests.common import for_paddle

CASES = settings(max_examples=300, deadline=None, derandomize=True)

sides = st.integers(1, 12)
pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))
number = st.integers(0, 2)
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
    st.sampled_from([np.float32, np.float64]),
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
        assert "expected at most" in str(error)
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
    assert largest.dtype == mean.dtype == dtype
    np.testing.assert_array_equal(largest, expected)
    np.testing.assert_allclose(mean, expected_mean, rtol=1e-5, atol=1e-6)


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


@CASES
@given(st.tuples(st.integers(1, 3), st.integers(1, 3), sides, sides), st.integers(0, 99))
def test_global_average_equals_paddle(shape, seed):
    x = images(seed, shape, np.float64)
    expected = F.adaptive_avg_pool2d(paddle.to_tensor(x), 1).numpy()
    np.testing.assert_allclose(ops.global_avg_pool2d(x), expected, rtol=1e-12, atol=1e-12)


def test_soft_pool_by_its_definition_and_between_mean_and_maximum():
    x = images(1, (2, 3, 7, 9), np.float64)
    y = ops.soft_pool2d(x, 2)
    window = x[1, 2, 2:4, 4:6]
    assert np.isclose(y[1, 2, 1, 2], (np.exp(window) * window).sum() / np.exp(window).sum())
    assert np.all(y >= ops.avg_pool2d(x, 2) - 1e-12)
    assert np.all(y <= ops.max_pool2d(x, 2) + 1e-12)
    huge = ops.soft_pool2d(np.array([[[[1000.0, -1000.0]]]]), (1, 2))
    assert huge.item() == 1000


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
        ((X, 6), r"kernel_size is \(6, 6\); expected at most the padded input's 5"),
        ((X, 0), "kernel_size is 0; expected at least 1"),
        ((X, 2, 0), "stride is 0"),
        ((X, 2, 1, 2), "padding is 2; expected at most 1 on a side, half of a window of 2"),
        (
            (X, (3, 4), 1, ((0, 2), (0, 0))),
            r"padding is \(\(0, 2\), \(0, 0\)\); expected at most 1",
        ),
        ((X, 2, 1, "full"), "padding is 'full'"),
        ((X, 2, 1, (0, 0, 1, 1)), "write"),
    ],
)
def test_bad_input_is_named(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
