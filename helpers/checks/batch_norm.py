"""Checks of the exercises of chapter 08."""

import numpy as np

from .. import ops
from ._engine import call, cases, choice, equal, number, numbers, passed, require, several

BATCH = np.array([[7.0, 20], [5, 35], [4, 5], [3, 25], [1, 15]])
GAMMA, BETA = np.array([2, 4]), np.array([0, 10])
SEVEN = np.array([-3.0, -2, -1, 0, 1, 2, 3])
KINDS = ("training", "eval", "layer")
_EPSILON, _UNDER = "remember ε", "ε belongs to the variance, not to its root"


def four_numbers(answers):
    """What becomes of a feature of 1: alone, with 3, with 1 and 7, and in eval mode."""
    found = several(answers, 4, "my_four")
    unbiased = "the variance is the mean of the squares: divide by the number of samples"
    mistakes = {
        "alone": [(1, "alone the mean is the number itself")],
        "beside 3": [(-np.sqrt(0.5), unbiased), (1, "what is below the mean becomes negative")],
        "beside 1 and 7": [
            (-np.sqrt(1 / 3), unbiased),
            (-0.25, "divide by the standard deviation, not by the variance"),
        ],
        "in eval mode": [
            (-4, "the variance was saved; divide by its root"),
            (0, "in eval mode the batch does not matter: take the saved mean"),
        ],
    }
    right = [0, -1, -np.sqrt(0.5), -2]
    for place, (case, hints) in enumerate(mistakes.items()):
        name = f"my_four at [{place}]"
        equal(found[place], right[place], name, case, hints, tolerance=0.01)
    passed("the same sample, and four answers: the company decides three of them")


def by_hand(result):
    """What a layer with GAMMA and BETA makes of BATCH in training, (5, 2)."""
    normal = _standardise(BATCH, 0)
    mean, var = BATCH.mean(axis=0), BATCH.var(axis=0)
    unbiased = (BATCH - mean) / BATCH.std(axis=0, ddof=1)
    hints = [
        (normal, "gamma and beta are missing"),
        (normal * GAMMA, "beta is missing"),
        (normal + BETA, "gamma is missing"),
        ((normal + BETA) * GAMMA, "first multiply by gamma, then add beta"),
        ((BATCH - mean) / var * GAMMA + BETA, "divide by the deviation, not by the variance"),
        (unbiased * GAMMA + BETA, "the variance divides by the number of samples, 5"),
        (_standardise(BATCH, 1) * GAMMA + BETA, "a feature is a column, a sample is a row"),
    ]
    equal(result, normal * GAMMA + BETA, "result", hints=hints, tolerance=0.002)
    passed("five samples, two features")


def normalise(function):
    """function(maps, saved_mean, saved_variance, training): result and what is saved next."""
    for place, rng in enumerate(cases()):
        shape = (3, 2, 4, 5) if place < 2 else rng.integers(2, 6, 4)
        maps = rng.normal(rng.uniform(3, 6), rng.uniform(2, 4), shape)
        mean, var = rng.uniform(-3, 0, shape[1]), rng.uniform(0.5, 1, shape[1])
        training = bool(place % 2 == 0)
        mode = "in training" if training else "in eval mode"
        if place in (2, 3):  # in training, and in eval mode: so little that ε decides
            maps, mean, var = 0.002 * maps, 0.002 * mean, 0.002**2 * var
            mode += " with a tiny variance"
        case = f"maps of shape {tuple(int(n) for n in shape)} {mode}"
        name = "normalise"
        found = call(function, maps, mean, var, training, name=name, case=case)
        three = isinstance(found, tuple | list) and len(found) == 3
        require(three, "normalise must return result, saved_mean, saved_variance")
        _check_result(found[0], maps, mean, var, training, case)
        _check_saved(found[1:], maps, mean, var, training, case)
    passed("result and saved statistics, in 20 random cases")


