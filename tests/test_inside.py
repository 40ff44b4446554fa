"""Looking inside a network: vectors of parameters, gradients of scores, measures of layers."""

import numpy as np
import pytest

from helpers import inside, nn, ops

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 1, 4, 4))
LABELS = np.array([0, 1, 2, 0, 1, 2])


def small():
    rng = np.random.default_rng(1)
    conv, last = nn.Conv2D(1, 2, 3, padding=1, rng=rng), nn.Linear(8, 3, rng=rng)
    model = nn.Sequential(conv, nn.ReLU(), nn.MaxPool2D(2), nn.Flatten(), last)
    return model.astype("float64")


def test_a_vector_comes_back_as_parameters():
    model, other = small(), small()
    vector = inside.as_vector(model)
    assert vector.shape == (2 * 10 + 8 * 3 + 3,)
    inside.put_vector(other, 2 * vector)
    np.testing.assert_array_equal(inside.as_vector(other), 2 * vector)
    other[0].weight.value[:] = 0
    np.testing.assert_array_equal(inside.as_vector(model), vector)
    with pytest.raises(ValueError, match=r"expected \(47,\)"):
        inside.put_vector(model, vector[1:])


def test_gradient_error_is_small_and_finds_a_fault():
    model = small()
    vector = inside.as_vector(model)
    place = vector + 0.1
    assert inside.gradient_error(model, place, (X, LABELS)) < 1e-7
    np.testing.assert_array_equal(inside.as_vector(model), vector)

    class Forgetful(nn.ReLU):
        def _backward(self, grad_y, x):
            return grad_y

    broken = nn.Sequential(model[0], Forgetful(), model[2], model[3], model[4])
    assert inside.gradient_error(broken, place, (X, LABELS)) > 1e-3


def test_stages_are_the_layers_outputs():
    model = small()
    found = inside.stages(model, X, {"relu": 1, "score": 4})
    assert list(found) == ["relu", "score"]
    np.testing.assert_array_equal(found["relu"], ops.relu(model[0].forward(X)))
    np.testing.assert_array_equal(found["score"], model.forward(X))


def test_saliency_is_the_change_of_a_score():
    model = small()
    maps = inside.saliency(model, X, LABELS)
    assert maps.shape == X.shape
    assert all(parameter.grad is None for parameter in model.parameters())
    moved = X.copy()
    moved[:, 0, 2, 1] += 1e-6
    rows = np.arange(6)
    slope = (model.forward(moved) - model.forward(X))[rows, LABELS] / 1e-6
    np.testing.assert_allclose(maps[:, 0, 2, 1], slope, atol=1e-7)


def test_cosines():
    a = np.array([[[3.0, 0]], [[1, 1]], [[1, 0]]])
    b = np.array([[[5.0, 0]], [[-1, -1]], [[0, 2]]])
    np.testing.assert_allclose(inside.cosines(a, b), [1, -1, 0], atol=1e-12)


def test_most_exciting_and_purity():
    values = np.array([[0.0, 5], [3, 5], [1, 0], [2, 1]])
    assert inside.most_exciting(values, 2).tolist() == [[1, 3], [0, 1]]
    maps = np.zeros((4, 1, 2, 2))
    maps[2, 0, 1, 1] = 7
    assert inside.most_exciting(maps, 1).tolist() == [[2]]
    # Unit 0 likes examples 1 and 3 (classes 1 and 1), unit 1 likes 0 and 1 (0 and 1).
    labels = np.array([0, 1, 0, 1])
    assert inside.purity(values, labels, 2) == 0.75
    silent = np.column_stack([values, np.zeros(4)])
    assert inside.purity(silent, labels, 2) == 0.75


def test_relative_change():
    values = np.random.default_rng(2).normal(size=(50, 3, 2, 2))
    order = np.random.default_rng(3).permutation(50)
    assert np.isclose(inside.relative_change(values, values[order], np.random.default_rng(3)), 1)
    assert inside.relative_change(values, values, np.random.default_rng(3)) == 0


