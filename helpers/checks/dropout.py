"""Checks of the exercises of chapter 09."""

from functools import lru_cache
from itertools import product

import numpy as np

from ..data import load_digits
from ..networks import Networks
from ._engine import (
    call,
    cases,
    choice,
    choices,
    equal,
    number,
    numbers,
    passed,
    require,
    several,
    whole,
)

VALUES, MASK, P = np.array([6.0, 12, 3, 9]), np.array([1, 0, 1, 1]), 0.25
VERDICTS = ("right", "mean", "mask", "inference")


def four_coins(bet, tosses):
    """A bet on how many of ten tosses of four coins show two heads, and the ten tosses."""
    bet = whole(bet, "my_bet", 0, 10)
    tosses = several(tosses, 10, "my_tosses")
    for place, heads in enumerate(tosses):
        whole(heads, f"my_tosses at [{place}]", 0, 4)
    passed(f"you said {bet} of 10, and {int((tosses == 2).sum())} tosses had two heads")


def by_hand(result):
    """Both modes in training and at inference: four rows of what becomes of VALUES, (4, 4)."""
    up, down = VALUES * MASK / (1 - P), VALUES * MASK
    right = np.array([up, VALUES, down, VALUES * (1 - P)])
    halves = np.array([up, VALUES * MASK, down, VALUES * MASK * (1 - P)])
    by_p = np.array([VALUES * MASK / P, VALUES, down, VALUES * P])
    plain = np.array([down, VALUES, down, VALUES])
    hints = [
        (right[[2, 3, 0, 1]], "the two modes are exchanged"),
        (right[[0, 2, 1, 3]], "look at the order of the rows"),
        (by_p, "p is the probability of dropping; 1 − p is left"),
        (halves, "at inference all units are on"),
        (plain, "nothing is rescaled"),
    ]
    equal(result, right, "result", hints=hints, tolerance=0.001)
    passed("two modes, two ways to keep the mean")


def dropout(function):
    """function(x, p, training, rng): dropout that divides by 1 − p in training."""
    exact = []
    for place, rng in enumerate(cases(6)):
        p = (0.2, 0.5, 0.7)[place % 3]
        x = rng.uniform(1, 2, (200, 500))
        case = f"p = {p}"
        found = numbers(call(function, x, p, False, rng, name="dropout"), "what dropout returns")
        whole_x = [(x * (1 - p), "at inference this mode changes nothing")]
        require((found != 0).all(), "at inference no unit is dropped")
        equal(found, x, "the result", f"{case} at inference", whole_x)
        seed = int(rng.integers(1000))
        first, again, other = (
            numbers(call(function, x, p, True, np.random.default_rng(s), name="dropout"), "result")
            for s in (seed, seed, seed + 1)
        )
        require(first.shape == x.shape, f"the result has shape {first.shape}, expected {x.shape}")
        _check_mask(first != 0, p, case)
        fixed = "another rng gives the same mask: draw with the rng that is given"
        require(not np.array_equal(first, other), fixed)
        fresh = "the same rng gives two masks: draw with the rng that is given"
        require(np.array_equal(first, again), fresh)
        kept = x * (first != 0)
        hints = [
            (kept, "nothing is rescaled"),
            (kept / p, "a share of 1 − p is left, not p"),
            (kept * (1 - p), "fewer units are left, so each must become larger"),
        ]
        equal(first, kept / (1 - p), "the result", case, hints)
        exact.append((first == 0).sum() == round(p * x.size))
    require(not all(exact), "always the same number is dropped; each is dropped by itself")
    passed("masks, rescaling and inference, in 6 random cases")