def poison(intruder, limit):
    """An eighth value that presses SEVEN together, and the value that it gets itself."""
    intruder = number(intruder, "intruder", -1e9, 1e9)
    limit = number(limit, "limit")
    together = _standardise(np.append(SEVEN, intruder), 0)
    width = np.ptp(together[:7])
    wide = f"the seven still lie over a range of {width:.3g}; what makes the deviation larger?"
    require(width < 0.01, wide)
    right = np.sqrt(7) * np.sign(intruder)
    hints = [(intruder, "this is its value before the layer")]
    hints.append((-right, "look at its sign"))
    equal(limit, right, "limit", hints=hints, tolerance=0.01)
    passed("one sample among n never gets further than the root of n − 1, but the rest vanishes")


def fold(function):
    """function(weight, bias, gamma, beta, mean, variance): a normalisation and a dense layer."""
    for place, rng in enumerate(cases()):
        # The first layer is square, so that rows and columns can be confused.
        inputs, outputs = (4, 4) if place == 0 else rng.integers(1, 6, 2)
        weight, bias = rng.normal(size=(inputs, outputs)), rng.normal(size=outputs)
        gamma, beta = rng.uniform(1.5, 3, inputs), rng.uniform(0.5, 2, inputs)
        mean, var = rng.uniform(1, 3, inputs), rng.uniform(2, 5, inputs)
        case = f"{inputs} inputs and {outputs} outputs"
        if place == 1:  # so little that ε decides
            mean, var = 0.002 * mean, 0.002**2 * var
            case += " with a tiny variance"
        given = weight, bias, gamma, beta, mean, var
        found = call(function, *given, name="fold", case=case)
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, "fold must return weight, bias")
        f = gamma / np.sqrt(var + 1e-5)
        hints = [
            (weight, "the weight must change, too"),
            (weight * gamma[:, None] / var[:, None], "divide by the deviation"),
            (weight * (gamma / np.sqrt(var))[:, None], _EPSILON),
            (weight * (gamma / (np.sqrt(var) + 1e-5))[:, None], _UNDER),
        ]
        if inputs == outputs:
            other = "here the scale belongs to the inputs: which axis of the weight is that?"
            hints.append((weight * f, other))
        equal(found[0], weight * f[:, None], "the weight", case, hints, tolerance=1e-4)
        shift = beta - f * mean
        hints = [
            (bias, "what becomes of the shift behind the dense layer?"),
            (shift @ weight, "the old bias is missing"),
            (bias + beta @ weight, "the mean is missing"),
            (bias + shift @ (weight * f[:, None]), "the shift is multiplied by f once too often"),
        ]
        if inputs == outputs:
            hints.append((bias + shift, "the shift has to pass through the weights"))
        equal(found[1], bias + shift @ weight, "the bias", case, hints, tolerance=1e-4)
    passed("one dense layer does the work of two")


def spy(function):
    """function(box): which normalisation is in the box, one of KINDS."""
    hints = {
        "training": "compare what a sample becomes in two companies",
        "eval": "its answer doesn't depend on the company; what else tells it apart?",
        "layer": "its answer doesn't depend on the company; what else tells it apart?",
    }
    for place, rng in enumerate(cases(21)):
        kind = KINDS[place % 3]
        found = call(function, _box(kind, rng), name="spy")
        found = choice(found, KINDS, "what spy returns")
        require(found == kind, f"spy took {kind!r} for {found!r}: {hints[kind]}")
    passed("21 boxes, 21 right answers")


def company(prediction, measure):
    """prediction of spread(8)/spread(32), and measure(size), the spread of a sample's result."""
    prediction = number(prediction, "prediction", 0, 100)
    found = {}
    for size in (5, 8, 32):  # in a batch of 5 it shows best whether sample 0 is left out
        name = f"measure({size})"
        found[size] = number(call(measure, size, name="measure"), name)
        right = _spread(size)
        near = f"{name} is near the variance: divide by a deviation, and return a deviation"
        require(abs(found[size] - right**2) > 0.12 * right**2, near)
        large = f"{name} gives {found[size]:.3g}, too much: is sample 0 a part of its own batch?"
        require(found[size] < 1.25 * right, large)
        fits = abs(found[size] - right) < 0.08 * right
        require(fits, f"{name} gives {found[size]:.3g}, which is not right")
    ratio = found[8] / found[32]
    passed(f"your prediction was {prediction:g} times, and you measured {ratio:.1f} times")