def test_linear_methods_read_what_is_linear():
    labels = np.arange(60) % 3
    x = np.eye(3)[labels].reshape(60, 1, 3) + 0.01 * np.random.default_rng(4).normal(
        size=(60, 1, 3)
    )
    assert inside.linear_reading((x[:40], labels[:40]), (x[40:], labels[40:])) == 1


def test_the_best_on_validation_is_fitted_to_everything():
    class Method:
        def __init__(self, quality):
            self.quality, self.sizes = quality, []

        def fit(self, x, labels):
            assert x.ndim == 2
            self.sizes.append((len(x), len(labels)))
            return self

        def score(self, x, labels):
            return self.quality + len(x) / 1000

    methods = [Method(0.5), Method(0.7), Method(0.7)]
    x, labels = np.zeros((10, 1, 2, 2)), np.zeros(10, int)
    parts = [(x[:count], labels[:count]) for count in (6, 4, 5)]
    assert np.isclose(inside.best_by_validation(methods, *parts), 0.705)
    assert [method.sizes for method in methods] == [[(6, 6)], [(6, 6), (10, 10)], [(6, 6)]]


MANY = np.arange(60) % 3


def some(*shape):
    return np.random.default_rng(0).normal(size=shape)


def test_purity_takes_20_examples_and_of_a_map_the_largest_value():
    values = some(60, 4)
    maps = values[..., None, None] - np.abs(some(60, 4, 2, 3))
    maps[:, :, 1, 2] = values
    found = inside.purity(maps, MANY)
    assert found == inside.purity(values, MANY, 20)
    assert found not in (inside.purity(values, MANY, 19), inside.purity(values, MANY, 21))


@pytest.mark.parametrize(("size", "counts"), [(0.9e-6, False), (1.2e-6, True)])
def test_a_unit_that_hardly_changes_has_no_purity(size, counts):
    values = np.zeros((60, 2))
    values[:, 0] = MANY  # of one class alone
    values[::20, 1] = size  # of examples 0, 20 and 40: a class each
    assert inside.purity(values, MANY, 3) == (2 / 3 if counts else 1)


def test_the_largest_outputs_are_compared_in_six_decimals():
    assert inside.most_exciting(np.array([[0.5], [0.5000003]]), 2).tolist() == [[0, 1]]
    assert inside.most_exciting(np.array([[0.5], [0.500003]]), 2).tolist() == [[1, 0]]
    equal = inside.most_exciting(np.zeros((1000, 1)), 1000)
    assert np.array_equal(equal, [np.arange(1000)])


def test_a_change_is_measured_by_the_distance_of_others():
    values, changed = np.array([[[0.0, 0]], [[3, 4]]]), np.array([[[0.0, 1]], [[3, 4]]])
    swap = next(s for s in range(9) if np.random.default_rng(s).permutation(2)[0] == 1)
    # One of two moves by 1, and they are 5 apart.
    assert inside.relative_change(values, changed, np.random.default_rng(swap)) == 0.1


@pytest.mark.parametrize(("gain", "best"), [(2e-7, 0), (2e-6, 1)])
def test_scores_that_differ_by_rounding_are_equal(gain, best):
    class Method:
        def __init__(self, quality):
            self.quality, self.fits = quality, 0

        def fit(self, x, labels):
            self.fits += 1
            return self

        def score(self, x, labels):
            assert (x.shape, labels.shape) == ((3, 4), (3,))
            return self.quality

    methods, part = [Method(0.5), Method(0.5 + gain)], (np.zeros((3, 1, 2, 2)), np.zeros(3))
    assert inside.best_by_validation(methods, part, part, part) == methods[best].quality
    assert methods[best].fits == 2


@pytest.mark.parametrize("scale", [1e-3, 1, 1e3])
def test_a_linear_reading_does_not_depend_on_the_scale(scale):
    x = (some(90, 2, 3) + 0.4 * some(3, 2, 3)[np.arange(90) % 3]) * scale
    labels = np.arange(90) % 3
    expected = inside.linear_reading((x[:60] / scale, labels[:60]), (x[60:] / scale, labels[60:]))
    assert inside.linear_reading((x[:60], labels[:60]), (x[60:], labels[60:])) == expected
