"""Activations, dense layer, loss, batch normalisation and dropout against Paddle."""

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from helpers import ops
from tests.common import assert_same

CASES = settings(max_examples=100, deadline=None, derandomize=True)
dtypes = st.sampled_from([np.float32, np.float64])
seeds = st.integers(0, 2**32 - 1)

ACTIVATIONS = {
    "relu": (ops.relu, ops.relu_backward, F.relu),
    "leaky_relu": (ops.leaky_relu, ops.leaky_relu_backward, F.leaky_relu),
    "sigmoid": (ops.sigmoid, ops.sigmoid_backward, F.sigmoid),
    "tanh": (ops.tanh, ops.tanh_backward, paddle.tanh),
    "silu": (ops.silu, ops.silu_backward, F.silu),
    "gelu": (ops.gelu, ops.gelu_backward, F.gelu),
}


def normal(seed, shape, dtype, scale=1.0):
    return (scale * np.random.default_rng(seed).normal(size=shape)).astype(dtype)


@CASES
@given(st.sampled_from(sorted(ACTIVATIONS)), array_shapes(max_dims=4), dtypes, seeds)
def test_activations_and_their_gradients_equal_paddle(name, shape, dtype, seed):
    function, backward, reference = ACTIVATIONS[name]
    x, grad_y = normal(seed, shape, dtype, 5), normal(seed + 1, shape, dtype)
    x.flat[0] = 0
    tensor = paddle.to_tensor(x, stop_gradient=False)
    y = reference(tensor)
    y.backward(paddle.to_tensor(grad_y))
    assert_same(function(x), y.numpy())
    assert_same(backward(grad_y, x), tensor.grad.numpy())


@pytest.mark.parametrize("slope", [0.0, 0.25, 1, 3.0, -0.5])
def test_leaky_relu_has_any_slope(slope):
    x, grad_y = np.array([-2.0, -0.0, 0.0, 3.0]), np.array([1.0, 2, 3, 4])
    assert_same(ops.leaky_relu(x, slope), [-2.0 * slope, 0, 0, 3])
    assert_same(ops.leaky_relu_backward(grad_y, x, slope), [float(slope), 2, 3, 4])
    x32, grad_32 = x.astype(np.float32), grad_y.astype(np.float32)
    assert ops.leaky_relu(x32, slope).dtype == np.float32
    assert ops.leaky_relu_backward(grad_32, x32, slope).dtype == np.float32


def test_leaky_relu_may_overflow():
    x = np.array([-1e308, 1e308])
    assert ops.leaky_relu(x, 100).tolist() == [-np.inf, 1e308]
    assert ops.leaky_relu_backward(x, x, 100).tolist() == [-np.inf, 1e308]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_are_safe_far_out(dtype):
    far = np.array([-np.inf, -1000, 0, 1000, np.inf], dtype)
    assert ops.relu(far).tolist() == [0, 0, 0, 1000, np.inf]
    assert ops.leaky_relu(far, 0.5).tolist() == [-np.inf, -500, 0, 1000, np.inf]
    assert ops.leaky_relu(far, 0.0).tolist() == [0, 0, 0, 1000, np.inf]
    assert ops.sigmoid(far).tolist() == [0, 0, 0.5, 1, 1]
    assert ops.tanh(far).tolist() == [-1, -1, 0, 1, 1]
    assert ops.sigmoid_backward(np.ones_like(far), far).tolist() == [0, 0, 0.25, 0, 0]
    assert ops.tanh_backward(np.ones_like(far), far).tolist() == [0, 0, 1, 0, 0]
    for name in ("silu", "gelu"):
        function, backward, _ = ACTIVATIONS[name]
        assert function(far).tolist() == [0, 0, 0, 1000, np.inf]
        assert backward(np.ones_like(far), far).tolist() == [0, 0, 0.5, 1, 1]
    largest = np.array([-1, 1], dtype) * np.finfo(dtype).max
    assert ops.tanh_backward(np.ones_like(largest), largest).tolist() == [0, 0]
    assert ops.softmax(far[1:4]).tolist() == [0, 0, 1]
    assert ops.softmax(far[:4]).tolist() == [0, 0, 0, 1]
    for function, _, _ in ACTIVATIONS.values():
        assert np.isnan(function(np.array([np.nan], dtype))).all()