def _standardise(x, axes, ddof=0):
    mean, std = x.mean(axis=axes, keepdims=True), x.std(axis=axes, keepdims=True, ddof=ddof)
    return (x - mean) / std


def _check_result(found, maps, mean, var, training, case):
    from_saved, from_batch = (
        ops.batch_norm(maps, mean.copy(), var.copy(), training=mode) for mode in (False, True)
    )
    each, scaled = (1, -1, 1, 1), (maps - maps.mean(axis=(0, 2, 3), keepdims=True))
    hints = [
        (from_saved, "in training the batch gives the statistics"),
        (from_batch, "in eval mode the saved statistics are used"),
        (_standardise(maps, 0), "each place has a mean of its own; a channel needs only one"),
        (_standardise(maps, (0, 1, 2, 3)), "all channels share one mean"),
        (_standardise(maps, (2, 3)), "each sample has a mean of its own; the batch is missing"),
        (_standardise(maps, (1, 2, 3)), "this is layer normalisation"),
        (scaled / maps.var(axis=(0, 2, 3), keepdims=True), "divide by the standard deviation"),
        (_standardise(maps, (0, 2, 3), 1), "the variance divides by N·H·W, not by one less"),
        (
            (maps - mean.reshape(each)) / var.reshape(each),
            "divide by the root of the saved variance",
        ),
    ]
    for centre, spread in (
        (maps - mean.reshape(each), np.sqrt(var).reshape(each)),
        (scaled, maps.std(axis=(0, 2, 3), keepdims=True)),
    ):
        hints += [(centre / spread, _EPSILON), (centre / (spread + 1e-5), _UNDER)]
    right = from_batch if training else from_saved
    equal(found, right, "the result", case, hints, tolerance=1e-4)


def _check_saved(found, maps, mean, var, training, case):
    batch = {"saved_mean": maps.mean(axis=(0, 2, 3)), "saved_variance": maps.var(axis=(0, 2, 3))}
    unbiased = maps.var(axis=(0, 2, 3), ddof=1)
    for answer, old, (name, new) in zip(found, (mean, var), batch.items(), strict=True):
        averaged = 0.9 * old + 0.1 * new
        hints = [
            (0.1 * old + 0.9 * new, "which of the two has the share 0.9?"),
            (0.9 * old + 0.1 * unbiased, "the variance divides by N·H·W, not by one less"),
            (old, "in training it changes with every batch"),
            (new, "it is an average over many batches, not the last one"),
            (averaged, "in eval mode it stays as it is"),
            (averaged + 0.1 * 1e-5, "ε is for the division; it is not saved"),
        ]
        equal(answer, averaged if training else old, name, case, hints, tolerance=1e-4)


def _box(kind, rng):
    gamma, beta = rng.uniform(0.5, 2, 4), rng.normal(size=4)
    mean, std = rng.normal(2, 1, 4), rng.uniform(0.5, 2, 4)

    def box(x):
        x = numbers(x, "the batch for the box").astype(float)
        fits = x.ndim == 2 and len(x) and x.shape[1] == 4
        require(fits, f"the batch has shape {x.shape}; the box expects (samples, 4)")
        if kind == "eval":
            return (x - mean) / std * gamma + beta
        axis = 0 if kind == "training" else 1
        centred = x - x.mean(axis=axis, keepdims=True)
        return centred / np.sqrt(x.var(axis=axis, keepdims=True) + 1e-5) * gamma + beta

    return box


def _spread(size):
    """The deviation of what sample 0, a 0, becomes in a batch with random companions."""
    batches = np.random.default_rng(0).normal(size=(20_000, size))
    batches[:, 0] = 0
    return _standardise(batches, 1)[:, 0].std()
