"""The network for colour images: parameters by hand, sizes, its twin, dropout, and refusals."""

import numpy as np
import pytest

from helpers import geometry, models, nn
from helpers.twins import in_paddle

# isort: split
import paddle

BY_HAND = [896, 9_248, 18_496, 36_928, 1_180_160, 5_130]


def make(seed=0, **options):
    return models.cifar_net(np.random.default_rng(seed), **options)


def test_parameters_are_those_counted_by_hand():
    rows = geometry.summary(make(), (3, 32, 32))
    assert [row.parameters for row in rows if row.parameters] == BY_HAND
    assert sum(BY_HAND) == 1_250_858
    assert sum(parameter.value.size for parameter in make().parameters()) == 1_250_858


def test_maps_shrink_as_they_should():
    shapes = [row.output_shape for row in geometry.summary(make(), (3, 32, 32))]
    wanted = [(32, 32, 32), (32, 30, 30), (32, 15, 15), (64, 15, 15), (64, 13, 13), (64, 6, 6)]
    assert list(dict.fromkeys(shapes)) == [*wanted, (2304,), (512,), (10,)]


@pytest.mark.parametrize("size", [10, 11, 16, 17, 32])
def test_every_size_from_ten_on_fits(size):
    x = np.zeros((2, 3, size, size), np.float32)
    assert make(width=2, size=size, classes=4).forward(x).shape == (2, 4)


def test_paddle_gives_the_same_scores():
    model = make(width=4).astype("float64").eval()
    x = np.random.default_rng(1).random((3, 3, 32, 32))
    theirs = in_paddle(model)(paddle.to_tensor(x)).numpy()
    np.testing.assert_allclose(model.forward(x), theirs, rtol=1e-9, atol=1e-12)


def test_the_generator_draws_weights_and_masks():
    x = np.random.default_rng(1).random((3, 3, 16, 16), np.float32)
    first, again, other = (make(seed, width=4, size=16).forward(x) for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    plain = make(width=4, size=16, dropout=(0, 0))
    assert np.array_equal(plain.forward(x), plain.eval().forward(x))
    dropped = [layer._p for layer in make(dropout=(0.1, 0.3)) if isinstance(layer, nn.Dropout)]
    assert dropped == [0.1, 0.1, 0.3]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0}, "^width is 0"),
        ({"size": 9}, "^size is 9"),
        ({"classes": 0}, "^classes is 0"),
        ({"dropout": 0.5}, "^dropout is 0.5; expected two probabilities"),
        ({"dropout": (0.1, 1.5)}, "^p is 1.5"),
    ],
)
def test_bad_choices_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        make(**options)
