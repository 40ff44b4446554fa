"""Networks trained side by side: every one is the network that Paddle would train alone."""

import numpy as np
import paddle
import pytest
from paddle import nn

from helpers.networks import Networks
from helpers.optimizers import SGD, Adam, Momentum, RMSProp

SIZES = (6, 5, 4, 3)
RNG = np.random.default_rng(0)
X, LABELS = RNG.normal(size=(2, 20, 6)), RNG.integers(0, 3, (2, 20))
ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}
NORMS = {"batch": nn.BatchNorm1D, "layer": nn.LayerNorm}


class Dropped(nn.Layer):
    """Multiply by a given mask while training."""

    def __init__(self, mask):
        super().__init__()
        self.mask = paddle.to_tensor(mask)

    def forward(self, x):
        return x * self.mask if self.training else x


def in_paddle(networks, which, norm=None, activation="relu", masks=None):
    """One of the networks as a Paddle model in float64, and its parameters in our order."""
    layers, parameters = [], {"weights": [], "biases": [], "gains": []}
    for index, weight in enumerate(networks.weights):
        last = index == len(networks.weights) - 1
        dense = nn.Linear(*weight.shape[1:])
        dense.weight.set_value(weight[which])
        layers.append(dense)
        parameters["weights"].append(dense.weight)
        holder = dense
        if norm and not last:
            holder = NORMS[norm](weight.shape[2])
            holder.weight.set_value(networks.gains[index][which, 0])
            dense.bias.stop_gradient = True
            layers.append(holder)
            parameters["gains"].append(holder.weight)
        holder.bias.set_value(networks.biases[index][which, 0])
        parameters["biases"].append(holder.bias)
        if not last:
            layers.append(ACTIVATIONS[activation]())
            if masks:
                layers.append(Dropped(masks[index][which]))
    return nn.Sequential(*layers), parameters


@pytest.fixture(autouse=True)
def _float64():
    paddle.set_default_dtype("float64")
    yield
    paddle.set_default_dtype("float32")


def moved(networks):
    """Biases and gains away from their start, so that they matter."""
    rng = np.random.default_rng(1)
    for arrays in (networks.biases, networks.gains):
        for array in arrays:
            array += rng.normal(0, 0.3, array.shape)
    if networks.norm is None:
        networks.gains = [np.ones_like(gain) for gain in networks.gains]
    networks.gains[-1][:] = 1
    return networks


@pytest.mark.parametrize("norm", [None, "batch", "layer"])
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_gradients_are_paddles(norm, activation):
    networks = moved(Networks(SIZES, [3, 7], activation, "xavier", norm))
    grads, losses = networks.gradients(X, LABELS)
    for which in range(2):
        model, parameters = in_paddle(networks, which, norm, activation)
        scores = model(paddle.to_tensor(X[which]))
        loss = nn.functional.cross_entropy(scores, paddle.to_tensor(LABELS[which]))
        loss.backward()
        np.testing.assert_allclose(losses[which], float(loss), rtol=1e-10)
        for name, found in parameters.items():
            for ours, theirs in zip(grads[name], found, strict=False):
                theirs = theirs.grad.numpy()
                np.testing.assert_allclose(
                    ours[which].reshape(theirs.shape), theirs, rtol=1e-8, atol=1e-12
                )
    for name, arrays in grads.items():
        assert [array.shape for array in arrays] == [a.shape for a in getattr(networks, name)]


