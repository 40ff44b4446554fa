"""The training loop, and the digits that it trains on."""

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest
from sklearn.datasets import load_digits as sklearn_digits

from helpers.data import load_digits, scatter_on_canvas
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


def test_digits_are_all_there_once(digits):
    (x, labels), (test_x, test_labels) = digits
    assert (x.shape, test_x.shape) == ((1297, 1, 8, 8), (500, 1, 8, 8))
    assert (x.dtype, labels.dtype) == (np.float32, np.int64)
    assert (x.min(), x.max()) == (0, 1)
    bunch = sklearn_digits()
    rows = np.concatenate([x, test_x]).reshape(-1, 64) * 16
    ours = sorted(zip(map(tuple, rows), [*labels, *test_labels], strict=True))
    theirs = sorted(zip(map(tuple, bunch.data), bunch.target, strict=True))
    assert ours == theirs


def test_digits_enlarged_keep_their_shape(digits):
    larger = load_digits(32)
    assert larger.train[0].shape == (1297, 1, 32, 32)
    assert np.array_equal(larger.test[1], digits.test[1])
    blocks = larger.train[0].reshape(-1, 8, 4, 8, 4).mean(axis=(2, 4))
    assert np.corrcoef(blocks.ravel(), digits.train[0].ravel())[0, 1] > 0.95


def test_scatter_keeps_every_image_whole(digits):
    x = digits.train[0][:50]
    canvas = scatter_on_canvas(x, 16, np.random.default_rng(0))
    assert (canvas.shape, canvas.dtype) == ((50, 1, 16, 16), x.dtype)
    np.testing.assert_allclose(canvas.sum(axis=(1, 2, 3)), x.sum(axis=(1, 2, 3)), rtol=1e-5)
    assert np.array_equal(scatter_on_canvas(x, 8, np.random.default_rng(0)), x)


def test_training_learns_and_repeats_itself(digits):
    model, history = train(digits, test=digits.test)
    assert history.loss.shape == history.test_accuracy.shape == (3,)
    assert history.loss[-1] < history.loss[0]
    assert history.test_accuracy[-1] > 0.8
    assert not model.training
    again = train(digits, test=digits.test)[1]
    assert np.array_equal(history.loss, again.loss)
    assert not np.array_equal(history.loss, train(digits, seed=1)[1].loss)


def test_history_of_an_epoch_is_the_mean_over_its_batches(digits):
    x, labels = digits.train[0][:100], digits.train[1][:100]
    model = dense_network()
    loss = float(F.cross_entropy(model(paddle.to_tensor(x)), paddle.to_tensor(labels)))
    still = paddle.optimizer.SGD(0.0, parameters=model.parameters())
    history = fit(model, still, (x, labels), 1, batch_size=33)
    assert np.isclose(history.loss[0], loss)
    assert history.test_loss is None
    assert np.allclose(evaluate(model, (x, labels), batch_size=7), (loss, history.accuracy[0]))


def test_predict_gives_shares(digits):
    model = dense_network()
    shares = predict(model, digits.test[0], batch_size=99)
    assert shares.shape == (500, 10)
    assert np.allclose(shares.sum(axis=1), 1)
    accuracy = (shares.argmax(axis=1) == digits.test[1]).mean()
    assert np.isclose(accuracy, evaluate(model, digits.test)[1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: load_digits(7), "size is 7; expected at least 8"),
        (lambda d: scatter_on_canvas(d.train[0], 7, None), "size is 7; expected at least 8"),
        (lambda d: fit(None, None, (d.train[0], d.test[1]), 1), "1297 examples and 500 labels"),
        (lambda d: fit(None, None, ([], []), 1), "data has 0 examples"),
        (lambda d: fit(None, None, d.train, 0), "epochs is 0; expected at least 1"),
        (lambda d: fit(None, None, d.train, 1, batch_size=0), "batch_size is 0"),
        (lambda d: evaluate(None, ([], [])), "data has 0 examples"),
        (lambda d: predict(None, []), "x is empty"),
        (lambda d: draw_weights(None, None, "best"), "init is 'best'; expected one of"),
        (lambda d: draw_weights(None, None, -1.0), "init is -1.0; expected one of"),
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
    assert draw_weights(model, np.random.default_rng(0), init) is model
    for layer, deviation in zip(model, (dense, convolution), strict=False):
        weight = layer.weight.numpy()
        assert np.isclose(weight.std(), deviation, rtol=0.05)
        assert abs(weight.mean()) < 0.05 * deviation
        assert not layer.bias.numpy().any()
    assert (model[2].weight.numpy() == 1).all()
    first = model[0].weight.numpy()
    expected = np.random.default_rng(0).normal(size=(60, 80)) * dense
    assert np.array_equal(first, expected.astype(np.float32))


def test_weights_keep_the_models_dtype():
    paddle.set_default_dtype("float64")
    try:
        model = draw_weights(paddle.nn.Linear(3, 4), np.random.default_rng(0))
    finally:
        paddle.set_default_dtype("float32")
    expected = np.random.default_rng(0).normal(size=(3, 4)) * np.sqrt(2 / 3)
    assert np.array_equal(model.weight.numpy(), expected)
