"""Gradients through a deep chain equal Paddle's, and chapter 07's figures draw what they get."""

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest

from helpers import ops
from helpers.chains import ACTIVATIONS, chain_weights, trace_chain
from helpers.figures import activations as draw

BENDS = {"relu": F.relu, "leaky_relu": F.leaky_relu, "sigmoid": F.sigmoid, "tanh": paddle.tanh}


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
        (lambda: chain_weights((3, 2), "he", None), r"sizes is \(3, 2\); expected inputs"),
        (lambda: chain_weights((3, 0, 2), "he", None), "each 1 or more"),
        (lambda: chain_weights((3, 2, 2), "best", None), "init is 'best'; expected one of"),
        (lambda: trace_chain(None, None, [], "softmax"), "activation is 'softmax'; expected one"),
        (lambda: draw.curve_and_slope({"a": "softmax"}), "helpers.ops has no softmax_backward"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_curve_and_slope_writes_slopes_and_fills_the_value_at_the_corner():
    grid = draw.curve_and_slope({"ReLU": "relu", "sigmoid": "sigmoid"}, marks=(2,))
    assert [text.get_text() for text in grid[0, 1].texts] == ["1"]
    slope = ops.sigmoid_backward(np.ones(1), np.array([2.0])).item()
    assert [text.get_text() for text in grid[1, 1].texts] == [f"{slope:.4g}"]
    corner = {
        line.get_ydata()[0]: line.get_markerfacecolor()
        for line in grid[0, 1].lines
        if line.get_marker() == "o" and line.get_xdata()[0] == 0
    }
    assert corner[1] == "white"
    assert corner[0] != "white"


def test_norms_and_sums_are_drawn_as_given():
    lines = {"a": np.array([[1e-3, 1e-2, 0.1, 1.0]]), "b": np.array([[1e-6, 1e-4, 1e-2, 1.0]])}
    grid = draw.norms_by_layer([{"one": lines, "two": lines}])
    assert grid.shape == (1, 2)
    assert np.allclose(grid[0, 0].lines[1].get_ydata(), [1e-6, 1e-4, 1e-2, 1])
    axes = draw.sums_under_slope({"near": np.zeros(10), "far": np.array([0.0, 9, 9, -9])})
    assert [ax.get_title().split(": ")[1] for ax in axes] == ["0%", "75%"]


def test_hinges_draws_parts_sum_and_fits():
    x = np.linspace(-1, 1, 5)
    left, right = draw.hinges(x, {"p": x, "q": -x}, {"s": 0 * x}, ("t", x), {"f": x, "g": x})
    assert len(left.lines) == len(right.lines) == 3
