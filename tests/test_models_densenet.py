"""Dense networks: channels and parameters by hand, equal to Paddle's, and their rivals."""

import numpy as np
import paddle
import pytest

from helpers import geometry, models, nn
from tests.common import assert_same
from tests.twins import assert_twins_equal

IMAGES = np.random.default_rng(0).uniform(size=(4, 1, 8, 8))


def parameters(model):
    return sum(parameter.value.size for parameter in model.parameters())


def net(growth=3, blocks=(2, 2), first=4, inputs=1, classes=10, seed=0, **options):
    rng = np.random.default_rng(seed)
    return models.dense_net(
        rng, growth, blocks, first, inputs, classes, **{"stem": "small", **options}
    )


def rival(width=5, seed=0, **options):
    return models.dense_rival(np.random.default_rng(seed), width, **{"blocks": (2, 2), **options})


def test_channels_grow_and_are_halved():
    rows = geometry.summary(models.dense_net(np.random.default_rng(0)), (3, 224, 224))
    ends = [row.output_shape for row in rows if row.name == "concat"][3::4]
    assert ends == [(192, 56, 56), (224, 28, 28), (240, 14, 14), (248, 7, 7)]
    halved = [row.output_shape for row in rows if row.name == "pool"][1:]
    assert halved == [(96, 28, 28), (112, 14, 14), (120, 7, 7)]