@pytest.mark.parametrize("size", [np.inf, -np.inf])
@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_an_infinite_gradient_does_not_pass_where_the_curve_is_flat(name, size):
    x = np.array([-np.inf, -2.0, 0.0, 2.0, np.inf])
    passed = ACTIVATIONS[name][1](np.full(5, size), x)
    flat = {"relu": [0, 1, 2], "leaky_relu": [], "sigmoid": [0, 4], "tanh": [0, 4]}
    flat |= {"silu": [0], "gelu": [0]}
    # At -2 the curves of silu and gelu fall.
    signs = {"silu": [0, -1, 1, 1, 1], "gelu": [0, -1, 1, 1, 1]}.get(name, [1] * 5)
    expected = [0 if place in flat[name] else size * signs[place] for place in range(5)]
    assert passed.tolist() == expected


def test_gradients_of_nan_are_paddles():
    """At NaN relu passes 0, the others NaN; a gradient of NaN passes unless the curve is flat."""
    ones, nan = np.ones(1), np.full(1, np.nan)
    assert ops.relu_backward(ones, nan).tolist() == [0]
    for name in ("sigmoid", "tanh", "silu", "gelu"):
        assert np.isnan(ACTIVATIONS[name][1](ones, nan)).all()
    for _, backward, _ in ACTIVATIONS.values():
        assert np.isnan(backward(nan, ones)).all()
    assert ops.relu_backward(nan, -ones).tolist() == [0]
    assert not np.signbit(ops.relu_backward(-ones, -ones)).any()


def test_slopes_keep_their_digits_far_out():
    """Against exp, of which nothing is subtracted: 1 - y² would be 0 from 19 on, here and below."""
    x = np.linspace(1, 300, 300)
    expected = 4 * np.exp(-2 * x) / (1 + np.exp(-2 * x)) ** 2
    np.testing.assert_allclose(ops.tanh_backward(np.ones(300), x), expected, rtol=1e-13)
    np.testing.assert_allclose(ops.tanh_backward(np.ones(300), -x), expected, rtol=1e-13)
    expected = np.exp(-x) / (1 + np.exp(-x)) ** 2
    np.testing.assert_allclose(ops.sigmoid_backward(np.ones(300), x), expected, rtol=1e-13)
    np.testing.assert_allclose(ops.sigmoid_backward(np.ones(300), -x), expected, rtol=1e-13)


def test_the_steepest_sigmoid_is_a_quarter():
    x = np.linspace(-5, 5, 1001)
    slopes = ops.sigmoid_backward(np.ones_like(x), x)
    assert slopes.max() == slopes[500] == 0.25
    assert_same(slopes, 1 / (2 + np.exp(x) + np.exp(-x)))


@CASES
@given(array_shapes(max_dims=4), st.integers(-4, 3), dtypes, seeds)
def test_softmax_equals_paddle(shape, axis, dtype, seed):
    x = normal(seed, shape, dtype, 10)
    if not -len(shape) <= axis < len(shape):
        with pytest.raises(ValueError, match=f"axis is {axis}; expected"):
            ops.softmax(x, axis)
        return
    y = ops.softmax(x, axis)
    assert_same(y.sum(axis=axis), np.ones(np.delete(shape, axis), dtype))
    assert_same(y, F.softmax(paddle.to_tensor(x), axis).numpy())


small = st.integers(1, 9)


@CASES
@given(small, small, small, dtypes, seeds, st.booleans())
def test_linear_and_its_gradients_equal_paddle(n, inputs, outputs, dtype, seed, with_bias):
    arrays = [normal(seed, (n, inputs), dtype), normal(seed + 1, (inputs, outputs), dtype)]
    arrays += [normal(seed + 2, outputs, dtype)] if with_bias else []
    grad_y = normal(seed + 3, (n, outputs), dtype)
    tensors = [paddle.to_tensor(array, stop_gradient=False) for array in arrays]
    y = F.linear(*tensors)
    y.backward(paddle.to_tensor(grad_y))
    assert_same(ops.linear(*arrays), y.numpy())
    gradients = ops.linear_backward(grad_y, *arrays)
    assert with_bias or gradients[2] is None
    for gradient, tensor in zip(gradients, tensors, strict=False):
        assert_same(gradient, tensor.grad.numpy())


@CASES
@given(small, small, dtypes, seeds)
def test_cross_entropy_and_its_gradient_equal_paddle(n, classes, dtype, seed):
    logits = normal(seed, (n, classes), dtype, 10)
    labels = np.random.default_rng(seed).integers(0, classes, n)
    tensor = paddle.to_tensor(logits, stop_gradient=False)
    loss = F.cross_entropy(tensor, paddle.to_tensor(labels))
    loss.backward()
    assert_same(ops.cross_entropy(logits, labels), loss.numpy())
    assert_same(ops.cross_entropy_backward(logits, labels), tensor.grad.numpy())


