"""The training loop is the plain loop; weights come from NumPy."""

import os
from dataclasses import FrozenInstanceError

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest

from helpers.data import load_digits
from helpers.training import draw_weights, evaluate, fit, predict


@pytest.fixture(scope="module")
def digits():
    return load_digits(size=8)


def dense_network(seed=0):
    model = paddle.nn.Sequential(
        paddle.nn.Flatten(), paddle.nn.Linear(64, 32), paddle.nn.ReLU(), paddle.nn.Linear(32, 10)
    )
    return draw_weights(model, np.random.default_rng(seed))


def train(digits, epochs=3, seed=0, **options):
    model = dense_network()
    optimizer = paddle.optimizer.Adam(0.01, parameters=model.parameters())
    return model, fit(model, optimizer, digits.train, epochs, seed=seed, **options)


def test_training_learns_and_repeats_itself(digits):
    model, history = train(digits, test=digits.test)
    assert history.loss.shape == history.test_accuracy.shape == (3,)
    assert history.loss[-1] < history.loss[0]
    assert history.test_accuracy[-1] > 0.8
    assert not model.training
    again = train(digits, test=digits.test)[1]
    assert np.array_equal(history.loss, again.loss)
    assert not np.array_equal(history.loss, train(digits, seed=1)[1].loss)


def with_batch_norm():
    """A network that answers otherwise in training than in eval mode."""
    model = paddle.nn.Sequential(
        paddle.nn.Flatten(),
        paddle.nn.Linear(64, 8),
        paddle.nn.BatchNorm1D(8),
        paddle.nn.Linear(8, 10),
    )
    return draw_weights(model, np.random.default_rng(3))


def test_fit_is_the_plain_loop(digits):
    """Two epochs of batches of 40, 40 and 20, in the order that the seed gives."""
    (x, labels), model = (part[:100] for part in digits.train), with_batch_norm()
    optimizer = paddle.optimizer.Momentum(0.1, parameters=model.parameters())
    order, losses, accuracies, tests = np.random.default_rng(7), [], [], []
    for _ in range(2):
        model.train()
        permutation, loss_sum, right = order.permutation(100), 0.0, 0
        for batch in np.split(permutation, [40, 80]):
            logits = model(paddle.to_tensor(x[batch]))
            loss = F.cross_entropy(logits, paddle.to_tensor(labels[batch]))
            loss.backward()
            optimizer.step()
            optimizer.clear_grad()
            loss_sum += loss.item() * len(batch)
            right += (logits.numpy().argmax(axis=1) == labels[batch]).sum()
        losses.append(loss_sum / 100)
        accuracies.append(right / 100)
        model.eval()
        test_x, test_labels = digits.test
        logits = model(paddle.to_tensor(test_x))
        test_loss = F.cross_entropy(logits, paddle.to_tensor(test_labels)).item()
        tests.append((test_loss, (logits.numpy().argmax(axis=1) == test_labels).mean()))
    other = with_batch_norm()
    optimizer = paddle.optimizer.Momentum(0.1, parameters=other.parameters())
    history = fit(other, optimizer, (x, labels), 2, test=digits.test, batch_size=40, seed=7)
    for expected, ours in zip(model.parameters(), other.parameters(), strict=True):
        np.testing.assert_allclose(ours.numpy(), expected.numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-6)
    np.testing.assert_allclose(history.accuracy, accuracies)
    np.testing.assert_allclose(history.test_loss, np.array(tests)[:, 0], rtol=1e-5)
    np.testing.assert_allclose(history.test_accuracy, np.array(tests)[:, 1])


def test_batches_hold_64_and_the_seed_is_0_unless_told_otherwise(digits):
    data = tuple(part[:130] for part in digits.train)
    histories = []
    for options in ({}, {"batch_size": 64, "seed": 0}):
        model = dense_network()
        optimizer = paddle.optimizer.SGD(0.1, parameters=model.parameters())
        histories.append(fit(model, optimizer, data, 1, **options))
    assert np.array_equal(histories[0].loss, histories[1].loss)
    with pytest.raises(FrozenInstanceError):
        histories[0].loss = None


@pytest.mark.parametrize("call", [evaluate, predict])
def test_looking_does_not_train(digits, call):
    """In eval mode and without a trace: neither weights nor running means move."""
    model = with_batch_norm()
    before = {name: value.numpy().copy() for name, value in model.state_dict().items()}
    model.train()
    call(model, digits.test if call is evaluate else digits.test[0])
    assert not model.training
    for name, value in model.state_dict().items():
        assert np.array_equal(value.numpy(), before[name])
    assert all(parameter.grad is None for parameter in model.parameters())


