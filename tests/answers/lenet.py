"""Answers to the exercises of chapter 15."""

import numpy as np

from helpers import geometry, nn
from helpers.geometry import conv, flatten, linear, pool

from . import Answers

RIGHT = [122304, 5880, 151600, 2000, 48120, 10164]


def in_other_words(weight, bias):
    """Twice the function 2·s − 1 of every input, with a sum by hand."""
    shifted = [number - sum(column) for number, column in zip(bias, weight.T, strict=True)]
    return (weight * 4.0).tolist(), [2 * number for number in shifted]


def by_spikes(layer):
    """A single dot in one map after the other, two calls for each of them."""
    found = []
    for place in range(6):
        picture = np.zeros((1, 6, 14, 14), np.float32)
        dark = layer(picture)
        picture[0, place, 7, 7] = 1
        found.append((layer(picture) != dark).any(axis=(0, 2, 3)).astype(int))
    return found


def flat_pictures(layer):
    pictures = np.zeros((6, 6, 14, 14))
    pictures[range(6), range(6)] = 1
    return (layer(pictures) != layer(0 * pictures)).any(axis=(2, 3))


def with_bias(layer):
    pictures = np.zeros((6, 6, 14, 14))
    pictures[range(6), range(6), 7, 7] = 1
    return np.ones_like(layer(pictures)).any(axis=(2, 3))


def stories(settings, digits):
    rng = np.random.default_rng(1)
    return rng.binomial(digits, 0.97, (3000, settings)) / digits


def digit_by_digit(settings, digits):
    rng = np.random.default_rng(2)
    best = [rng.binomial(digits, 0.97, settings).max() for _ in range(2000)]
    return np.float32(np.mean(best) / digits - 0.97)


def small(*last, kernel=4, padding=0):
    first = [conv(6, 5, padding=padding), pool(2), conv(16, 5), pool(2), conv(120, kernel)]
    return [*first, *last]


DENSE = [flatten(), linear(84), linear(10)]
OTHER = [conv(6, 3), pool(2), conv(14, 6), geometry.activation(), pool(2), conv(120, 4)]
OTHER += [flatten(), linear(84), geometry.activation("tanh"), linear(10)]

ANSWERS = {
    "bet": Answers(
        second=("SVM", np.array([9.0, 3.0])),
        wrong=[
            (("CNN", (3, 8)), "one of 'LeNet-5', 'SVM'"),
            (("SVM", (3, 3)), "two different digits"),
            (("SVM", 3), "two digits are expected"),
            (("SVM", (3, 10)), "pair holds 10"),
            (("SVM", ("3", "8")), "numbers are expected"),
        ],
    ),
    "connections": Answers(
        second=np.array(RIGHT, float),
        wrong=[
            ([117600, 4704, 150000, 1600, 48000, 10080], "the biases are missing"),
            ([156, 12, 1516, 32, 48120, 10164], "these are parameters"),
            ([122304, 5880, 241600, 2000, 48120, 10164], "the full table"),
            ([122304, 2352, 151600, 800, 48120, 10164], "five connections at a place"),
            ([122304, 980, 151600, 125, 48120, 10164], "one map of S2"),
            ([122304, 5880, 151600, 2000, 48120, 10000], "connections at [5] is 10000"),
        ],
    ),
    "as_sigmoids": Answers(
        second=in_other_words,
        wrong=[
            (lambda w, b: 4 * w, "must return two things"),
            (lambda w, b: (2 * w, 2 * (b - w.sum(axis=0))), "both steps double"),
            (lambda w, b: (4 * w, b - w.sum(axis=0)), "asks for twice"),
            (lambda w, b: (4 * w, 2 * (b - 2 * w.sum(axis=0))), "not of the new ones"),
            (lambda w, b: (4 * w, 2 * b), "nothing makes up for it"),
            (lambda w, b: (4 * w, 2 * (b + w.sum(axis=0))), "the sign is wrong"),
            (lambda w, b: (4 * w, 2 * (b - w.sum(axis=1))), "sum over the inputs"),
            (lambda w, b: (4 * w, 2 * b - w.sum(axis=0)), "is doubled, too"),
        ],
    ),
    "smaller_pictures": Answers(
        second=OTHER,
        wrong=[
            (small(*DENSE, kernel=5), "layers: "),
            (small(*DENSE, kernel=3), "how large is the map"),
            (small(*DENSE, kernel=5, padding=2), "has padding 2"),
            (small(flatten(), linear(84)), "there are 7 layers"),
            (small(linear(84), linear(10)), "flatten"),
            ([conv(6, 5), pool(2), conv(26, 5), pool(2), conv(120, 4), *DENSE], "at most 45,000"),
            (nn.Sequential(nn.Conv2D(1, 6, 5)), "must be a list"),
        ],
    ),
    "find_table": Answers(
        second=by_spikes,
        wrong=[
            (flat_pictures, "does not see a flat picture"),
            (with_bias, "a bias answers"),
            (lambda layer: np.array(by_spikes(layer)).T, "the input maps are the rows"),
            (lambda layer: 1 - np.array(by_spikes(layer)), "are exchanged"),
            (lambda layer: layer(np.ones((6, 14, 14))), "it takes (N, 6, 14, 14)"),
        ],
    ),
    "luckiest": Answers(
        second=(0.03, digit_by_digit),
        wrong=[
            ((3, digit_by_digit), "from 0 to 0.03"),
            ((0, lambda m, n: stories(m, n).mean() - 0.97), "take the best share"),
            ((0, lambda m, n: stories(m, n).max(axis=1).mean()), "by how much is it above"),
            ((0, lambda m, n: n * (stories(m, n).max(axis=1).mean() - 0.97)), "of all digits"),
            ((0, lambda m, n: stories(m, n).max() - 0.97), "the best of each story"),
            ((0, lambda m, n: stories(m, n).max(axis=0).mean() - 0.97), "the best of each story"),
        ],
    ),
}