@pytest.mark.parametrize("norm", [None, "batch", "layer"])
def test_training_is_paddles_and_each_network_trains_alone(norm):
    options = {"activation": "tanh", "init": "xavier", "norm": norm}
    networks = Networks(SIZES, [3, 7], **options)
    model, _ = in_paddle(networks, 1, norm, "tanh")
    history = networks.fit((X, LABELS), 0.1, 3, batch_size=8, watch={"same": (X, LABELS)})
    alone = Networks(SIZES, [7], **options)
    alone_history = alone.fit((X[1], LABELS[1]), 0.1, 3, batch_size=8)
    np.testing.assert_allclose(alone_history.loss[0], history.loss[1], rtol=1e-10)
    orders, optimizer = np.random.default_rng(7), paddle.optimizer.SGD(0.1, model.parameters())
    for epoch in range(3):
        order, losses = orders.permutation(20), 0.0
        for start in range(0, 20, 8):
            rows = order[start : start + 8]
            scores = model(paddle.to_tensor(X[1, rows]))
            loss = nn.functional.cross_entropy(scores, paddle.to_tensor(LABELS[1, rows]))
            loss.backward()
            optimizer.step()
            optimizer.clear_grad()
            losses += float(loss) * len(rows) / 20
        np.testing.assert_allclose(history.loss[1, epoch], losses, rtol=1e-8)
    model.eval()
    # Paddle keeps the momentum of its running statistics in float32.
    scores = model(paddle.to_tensor(X[1])).numpy()
    np.testing.assert_allclose(networks.sums(X)[-1][1], scores, rtol=1e-6, atol=1e-7)
    right = (scores.argmax(axis=1) == LABELS[1]).mean()
    assert history.accuracy["same"][1, -1] == networks.accuracy((X, LABELS))[1] == right


@pytest.mark.parametrize(("decay", "method"), [(0.0, "sgd"), (0.0, "adam"), (0.3, "adam")])
def test_optimizers_are_paddles(decay, method):
    rng = np.random.default_rng(2)
    arrays = [rng.normal(size=(3, 4)), rng.normal(size=5)]
    parameters = [paddle.create_parameter(array.shape, "float64") for array in arrays]
    for parameter, array in zip(parameters, arrays, strict=True):
        parameter.set_value(array)
    ours = {"sgd": SGD, "adam": Adam}[method](0.05, decay)
    kind = paddle.optimizer.SGD if method == "sgd" else paddle.optimizer.AdamW
    options = {} if method == "sgd" else {"weight_decay": decay}
    theirs = kind(0.05, parameters=parameters, **options)
    for _ in range(5):
        grads = [rng.normal(size=array.shape) for array in arrays]
        for parameter, grad in zip(parameters, grads, strict=True):
            parameter.clear_grad()
            (parameter * paddle.to_tensor(grad)).sum().backward()
        ours.step(arrays, grads)
        theirs.step()
    for parameter, array in zip(parameters, arrays, strict=True):
        np.testing.assert_allclose(array, parameter.numpy(), rtol=1e-7)


def test_each_array_may_have_a_rate_of_its_own():
    arrays = [np.ones(2), np.ones(2)]
    SGD([0.5, 0.0], decay=1.0).step(arrays, [np.ones(2), np.ones(2)])
    assert arrays[0].tolist() == [0.0, 0.0]  # 1 · (1 − 0.5) − 0.5
    assert arrays[1].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_nothing_decays_unless_asked(kind):
    arrays = [np.ones(2)]
    kind(0.5).step(arrays, [np.zeros(2)])
    assert arrays[0].tolist() == [1, 1]


def test_a_fit_takes_the_steps_of_its_method():
    """Adam's first step is as long as the rate for every number, whatever its gradient."""
    networks = Networks(SIZES, 2, "tanh")
    before = [weight.copy() for weight in networks.weights]
    networks.fit((X, LABELS), 0.1, 1, method="adam", batch_size=20)
    for old, new in zip(before, networks.weights, strict=True):
        np.testing.assert_allclose(np.abs(new - old), 0.1, rtol=1e-3)


@pytest.mark.parametrize("method", ["sgd", "momentum", "rmsprop", "adam"])
def test_a_fit_takes_the_steps_of_the_rule_that_it_names(method):
    rules = {"sgd": SGD, "momentum": Momentum, "rmsprop": RMSProp, "adam": Adam}
    fitted, stepped = Networks(SIZES, 2, "tanh"), Networks(SIZES, 2, "tanh")
    fitted.fit((X, LABELS), 0.1, 3, method=method, batch_size=len(LABELS[0]))
    rule = rules[method](0.1)
    for _ in range(3):
        rule.step(stepped.weights + stepped.biases, _flat(stepped.gradients(X, LABELS)[0]))
    for ours, expected in zip(fitted.weights, stepped.weights, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-6)


def _flat(grads):
    return grads["weights"] + grads["biases"]