def test_cross_entropy_of_a_hopeless_class_is_finite():
    assert ops.cross_entropy(np.array([[0.0, 10_000.0]]), [0]) == 10_000
    assert ops.cross_entropy(np.array([[0.0, -np.inf]]), [0]) == 0
    assert ops.cross_entropy(np.array([[0.0, -np.inf]]), [1]) == np.inf
    far_apart = np.array([[0.0, 0.0], [10_000.0, 10_000.0]])
    assert ops.cross_entropy(far_apart, [0, 1]) == pytest.approx(np.log(2))


def test_hinge_loss_by_hand():
    scores = np.array([[1.0, 3.0, 0.5], [0.0, 1.0, 5.0]])
    assert ops.hinge_loss(scores, [0, 2]) == (3 + 0.5 + 0 + 0) / 2
    assert ops.hinge_loss_backward(scores, [0, 2]).tolist() == [[-1, 0.5, 0.5], [0, 0, 0]]
    assert ops.hinge_loss(np.array([[0.0, -1.0]]), [0]) == 0
    assert ops.hinge_loss_backward(np.array([[0.0, -1.0]]), [0]).tolist() == [[0, 0]]


@pytest.mark.parametrize("shape", [(5, 3), (4, 3, 2, 6)])
def test_batch_statistics_are_the_mean_and_the_biased_variance(shape):
    x, axes = normal(0, shape, float, 3) + 1, (0, 2, 3)[: len(shape) - 1]
    mean, var = ops.batch_statistics(x)
    assert_same(mean, x.mean(axis=axes))
    assert_same(var, x.var(axis=axes))


def test_infinity_and_nan_pass_without_a_warning():
    """What is infinite minus infinite is NaN, as in Paddle."""
    x, ones = np.array([[np.inf, 1.0], [np.nan, 2.0], [3.0, 4.0]]), np.ones((2, 2))
    assert_same(ops.linear(x, ones * [1, 0.0]), [[np.inf, np.nan], [np.nan, np.nan], [7, 0]])
    assert_same(ops.linear_backward(x, x, ones)[0][2], [7.0, 7])
    assert np.isnan(ops.linear_backward(np.zeros_like(x), x, ones)[1]).any()
    assert_same(ops.softmax(x), F.softmax(paddle.to_tensor(x)).numpy())
    assert np.isnan(ops.cross_entropy(x, [0, 0, 0]))
    y = ops.batch_norm(x, np.zeros(2), np.ones(2), training=True)
    assert np.isnan(y).all(axis=0).tolist() == [True, False]
    assert np.isnan(ops.batch_norm(ones, np.ones(2), np.zeros(2), epsilon=0)).all()


@CASES
@given(
    st.one_of(st.tuples(small, small), st.tuples(small, small, small, small)),
    dtypes,
    seeds,
    st.booleans(),
    # Paddle reads both in float32: numbers that float32 has too.
    st.sampled_from([0.875, 0.0, 1.0, 0.5]),
    st.sampled_from([2**-17, 2**-10]),
)
def test_batch_norm_equals_paddle(shape, dtype, seed, training, momentum, epsilon):
    if training and np.prod(shape) == shape[1]:
        shape = (shape[0] + 1, *shape[1:])  # Paddle lets a single value a channel pass unchanged
    channels = shape[1]
    x = normal(seed, shape, dtype, 3) + 1
    x[:, 0] = 2 if seed % 3 == 0 else x[:, 0]  # now and then a constant channel
    mean, var = normal(seed + 1, channels, dtype), np.abs(normal(seed + 2, channels, dtype)) + 0.1
    weight, bias = normal(seed + 3, channels, dtype), normal(seed + 4, channels, dtype)
    tensors = [paddle.to_tensor(a) for a in (x, mean, var, weight, bias)]
    options = {"training": training, "momentum": momentum, "epsilon": epsilon}
    expected = F.batch_norm(*tensors, **options)
    y = ops.batch_norm(x, mean, var, weight, bias, **options)
    assert_same(y, expected.numpy(), slack=100)  # what is lost in x - mean grows by 1/deviation
    assert_same(mean, tensors[1].numpy())
    assert_same(var, tensors[2].numpy())


