"""Paddle's copies of our models: what test_nn.py, which compares them, leaves open."""

import numpy as np
import paddle
import pytest

from helpers import models, nn
from helpers.twins import in_paddle
from tests.common import assert_same

X = np.random.default_rng(0).normal(size=(3, 2, 6, 6)).astype(np.float32)


def test_a_twin_is_in_the_same_mode_and_has_arrays_of_its_own():
    model = nn.Sequential(nn.Conv2D(2, 3, 3), nn.BatchNorm2D(3), nn.Dropout(0.5))
    twin = in_paddle(model)
    assert twin.training
    assert all(part.training for part in twin.sublayers())
    before = model.state()["0.weight"].copy()
    twin[0].weight.set_value(twin[0].weight + 1)
    assert np.array_equal(model.state()["0.weight"], before)
    twin = in_paddle(model.eval())
    assert not any(part.training for part in [twin, *twin.sublayers()])


def test_dtypes_are_the_models_and_the_default_stays():
    for dtype in ("float64", "float32"):
        twin = in_paddle(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1D(3)).astype(dtype))
        assert {str(p.dtype) for p in [*twin.parameters(), *twin.buffers()]} == {f"paddle.{dtype}"}
        assert paddle.get_default_dtype() == "float32"
    assert list(in_paddle(nn.Sequential(nn.ReLU())).parameters()) == []


def test_options_go_with_the_layers():
    norm = nn.BatchNorm2D(2, momentum=0.5, epsilon=0.1)
    norm.running_mean += 3
    twin = in_paddle(norm)
    for training in (True, False):
        (norm.train if training else norm.eval)()
        (twin.train if training else twin.eval)()
        assert_same(norm(X), twin(paddle.to_tensor(X)).numpy(), 100)
    assert_same(norm.running_var, twin._variance.numpy(), 100)
    drop = in_paddle(nn.Dropout(0.25, "downscale_in_infer").eval())
    assert_same(drop(paddle.to_tensor(X)).numpy(), 0.75 * X)
    assert (drop.p, drop.mode) == (0.25, "downscale_in_infer")


def test_nothing_at_all_hands_its_input_on():
    assert np.array_equal(in_paddle(nn.Sequential())(paddle.to_tensor(X)).numpy(), X)
    twin = in_paddle(nn.Concat(nn.Sequential(), nn.Sequential()))
    assert twin(paddle.to_tensor(X)).shape == [3, 4, 6, 6]


def test_a_layer_of_ones_own_is_refused_by_name():
    class Strange(nn.ReLU):
        pass

    with pytest.raises(ValueError, match="model holds a Strange, for which Paddle has no layer"):
        in_paddle(nn.Sequential(nn.Linear(2, 2), nn.Residual(Strange())))
    assert paddle.get_default_dtype() == "float32"


def test_lenet_in_both():
    model = models.lenet5(np.random.default_rng(0)).eval()
    x = np.random.default_rng(1).random((4, 1, 32, 32), np.float32)
    assert_same(model(x), in_paddle(model)(paddle.to_tensor(x)).numpy(), 100)
