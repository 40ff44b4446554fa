"""Answers to the exercises of chapter 06."""

import numpy as np
from scipy import ndimage

from helpers import ops

from . import Answers

LARGEST = [[4, 8], [6, 8]]
AVERAGE = [[1, 2], [1, 3]]


def by_windows(x, k, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
    return windows[:, ::stride, ::stride].max(axis=(3, 4)).astype("float32").tolist()


def from_zero(x, k, stride):
    return np.maximum(by_windows(x, k, stride), 0)


def side_by_side(x, k, stride):
    return by_windows(x, k, k)


def all_channels(x, k, stride):
    return np.max(by_windows(x, k, stride), axis=0)


def hanging_over(x, k, stride):
    return ops.max_pool2d(x[None], k, stride, ceil_mode=True)[0]


def weights(rows, last):
    return np.reshape(rows, (-1, 1, 1, 2)), np.reshape(last, (1, -1, 1, 1)).tolist()


def closing(x):
    return ndimage.grey_closing(x, (1, 1, 5, 5))


def thicker(x):
    return ops.max_pool2d(x, 3, stride=1, padding=1)


def opening(x):
    return thicker(-thicker(-x))


def change(k, divide=True, power=1, pool=ops.avg_pool2d):
    noise = np.random.default_rng().normal(size=(1, 1, 513, 512))
    before, after = pool(noise[:, :, :-1], k), pool(noise[:, :, 1:], k)
    found = (after - before).std() / before.std() / (np.sqrt(2) if divide else 1)
    return found**power


def other_noise(k):
    rng = np.random.default_rng()
    before, after = ops.avg_pool2d(rng.normal(size=(2, 1, 512, 512)), k)
    return (after - before).std() / before.std() / np.sqrt(2)


def of_the_noise(k):
    return change(k) / k


ROWS = np.array(
    [
        [0, 0, 0, 0],
        [0, 0, 1, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0.25, 0.25, 0],
        [0, 0, 0.5, 0],
    ]
)


def with_row(place, row):
    rows = ROWS.copy()
    rows[place] = row
    return rows


ANSWERS = {
    "spikes": Answers(
        second=ROWS.tolist(),
        wrong=[
            (with_row(0, [0, 1, 0, 0]), "row 0 (every 2nd, moved by 1): that is the spike before"),
            (with_row(2, [0, 0, 1, 0]), "row 2 (maximum, moved by 1) at [1] is 0"),
            (with_row(5, [0, 0, 1, 0]), "the blur is missing"),
            (ROWS[:4], "six rows"),
        ],
    ),
    "by_hand": Answers(
        second=(np.array(LARGEST), np.array(AVERAGE, "float32")),
        wrong=[
            ((ops.max_pool2d(np.eye(5)[None, None], 3, 1)[0, 0], AVERAGE), "shape (3, 3)"),
            (([[4, 6], [8, 8]], AVERAGE), "exchanged"),
            ((LARGEST, [[9, 18], [9, 27]]), "the sum of each window"),
            ((LARGEST, [[1, 2], [1, 2]]), "average at [1, 1] is 2"),
            (([[3, 5], [4, 8]], AVERAGE), "windows of 2×2"),
        ],
    ),
    "max_pool": Answers(
        second=by_windows,
        wrong=[
            (from_zero, "negative, and not 0"),
            (side_by_side, "side by side"),
            (lambda x, k, stride: by_windows(x, k, 1), "remember the stride"),
            (all_channels, "each channel"),
            (hanging_over, "does not fit whole"),
            (lambda x, k, stride: ops.avg_pool2d(x[None], k, stride)[0], "the average"),
        ],
    ),
    "two_layers": Answers(
        second=weights([[1, 1], [-1, -1], [1, -1], [-1, 1]], [0.5, -0.5, 0.5, 0.5]),
        wrong=[
            (weights([[1, 0], [-1, 1]], [1, 1]), "right for positive numbers"),
            (weights([[1, 1], [-1, -1]], [0.5, -0.5]), "that is the average"),
            (weights([[1, 0], [-1, 0], [1, -1]], [1, -1, -1]), "the smaller number"),
            (weights([[1, 1]], [1]), "the network answers"),
            ((np.ones((3, 2)), np.ones((1, 3, 1, 1))), "expected (C, 1, 1, 2)"),
            ((np.ones((3, 1, 1, 2)), np.ones(3)), "second has shape (3,)"),
        ],
    ),
    "close_gaps": Answers(
        second=closing,
        wrong=[
            (lambda x: x, "still there"),
            (thicker, "thicker and longer"),
            (opening, "mind the order"),
            (lambda x: -thicker(-x), "thin lines are lost"),
            (lambda x: ops.max_pool2d(x, 3), "has shape"),
        ],
    ),
    "shifted_noise": Answers(
        second=(0.25, change, 98.0),
        wrong=[
            ((4, change, 100), "from 0 to 2"),
            ((0.5, lambda k: change(k, divide=False), 100), "√2"),
            ((0.5, lambda k: change(k, power=2), 100), "the square"),
            ((0.5, of_the_noise, 100), "not of the noise"),
            ((0.5, other_noise, 100), "the same noise"),
            ((0.5, lambda k: change(k, pool=ops.max_pool2d), 100), "not right"),
            ((0.5, change, 10), "more than 0.3"),
            ((0.5, change, 25), "does not leave 0.1"),
        ],
    ),
}