def test_batch_norm_of_one_sample_is_its_shift():
    y = ops.batch_norm(np.array([[3.0, 4]]), np.zeros(2), np.ones(2), training=True)
    assert np.array_equal(y, [[0, 0]])


@CASES
@given(
    array_shapes(min_dims=2, max_dims=4),
    dtypes,
    seeds,
    st.sampled_from([0.0, 0.125, 0.5, 0.875, 1.0]),  # Paddle's p is a float32
    st.sampled_from(["upscale_in_train", "downscale_in_infer"]),
)
def test_dropout_with_paddles_own_mask_equals_paddle(shape, dtype, seed, p, mode):
    x = np.abs(normal(seed, shape, dtype)) + 1  # nothing is 0, so that zeros tell the mask
    paddle.seed(seed)
    expected = F.dropout(paddle.to_tensor(x), p, training=True, mode=mode).numpy()
    y = ops.dropout(x, p, mode=mode, mask=expected != 0)
    assert_same(y, expected)
    expected = F.dropout(paddle.to_tensor(x), p, training=False, mode=mode).numpy()
    y = ops.dropout(x, p, training=False, mode=mode)
    assert_same(y, expected)


def test_dropout_mask_is_fair_and_repeatable():
    mask = ops.dropout_mask((100, 100), 0.3, np.random.default_rng(0))
    assert abs(mask.mean() - 0.7) < 0.02
    assert np.array_equal(mask, ops.dropout_mask((100, 100), 0.3, np.random.default_rng(0)))
    half = ops.dropout_mask((100, 100), 0.5, np.random.default_rng(0))
    assert np.array_equal(half, ops.dropout_mask((100, 100), rng=np.random.default_rng(0)))
    assert ops.dropout_mask((5,), 0).all()
    assert not ops.dropout_mask((5,), 1).any()
    x = np.ones((100, 100))
    assert np.array_equal(ops.dropout(x, 0.3, rng=np.random.default_rng(0)) > 0, mask)
    assert ops.dropout(x, 0.5, training=False) is not x
    assert x.all()


@pytest.mark.parametrize("mode", ["upscale_in_train", "downscale_in_infer"])
def test_dropout_of_everything_and_of_infinity(mode):
    x = np.array([np.inf, -np.inf, 1.0])
    assert_same(ops.dropout(x, 1, mode=mode), np.zeros(3))
    kept = np.array([True, False, True])
    assert ops.dropout(x, 0.5, mode=mode, mask=kept).tolist()[:2] == [np.inf, 0]
    whole = ops.dropout(x, 1, training=False, mode=mode)
    assert_same(whole, x if mode == "upscale_in_train" else np.zeros(3))
    assert whole is not x
    assert ops.dropout(np.array([1e308]), 0.5, mask=np.array([True])) == np.inf


