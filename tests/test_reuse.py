"""Who reads which channels of a dense block: weights by source, and what is lost without one."""

import numpy as np
import pytest

from helpers import models, nn, reuse

LABELS = np.arange(40) % 2
X = np.random.default_rng(0).uniform(size=(40, 1, 8, 8)).astype(np.float32)
X[LABELS == 1, :, :4] /= 2


def net(blocks=(2,)):
    return models.dense_net(np.random.default_rng(0), 3, blocks, 4, 1, 2, stem="small")


def test_weights_are_means_by_source_times_the_scale():
    model = net()
    norm, _, conv = model[1][1].branches[1]
    norm.weight.value[:4] = -2
    conv.weight.value[:] = 1
    conv.weight.value[:, 4:] = -3
    found = reuse.weights_by_source(model)
    assert found.shape == (3, 3)
    assert np.array_equal(np.isnan(found), np.triu(np.ones((3, 3), bool), 1))
    assert np.allclose(found[1, :2], [2, 3])
    dense = np.abs(model[-1].weight.value)
    assert np.allclose(found[2], [dense[:4].mean(), dense[4:7].mean(), dense[7:].mean()])


def test_a_source_without_weight_can_be_lost_and_the_net_stays_as_it_was():
    model = net()
    adam = nn.Adam(0.01, parameters=model.parameters())
    nn.fit(model, adam, (X, LABELS), 40)
    model[-1].weight.value[4:] = 0
    before = model.state() | {}
    scores = model.eval().forward(X)
    found = reuse.accuracy_lost(model, (X, LABELS))
    assert np.all(found[2, 1:] == 0)
    # Without the last source the classifier gives one answer, to half of the images right.
    assert np.isclose(found[2, 0], nn.evaluate(model, (X, LABELS))[1] - 0.5)
    assert all(np.array_equal(array, before[name]) for name, array in model.state().items())
    assert np.array_equal(model.forward(X), scores)


def test_losing_a_source_is_losing_what_varies_in_it():
    model = net()
    nn.fit(model, nn.Adam(0.01, parameters=model.parameters()), (X, LABELS), 40)
    whole = nn.evaluate(model, (X, LABELS))[1]
    layer = model[1][0].branches[1]
    lost = reuse.accuracy_lost(model, (X, LABELS))[0, 0]
    # The first layer reads one source: without it, its result is that of a constant picture.
    model.forward(X)
    mean = np.maximum(layer[0].forward(layer[0]._x), 0).mean(axis=(0, 2, 3), keepdims=True)
    constant = nn.Sequential(_Constant(mean), layer[2])
    setattr(model[1][0].branches, "1", constant)
    assert np.isclose(whole - nn.evaluate(model, (X, LABELS))[1], lost)


def test_a_bottleneck_reads_by_its_first_convolution():
    rng = np.random.default_rng(0)
    model = models.dense_net(rng, 3, (2,), 4, 1, 2, stem="small", bottleneck=True)
    model[1][1].branches[1][2].weight.value[:, 4:] = -5
    found = reuse.weights_by_source(model)
    assert np.isclose(found[1, 1], 5)
    assert reuse.accuracy_lost(model, (X, LABELS)).shape == (3, 3)


def test_losing_together_is_more_than_one_by_one():
    model = net()
    nn.fit(model, nn.Adam(0.01, parameters=model.parameters()), (X, LABELS), 40)
    before = {name: array.copy() for name, array in model.state().items()}
    alone = reuse.accuracy_lost(model, (X, LABELS))
    assert reuse.lost_together(model, (X, LABELS), [(1, 0)]) == alone[1, 0]
    everything = [(2, source) for source in range(3)]
    whole = nn.evaluate(model, (X, LABELS))[1]
    # Without any source the classifier gives one answer.
    assert np.isclose(reuse.lost_together(model, (X, LABELS), everything), whole - 0.5)
    assert reuse.lost_together(model, (X, LABELS), []) == 0
    assert all(np.array_equal(array, before[name]) for name, array in model.state().items())


@pytest.mark.parametrize(
    ("pair", "message"), [((3, 0), "reader is 3; expected 0 to 2"), ((1, 2), "source is 2")]
)
def test_pairs_that_do_not_exist_are_refused(pair, message):
    with pytest.raises(ValueError, match=message):
        reuse.lost_together(net(), (X, LABELS), [pair])


class _Constant(nn.Layer):
    def __init__(self, value):
        self._value = value

    def _forward(self, x):
        return np.broadcast_to(self._value, x.shape).astype(x.dtype)


@pytest.mark.parametrize(
    "model", [net((2, 2)), nn.Sequential(), models.residual_net(np.random.default_rng(0), 4), 3]
)
def test_other_nets_are_refused(model):
    for function in (reuse.weights_by_source, lambda net: reuse.accuracy_lost(net, (X, LABELS))):
        with pytest.raises(ValueError, match="expected a dense net with one block"):
            function(model)
