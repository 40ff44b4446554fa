"""Gradients through a deep chain equal Paddle's."""

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest

from helpers import ops
from helpers.chains import ACTIVATIONS, chain_weights, pick_activation, trace_chain

RNG = np.random.default_rng(0)
BENDS = {"relu": F.relu, "leaky_relu": F.leaky_relu, "sigmoid": F.sigmoid, "tanh": paddle.tanh}
BENDS |= {"gelu": F.gelu, "silu": F.silu}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("init", ["small", "xavier", "he", 0.7])
def test_gradients_equal_paddles(activation, init):
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(6, 5)), rng.integers(0, 3, 6)
    weights = chain_weights((5, 4, 4, 4, 3), init, rng)
    trace = trace_chain(x, labels, weights, activation)
    tensors = [paddle.to_tensor(weight, stop_gradient=False) for weight in weights]
    y, sums = paddle.to_tensor(x), []
    for tensor in tensors[:-1]:
        sums.append(y @ tensor)
        sums[-1].stop_gradient = False
        sums[-1].retain_grads()
        y = BENDS[activation](sums[-1])
    F.cross_entropy(y @ tensors[-1], paddle.to_tensor(labels)).backward()
    for layer, ours in enumerate(trace.sums):
        np.testing.assert_allclose(ours, sums[layer].numpy(), rtol=1e-9, atol=1e-12)
        per_example = np.linalg.norm(sums[layer].grad.numpy() * len(x), axis=1)
        expected = np.sqrt((per_example**2).mean())
        np.testing.assert_allclose(trace.sum_grads[layer], expected, rtol=1e-9)
        expected = np.linalg.norm(tensors[layer].grad.numpy())
        np.testing.assert_allclose(trace.weight_grads[layer], expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("init", "deviation"),
    [("small", 0.01), ("xavier", np.sqrt(2 / 500)), ("he", np.sqrt(2 / 300)), (0.5, 0.5)],
)
def test_deviation_of_the_weights(init, deviation):
    (first, _) = chain_weights((300, 200, 10), init, np.random.default_rng(0))
    assert first.shape == (300, 200)
    assert np.isclose(first.std(), deviation, rtol=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chain_weights((3, 2), "he", RNG), r"sizes is \(3, 2\); expected inputs"),
        (lambda: chain_weights((3, 0, 2), "he", RNG), "sizes is 0; expected at least 1"),
        (lambda: chain_weights((3, 2.0, 2), "he", RNG), "sizes is 2.0; expected an int"),
        (lambda: chain_weights((3, 2, 2), "best", RNG), "init is 'best'; expected one of"),
        (
            lambda: chain_weights((3, 2, 2), -0.1, RNG),
            "init is -0.1; expected a number of at least",
        ),
        (lambda: chain_weights((3, 2, 2), None, RNG), "init is None; expected a number"),
        (lambda: chain_weights(3, "he", RNG), "sizes is 3; expected inputs"),
        (lambda: pick_activation(None), "activation is None; expected a name, or a pair of func"),
        (lambda: pick_activation((np.tanh, 1)), "expected a name, or a pair of functions"),
        (lambda: pick_activation((np.tanh,) * 3), "expected a name, or a pair of functions"),
        (lambda: trace_chain(None, None, None, "relu"), "weights is None; expected a list"),
        (lambda: chain_weights((3, 2, 2), "he", 0), "rng is 0; expected a Generator"),
        (
            lambda: trace_chain(None, None, [1], "relu"),
            r"weights is \[1\]; expected a list of at least 2",
        ),
        (lambda: trace_chain(None, None, [], "softmax"), "activation is 'softmax'; expected one"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_an_activation_may_be_a_pair_of_functions():
    """The sigmoid moved down by a half has the same slopes and hands on less."""
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(6, 5)), rng.integers(0, 3, 6)
    weights = chain_weights((5, 4, 4, 3), "he", rng)
    moved = trace_chain(x, labels, weights, (lambda z: ops.sigmoid(z) - 0.5, ops.sigmoid_backward))
    same = trace_chain(x, labels, weights, (ops.sigmoid, ops.sigmoid_backward))
    named = trace_chain(x, labels, weights, "sigmoid")
    np.testing.assert_array_equal(same.weight_grads, named.weight_grads)
    np.testing.assert_array_equal(moved.sums[0], named.sums[0])
    expected = (ops.sigmoid(moved.sums[0]) - 0.5) @ weights[1]
    np.testing.assert_allclose(moved.sums[1], expected, rtol=1e-12)


def test_options_reach_both_functions_of_an_activation():
    forward, backward = pick_activation("leaky_relu", negative_slope=0.5)
    assert forward(np.array([-2.0, 3])).tolist() == [-1, 3]
    assert backward(np.ones(2), np.array([-2.0, 3])).tolist() == [0.5, 1]
    rng = np.random.default_rng(0)
    x, labels, weights = (
        rng.normal(size=(6, 5)),
        np.arange(6) % 3,
        chain_weights((5, 4, 4, 3), "he", rng),
    )
    options = trace_chain(x, labels, weights, "leaky_relu", negative_slope=0.5)
    pair = trace_chain(x, labels, weights, (forward, backward))
    np.testing.assert_array_equal(options.weight_grads, pair.weight_grads)
