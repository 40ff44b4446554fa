"""The explorer's activations, norms, dropout and random numbers are those of `helpers`."""

import numpy as np
import pytest

from helpers import ops
from tests import quick

CASES = 2000
NAMES = ["relu", "leaky_relu", "sigmoid", "tanh", "silu", "gelu"]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def near_and_far(rng):
    """Numbers around 0, out to where nothing is left, tiny ones, and 0 with both signs."""
    near, far = rng.normal(size=CASES // 2) * 3, rng.uniform(-40, 40, CASES // 2)
    tiny = [sign * 10.0**-power for sign in (1, -1) for power in (3, 8, 16, 100, 300, 320)]
    return np.concatenate([near, far, tiny, [0.0, -0.0, 40.0, -40.0, 750.0, -750.0]])


@pytest.mark.parametrize("name", NAMES)
def test_activations_and_their_slopes(rng, name):
    x = near_and_far(rng)
    found = quick.value(f"(xs) => ACTIVATIONS.{name}.map((f) => xs.map((x) => f(x)))", x)
    values = getattr(ops, name)(x)
    slopes = getattr(ops, f"{name}_backward")(np.ones_like(x), x)
    # Small values are as exact as large ones; where silu and gelu turn, two terms cancel.
    np.testing.assert_allclose(found[0], values, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(found[1], slopes, rtol=1e-12, atol=1e-15)


def test_all_activations_are_tried():
    assert quick.value("() => Object.keys(ACTIVATIONS)") == NAMES


def chains(rng):
    names = rng.choice(NAMES, CASES).tolist()
    depths = rng.integers(0, 9, CASES).tolist()
    return [(*rng.normal(size=2).tolist(), *pair) for pair in zip(depths, names, strict=True)]


def test_a_chain_is_its_layers_one_by_one(rng):
    def composed(x, weight, depth, name):
        bend, slope = getattr(ops, name), getattr(ops, f"{name}_backward")
        values = [np.array([x])]
        for _ in range(depth):
            values.append(bend(weight * values[-1]))
        gradients = [np.ones(1)]
        for below in reversed(values[:-1]):
            gradients.insert(0, weight * slope(gradients[0], weight * below))
        return {"values": np.concatenate(values), "gradients": np.concatenate(gradients)}

    def same(found, expected):
        for part in ("values", "gradients"):
            quick.close(found[part], expected[part])

    quick.compare("chain", chains(rng), composed, same)


def test_a_chains_gradients_are_central_differences(rng):
    step = 1e-5
    cases = chains(rng)
    moved = [(x + sign * step, *rest) for x, *rest in cases for sign in (-1, 1)]
    found = quick.values("chain", cases)
    ends = np.array([one["values"][-1] for one in quick.values("chain", moved)]).reshape(-1, 2)
    slopes = (ends[:, 1] - ends[:, 0]) / (2 * step)
    gradients = np.array([one["gradients"][0] for one in found])
    # The kink of a ReLU may lie between the two places.
    kinked = np.array([min(map(abs, one["values"])) < 1e-4 for one in found])
    kinked &= np.array(["relu" in name for *_, name in cases])
    assert kinked.sum() < CASES // 4
    np.testing.assert_allclose(gradients[~kinked], slopes[~kinked], rtol=1e-6, atol=1e-8)


def feature(rng):
    """A feature's numbers, one of which, or all of which, may be alone or equal."""
    count = int(rng.integers(1, 12))
    x = rng.normal(rng.normal() * 3, np.exp(rng.normal()), count)
    options = {
        "runningMean": float(rng.normal()),
        "runningVar": float(rng.exponential()),
        "weight": float(rng.normal()),
        "bias": float(rng.normal()),
        "training": bool(rng.integers(2)),
        "momentum": float(rng.choice([0, 0.5, 0.9, 1])),
        "epsilon": float(rng.choice([1e-5, 1e-3, 0.1])),
    }
    return (np.full(count, x[0]) if rng.random() < 0.2 else x), options


def test_batch_normalisation(rng):
    cases = [feature(rng) for _ in range(CASES)]

    def normalised(x, options):
        column = {name: np.array([number]) for name, number in options.items()}
        running = column["runningMean"], column["runningVar"]
        told = {name: options[name] for name in ("training", "momentum", "epsilon")}
        y = ops.batch_norm(x[:, None], *running, column["weight"], column["bias"], **told)[:, 0]
        mean, variance = ops.batch_statistics(x[:, None])
        return {
            "y": y,
            "mean": mean[0],
            "variance": variance[0],
            "runningMean": running[0][0],
            "runningVar": running[1][0],
        }

    def same(found, expected):
        assert found.keys() == expected.keys()
        for name in expected:
            quick.close(found[name], expected[name])

    assert quick.compare("batchNorm", cases, normalised, same) == 0


def test_batch_normalisation_unless_told():
    x = np.array([1.0, 2, 6])
    y = ops.batch_norm(x[:, None], np.zeros(1), np.ones(1), training=True)[:, 0]
    found = quick.value("batchNorm", x)
    quick.close(found["y"], y)
    quick.close([found["runningMean"], found["runningVar"]], [0.1 * 3, 0.9 + 0.1 * 14 / 3])


def test_dropout(rng):
    assert quick.value("() => DROPOUT_MODES") == ["upscale_in_train", "downscale_in_infer"]
    cases = []
    for _ in range(CASES):
        x, p = rng.normal(size=rng.integers(1, 12)), float(rng.choice([0, 1, rng.random()]))
        # Not only masks that this p could have drawn.
        mask = ops.dropout_mask(x.shape, float(rng.choice([p, 0.5])), rng)
        mode = str(rng.choice(["upscale_in_train", "downscale_in_infer"]))
        cases.append((x, mask, p, {"mode": mode, "training": bool(rng.integers(2))}))
    quick.compare("dropout", cases, lambda x, mask, p, told: ops.dropout(x, p, mask=mask, **told))


def mulberry32(seed, count):
    """The same generator in Python, whose whole numbers have no end."""
    state, numbers = seed, []
    for _ in range(count):
        state = (state + 0x6D2B79F5) % 2**32
        z = ((state ^ state >> 15) * (state | 1)) % 2**32
        z ^= (z + ((z ^ z >> 7) * (z | 61)) % 2**32) % 2**32
        numbers.append((z ^ z >> 14) / 2**32)
    return numbers


DRAW = "(seed, count) => Array.from({ length: count }, randomNumbers(seed))"
FIRST = {
    0: [0.2664292087, 0.0003297457, 0.2232720274],
    1: [0.6270739406, 0.0027357212, 0.52744704],
    2026: [0.4554076993, 0.308496146, 0.6611574492],
}


@pytest.mark.parametrize("seed", FIRST)
def test_random_numbers_are_the_same_everywhere(seed):
    found = quick.value(DRAW, seed, CASES)
    assert found == mulberry32(seed, CASES)
    np.testing.assert_allclose(found[:3], FIRST[seed], atol=1e-9)


@pytest.mark.parametrize("seed", FIRST)
def test_random_numbers_are_spread_evenly(seed):
    found = np.array(quick.value(DRAW, seed, 10_000))
    assert found.min() >= 0
    assert found.max() < 1
    # Within four standard errors of what is expected.
    assert abs(found.mean() - 1 / 2) < 4 * np.sqrt(1 / 12 / 10_000)
    assert abs(found.var() - 1 / 12) < 4 * np.sqrt(1 / 180 / 10_000)
    counts = np.histogram(found, 20, (0, 1))[0]
    assert ((counts - 500) ** 2 / 500).sum() < 43.8  # exceeded by one true generator in a thousand
