"""Optimisers, schedules and the training loop of helpers.nn, step by step as Paddle's."""

import inspect
from dataclasses import FrozenInstanceError

import numpy as np
import paddle
import pytest

from helpers import nn, ops, optimizers, training
from helpers.data import load_digits
from helpers.twins import in_paddle
from tests.common import assert_same

RNG = np.random.default_rng(0)
X, LABELS = RNG.normal(size=(40, 6)), RNG.integers(0, 4, 40)
OPTIMIZERS = {
    "sgd": (nn.SGD, paddle.optimizer.SGD, {}),
    "momentum": (nn.Momentum, paddle.optimizer.Momentum, {"momentum": 0.8}),
    "nesterov": (nn.Momentum, paddle.optimizer.Momentum, {"use_nesterov": True}),
    "rmsprop": (nn.RMSProp, paddle.optimizer.RMSProp, {"rho": 0.9, "epsilon": 2**-12}),
    "adam": (nn.Adam, paddle.optimizer.Adam, {"beta1": 0.8, "epsilon": 2**-20}),
    "adamw": (nn.AdamW, paddle.optimizer.AdamW, {}),
}


def two_of_the_same():
    rng = np.random.default_rng(3)
    ours = nn.Sequential(nn.Linear(6, 5, rng=rng), nn.Tanh(), nn.Linear(5, 4, rng=rng))
    ours.astype("float64")
    paddle.set_default_dtype("float64")
    layers = paddle.nn.Linear(6, 5), paddle.nn.Tanh(), paddle.nn.Linear(5, 4)
    theirs = paddle.nn.Sequential(*layers)
    paddle.set_default_dtype("float32")
    for key, parameter in theirs.named_parameters():
        parameter.set_value(ours.named_parameters()[key].value)
    return ours, theirs


@pytest.mark.parametrize("decay", [0.0, 0.25])
@pytest.mark.parametrize("which", OPTIMIZERS)
def test_ten_steps_equal_paddles(which, decay):
    ours, theirs = two_of_the_same()
    kind, reference, options = OPTIMIZERS[which]
    schedule = nn.StepDecay(0.125, 4, 0.5)
    their_schedule = paddle.optimizer.lr.StepDecay(0.125, 4, 0.5)
    optimizer = kind(schedule, parameters=ours.parameters(), weight_decay=decay, **options)
    other = reference(their_schedule, parameters=theirs.parameters(), weight_decay=decay, **options)
    for step in range(10):
        batch = slice(4 * step, 4 * step + 4)
        logits = ours(X[batch])
        ours.backward(ops.cross_entropy_backward(logits, LABELS[batch]))
        target = paddle.to_tensor(LABELS[batch])
        scores = theirs(paddle.to_tensor(X[batch]))
        paddle.nn.functional.cross_entropy(scores, target).backward()
        assert np.isclose(optimizer.get_lr(), other.get_lr(), rtol=1e-12)
        for stepper in (optimizer, other):
            stepper.step()
            stepper.clear_grad()
        schedule.step()
        their_schedule.step()
        for key, parameter in theirs.named_parameters():
            # Paddle keeps its constants in float32.
            assert_same(ours.named_parameters()[key].value, parameter.numpy(), slack=1e6)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (nn.StepDecay(0.5, 3), paddle.optimizer.lr.StepDecay(0.5, 3)),
        (
            nn.CosineAnnealingDecay(0.5, 4, 0.125),
            paddle.optimizer.lr.CosineAnnealingDecay(0.5, 4, 0.125),
        ),
        (
            nn.LinearWarmup(0.5, 4, 0.125, 0.25),
            paddle.optimizer.lr.LinearWarmup(0.5, 4, 0.125, 0.25),
        ),
    ],
    ids=["step", "cosine", "warm-up"],
)
def test_schedules_equal_paddles(ours, theirs):
    for epoch in range(8):
        assert ours.last_epoch == epoch
        assert np.isclose(ours.get_lr(), theirs.last_lr, rtol=1e-12)
        ours.step()
        theirs.step()


