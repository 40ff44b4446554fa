"""Answers to the exercises of chapter 09."""

from functools import partial

import numpy as np

from helpers import ops
from helpers.checks.dropout import MASK, VALUES

from . import Answers

RIGHT = np.array([VALUES * MASK / 0.75, VALUES, VALUES * MASK, VALUES * 0.75])


def by_ops(x, p, training, rng):
    return ops.dropout(x, p, training, rng=rng).astype(np.float32)


def with_mask(draw):
    def dropout(x, p, training, rng):
        return x * (draw(x, p, rng) >= p) / (1 - p) if training else x

    return dropout


def exact(x, p, rng):
    """As many numbers below p as p says, at random places."""
    return rng.permutation(x.size).reshape(x.shape) / x.size


def exact_in_rows(x, p, rng):
    return rng.permuted(np.tile(np.arange(x.shape[1]) / x.shape[1], (len(x), 1)), axis=1)


def keeps_p(x, p, training, rng):
    return x * (rng.random(x.shape) < p) / p if training else x


def unscaled(x, p, training, rng):
    return x * (rng.random(x.shape) >= p) if training else x


def smaller(x, p, training, rng):
    return unscaled(x, p, training, rng) * (1 - p if training else 1)


def at_inference(x, p, training, rng):
    return unscaled(x, p, True, rng) / (1 - p)


def downscale(x, p, training, rng):
    return unscaled(x, p, training, rng) * (1 if training else 1 - p)


def in_place(x, p, training, rng):
    x *= 2
    return x


def by_shares(networks, x, labels, share):
    networks.p, before = share, networks.p
    found = networks.shares(x, masks=np.random.default_rng(9)).argmax(axis=2)
    networks.p = before
    return float(np.mean(found == labels))


def nothing_off(networks, x, labels, share):
    return networks.accuracy((x, labels)).mean()


def without(networks, x, labels, share, rescaled=True, biases=True):
    hidden = networks.outputs(x)[0]
    kept = np.random.default_rng(0).random(hidden.shape) >= share
    hidden = hidden * kept / (1 - share if rescaled else 1)
    scores = hidden @ networks.weights[1] + biases * networks.biases[1]
    return (scores.argmax(axis=2) == labels).mean()


def sharing(axis, draw):
    """With one mask along an axis: 0 for all networks, 1 for all digits."""

    def measure(networks, x, labels, share):
        hidden = networks.outputs(x)[0]
        shape = [1 if place == axis else size for place, size in enumerate(hidden.shape)]
        hidden = hidden * (draw(shape) >= share) / (1 - share)
        scores = hidden @ networks.weights[1] + networks.biases[1]
        return (scores.argmax(axis=2) == labels).mean()

    return measure


def share_left(networks, x, labels, share):
    return by_shares(networks, x, labels, 1 - share if share else 0)


def inputs_off(networks, x, labels, share):
    kept = np.random.default_rng(0).random(x.shape) >= share
    return networks.accuracy((x * kept / (1 - share), labels)).mean()


ANSWERS = {
    "four_coins": Answers(
        second=(4.0, np.array([2, 1, 3, 2, 4, 0, 2, 1, 3, 3])),
        wrong=[
            ((11, [2] * 10), "from 0 to 10"),
            ((5, [2] * 9), "ten numbers are expected"),
            ((5, [2] * 9 + [5]), "my_tosses at [9] is 5; possible are numbers from 0 to 4"),
            ((5, [2] * 9 + [1.5]), "a whole number is expected"),
        ],
    ),
    "by_hand": Answers(
        second=RIGHT.tolist(),
        wrong=[
            (RIGHT[[2, 3, 0, 1]], "the two modes are exchanged"),
            ([VALUES * MASK * 4, VALUES, VALUES * MASK, VALUES / 4], "1 − p is left"),
            (RIGHT * MASK, "at inference all units are on"),
            (RIGHT[:2], "shape (2, 4), expected (4, 4)"),
            (RIGHT + np.eye(4)[::-1], "result at [0, 3] is 13"),
        ],
    ),
    "dropout": Answers(
        second=by_ops,
        wrong=[
            (with_mask(lambda x, p, rng: rng.random(x.shape[1:])), "share one mask"),
            (with_mask(lambda x, p, rng: rng.random((len(x), 1))), "are dropped together"),
            (with_mask(exact), "always the same number"),
            (with_mask(exact_in_rows), "always the same number"),
            (with_mask(lambda x, p, rng: np.random.default_rng(0).random(x.shape)), "another rng"),
            (with_mask(lambda x, p, rng: np.random.default_rng().random(x.shape)), "two masks"),
            (keeps_p, "p is that of dropping"),
            (unscaled, "nothing is rescaled"),
            (smaller, "each must become larger"),
            (at_inference, "at inference no unit is dropped"),
            (downscale, "at inference this mode changes nothing"),
            (in_place, "changes its argument"),
        ],
    ),
    "twice": Answers(
        second=lambda p, q: p + q - p * q,
        wrong=[
            (lambda p, q: p + q, "is counted twice"),
            (lambda p, q: p * q, "that both would drop"),
            (lambda p, q: (1 - p) * (1 - q), "the share that is left"),
            (max, "some of those that the first one left"),
        ],
    ),
    "verdicts": Answers(
        second=(("mask", "inference", "right", "mean"),),
        wrong=[
            (["right", "inference", "right", "mean"], "compare the zeros of several samples"),
            (["mask", "inference", "mean", "mean"], "not with x"),
            (["mask", "inference", "right"], "a list of four words"),
            (["mask", "dropped", "right", "mean"], "one of 'right'"),
        ],
    ),
    "overlooked": Answers(
        second=(np.array([0.0, 10, -7]), "never"),
        wrong=[
            (([1, 1, -1], "never"), "less than 2"),
            (([2, 1, -1], "never"), "the whole network gives 1, not 0"),
            (([10, -5, 0], "sometimes"), "what can ReLU do"),
            (([100, -50, 0], "never"), "beyond −10 to 10"),
        ],
    ),
    "units_lost": Answers(
        second=(0.9, 1, by_shares),
        wrong=[
            ((0.9, 0.9, nothing_off), "no unit is off"),
            ((0.9, 0.9, share_left), "not what is left"),
            ((0.9, 0.9, sharing(0, np.random.default_rng(5).random)), "all networks have the same"),
            ((0.9, 0.9, sharing(1, np.random.default_rng(5).random)), "all digits have the same"),
            ((0.9, 0.9, sharing(2, np.random.default_rng(5).random)), "which is not right"),
            ((0.9, 0.9, inputs_off), "which is not right"),
            ((0.9, 0.9, partial(without, rescaled=False)), "units that stay on divided"),
            ((0.9, 0.9, partial(without, biases=False)), "biases of the scores"),
            ((90, 90, by_shares), "from 0 to 1"),
            ((0.9, 0.9, lambda networks, x, labels, share: 0.9), "the accuracy is not 0.900"),
        ],
    ),
}
