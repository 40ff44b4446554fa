"""Answers to the exercises of chapter 01."""

from collections import Counter

import numpy as np
from scipy import ndimage

from helpers.data import crop_to_ink, scatter_on_canvas

from . import Answers


def by_counter(train_labels, test_labels):
    ((commonest, _),) = Counter(train_labels.tolist()).most_common(1)
    return sum(label == commonest for label in test_labels) / len(test_labels)


def of_the_test(train_labels, test_labels):
    return np.bincount(test_labels).max() / len(test_labels)


def on_training(train_labels, test_labels):
    return np.bincount(train_labels).max() / len(train_labels)


def largest_piece(pictures):
    cleaned = np.zeros_like(pictures)
    for picture, place in zip(pictures[:, 0], cleaned[:, 0], strict=True):
        pieces, count = ndimage.label(picture)
        sizes = ndimage.sum_labels(picture, pieces, range(1, count + 1))
        place[:] = picture * (pieces == 1 + np.argmax(sizes))
    return crop_to_ink(cleaned).tolist()


def in_place(pictures):
    pictures[pictures > 0.5] = 0
    return pictures


def by_distance(shuffled):
    columns = shuffled.T
    distance = (columns**2).sum(axis=1) - 2 * columns @ columns.T
    distance += (columns**2).sum(axis=1)[:, None]
    np.fill_diagonal(distance, np.inf)
    return distance.argmin(axis=1).tolist()


def itself(shuffled):
    return (shuffled.T @ shuffled).argmax(axis=1)


def with_nan(shuffled):
    with np.errstate(invalid="ignore"):
        correlation = np.corrcoef(shuffled.T)
    np.fill_diagonal(correlation, -1)
    return correlation.argmax(axis=1)


def next_column(shuffled):
    return np.arange(256) ^ 1


def one_by_one(x, labels, times, rng):
    pictures, found = [], []
    for digit, label in zip(x, labels, strict=True):
        pictures.append(scatter_on_canvas(np.repeat(digit[None], times, axis=0), 16, rng))
        found += [int(label)] * times
    return np.concatenate(pictures), found


def mixed_up(x, labels, times, rng):
    return one_by_one(x, labels, times, rng)[0], np.tile(labels, times)


def one_place(x, labels, times, rng):
    pictures = scatter_on_canvas(x, 16, rng)
    return np.tile(pictures, (times, 1, 1, 1)), np.tile(labels, times)


def only_pictures(x, labels, times, rng):
    return one_by_one(x, labels, times, rng)[0]


ANSWERS = {
    "four_guesses": Answers(
        second=(np.array([0.5, 0.5, 0.9, 0.1]),),
        wrong=[
            (([50, 50, 90, 30],), "write 0.5 for 50 %"),
            (([0.5, 0.5, 0.9],), "four numbers"),
            (([0.5, 0.5, 0.9, 0.01],), "at random reaches 0.1"),
            (([0.5, 0.5, 0.9, -0.1],), "negative"),
        ],
    ),
    "photograph": Answers(
        second=(1296000036000000.0, np.array(84)),
        wrong=[
            ((36_000_000**2, 84), "a bias, too"),
            ((12_000_000 * 12_000_001, 84), "three numbers"),
            ((36_000_001, 84), "one output"),
            ((36_000_000 * 36_000_001, 28), "this is one window"),
            ((36_000_000 * 36_000_001, 30), "all three channels"),
            ((36_000_000 * 36_000_001, 81), "a bias, too"),
            ((36_000_000 * 36_000_001, 90), "one bias"),
            ((36_000_000 * 36_000_002, 84), "not right"),
        ],
    ),
    "without_a_look": Answers(
        second=by_counter,
        wrong=[
            (of_the_test, "that of the test set"),
            (on_training, "the labels for training"),
            (lambda train, test: 100 * by_counter(train, test), "per cent"),
            (lambda train, test: np.bincount(train).argmax(), "this is the label"),
            (lambda train, test: 0.1, "not right"),
        ],
    ),
    "clean": Answers(
        second=largest_piece,
        wrong=[
            (lambda pictures: pictures, "100% of the specks are still there"),
            (lambda pictures: pictures * (pictures < 0.5), "of the ink is gone"),
            (in_place, "changes its argument"),
            (lambda pictures: 0 * pictures, "removes everything"),
            (lambda pictures: pictures[:, 0], "expected (1297, 1, 16, 16)"),
        ],
    ),
    "neighbours": Answers(
        second=by_distance,
        wrong=[
            (itself, "their own neighbours"),
            (with_nan, "look for NaN"),
            (next_column, "in the shuffled rows"),
            (lambda shuffled: np.random.default_rng(0).permutation(256), "70 % are needed"),
            (lambda shuffled: shuffled.T @ shuffled, "shape (256, 256)"),
            (lambda shuffled: np.arange(256) + 0.5, "numbers of columns"),
        ],
    ),
    "time_or_places": Answers(
        second=("time", one_by_one, 0.61, np.float32(0.8)),
        wrong=[
            (("both", one_by_one, 0.61, 0.8), "prediction is 'both'"),
            (("places", mixed_up, 0.61, 0.8), "a label does not belong"),
            (("places", one_place, 0.61, 0.8), "same place"),
            (("places", only_pictures, 0.61, 0.8), "must return pictures, labels"),
            (("places", one_by_one, 0.8, 0.61), "with_time is 0.80"),
            (("places", one_by_one, 61, 80), "from 0 to 1"),
        ],
    ),
}
