"""The small trainer gives what Paddle gives: scores, gradients, and weights after some steps."""

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest
from paddle import nn

from helpers import geometry, small

RNG = np.random.default_rng(0)
X = RNG.normal(size=(7, 2, 6, 6))
LABELS = np.array([0, 1, 2, 0, 1, 2, 2])
CONVOLUTIONAL = [
    geometry.conv(3, 3, padding=1),
    geometry.activation(),
    geometry.pool(2),
    geometry.conv(4, 2),
    geometry.activation(),
    geometry.flatten(),
    geometry.linear(5),
    geometry.activation(),
    geometry.linear(3),
]


def paddle_twin(network):
    """The network that CONVOLUTIONAL describes, in Paddle and with the same weights."""
    layers = [nn.Conv2D(2, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2D(2), nn.Conv2D(3, 4, 2)]
    layers += [nn.ReLU(), nn.Flatten(), nn.Linear(16, 5), nn.ReLU(), nn.Linear(5, 3)]
    twin = nn.Sequential(*layers).to(dtype="float64")
    flat = [array for pair in network.weights if pair for array in pair]
    for parameter, array in zip(twin.parameters(), flat, strict=True):
        parameter.set_value(array)
    return twin


def with_biases(network, rng):
    for pair in network.weights:
        if pair:
            pair[1][:] = rng.normal(size=pair[1].shape)
    return network


@pytest.fixture
def network():
    return with_biases(small.draw(CONVOLUTIONAL, (2, 6, 6), np.random.default_rng(1)), RNG)


def test_scores_are_paddles(network):
    expected = paddle_twin(network)(paddle.to_tensor(X)).numpy()
    assert np.allclose(small.scores(network, X), expected, rtol=1e-10, atol=1e-12)
    assert np.allclose(small.scores(network, X.astype(np.float32)), expected, atol=1e-5)


def test_many_examples_are_answered_in_order(network):
    many = np.concatenate([X] * 80)  # more than are computed at once
    assert np.allclose(small.scores(network, many), np.tile(small.scores(network, X), (80, 1)))


def test_gradients_are_paddles(network):
    twin = paddle_twin(network)
    F.cross_entropy(twin(paddle.to_tensor(X)), paddle.to_tensor(LABELS)).backward()
    found = small.gradients(network, X, LABELS)
    assert [pair is None for pair in found] == [pair is None for pair in network.weights]
    flat = [array for pair in found if pair for array in pair]
    for parameter, grad in zip(twin.parameters(), flat, strict=True):
        assert np.allclose(parameter.grad.numpy(), grad, rtol=1e-9, atol=1e-12), parameter.name


def test_equal_maxima_give_their_gradient_to_the_first():
    layers = [geometry.conv(1, 1), geometry.pool(2), geometry.flatten(), geometry.linear(2)]
    network = small.draw(layers, (1, 2, 2), np.random.default_rng(0))
    flat = np.ones((1, 1, 2, 2))
    conv = small.gradients(network, flat, np.array([1]))[0]
    twin = nn.Sequential(nn.Conv2D(1, 1, 1), nn.MaxPool2D(2), nn.Flatten(), nn.Linear(1, 2))
    arrays = [array for pair in network.weights if pair for array in pair]
    for parameter, array in zip(twin.to(dtype="float64").parameters(), arrays, strict=True):
        parameter.set_value(array)
    F.cross_entropy(twin(paddle.to_tensor(flat)), paddle.to_tensor([1])).backward()
    assert np.allclose(conv[0], twin[0].weight.grad.numpy())


def test_training_takes_the_steps_that_paddles_adam_takes():
    settings = {"epochs": 3, "seed": 4, "rate": 0.02, "batch_size": 3}
    trained = small.train(CONVOLUTIONAL, (X, LABELS), **settings)
    rng = np.random.default_rng(4)
    twin = paddle_twin(small.draw(CONVOLUTIONAL, (2, 6, 6), rng))
    adam = paddle.optimizer.Adam(0.02, parameters=twin.parameters())
    for _ in range(3):
        order = rng.permutation(7)
        for batch in (order[:3], order[3:6], order[6:]):
            scores = twin(paddle.to_tensor(X[batch]))
            F.cross_entropy(scores, paddle.to_tensor(LABELS[batch])).backward()
            adam.step()
            adam.clear_grad()
    flat = [array for pair in trained.weights if pair for array in pair]
    for parameter, array in zip(twin.parameters(), flat, strict=True):
        assert np.allclose(parameter.numpy(), array, rtol=1e-5, atol=1e-7), parameter.name


def test_draw_has_hes_deviation_and_zero_biases():
    network = small.draw(
        [geometry.conv(400, 5), geometry.flatten(), geometry.linear(30)], (3, 6, 6), RNG
    )
    (kernels, biases), none, (dense, _) = network.weights
    assert kernels.shape == (400, 3, 5, 5)
    assert none is None
    assert dense.shape == (1600, 30)
    assert not biases.any()
    assert np.isclose(kernels.std(), np.sqrt(2 / 75), rtol=0.02)
    assert np.isclose(dense.std(), np.sqrt(2 / 1600), rtol=0.02)


def test_a_local_layer_has_kernels_of_its_own_at_each_position():
    layers = [small.local(3, 3, padding=1), geometry.flatten(), geometry.linear(2)]
    network = with_biases(small.draw(layers, (2, 4, 5), np.random.default_rng(2)), RNG)
    (weight, bias), _, (dense, shift) = network.weights
    assert weight.shape == (20, 3, 18)
    x = RNG.normal(size=(2, 2, 4, 5))
    framed = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    expected = np.zeros((2, 3, 4, 5))
    for i in range(4):
        for j in range(5):
            patches = framed[:, :, i : i + 3, j : j + 3].reshape(2, 18)
            expected[:, :, i, j] = patches @ weight[5 * i + j].T + bias[5 * i + j]
    expected = expected.reshape(2, -1) @ dense + shift
    assert np.allclose(small.scores(network, x), expected)


@pytest.mark.parametrize("place", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_gradients_of_local_layers_are_central_differences(place):
    layers = [small.local(2, 3, padding=1), geometry.activation(), small.local(2, 2)]
    layers += [geometry.flatten(), geometry.linear(3)]
    network = with_biases(small.draw(layers, (1, 4, 4), np.random.default_rng(3)), RNG)
    x, labels = RNG.normal(size=(5, 1, 4, 4)), np.array([0, 1, 2, 1, 0])
    layer, which = 2 * place[0], place[1]
    grad = small.gradients(network, x, labels)[layer][which]
    array = network.weights[layer][which]

    def loss():
        scores = small.scores(network, x)
        shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        return -np.log(shares[np.arange(5), labels]).mean()

    for index in RNG.choice(array.size, 8, replace=False):
        old = array.flat[index]
        array.flat[index] = old + 1e-6
        above = loss()
        array.flat[index] = old - 1e-6
        below = loss()
        array.flat[index] = old
        assert np.isclose((above - below) / 2e-6, grad.flat[index], rtol=1e-4, atol=1e-7)


def test_accuracy_counts_right_answers(network):
    answers = small.scores(network, X).argmax(axis=1)
    assert small.accuracy(network, (X, answers)) == 1
    answers[:2] = (answers[:2] + 1) % 3
    assert small.accuracy(network, (X, answers)) == pytest.approx(5 / 7)


def test_a_seed_decides_everything():
    first, again, other = (
        small.train(CONVOLUTIONAL, (X, LABELS), 1, seed=seed).weights[0][0] for seed in (5, 5, 6)
    )
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


@pytest.mark.parametrize(
    "layer",
    [
        geometry.conv(2, (3, 1)),
        geometry.conv(2, 3, stride=2),
        geometry.conv(2, 3, padding="same"),
        geometry.conv(2, 2, dilation=2),
        geometry.conv(2, 3, groups=2),
        geometry.conv(2, 3, bias=False),
        geometry.pool(3, stride=2),
        geometry.pool(4),
        geometry.batch_norm(),
        geometry.activation("tanh"),
    ],
)
def test_what_it_can_not_train_is_refused(layer):
    with pytest.raises(ValueError, match=r"layers holds Layer\(kind='.*expected conv or local"):
        small.draw([layer, geometry.flatten(), geometry.linear(2)], (2, 6, 6), RNG)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": 0}, "epochs is 0; expected at least 1"),
        ({"batch_size": 0}, "batch_size is 0; expected at least 1"),
        ({"rate": -1}, "rate is -1; expected a number of at least 0"),
        ({"data": (X[0], LABELS)}, r"x has shape \(2, 6, 6\); expected 4 dimensions"),
        ({"data": (X, LABELS[:5])}, "data has 7 examples and 5 labels; expected as many of each"),
        ({"layers": [geometry.activation()]}, "layers holds no layer with weights"),
    ],
)
def test_impossible_training_is_refused(change, message):
    arguments = {"layers": CONVOLUTIONAL, "data": (X, LABELS), "epochs": 1} | change
    with pytest.raises(ValueError, match=message):
        small.train(**arguments)