def twice(function):
    """function(p, q): the single dropout that does the same as one with p and one with q."""
    for place, rng in enumerate(cases()):
        p, q = (0.2, 0.4) if place == 0 else rng.uniform(0.05, 0.95, 2).round(2)
        found = call(function, p, q, name="twice")
        hints = [
            (p + q, "what both of them would drop is counted twice"),
            (p * q, "these are the units that both would drop"),
            (p + q - 2 * p * q, "a unit that both would drop is dropped, too"),
            ((1 - p) * (1 - q), "this is the share that is left"),
            (max(p, q), "the second one drops some of those that the first one left"),
        ]
        equal(found, p + q - p * q, "twice", f"p = {p} and q = {q}", hints)
    passed("what is left is left by both")


def suspect(index):
    """Return one of four dropout layers with p = 0.2: layer(x, training), for x (N, units)."""
    rng = np.random.default_rng(index)

    def layer(x, training):
        x = numbers(x, "x").astype(float)
        require(x.ndim == 2, f"x has shape {x.shape}; expected (samples, units)")
        kept = rng.random(x.shape) >= 0.2
        if index == 0:
            return x * kept[:1] / 0.8 if training else x
        if index == 1:
            return x * kept / 0.8
        if index == 2:
            return x * kept if training else x * 0.8
        return x * kept * 0.8 if training else x

    require(index in (0, 1, 2, 3), f"suspect {index!r}: there are 0, 1, 2 and 3")
    return layer


def verdicts(answers):
    """What is wrong with each `suspect`, four of VERDICTS."""
    four = isinstance(answers, list | tuple) and len(answers) == 4
    require(answers is not ..., "verdicts is not written yet")
    require(four, "verdicts must be a list of four words")
    hints = [
        "compare the zeros of several samples",
        "call it twice with training=False",
        "compare its mean in training with its mean at inference, not with x",
        "compare its mean in training with its mean at inference",
    ]
    right = ("mask", "inference", "right", "mean")
    choices(answers, VERDICTS, right, "verdicts", hints)
    passed("three broken layers, and one that only looks broken")


def overlooked(weights, other_way):
    """Three weights for which ReLU(whole) is 0 and the mean over masks at least 2."""
    weights = numbers(weights, "weights").astype(float)
    require(weights.shape == (3,), f"weights has shape {weights.shape}; three are expected")
    require(np.abs(weights).max() <= 10, "a weight is beyond −10 to 10")
    products = weights * [1, 2, 3]
    whole_network = max(products.sum(), 0)
    require(whole_network < 1e-9, f"the whole network gives {whole_network:g}, not 0")
    mean = np.mean([max(2 * products @ mask, 0) for mask in product([0, 1], repeat=3)])
    require(mean > 2 - 1e-9, f"the mean of the eight thinned networks is {mean:g}, less than 2")
    other_way = choice(other_way, ("never", "sometimes"), "other_way")
    mean_of = "think of one sum and of the mean of many: what can ReLU do to the negative ones?"
    require(other_way == "never", f"other_way is {other_way!r}: {mean_of}")
    passed(f"the whole network says 0, and its eight thinned ones {mean:g} on average")


def units_lost(plain, thinned, measure):
    """Two predictions, and measure(networks, x, labels, share), an accuracy with units off."""
    plain, thinned = number(plain, "plain", 0, 1), number(thinned, "thinned", 0, 1)
    found = []
    for p in (0.0, 0.5):
        networks, x, labels = _networks(p)
        whole_network = networks.accuracy((x, labels)).mean()
        result = number(call(measure, networks, x, labels, 0.0, name="measure"), "measure", 0, 1)
        none = f"with a share of 0 nothing is off, and the accuracy is not {result:.3f}"
        require(abs(result - whole_network) < 0.002, none)
        result = number(call(measure, networks, x, labels, 0.75, name="measure"), "measure", 0, 1)
        require(abs(result - whole_network) > 0.02, "with a share of 0.75 no unit is off")
        other = "share is what is switched off, not what is left"
        require(abs(result - _accuracy(p, 0.25)) > 0.03, other)
        found.append(result)
    _check_own_masks(measure)
    for p, result in zip((0.0, 0.5), found, strict=True):
        fits = abs(result - _accuracy(p, 0.75)) < 0.06
        require(fits, f"measure gives {result:.3f} for a share of 0.75, which is not right")
    # Two networks whose units add 1 to the score of class 0, and class 1 has a bias of 0.9.
    networks = _blank(2)
    networks.weights[1][:, :, 0], networks.biases[1][..., 1] = 0.01, 0.9
    given = networks, np.zeros((1000, 64)), np.zeros(1000, int), 0.75
    result = number(call(measure, *given, name="measure"), "measure", 0, 1)
    require(result > 0.05, "measure gives too little: are the units that stay on divided?")
    require(result < 0.95, "measure gives too much: do the biases of the scores count?")
    words = "trained {} dropout: you said {:.2f}, measured {:.2f}"
    without = words.format("without", plain, found[0])
    passed(f"{without}; {words.format('with', thinned, found[1])}")