@pytest.mark.parametrize(
    ("kind", "reference"),
    [(kind, reference) for kind, reference, _ in OPTIMIZERS.values()]
    + [
        (nn.StepDecay, paddle.optimizer.lr.StepDecay),
        (nn.CosineAnnealingDecay, paddle.optimizer.lr.CosineAnnealingDecay),
    ],
)
def test_options_default_to_paddles(kind, reference):
    ours, theirs = (inspect.signature(function).parameters for function in (kind, reference))
    for option in ours.keys() & theirs.keys():
        # No decay is None there; RMSProp's learning_rate has no default.
        expected = 0.001 if kind is nn.RMSProp and option == "learning_rate" else theirs[option]
        expected = getattr(expected, "default", expected)
        assert ours[option].default == (
            0 if option == "weight_decay" and not expected else expected
        )


def test_a_schedule_of_one_epoch_will_do():
    assert nn.CosineAnnealingDecay(0.5, 1, 0).get_lr() == 0.5
    assert nn.LinearWarmup(0.5, 1, 0, 0).get_lr() == 0


@pytest.mark.parametrize("decay", [0.0, 0.25])
@pytest.mark.parametrize("kind", [nn.SGD, nn.Momentum, nn.RMSProp, nn.Adam, nn.AdamW])
def test_a_parameter_without_a_gradient_stays_and_keeps_its_dtype(kind, decay):
    reached, unreached = (nn.Parameter(np.ones(3, np.float32)) for _ in range(2))
    reached.grad = np.ones(3, np.float32)
    kind(0.5, parameters=[reached, unreached], weight_decay=decay).step()
    assert unreached.value.tolist() == [1, 1, 1]
    assert (reached.value < 1).all()
    assert reached.value.dtype == np.float32


def small_digits(n=256):
    digits = load_digits(size=8)
    return [(x[:n].reshape(-1, 64), labels[:n]) for x, labels in digits]


def test_fit_is_paddles_loop_with_our_layers():
    train, test = small_digits()
    rng = np.random.default_rng(0)
    ours = nn.Sequential(
        nn.Linear(64, 16, rng=rng), nn.BatchNorm1D(16), nn.ReLU(), nn.Linear(16, 10, rng=rng)
    )
    layers = paddle.nn.Linear(64, 16), paddle.nn.BatchNorm1D(16), paddle.nn.ReLU()
    theirs = paddle.nn.Sequential(*layers, paddle.nn.Linear(16, 10))
    for key, parameter in ours.named_parameters().items():
        dict(theirs.named_parameters())[key].set_value(parameter.value)
    schedules = nn.StepDecay(0.1, 1), paddle.optimizer.lr.StepDecay(0.1, 1)
    optimizer = nn.SGD(schedules[0], ours.parameters())
    other = paddle.optimizer.SGD(schedules[1], parameters=theirs.parameters())
    options = {"epochs": 3, "test": test, "batch_size": 50, "seed": 4}
    history = nn.fit(ours, optimizer, train, schedule=schedules[0], **options)
    expected = training.fit(theirs, other, train, schedule=schedules[1], **options)
    assert optimizer.get_lr() == pytest.approx(other.get_lr()) == pytest.approx(1e-4)
    assert not ours.training
    for field in ("loss", "test_loss"):
        np.testing.assert_allclose(getattr(history, field), getattr(expected, field), rtol=1e-4)
    for field in ("accuracy", "test_accuracy"):
        found = getattr(history, field)
        assert found.shape == (3,)
        np.testing.assert_allclose(found, getattr(expected, field), atol=0.005)
    np.testing.assert_allclose(
        nn.predict(ours, test[0], 100), training.predict(theirs, test[0]), atol=1e-4
    )
    assert nn.evaluate(ours, test) == pytest.approx(nn.evaluate(ours, test, 7))


def test_fit_without_a_test_set_measures_none():
    train, _ = small_digits(64)
    model = nn.Sequential(nn.Linear(64, 10, rng=np.random.default_rng(0)))
    history = nn.fit(model, nn.Adam(0.01, parameters=model.parameters()), train, epochs=2)
    assert history.test_loss is None
    assert history.test_accuracy is None
    assert history.loss[1] < history.loss[0]
    assert not model.training


