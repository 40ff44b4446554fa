"""Networks with names: their parameters by hand and from Paddle, and what is built from a list."""

import numpy as np
import paddle
import pytest
from paddle.vision import models as paddle_models

from helpers import geometry, models, nn
from helpers.models import famous
from helpers.twins import in_paddle
from tests.common import assert_same

NETWORKS = famous.networks()
LAYERS = {
    "alexnet": famous.alexnet(towers=1),
    "vgg16": famous.vgg16(),
    "densenet121": famous.densenet121(),
    "resnet18": NETWORKS["ResNet-18"][0],
}


def parameters(layers, shape=famous.IMAGENET):
    return sum(row.parameters for row in geometry.summary(layers, shape))


def sizes(make):
    with paddle.LazyGuard():
        trained = [item for item in make().named_parameters() if not item[1].stop_gradient]
        return {name: int(np.prod(array.shape)) for name, array in trained}


@pytest.mark.parametrize("name", LAYERS)
def test_parameters_are_paddles(name):
    assert parameters(LAYERS[name]) == sum(sizes(getattr(paddle_models, name)).values())


def test_googlenet_is_paddles_without_its_auxiliary_heads_and_with_biases():
    rows = geometry.summary(famous.googlenet(), famous.IMAGENET)
    biases = sum(row.output_shape[0] for row in rows if row.name == "conv")
    heads = ("_o1", "_o2", "_out1", "_out2")
    theirs = sizes(paddle_models.googlenet)
    main = sum(size for name, size in theirs.items() if not any(head in name for head in heads))
    assert sum(row.parameters for row in rows) - biases == main


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("LeNet-5", 61_706),
        ("AlexNet", 60_965_224),
        ("ZFNet", 62_357_608),
        ("VGG-16", 138_357_544),
        ("GoogLeNet", 6_998_552),
        ("ResNet-18", 11_689_512),
        ("DenseNet-121", 7_978_856),
    ],
)
def test_parameters_of_all_networks(name, count):
    assert parameters(*NETWORKS[name]) == count


@pytest.mark.parametrize(
    ("name", "sides"),
    [
        ("AlexNet", [55, 27, 13, 6]),
        ("ZFNet", [110, 55, 26, 13, 6]),
        ("VGG-16", [224, 112, 56, 28, 14, 7]),
        ("GoogLeNet", [112, 56, 28, 14, 7, 1]),
        ("ResNet-18", [112, 56, 28, 14, 7, 1]),
        ("DenseNet-121", [112, 56, 28, 14, 7, 1]),
    ],
)
def test_sides_are_those_of_the_papers(name, sides):
    rows = geometry.summary(*NETWORKS[name])
    found = [row.output_shape[1] for row in rows if len(row.output_shape) == 3]
    assert list(dict.fromkeys(found)) == sides


def test_other_towers_are_refused():
    with pytest.raises(ValueError, match="towers is 3; expected 1 or 2"):
        famous.alexnet(3)


@pytest.mark.parametrize(("layers", "side"), [(famous.densenet121(), 32), (famous.googlenet(), 64)])
def test_what_is_built_costs_what_was_described_and_is_the_same_in_paddle(layers, side):
    shape = (3, side, side)
    model = models.build(np.random.default_rng(0), layers, shape)
    assert geometry.summary(model, shape) == geometry.summary(layers, shape)
    x = np.random.default_rng(1).normal(size=(2, *shape)).astype(np.float32)
    assert_same(model.eval()(x), in_paddle(model)(paddle.to_tensor(x)), slack=100)


def test_every_kind_of_layer_is_built():
    layers = [
        geometry.conv(4, 3, 2, 1, groups=1, bias=False),
        geometry.activation("Tanh"),
        geometry.residual([geometry.batch_norm()], [geometry.conv(4, 1, groups=4)]),
        geometry.pool(3, 2, ceil_mode=True),
        geometry.flatten(),
        geometry.linear(5, bias=False),
        geometry.batch_norm(),
        geometry.activation("Sigmoid"),
    ]
    model = models.build(np.random.default_rng(0), layers, (3, 8, 8), init="xavier")
    assert geometry.summary(model, (3, 8, 8)) == geometry.summary(layers, (3, 8, 8))
    kinds = [type(part) for part in model]
    assert kinds[:3] == [nn.Conv2D, nn.Tanh, nn.Residual]
    assert kinds[-2:] == [nn.BatchNorm1D, nn.Sigmoid]
    assert model(np.zeros((2, 3, 8, 8), np.float32)).shape == (2, 5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: models.build(0, [], (3, 8, 8)), "rng is 0; expected a Generator"),
        (
            lambda: models.build(np.random.default_rng(0), [geometry.activation("Swish")], (3,)),
            "layers holds 'Swish'; expected one of 'ReLU', 'Sigmoid', 'Tanh'",
        ),
        (
            lambda: models.build(np.random.default_rng(0), [geometry.linear(3)], (3, 8, 8)),
            "needs flat features",
        ),
        (lambda: models.build(np.random.default_rng(0), 3, (3, 8, 8)), "layers is 3"),
        (lambda: models.build(np.random.default_rng(0), [], 8), "input_shape is 8; expected"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()
