"""LeNet-5: its parameters by hand, its sizes, its twin in Paddle, and what it refuses."""

import numpy as np
import pytest

from helpers import geometry, models, nn
from helpers.twins import in_paddle

# isort: split
import paddle

BY_HAND = [6 * 26, 16 * 151, 120 * 401, 84 * 121, 10 * 85]


def make(seed=0, **options):
    return models.lenet5(np.random.default_rng(seed), **options)


def test_parameters_are_those_counted_by_hand():
    rows = geometry.summary(make(), (1, 32, 32))
    assert [row.parameters for row in rows if row.parameters] == BY_HAND
    assert sum(BY_HAND) == 61_706
    assert sum(parameter.value.size for parameter in make().parameters()) == 61_706


def test_batch_normalisation_adds_two_for_each_channel():
    rows = geometry.summary(make(norm=True), (1, 32, 32))
    assert sum(row.parameters for row in rows) == 61_706 + 2 * (6 + 16 + 120 + 84)


def test_maps_shrink_to_one_place():
    shapes = [row.output_shape for row in geometry.summary(make(), (1, 32, 32))]
    wanted = [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1), (120,), (84,), (10,)]
    assert list(dict.fromkeys(shapes)) == wanted
    assert make(classes=3).forward(np.zeros((2, 1, 32, 32), np.float32)).shape == (2, 3)


@pytest.mark.parametrize("norm", [False, True])
@pytest.mark.parametrize("pool", ["avg", "max"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_paddle_gives_the_same_scores(activation, pool, norm):
    model = make(activation=activation, pool=pool, norm=norm).astype("float64").eval()
    x = np.random.default_rng(1).random((3, 1, 32, 32))
    theirs = in_paddle(model)(paddle.to_tensor(x)).numpy()
    np.testing.assert_allclose(model.forward(x), theirs, rtol=1e-9, atol=1e-12)


def test_choices_change_the_layers():
    kinds = {type(layer) for layer in make(activation="relu", pool="max", norm=True)}
    assert {nn.ReLU, nn.MaxPool2D, nn.BatchNorm2D, nn.BatchNorm1D} < kinds
    assert not kinds & {nn.Tanh, nn.AvgPool2D}


def test_an_activation_may_be_a_class_of_ones_own():
    class Half(nn.Tanh):
        def _forward(self, x):
            return super()._forward(x) / 2

    model = make(activation=Half)
    assert sum(type(layer) is Half for layer in model) == 4
    assert sum(parameter.value.size for parameter in model.parameters()) == 61_706


def test_the_generator_decides_about_the_weights():
    first, again, other = (make(seed).parameters()[0].value for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"activation": "swish"}, "activation is 'swish'"),
        ({"activation": np.tanh}, "activation is <ufunc"),
        ({"activation": nn.Linear}, "activation is Linear; expected a class"),
        ({"pool": "median"}, "pool"),
        ({"norm": "batch"}, "norm"),
        ({"init": "huge"}, "init"),
        ({"classes": 0}, "out_features"),
    ],
)
def test_other_choices_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        make(**options)


@pytest.mark.parametrize("rng", [0, None])
def test_a_seed_is_no_generator(rng):
    with pytest.raises(ValueError, match="rng is"):
        models.lenet5(rng)