@pytest.mark.parametrize(
    ("options", "same"),
    [({}, {"batch_size": 64, "seed": 0}), ({"batch_size": 1}, {"batch_size": 1, "seed": 0})],
)
def test_fit_takes_batches_of_64_in_an_order_of_seed_0(options, same):
    data, losses = (np.tile(X, (2, 1)), np.tile(LABELS, 2)), []
    for given in (options, same):
        model = nn.Linear(6, 4, rng=np.random.default_rng(0)).astype("float64")
        optimizer = nn.SGD(0.1, model.parameters())
        losses.append(nn.fit(model, optimizer, data, 1, **given).loss)
    assert np.array_equal(*losses)
    assert nn.evaluate(model, data, 1) == pytest.approx(nn.evaluate(model, data))


def test_without_steps_an_epoch_is_scored_as_evaluate_scores_it():
    model = nn.Linear(6, 4, rng=np.random.default_rng(0)).astype("float64")
    options = {"epochs": 2, "test": (X[:7], LABELS[:7]), "batch_size": 16}  # the last batch is half
    history = nn.fit(model, nn.SGD(0.0, model.parameters()), (X, LABELS), **options)
    right = (X @ model.weight.value).argmax(axis=1) == LABELS
    loss, accuracy = nn.evaluate(model, (X, LABELS))
    assert accuracy == right.mean()
    assert history.accuracy.tolist() == [accuracy] * 2
    np.testing.assert_allclose(history.loss, [loss] * 2, rtol=1e-12)
    assert history.test_accuracy.tolist() == [right[:7].mean()] * 2
    np.testing.assert_allclose(history.test_loss, nn.evaluate(model, (X[:7], LABELS[:7]))[0])
    with pytest.raises(FrozenInstanceError):
        history.loss = None
    np.testing.assert_allclose(nn.predict(model, X, 3), ops.softmax(model(X)), rtol=1e-12)


@pytest.mark.parametrize("method", ["sgd", "momentum", "rmsprop", "adam"])
def test_the_rules_have_the_order_and_defaults_of_the_optimizers(method):
    rule, kind = optimizers.METHODS[method], OPTIMIZERS[method][0]
    found, expected = (inspect.signature(function).parameters for function in (rule, kind))
    given = rule(0.5, 0.25)
    assert (given.rates, given.decay, found["decay"].default) == (0.5, 0.25, 0)
    for option in found.keys() - {"rates", "decay"}:
        assert found[option].default == expected[option].default, option


def test_three_layers_read_more_than_97_percent_of_new_digits():
    """The network of chapter 13, from three starts, in seconds."""
    train, test = load_digits(size=8)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        model = nn.Sequential(
            *(nn.Conv2D(1, 8, 3, padding=1, rng=rng), nn.ReLU(), nn.MaxPool2D(2)),
            *(nn.Flatten(), nn.Linear(128, 64, rng=rng), nn.ReLU(), nn.Linear(64, 10, rng=rng)),
        )
        schedule = nn.CosineAnnealingDecay(0.02, 7)
        adam = nn.Adam(schedule, parameters=model.parameters())
        history = nn.fit(model, adam, train, 7, test, 32, seed, schedule)
        assert history.test_accuracy[-1] > 0.97


