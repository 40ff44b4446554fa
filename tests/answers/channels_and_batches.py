"""Answers to the exercises of chapter 04."""

import numpy as np

from helpers import ops
from helpers.data import IMAGES, load_image

from . import Answers


def by_windows(x, weight, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,dcij->ndhw", windows, weight).astype("float32") + bias[:, None, None]


def bias_in_the_loop(x, weight, bias):
    return ops.conv2d(x, weight, bias * x.shape[1])


def last_channel(x, weight, bias):
    return ops.conv2d(x[:, -1:], weight[:, -1:], bias)


def images_last(x, weight, bias):
    return ops.conv2d(x, weight, bias).swapaxes(0, 1)


def ones_at(*places):
    weight = np.zeros((3, 3, 3, 3), int)
    for place in places:
        weight[place] = 1
    return weight


RIGHT = (0, 2, 1, 0), (1, 1, 1, 1), (2, 0, 2, 1)


def into_i(share):
    """A function like `without_j` that gives a share of the slices of j to i."""

    def without_j(first, bias, second, i, j, factor):
        rest = [n for n in range(len(first)) if n != j]
        moved = second + 0
        moved[:, i] += share(factor) * second[:, j]
        return first[rest].tolist(), bias[rest], moved[:, rest]

    return without_j


def replaced(first, bias, second, i, j, factor):
    moved = second.copy()
    moved[:, i] = factor * second[:, j]
    return np.delete(first, j, 0), np.delete(bias, j), np.delete(moved, j, 1)


def axis_0(first, bias, second, i, j, factor):
    return np.delete(first, j, 0), np.delete(bias, j), np.delete(second, 0, 0)


def in_place(first, bias, second, i, j, factor):
    second[:, i] += factor * second[:, j]
    return np.delete(first, j, 0), np.delete(bias, j), np.delete(second, j, 1)


PIXELS = load_image(IMAGES / "rocket.jpg").reshape(-1, 3) / 255


def by_covariance(slices):
    covariance = np.cov(PIXELS.T)
    return slices @ covariance @ slices / (slices @ slices) / np.trace(covariance)


def not_scaled(slices):
    return (PIXELS @ slices).var() / PIXELS.var(axis=0).sum()


def deviation(slices):
    return np.sqrt(by_covariance(slices))


def of_all(slices):
    return (PIXELS @ slices).var() / (slices @ slices) / PIXELS.var()


def with_means(slices):
    return ((PIXELS @ slices) ** 2).mean() / (slices @ slices) / PIXELS.var(axis=0).sum()


BEST = [[0.67, 0.59, 0.45]]

ANSWERS = {
    "red_and_yellow": Answers(
        second=np.array([[2, -4, -2, 0], [1, 1, -1, -1.5]]),
        wrong=[
            ([[1, 0, 0, 0], [1, 1, -1, -1.5]], "1 at yellow; it must not"),
            ([[1, -1, -1, 0], [1, 1, 0, 0]], "1 at red; it must not"),
            ([[1, -1, -1, -2], [1, 1, -1, -1.5]], "-1 at red; a positive"),
            ([[1, -1, -1], [1, 1, -1]], "two rows of four"),
            ([[1, -1, -1, 0], [1, 1, 0, -1.5]], "0.5 at white"),
        ],
    ),
    "costs": Answers(
        second=((12, 3, 5, 5), np.array([8, 12, 32, 32]), 912.0, np.int64(921_600)),
        wrong=[
            (([3, 12, 5, 5], [8, 12, 32, 32], 912, 921_600), "kernels come first"),
            (([12, 3, 5, 5], [8, 12, 64, 64], 912, 921_600), "remember the stride"),
            (([12, 3, 5, 5], [8, 12, 32, 32], 900, 921_600), "biases are missing"),
            (([12, 3, 5, 5], [8, 12, 32, 32], 912, 8 * 921_600), "whole batch"),
            (([12, 3, 5, 5], [8, 12, 32, 32], 912, 307_200), "all three channels"),
        ],
    ),
    "layer": Answers(
        second=by_windows,
        wrong=[
            (bias_in_the_loop, "not once a slice"),
            (last_channel, "only the last channel"),
            (images_last, "the images come first"),
            (lambda x, weight, bias: ops.conv2d(x, weight), "the bias is missing"),
            (lambda x, weight, bias: ops.conv2d(x, weight, bias)[0], "axis of the images"),
        ],
    ),
    "repair": Answers(
        second=ones_at(*RIGHT).tolist(),
        wrong=[
            (ones_at((0, 0, 1, 0), *RIGHT[1:]), "did not hold red"),
            (ones_at((0, 2, 1, 2), *RIGHT[1:]), "the other way"),
            (ones_at(*RIGHT[:2], (2, 0, 1, 2)), "wrong axis"),
            (ones_at(*RIGHT[:2], (2, 0, 1, 1)), "not in its place"),
            (ones_at((0, 2, 1, 1), (1, 1, 1, 1), (2, 0, 1, 1)), "not in its place"),
            (np.eye(3)[:, :, None, None], "shape (3, 3, 1, 1)"),
        ],
    ),
    "without_j": Answers(
        second=into_i(lambda factor: factor),
        wrong=[
            (into_i(lambda factor: 0), "is lost"),
            (into_i(lambda factor: 1), "the factor is missing"),
            (into_i(lambda factor: 1 / factor), "other way round"),
            (replaced, "no longer does"),
            (axis_0, "second has shape"),
            (in_place, "changes its argument"),
        ],
    ),
    "one_channel": Answers(
        second=(1, by_covariance, BEST),
        wrong=[
            ((83, by_covariance, BEST), "from 0 to 1"),
            ((0.5, not_scaled, BEST), "add up to 1 first"),
            ((0.5, deviation, BEST), "the root of the share"),
            ((0.5, of_all, BEST), "sum of the three variances"),
            ((0.5, with_means, BEST), "not right"),
            ((0.5, by_covariance, [1, 1, 1]), "there is a better direction"),
        ],
    ),
}
