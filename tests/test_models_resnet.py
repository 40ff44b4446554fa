"""Residual networks: counted by hand, equal to Paddle's, and the shallower net that they hold."""

import numpy as np
import paddle
import pytest

from helpers import geometry, models, nn
from helpers.twins import in_paddle
from tests.common import assert_same
from tests.twins import assert_twins_equal

IMAGES = np.random.default_rng(0).uniform(size=(4, 1, 8, 8))


def parameters(model):
    return sum(parameter.value.size for parameter in model.parameters())


def net(depth=8, channels=4, seed=0, **options):
    return models.residual_net(np.random.default_rng(seed), depth, channels, **options)


def test_resnet18_has_the_parameters_that_a_hand_counts():
    stem = 3 * 64 * 49 + 2 * 64
    stages = [4 * (64 * 64 * 9 + 2 * 64)]
    for wide in (128, 256, 512):
        narrow = wide // 2
        kernels = narrow * wide * 9 + 3 * wide * wide * 9 + narrow * wide
        stages.append(kernels + 5 * 2 * wide)
    by_hand = stem + sum(stages) + 512 * 1000 + 1000
    assert by_hand == 11_689_512
    assert parameters(models.resnet18(np.random.default_rng(0))) == by_hand


def test_resnet18_with_the_same_numbers_gives_what_paddles_gives():
    ours = models.resnet18(np.random.default_rng(0), classes=7)
    theirs = paddle.vision.models.resnet18(num_classes=7)
    trained = [array for array in theirs.parameters() if not array.stop_gradient]
    for parameter, array in zip(ours.parameters(), trained, strict=True):
        array.set_value(parameter.value)
    x = np.random.default_rng(1).uniform(size=(2, 3, 64, 64)).astype(np.float32)
    ours.eval()
    theirs.eval()
    assert_same(ours(x), theirs(paddle.to_tensor(x)).numpy(), slack=10)
    assert_same(ours(x), in_paddle(ours)(paddle.to_tensor(x)).numpy(), slack=10)


def test_resnet18_costs_what_paddles_costs():
    theirs = geometry.summary(paddle.vision.models.resnet18(), (3, 224, 224))
    ours = geometry.summary(models.resnet18(np.random.default_rng(0)), (3, 224, 224))
    for quantity in ("parameters", "multiply_adds"):
        sums = [sum(getattr(row, quantity) for row in rows) for rows in (ours, theirs)]
        assert sums[0] == sums[1]
    shapes = [layer.output_shape for layer in ours if layer.name == "add"]
    assert shapes == [
        (c, s, s) for c, s in ((64, 56), (128, 28), (256, 14), (512, 7)) for _ in "ab"
    ]


@pytest.mark.parametrize("norm", [True, False])
def test_plain_and_residual_nets_have_the_same_parameters(norm):
    nets = [net(kind=kind, norm=norm) for kind in ("residual", "plain")]
    values = [list(model.state().values()) for model in nets]
    for one, other in zip(*values, strict=True):
        assert np.array_equal(one, other)
    by_hand = 4 * 9 + 6 * 16 * 9 + 7 * 4 * (2 if norm else 1) + 4 * 10 + 10
    assert parameters(nets[0]) == parameters(nets[1]) == by_hand
    assert not np.allclose(*(model(IMAGES.astype(np.float32)) for model in nets))


@pytest.mark.parametrize("depth", [4, 8, 20])
def test_depth_counts_layers_with_weights(depth):
    rows = geometry.summary(net(depth), (1, 8, 8))
    assert sum(row.name in ("conv", "linear") for row in rows) == depth
    assert rows[-1].output_shape == (10,)
    sizes = {row.output_shape for row in geometry.summary(net(depth, stride=2), (1, 8, 8))[:-3]}
    assert sizes == {(4, 4, 4)}


@pytest.mark.parametrize("norm", [True, False])
def test_a_net_with_zeroed_blocks_is_the_shallower_one(norm):
    x = IMAGES.astype(np.float32)
    deep, flat = (net(depth, norm=norm, last_scale=0).eval() for depth in (12, 4))
    for ours, theirs in ((0, 0), (-1, -1)):
        for parameter, other in zip(
            flat[ours].parameters(), deep[theirs].parameters(), strict=True
        ):
            parameter.value = other.value
    assert np.array_equal(deep(x), flat(x))


@pytest.mark.parametrize("norm", [True, False])
def test_last_scale_multiplies_what_a_block_adds(norm):
    x = IMAGES.repeat(4, axis=1).astype(np.float32)
    bodies = [
        models.residual_block(np.random.default_rng(0), 4, 4, norm=norm, last_scale=scale)[0].body
        for scale in (1.0, 0.25)
    ]
    assert_same(bodies[1](x), bodies[0](x) / 4, slack=10)


@pytest.mark.parametrize(("inputs", "outputs", "stride"), [(4, 6, 1), (4, 4, 2), (4, 6, 2)])
def test_the_shortcut_is_projected_where_channels_or_size_change(inputs, outputs, stride):
    block = models.residual_block(np.random.default_rng(0), inputs, outputs, stride)
    weight = block[0].shortcut[0].weight.value
    assert weight.shape == (outputs, inputs, 1, 1)
    x = np.ones((2, inputs, 8, 8), np.float32)
    assert block(x).shape == (2, outputs, 8 // stride, 8 // stride)
    same = models.residual_block(np.random.default_rng(0), 4, 4)
    assert same[0].shortcut.parameters() == []


@pytest.mark.parametrize("kind", ["residual", "plain"])
@pytest.mark.parametrize("norm", [True, False])
def test_outputs_and_gradients_equal_the_twins(kind, norm):
    assert_twins_equal(net(kind=kind, norm=norm), IMAGES)


def test_a_residual_net_learns():
    x, labels = IMAGES.astype(np.float32), np.array([0, 1, 2, 3])
    model = net()
    adam = nn.Adam(0.01, parameters=model.parameters())
    assert nn.fit(model, adam, (x, labels), 60).loss[-1] < 0.2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: net(7), "depth is 7; expected an even number"),
        (lambda: net(2), "depth is 2; expected at least 4"),
        (lambda: net(kind="dense"), "kind is 'dense'; expected one of 'residual', 'plain'"),
        (lambda: net(norm=1), "norm is 1; expected True or False"),
        (lambda: net(init="big"), "init is 'big'"),
        (lambda: net(last_scale="0"), "last_scale is '0'; expected -1e[+]06 to 1e[+]06"),
        (lambda: net(last_scale=float("inf")), "last_scale is inf; expected -1e[+]06 to 1e[+]06"),
        (lambda: net(last_scale=float("nan")), "last_scale is nan; expected -1e[+]06 to 1e[+]06"),
        (lambda: net(channels=0), "out_channels is 0; expected at least 1"),
        (lambda: models.residual_net(3, 8), "rng is 3; expected a Generator"),
        (lambda: models.resnet18(0), "rng is 0; expected a Generator"),
    ],
)
def test_impossible_nets_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