DATA = (X, LABELS)
MODEL = nn.Linear(6, 4)
SGD = nn.SGD(0.1, MODEL.parameters())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.SGD(0.1), "parameters is None; expected a list of at least one"),
        (lambda: nn.SGD(0.1, []), r"parameters is \[\]; expected a list of at least one"),
        (lambda: nn.SGD(0.1, [np.ones(3)]), r"parameters\[0\] is array.*; expected a Parameter"),
        (lambda: nn.SGD(-1, MODEL.parameters()), "learning_rate is -1; expected a number of at"),
        (lambda: nn.SGD("a", MODEL.parameters()), "learning_rate is 'a'"),
        (lambda: nn.SGD(0.1, MODEL.parameters(), -1), "weight_decay is -1"),
        (lambda: nn.Momentum(0.1, -1, MODEL.parameters()), "momentum is -1"),
        (lambda: nn.Momentum(0.1, 0.9, MODEL.parameters(), 1), "use_nesterov is 1; expected True"),
        (lambda: nn.RMSProp(0.1, 2, parameters=MODEL.parameters()), "rho is 2; expected 0 to 1"),
        (lambda: nn.Adam(0.1, 2, parameters=MODEL.parameters()), "beta1 is 2; expected 0 to 1"),
        (lambda: optimizers.SGD([0.1, -1.0]), r"rates is -1\.0; expected a number of at least 0"),
        (lambda: optimizers.SGD(0.1, -1), "decay is -1; expected a number of at least 0"),
        (lambda: optimizers.RMSProp(0.1, rho=-1), "rho is -1; expected 0 to 1"),
        (lambda: optimizers.RMSProp(0.1, epsilon=-1), "epsilon is -1; expected a number of at"),
        (lambda: optimizers.Adam(0.1, beta1=-1), "beta1 is -1; expected 0 to 1"),
        (lambda: optimizers.Adam(0.1, beta2=-1), "beta2 is -1; expected 0 to 1"),
        (lambda: optimizers.Adam(0.1, beta2=2), "beta2 is 2; expected 0 to 1"),
        (lambda: optimizers.Adam(0.1, epsilon=-1), "epsilon is -1; expected a number of at"),
        (lambda: nn.StepDecay(0.1, 0), "step_size is 0"),
        (lambda: nn.CosineAnnealingDecay(0.1, 0), "T_max is 0"),
        (lambda: nn.StepDecay(0.1, 1, -1), "gamma is -1"),
        (lambda: nn.CosineAnnealingDecay(0.1, 1, -1), "eta_min is -1"),
        (lambda: nn.LinearWarmup(-1, 3, 0, 1), "learning_rate is -1"),
        (lambda: nn.LinearWarmup(0.1, 0, 0, 1), "warmup_steps is 0"),
        (lambda: nn.LinearWarmup(0.1, 3, -1, 1), "start_lr is -1"),
        (lambda: nn.LinearWarmup(0.1, 3, 0, -1), "end_lr is -1"),
        (lambda: nn.fit(MODEL, SGD, (X, LABELS[:3]), 1), "data has 40 examples and 3 labels"),
        (lambda: nn.fit(MODEL, SGD, DATA, 1, test=(X[:0], [])), "test has 0 examples"),
        (lambda: nn.fit(MODEL, SGD, DATA, 0), "epochs is 0; expected at least 1"),
        (lambda: nn.fit(MODEL, SGD, DATA, 1, batch_size=0), "batch_size is 0; expected at least"),
        (lambda: nn.evaluate(MODEL, (X, LABELS[:3])), "data has 40 examples and 3 labels"),
        (lambda: nn.predict(MODEL, X[:0]), "x is empty"),
        (lambda: nn.evaluate(MODEL, DATA, 0), "batch_size is 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("module", [nn, training])
def test_augmentation_sees_every_batch_and_leaves_their_order(module):
    """What it gets is the plain batches; what it returns is what the network meets."""
    seen = []

    def nothing(x, rng):
        seen.append((x.copy(), rng.random()))
        return x

    x, losses = X.astype(np.float32), {}
    for name, augment in {"none": None, "same": nothing, "zeros": lambda x, rng: 0 * x}.items():
        model = nn.Sequential(nn.Linear(6, 4, rng=np.random.default_rng(0)))
        if module is training:
            model = in_paddle(model)
        optimizer = OPTIMIZERS["sgd"][module is training](0.1, parameters=model.parameters())
        data = x, LABELS
        history = module.fit(model, optimizer, data, 2, batch_size=16, augment=augment)
        losses[name] = history.loss
    assert np.array_equal(losses["none"], losses["same"])
    assert not np.allclose(losses["none"], losses["zeros"])
    assert [len(batch) for batch, _ in seen] == [16, 16, 8] * 2
    assert len({number for _, number in seen}) == 6
    epoch = np.concatenate([batch for batch, _ in seen[:3]])
    assert np.array_equal(np.sort(epoch, axis=0), np.sort(x, axis=0))