X, V = np.ones((4, 3)), np.ones(3)
LABELS = np.array([0, 1, 2, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.relu([1, 2]), "x has dtype int64; expected float32 or float64"),
        (lambda: ops.sigmoid(np.ones(0)), r"x has shape \(0,\); every axis"),
        (lambda: ops.relu_backward(X[0], X), r"grad_y has shape \(3,\); expected \(4, 3\)"),
        (lambda: ops.tanh_backward(X.astype(np.float32), X), "grad_y has dtype float32"),
        (lambda: ops.softmax(np.float64(3)), r"axis is -1"),
        (lambda: ops.linear(X, X), "x has 3 features; .* expects 4"),
        (lambda: ops.linear(X, X.T, V), "bias has 3 values; expected 4"),
        (lambda: ops.linear(X, X.T, np.ones(4, np.float32)), "bias has dtype float32 and x has"),
        (lambda: ops.linear(X, X.T.astype(np.float32)), "weight has dtype float32 and x has"),
        (lambda: ops.linear(X[None], X), "x has shape .* expected 2 dimensions"),
        (lambda: ops.linear(X[:0], X.T), "x has shape .* every axis"),
        (lambda: ops.linear_backward(X, X, X.T), r"grad_y has shape \(4, 3\); expected \(4, 4\)"),
        (lambda: ops.cross_entropy(X, LABELS[:2]), r"labels has shape \(2,\) .* \(4,\) integers"),
        (lambda: ops.cross_entropy(X, LABELS * 1.0), "dtype float64; expected"),
        (lambda: ops.cross_entropy(X, LABELS + 1), "labels holds 3; expected 0 to 2"),
        (lambda: ops.cross_entropy(X, LABELS - 1), "labels holds -1; expected 0 to 2"),
        (
            lambda: ops.cross_entropy(X, np.array([0, 2, -1, -2])),
            "labels holds -1; expected 0 to 2",
        ),
        (lambda: ops.cross_entropy(X, np.array([0, 2, 3, 0])), "labels holds 3; expected 0 to 2"),
        (lambda: ops.cross_entropy(X[:0], LABELS[:0]), "logits has shape .* every axis"),
        (
            lambda: ops.batch_norm(X[0], V, V),
            r"x has shape \(3,\); expected \(N, C\) or \(N, C, H, W\)",
        ),
        (lambda: ops.batch_norm(X[:0], V, V), "x has shape .* every axis"),
        (lambda: ops.batch_norm(X.astype(int), V, V), "x has dtype int64"),
        (lambda: ops.batch_norm(X, V[:2], V), r"running_mean has shape \(2,\); expected \(3,\)"),
        (lambda: ops.batch_norm(X, [0, 0, 0], V), "running_mean is a list; expected a NumPy"),
        (lambda: ops.batch_norm(X, V, None), "running_var is a NoneType"),
        (lambda: ops.batch_norm(X, V, V, V[:1]), r"weight has shape \(1,\)"),
        (lambda: ops.batch_norm(X, V, V, V.astype(np.float32)), "weight has dtype float32"),
        (lambda: ops.batch_norm(X, V, V, momentum=1.1), r"momentum is 1\.1; expected 0 to 1"),
        (
            lambda: ops.batch_norm(X, V, V, epsilon=-1),
            "epsilon is -1; expected a number of at least 0",
        ),
        (lambda: ops.dropout(X, 1.1), r"p is 1\.1; expected 0 to 1"),
        (lambda: ops.dropout(X, np.nan), "p is nan"),
        (lambda: ops.dropout(X, 1.5, training=False), r"p is 1\.5"),
        (lambda: ops.dropout(X, -0.5, training=False), r"p is -0\.5"),
        (lambda: ops.dropout_backward(X, X > 0, 1.5), r"p is 1\.5"),
        (lambda: ops.dropout_backward(X, X > 0, -0.5), r"p is -0\.5"),
        (
            lambda: ops.dropout(X, mode="scale"),
            "mode is 'scale'; expected one of 'upscale_in_train', 'down",
        ),
        (lambda: ops.dropout(X, mask=V > 0), r"mask has shape \(3,\) .* expected \(4, 3\)"),
        (lambda: ops.dropout(X, mask=X), "mask has .* dtype float64; .* bool"),
        (
            lambda: ops.dropout(X, 0.5, "downscale_in_infer"),
            "training is 'downscale_in_infer'; exp",
        ),
        (lambda: ops.dropout_mask(3), r"shape is 3; expected a tuple of ints"),
        (lambda: ops.dropout_mask((3, 0)), "shape is 0; expected at least 1"),
        (lambda: ops.softmax(X, 2), "axis is 2; expected -2 to 1"),
        (lambda: ops.softmax(X, -3), "axis is -3; expected -2 to 1"),
        (lambda: ops.softmax(X, 1.0), r"axis is 1\.0; expected an int, -2 to 1"),
        (lambda: ops.relu([[1, 2], [3]]), "x is no array"),
        (lambda: ops.relu_backward(X, None), "x has dtype object"),
        (lambda: ops.relu_backward(X, X.astype(int)), "x has dtype int64"),
        (lambda: ops.batch_norm(X, V, V, training=1), "training is 1; expected True or False"),
        (lambda: ops.dropout(X, rng=0), "rng is 0; expected a Generator"),
        (lambda: ops.dropout_mask((2,), rng=7), "rng is 7; expected a Generator"),
        (lambda: ops.dropout_mask((2,), "a"), "p is 'a'; expected 0 to 1"),
        (lambda: ops.dropout_mask((2,), True), "p is True; expected 0 to 1"),
        (lambda: ops.leaky_relu(X, None), "negative_slope is None; expected a number"),
        (lambda: ops.leaky_relu_backward(X, X, np.nan), "negative_slope is nan; expected a number"),
        (lambda: ops.batch_norm(X, V, -V), "running_var holds -1; expected at least 0"),
        (lambda: ops.batch_norm(X, V, V, momentum=None), "momentum is None; expected 0 to 1"),
        (lambda: ops.dropout(X.astype(int)), "x has dtype int64"),
        (lambda: ops.dropout_mask((2,), -0.1), r"p is -0\.1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