def test_history_of_an_epoch_is_the_mean_over_its_batches(digits):
    x, labels = digits.train[0][:100], digits.train[1][:100]
    model = dense_network()
    loss = float(F.cross_entropy(model(paddle.to_tensor(x)), paddle.to_tensor(labels)))
    still = paddle.optimizer.SGD(0.0, parameters=model.parameters())
    history = fit(model, still, (x, labels), 1, batch_size=33)
    assert not model.training
    assert np.isclose(history.loss[0], loss, rtol=1e-6)
    assert history.test_loss is None
    assert history.test_accuracy is None
    expected = (loss, history.accuracy[0])
    assert np.allclose(evaluate(model, (x, labels), batch_size=7), expected, rtol=1e-6, atol=0)


def test_predict_gives_shares(digits):
    model = dense_network()
    shares = predict(model, digits.test[0], batch_size=99)
    assert shares.shape == (500, 10)
    expected = F.softmax(model(paddle.to_tensor(digits.test[0]))).numpy()
    np.testing.assert_allclose(shares, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: fit(None, None, (d.train[0], d.test[1]), 1), "1297 examples and 500 labels"),
        (lambda d: fit(None, None, ([], []), 1), "data has 0 examples"),
        (lambda d: fit(None, None, d.train, 0), "epochs is 0; expected at least 1"),
        (lambda d: fit(None, None, d.train, 1, batch_size=0), "batch_size is 0"),
        (lambda d: evaluate(None, ([], [])), "data has 0 examples"),
        (lambda d: predict(None, []), "x is empty"),
        (lambda d: draw_weights(None, None, "best"), "init is 'best'; expected one of"),
        (lambda d: draw_weights(None, None, -1.0), "init is -1.0; expected a number of at least 0"),
    ],
)
def test_bad_input_is_named(digits, call, message):
    with pytest.raises(ValueError, match=message):
        call(digits)


@pytest.mark.parametrize(
    ("init", "dense", "convolution"),
    [
        ("he", np.sqrt(2 / 60), np.sqrt(2 / (9 * 40))),
        ("xavier", np.sqrt(2 / (60 + 80)), np.sqrt(2 / (9 * (40 + 50)))),
        ("small", 0.01, 0.01),
        (0.3, 0.3, 0.3),
    ],
)
def test_weights_are_drawn_by_numpy(init, dense, convolution):
    model = paddle.nn.Sequential(
        paddle.nn.Linear(60, 80), paddle.nn.Conv2D(40, 50, 3), paddle.nn.BatchNorm2D(50)
    )
    for layer in model:
        layer.bias.set_value(paddle.ones_like(layer.bias))
    assert draw_weights(model, np.random.default_rng(0), init) is model
    for layer, deviation in zip(model, (dense, convolution), strict=False):
        weight = layer.weight.numpy()
        assert np.isclose(weight.std(), deviation, rtol=0.05)
        assert abs(weight.mean()) < 0.05 * deviation
        assert not layer.bias.numpy().any()
    assert (model[2].weight.numpy() == 1).all()
    assert not model[2].bias.numpy().any()
    first = model[0].weight.numpy()
    expected = np.random.default_rng(0).normal(size=(60, 80)) * dense
    assert np.array_equal(first, expected.astype(np.float32))


def test_weights_may_be_drawn_as_zeros():
    model = draw_weights(paddle.nn.Linear(3, 4), np.random.default_rng(0), 0)
    assert not model.weight.numpy().any()


@pytest.mark.skipif("TQDM_DISABLE" in os.environ, reason="the bar is turned off")
def test_a_bar_counts_the_epochs_and_is_wiped_away(digits, capsys):
    train(digits, epochs=2)
    said = capsys.readouterr().err
    assert "epochs on cpu:" in said
    assert said.endswith("\r")


def test_weights_keep_the_models_dtype():
    paddle.set_default_dtype("float64")
    try:
        model = draw_weights(paddle.nn.Linear(3, 4), np.random.default_rng(0))
    finally:
        paddle.set_default_dtype("float32")
    expected = np.random.default_rng(0).normal(size=(3, 4)) * np.sqrt(2 / 3)
    assert np.array_equal(model.weight.numpy(), expected)
