"""Answers to the exercises of chapter 02."""

import numpy as np
from scipy import signal

from helpers import ops
from helpers.checks.convolution import IMAGE, KERNEL, secret

from . import Answers


def by_slices(image, kernel, stride):
    return signal.correlate2d(image, kernel, mode="valid")[::stride, ::stride]


def without_stride(image, kernel, stride):
    return ops.corr2d(image, kernel)


def only_down(image, kernel, stride):
    return ops.corr2d(image, kernel)[::stride]


def turned(image, kernel, stride):
    return ops.convolve2d(image, kernel)[::stride, ::stride]


def too_small(image, kernel, stride):
    return ops.corr2d(image, kernel)[::stride, ::stride][:-1]


def writes(image, kernel, stride):
    image *= 2
    return ops.corr2d(image, kernel)[::stride, ::stride]


def from_nine(box):
    """With one image of 15×15 in which the ones are far apart; the last of them is read."""
    image = np.zeros((15, 15))
    image[2, 2] = image[12, 12] = 1
    response = box(image)
    return np.flip(response[10:13, 10:13] - response[5, 5]).tolist(), int(response[5, 5])


def seen(box):
    image = np.zeros((5, 5))
    image[2, 2] = 1
    return box(image)


def many_calls(box):
    bias = box(np.zeros((3, 3)))[0, 0]
    weights = [box(row.reshape(3, 3))[0, 0] - bias for row in np.eye(9)]
    return np.reshape(weights, (3, 3)), bias


def deviation(kernel):
    return np.random.default_rng(5).normal(size=(200, 200, kernel.size)).dot(np.ravel(kernel)).std()


def variance(kernel):
    return deviation(kernel) ** 2


ANSWERS = {
    "nine_numbers": Answers(
        second=secret(np.outer([0, 0, 1, 0, 0], [0, 0, 1, 0, 0]))[::-1, ::-1],
        wrong=[
            (secret(np.outer([0, 0, 1, 0, 0], [0, 0, 1, 0, 0])), "as they appear around a dot"),
            (np.array([[6, 7, 2], [1, 5, 9], [8, 3, 4]]), "exchanged"),
            (np.full((3, 3), 5), "kernel at [0, 0] is 5"),
        ],
    ),
    "by_hand": Answers(
        second=np.array([[8.0, -1, 0], [0, 7, -1]]),
        wrong=[
            (ops.convolve2d(IMAGE, KERNEL), "was turned"),
            (ops.corr2d(IMAGE, KERNEL.T), "exchanged"),
            ([8, -1, 0, 0, 7, -1], "shape (6,), expected (2, 3)"),
            ([[8, -1, 0], [0, 6, -1]], "response at [1, 1] is 6"),
            ([[8, -1], [0]], "rows of one length"),
        ],
    ),
    "strided_correlation": Answers(
        second=by_slices,
        wrong=[
            (without_stride, "remember the stride"),
            (only_down, "down only, and not to the right"),
            (turned, "the kernel is turned"),
            (too_small, "has shape"),
            (writes, "changes its argument"),
            (lambda image, kernel: None, "raised TypeError"),
        ],
    ),
    "falling_diagonals": Answers(
        second=np.array([[4.0, -1, -2], [-1, 2, -1], [-2, -1, 2]]),
        wrong=[
            (np.eye(3), "a flat image gets an answer"),
            ([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]], "falling line gets 0"),
            ([[0, 1], [1, 0]], "shape (2, 2)"),
            (np.zeros((3, 3)), "zeros finds nothing"),
            ([[1, 0, 1], [0, 1, 0], [-3, 0, 0]], "at least as much"),
        ],
    ),
    "recover": Answers(
        second=from_nine,
        wrong=[
            (lambda box: (seen(box), 0), "upside down"),
            (lambda box: (seen(box)[::-1, ::-1], 0), "the bias is still in it"),
            (many_calls, "called 10 times"),
            (lambda box: np.zeros((3, 3)), "must return kernel, bias"),
        ],
    ),
    "least_noise": Answers(
        second=(0.5, deviation, [[1 / 9] * 3] * 3),
        wrong=[
            ((0.3, variance, np.full((3, 3), 1 / 9)), "its root"),
            ((3, deviation, np.full((3, 3), 1 / 9)), "from 0 to 1"),
            ((0.3, deviation, np.eye(3) / 3), "there is a better one"),
            ((0.3, deviation, np.ones((3, 3))), "add up to 9"),
        ],
    ),
}