def test_a_batch_holds_64_unless_told_otherwise():
    data = np.resize(X[0], (65, 6)), np.resize(LABELS[0], 65)
    assert Networks(SIZES, 1).fit(data, 0.1, 1).update.shape == (1, 2, 3)


def test_every_array_needs_a_gradient():
    with pytest.raises(ValueError, match="shorter"):
        SGD(0.1).step([np.ones(2), np.ones(2)], [np.ones(2)])


def test_dropped_units_are_out_of_both_directions():
    networks = Networks(SIZES, [3, 7], p=0.5)
    rngs = [np.random.default_rng(seed).spawn(1)[0] for seed in (3, 7)]
    for _ in range(2):  # a second batch drops others
        masks = [
            np.stack([rng.random((20, units)) >= 0.5 for rng in rngs]) * 2.0
            for units in SIZES[1:-1]
        ]
        grads, losses = networks.gradients(X, LABELS)
        model, parameters = in_paddle(networks, 1, masks=masks)
        scores = model(paddle.to_tensor(X[1]))
        loss = nn.functional.cross_entropy(scores, paddle.to_tensor(LABELS[1]))
        loss.backward()
        assert np.isclose(losses[1], float(loss), rtol=1e-10)
        for ours, theirs in zip(grads["weights"], parameters["weights"], strict=True):
            np.testing.assert_allclose(ours[1], theirs.grad.numpy(), rtol=1e-8, atol=1e-12)
    again = Networks(SIZES, [3, 7], p=0.5)
    assert np.array_equal(again.sums(X)[-1], networks.sums(X)[-1])  # eval mode: no masks
    plain = networks.shares(X[0])
    assert np.allclose(plain.sum(axis=2), 1)
    dropped = networks.shares(X[0], masks=np.random.default_rng(0))
    assert not np.allclose(plain, dropped)
    assert np.allclose(dropped, networks.shares(X[0], masks=np.random.default_rng(0)))


def test_history_measures_each_step():
    networks = Networks(SIZES, 3, "tanh", norm="batch")
    first = [weight.copy() for weight in networks.weights]
    grads, _ = Networks(SIZES, 3, "tanh", norm="batch").gradients(X[0], LABELS[0])
    history = networks.fit(
        (X[0], LABELS[0]), 0.2, 4, batch_size=20, every=2, watch={"a": (X[0], LABELS[0])}
    )
    assert history.loss.shape == (3, 4)
    assert history.epochs.tolist() == [2, 4]
    assert history.accuracy["a"].shape == (3, 2)
    for measured in (history.spread, history.gradient, history.length, history.update):
        assert measured.shape == (3, 4, 3)
    for layer in range(3):
        norms = [np.linalg.norm(w) for w in first[layer]]
        np.testing.assert_allclose(history.length[:, 0, layer], norms)
        norms = [np.linalg.norm(g) for g in grads["weights"][layer]]
        np.testing.assert_allclose(history.gradient[:, 0, layer], norms, rtol=1e-8)
        np.testing.assert_allclose(history.update[:, 0, layer], 0.2 * np.array(norms), rtol=1e-8)
    layers = Networks(SIZES, 3, "tanh", norm="batch")._forward(X[0], training=True)
    outputs = [np.tanh(layer["sums"]) for layer in layers[:-1]] + [layers[-1]["sums"]]
    spread = [units.std(axis=1).mean(axis=1) for units in outputs]
    np.testing.assert_allclose(history.spread[:, 0], np.stack(spread, axis=1))


@pytest.mark.parametrize(("epochs", "points"), [(1, []), (2, [2]), (3, [2])])
def test_accuracies_are_taken_every_so_many_epochs(epochs, points):
    networks, data = Networks(SIZES, 2), (X[0], LABELS[0])
    history = networks.fit(data, 0.1, epochs, every=2, watch={"a": data})
    assert history.epochs.tolist() == points
    assert {name: found.shape for name, found in history.accuracy.items()} == (
        {"a": (2, 1)} if points else {}
    )


def test_shares_are_those_of_the_scores_in_eval_mode():
    networks = moved(Networks(SIZES, 2, norm="batch"))
    exponentials = np.exp(networks.sums(X[0])[-1])
    shares = exponentials / exponentials.sum(axis=2, keepdims=True)
    np.testing.assert_allclose(networks.shares(X[0]), shares)