def _check_mask(kept, p, case):
    share = 1 - kept.mean()
    require(share > 0, f"no unit is dropped in training for {case}")
    if p != 0.5:
        exchanged = f"a share of {share:.2f} is dropped for {case}; p is that of dropping"
        require(abs(share - (1 - p)) > 0.1, exchanged)
    require((kept != kept[0]).any(), "all examples of the batch share one mask")
    require((kept != kept[:, :1]).any(), "all units of an example are dropped together")
    varies = "always the same number is dropped; each is dropped by itself"
    require(len(set(kept.sum(axis=1))) > 1 and len(set(kept.sum(axis=0))) > 1, varies)
    require(abs(share - p) < 0.02, f"a share of {share:.2f} is dropped for {case}")


def _check_own_masks(measure):
    """Refuse one mask for all digits, or for all networks: a right measure, once in 10⁶ checks.

    Ten networks watch five units, and answer 1 where theirs is on: on all digits or none, if these
    share a mask. Then every second answers 1 where its unit is off. So half of them are right on
    each digit, if networks share a mask.
    """
    for whose, on in (("digits", np.ones(10, int)), ("networks", np.arange(10) % 2)):
        networks, each = _blank(10), np.arange(10)
        networks.weights[1][each, each // 2, on], networks.biases[1][each, 0, 1 - on] = 1, 0.5
        right = []
        for count in (2000, 1900, 1800):
            given = networks, np.zeros((count, 64)), np.ones(count, int), 0.5
            right.append(10 * number(call(measure, *given, name="measure"), "measure", 0, 1))
        if min(right) == 10:
            return  # no unit was off, which is another mistake
        shared = np.allclose(right, np.round(right))
        require(not shared, f"all {whose} have the same units off; draw for each")


def _blank(count):
    """So many networks whose hidden units are all 1, and whose scores are 0."""
    networks = Networks((64, 100, 10), seeds=count)
    for array in (*networks.weights, *networks.biases):
        array[:] = 0
    networks.biases[0][:] = 1
    return networks


def _networks(p):
    """Five trained networks, and the test digits and their labels."""
    digits = load_digits(size=8)
    x, test = (part[0].reshape(-1, 64).astype(float) for part in (digits.train, digits.test))
    networks = Networks((64, 100, 10), seeds=5, p=p)
    networks.fit((x[:500], digits.train[1][:500]), 5e-3, epochs=20, method="adam", batch_size=50)
    return networks, test, digits.test[1]


@lru_cache
def _accuracy(p, share):
    """The mean over 20 masks of the accuracy with a share of the hidden units off."""
    networks, x, labels = _networks(p)
    rng = np.random.default_rng(0)
    hidden = networks.outputs(x)[0]
    right = []
    for _ in range(20):
        kept = hidden * (rng.random(hidden.shape) >= share) / (1 - share)
        scores = kept @ networks.weights[1] + networks.biases[1]
        right.append((scores.argmax(axis=2) == labels).mean())
    return np.mean(right)
