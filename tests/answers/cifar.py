"""Answers to the exercises of chapter 16."""

import numpy as np

from helpers import nn, ops
from helpers.data import load_splits

from . import Answers

RIGHT = [896, 9248, 18496, 36928, 131584, 5130]


def with_dense_layer(count):
    return [*RIGHT[:4], count, 5130]


def image_by_image(scores, targets):
    total = 0.0
    for row, shares in zip(scores, targets, strict=True):
        total += np.log(np.exp(row - row.max()).sum()) - shares @ (row - row.max())
    return np.float32(total / len(scores)).tolist()


def log_shares(scores, axis=1):
    scores = scores - scores.max(axis=axis, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=axis, keepdims=True))


def overflows(scores, targets):
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return -(targets * np.log(shares)).sum(axis=1).mean()


def by_power(low, high, rng):
    return low * (high / low) ** rng.random()


def own_seed(low, high, rng):
    return by_power(low, high, np.random.default_rng(0))


def dots(change, places=(2, 6)):
    """Judge by the places of a dot in each image, and by a white image's darkest pixel."""
    x = np.zeros((300, 3, 9, 9), np.float32)
    x[:, :, 4, 4] = 1
    y = change(x, np.random.default_rng(3))
    if x[:, :, 4, 4].min() == 0:
        return 0
    found = np.argwhere(y == 1)[:, 2:].reshape(300, 3, 2)
    together = (found == found[:, :1]).all()
    low, high = places
    spread = found.min() == low and found.max() == high and len(np.unique(found[:, 0], axis=0)) > 9
    dark = change(x * 0 + 1, np.random.default_rng(4)).min() == 0
    return int(together and spread and dark)


def forgets_colours(change):
    x = np.ones((300, 3, 9, 9))
    y = change(x, np.random.default_rng(0))
    return x.min() == 1 and y.min() == 0 and not (y == y[:1]).all() and y[:, :, -1].min() == 0


def shape_only(change):
    return change(np.ones((5, 3, 6, 6)), np.random.default_rng(0)).shape == (5, 3, 6, 6)


def taught(change, epochs=10, once=False):
    splits = load_splits("digits", size=8)
    x, labels = splits.train[0][:150], splits.train[1][:150]
    if once and change:
        x, change = change(x, np.random.default_rng(0)), None
    scores = []
    for seed in (5, 6):
        rng = np.random.default_rng(seed)
        layers = [nn.Conv2D(1, 16, 3, rng=rng), nn.ReLU(), nn.MaxPool2D(2), nn.Flatten()]
        model = nn.Sequential(*layers, nn.Linear(144, 10, rng=rng))
        optimizer = nn.Adam(0.005, parameters=model.parameters())
        nn.fit(model, optimizer, (x, labels), epochs, None, 16, seed, None, change)
        scores.append(nn.evaluate(model, splits.validation)[1])
    return np.float32(np.mean(scores))


def all_training_digits(change):
    x = load_splits("digits", size=8).train[0]
    for _ in range(10):
        change(x, np.random.default_rng(0))
    return 0.1


GUESS = (0.9, 0.8, 0.85)

ANSWERS = {
    "axis_that_lies": Answers(
        second=np.float32(0.5375),
        wrong=[
            (0, "which is honest"),
            (0.5, "2.00 times as tall"),
            (0.55, "has no height"),
            (53.75, "from 0 to 1"),
        ],
    ),
    "half_size": Answers(
        second=np.array(RIGHT, float),
        wrong=[
            (with_dense_layer(512 * 2305), "for images of 32×32"),
            (with_dense_layer(512 * 577), "drops an odd row"),
            (with_dense_layer(512 * 1025), "a pixel at each side"),
            (with_dense_layer(512 * 65), "how large are the maps"),
            ([864, 9216, 18432, 36864, 131072, 5120], "biases are missing"),
            (sum(RIGHT), "has shape ()"),
        ],
    ),
    "soft_cross_entropy": Answers(
        second=image_by_image,
        wrong=[
            (overflows, "take the largest score"),
            (lambda s, t: -(t * log_shares(s)).sum(), "sum over the images"),
            (lambda s, t: -(t * log_shares(s)).mean(), "over classes, too"),
            (lambda s, t: -(t * log_shares(s)).sum(axis=1), "loss of each image"),
            (lambda s, t: (t * log_shares(s)).sum(axis=1).mean(), "the sign"),
            (lambda s, t: -(t * log_shares(s, 0)).sum(axis=1).mean(), "of one image, axis 1"),
            (lambda s, t: ops.cross_entropy(s, t.argmax(axis=1)), "only the largest target"),
        ],
    ),
    "draw_rate": Answers(
        second=by_power,
        wrong=[
            (lambda low, high, rng: rng.uniform(low, high), "even on a linear scale"),
            (lambda low, high, rng: rng.uniform(np.log10(low), np.log10(high)), "the exponent"),
            (lambda low, high, rng: 10 ** rng.uniform(np.log(low), np.log(high)), "which base"),
            (own_seed, "every draw is the same"),
            (lambda low, high, rng: by_power(low, high, np.random), "with no other"),
            (lambda low, high, rng: low + high, "every draw is the same"),
        ],
    ),
    "is_sound": Answers(
        second=dots,
        wrong=[
            (lambda change: True, "takes a change where all images"),
            (lambda change: False, "refuses a change without a fault"),
            (shape_only, "takes a change where"),
            (forgets_colours, "the colours of an image move apart"),
            (lambda change: "sound", "numbers are expected"),
            (lambda change: dots(change, (3, 5)), "refuses a change without a fault"),
        ],
    ),
    "changes_of_digits": Answers(
        second=(np.array(GUESS), taught),
        wrong=[
            ((0.9, taught), "shape (), expected (3,)"),
            (([90, 80, 85], taught), "not from 0 to 1"),
            ((GUESS, lambda change: 0.9), "never calls change"),
            ((GUESS, lambda change: taught(change, once=True)), "in every epoch anew"),
            ((GUESS, lambda change: taught(change, epochs=1)), "in every epoch anew"),
            ((GUESS, all_training_digits), "not among the 150"),
        ],
    ),
}