def test_rates_of_weights_and_held_lengths():
    networks = Networks(SIZES, 2, norm="batch")
    first = [weight.copy() for weight in networks.weights]
    networks.fit((X[0], LABELS[0]), 0.2, 2, weight_rates=[0.0, 0.1, 0.2])
    assert np.array_equal(networks.weights[0], first[0])
    assert not np.array_equal(networks.weights[1], first[1])
    assert networks.biases[0].any()
    networks = Networks(SIZES, 2, norm="batch")
    networks.fit((X[0], LABELS[0]), 0.2, 2, hold=True)
    for layer, same in ((0, True), (1, True), (2, False)):
        lengths = [np.linalg.norm(weights[layer][1]) for weights in (first, networks.weights)]
        assert np.isclose(*lengths, rtol=1e-12) == same
        assert not np.allclose(first[layer], networks.weights[layer])


def test_outputs_are_the_activations_of_the_sums():
    networks = Networks(SIZES, 2, "leaky_relu", negative_slope=0.3)
    sums, outputs = networks.sums(X[0]), networks.outputs(X[0])
    assert [array.shape for array in sums] == [(2, 20, units) for units in SIZES[1:]]
    assert len(outputs) == 2
    for before, after in zip(sums, outputs, strict=False):
        assert np.allclose(after, np.where(before > 0, before, 0.3 * before))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Networks(SIZES, 2, norm="group"), "norm is 'group'; expected one of"),
        (lambda: Networks(SIZES, []), "seeds is"),
        (lambda: Networks(SIZES, 0), "seeds is 0"),
        (lambda: Networks(SIZES, 1, p=1), "p is 1"),
        (lambda: Networks(SIZES, 1, p=-0.1), "p is -0.1"),
        (lambda: Networks(SIZES, 1, p=1.5), "p is 1.5"),
        (lambda: Networks(SIZES, 1, "step"), "activation is 'step'"),
        (lambda: Networks(SIZES, 1, init="best"), "init is 'best'"),
        (lambda: Networks((6, 3), 1), "sizes is"),
        (lambda: fit_with(method="newton"), "method is 'newton'; expected one of"),
        (lambda: fit_with(rate=-1.0), "rates is -1.0"),
        (lambda: fit_with(decay=-1.0), "decay is -1.0"),
        (lambda: fit_with(epochs=0), "epochs is 0"),
        (lambda: fit_with(batch_size=0), "batch_size is 0"),
        (lambda: fit_with(every=0), "every is 0"),
        (lambda: fit_with(data=(X[0], LABELS[0][:-1])), "data has shapes"),
        (lambda: fit_with(data=(X[0][:0], LABELS[0][:0])), "data has shapes"),
        (lambda: fit_with(data=(X, LABELS)), "data is for 2 networks; expected 1"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def fit_with(data=(X[0], LABELS[0]), rate=0.1, epochs=1, **options):
    Networks(SIZES, 1).fit(data, rate, epochs, **options)


def test_an_order_decides_which_rows_an_epoch_uses():
    """Each network gets its own labels and generator, and what the order leaves out counts not."""
    networks, seen = Networks(SIZES, 2), []

    def first_of_each_class(labels, rng):
        seen.append((labels, rng.integers(1000)))
        return np.array([np.flatnonzero(labels == label)[0] for label in (2, 0, 1)])

    expected = Networks(SIZES, 2)
    history = networks.fit((X, LABELS), 0.1, 1, batch_size=2, order=first_of_each_class)
    assert [labels.tolist() for labels, _ in seen] == LABELS.tolist()
    assert seen[0][1] != seen[1][1]
    assert history.gradient.shape == (2, 2, 3)
    rows = np.array([[np.flatnonzero(own == label)[0] for label in (2, 0, 1)] for own in LABELS])
    for part in (rows[:, :2], rows[:, 2:]):
        batch = np.arange(2)[:, None], part
        grads, _ = expected.gradients(X[batch], LABELS[batch])
        for weight, grad in zip(expected.weights, grads["weights"], strict=True):
            weight -= 0.1 * grad
        for bias, grad in zip(expected.biases, grads["biases"], strict=True):
            bias -= 0.1 * grad
    for ours, theirs in zip(networks.weights, expected.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