def test_parameters_are_those_that_a_hand_counts():
    by_hand = 3 * 64 * 49 + 2 * 64
    channels = 64
    for block in range(4):
        for _ in range(4):
            by_hand += 2 * channels + 9 * 32 * channels
            channels += 32
        if block < 3:
            by_hand += 2 * channels + channels * (channels // 2)
            channels //= 2
    by_hand += 2 * channels + channels * 1000 + 1000
    assert parameters(models.dense_net(np.random.default_rng(0))) == by_hand == 1_010_104


def test_densenet121_with_the_same_numbers_gives_what_paddles_gives():
    blocks = {"blocks": (6, 12, 24, 16), "bottleneck": True, "classes": 7}
    ours = models.dense_net(np.random.default_rng(0), **blocks)
    theirs = paddle.vision.models.densenet121(num_classes=7)
    trained = [array for array in theirs.parameters() if not array.stop_gradient]
    assert sum(array.size for array in trained) == parameters(ours)
    # Registered in another order there: by kind, first to last.
    for dims in (1, 2, 4):
        pairs = zip(
            [p for p in ours.parameters() if p.value.ndim == dims],
            [array for array in trained if array.ndim == dims],
            strict=True,
        )
        for parameter, array in pairs:
            array.set_value(parameter.value)
    x = np.random.default_rng(1).uniform(size=(2, 3, 64, 64)).astype(np.float32)
    ours.eval()
    theirs.eval()
    assert_same(ours(x), theirs(paddle.to_tensor(x)).numpy(), slack=100)


@pytest.mark.parametrize(
    "make", [net, lambda: net(bottleneck=True), rival, lambda: rival(join="none", growth=2)]
)
def test_outputs_and_gradients_equal_the_twins(make):
    assert_twins_equal(make(), IMAGES)


def test_the_first_channels_are_the_input():
    layer = models.dense_layer(np.random.default_rng(0), 1, 3)
    x = IMAGES.astype(np.float32)
    assert np.array_equal(layer(x)[:, :1], x)
    assert layer(x).shape == (4, 4, 8, 8)


def test_compression_is_rounded_down_and_leaves_a_channel():
    (kept,) = (
        row.output_shape[0]
        for row in geometry.summary(net(1, first=2, compression=0.1), (1, 8, 8))
        if row.name == "pool"
    )
    assert kept == 1
    rows = geometry.summary(net(3, (1, 1), 4, compression=0.5), (1, 8, 8))
    assert [row.output_shape[0] for row in rows if row.name == "pool"] == [3]


@pytest.mark.parametrize("join", ["add", "none"])
def test_rivals_have_the_parameters_that_a_hand_counts(join):
    stem, ends = 9 * 5, 2 * 5 + 5 * 10 + 10
    by_hand = stem + 4 * (9 * 25 + 10) + 25 + 10 + ends
    assert parameters(rival(join=join)) == by_hand
    narrow = stem + 4 * (9 * 5 * 2 + 10 + 2 * 5) + 25 + 10 + ends
    assert parameters(rival(join=join, growth=2)) == narrow


def test_a_rival_can_begin_with_small_results():
    whole, small = rival(growth=2), rival(growth=2, scale=0.25)
    pairs = zip(whole.parameters(), small.parameters(), strict=True)
    ratios = [np.unique(b.value / a.value) for a, b in pairs if a.value.shape == (5, 2, 1, 1)]
    assert np.array_equal(ratios, [[0.25]] * 4)
    body = small[1][0].body
    assert np.array_equal(body[2].weight.value, whole[1][0].body[2].weight.value)


def test_a_rival_that_adds_nothing_hands_on_its_input():
    added = rival(blocks=(2,))
    for layer in added[1]:
        layer.body[-1].weight.value *= 0
    x = IMAGES.astype(np.float32)
    assert np.array_equal(added[1](added[0](x)), added[0](x))


def test_mixtures_lose_nothing_and_are_not_trained():
    model = net().astype("float64")
    before = parameters(model)
    mixed = models.mixed(np.random.default_rng(1), model).astype("float64")
    assert parameters(mixed) == before
    matrices = [array for name, array in mixed.state().items() if name.endswith("matrix")]
    assert len(matrices) == 6  # four layers, a transition, the end
    for matrix in matrices:
        assert np.allclose(matrix[..., 0, 0] @ matrix[..., 0, 0].T, np.eye(len(matrix)), atol=1e-6)
    assert not np.allclose(mixed(IMAGES), model(IMAGES))
    for matrix in matrices:
        matrix[..., 0, 0] = np.eye(len(matrix))
    assert np.allclose(mixed(IMAGES), model(IMAGES))


def test_gradients_go_through_mixtures():
    mixed = models.mixed(np.random.default_rng(1), net(blocks=(1,))).astype("float64")
    weights = np.random.default_rng(2).normal(size=(4, 10))
    mixed.train()
    mixed(IMAGES)
    gradient = mixed.backward(weights)
    step = np.zeros_like(IMAGES)
    step[1, 0, 3, 4] = 1e-5
    rise = ((mixed(IMAGES + step) - mixed(IMAGES - step)) * weights).sum() / 2e-5
    assert np.isclose(rise, gradient[1, 0, 3, 4], rtol=1e-4)


def test_a_dense_net_learns():
    model = net()
    adam = nn.Adam(0.01, parameters=model.parameters())
    data = IMAGES.astype(np.float32), np.array([0, 1, 2, 3])
    assert nn.fit(model, adam, data, 60).loss[-1] < 0.2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: net(blocks=4), "blocks is 4; expected layers in each block"),
        (lambda: net(blocks=()), r"blocks is \(\); expected layers"),
        (lambda: net(blocks=(4, 0)), r"blocks\[1\] is 0; expected at least 1"),
        (lambda: net(growth=0), "growth is 0; expected at least 1"),
        (lambda: net(compression=0), "compression is 0; expected more than 0"),
        (lambda: net(compression=2), "compression is 2"),
        (lambda: net(stem="big"), "stem is 'big'; expected one of 'photograph', 'small'"),
        (lambda: net(bottleneck=1), "bottleneck is 1; expected True or False"),
        (lambda: models.dense_net(3), "rng is 3; expected a Generator"),
        (lambda: models.dense_layer(3, 1, 1), "rng is 3; expected a Generator"),
        (lambda: models.transition(3, 1, 1), "rng is 3; expected a Generator"),
        (lambda: models.dense_rival(3, 1), "rng is 3; expected a Generator"),
        (lambda: rival(join="concat"), "join is 'concat'; expected one of 'add', 'none'"),
        (lambda: rival(blocks=(0,)), r"blocks\[0\] is 0"),
        (lambda: rival(scale=2), "scale is 2; expected 0 to 1"),
        (lambda: rival(scale=np.nan), "scale is nan; expected 0 to 1"),
        (lambda: rival(blocks=3), "blocks is 3; expected layers in each block"),
        (lambda: rival(blocks=()), r"blocks is \(\); expected layers"),
        (lambda: models.mixed(3, net()), "rng is 3; expected a Generator"),
        (lambda: models.mixed(np.random.default_rng(0), 3), "net is 3; expected what dense_net"),
    ],
)
def test_impossible_nets_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
