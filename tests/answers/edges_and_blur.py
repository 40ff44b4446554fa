"""Answers to the exercises of chapter 05."""

import numpy as np
from scipy import ndimage, signal

from helpers import kernels, ops
from helpers.data import IMAGES, load_image

from . import Answers


def by_loops(image, kernel, wanted):
    difference = signal.correlate2d(image, kernel, mode="valid") - wanted
    height, width = difference.shape
    found = np.zeros(kernel.shape)
    for u in range(kernel.shape[0]):
        for v in range(kernel.shape[1]):
            found[u, v] = 2 * (difference * image[u : u + height, v : v + width]).mean()
    return found.tolist()


def of_the_sum(image, kernel, wanted):
    return 2 * ops.corr2d(image, ops.corr2d(image, kernel) - wanted)


def half(image, kernel, wanted):
    return np.array(by_loops(image, kernel, wanted)) / 2


def other_sign(image, kernel, wanted):
    return -np.array(by_loops(image, kernel, wanted))


def turned_table(image, kernel, wanted):
    return np.array(by_loops(image, kernel, wanted))[::-1, ::-1]


def bar(rows, columns=range(4, 9)):
    picture = np.zeros((12, 12), int)
    for row in rows:
        picture[row, list(columns)] = 1
    return picture


MIDDLE = np.zeros((3, 3))
MIDDLE[1, 1] = 1
MEAN = np.full((3, 3), 1 / 9)

CLEAN = load_image(IMAGES / "coffee.png", mode="L")[100:228, 300:428] / 255


def errors(share, black=0.5):
    rng = np.random.default_rng()
    lost = CLEAN.copy()
    order = rng.permutation(lost.size)[: round(share * lost.size)]
    middle = round(black * len(order))
    lost.flat[order[:middle]] = 0
    lost.flat[order[middle:]] = 1
    repaired = [ndimage.uniform_filter(lost, 3), ndimage.median_filter(lost, 3)]
    return [np.abs(picture - CLEAN).mean() for picture in repaired]


def squared(share):
    return np.square(errors(share))


ANSWERS = {
    "three_numbers": Answers(
        second=[[0.5, 0.5, 0]],
        wrong=[
            ([1, 1, 1], "becomes 1.5"),
            ([1 / 3, 1 / 3, 1 / 3], "the stripes become 0.333333 and 0.666667"),
            ([1, 0, -1], "the wall of 0.5 becomes 0"),
            ([0.5, 0.5], "three numbers are expected"),
        ],
    ),
    "one_row": Answers(
        second=(np.array([-6.0, -6, 9, 0, -9]), (5, 7, 6, 6, 6), np.float32([3, 9, 9, 9, 9])),
        wrong=[
            (([6, 6, -9, 0, 9], [5, 7, 6, 6, 6], [3, 9, 9, 9, 9]), "right minus left"),
            (([0, -6, 0, 9, -9, 0], [5, 7, 6, 6, 6], [3, 9, 9, 9, 9]), "neighbours are compared"),
            (([-6, -6, 9, 0, -9], [15, 21, 18, 18, 18], [3, 9, 9, 9, 9]), "the sum"),
            (([-6, -6, 9, 0, -9], [5, 7, 6, 6, 6], [9, 9, 9, 9, 9]), "the largest"),
            (([-6, -6, 9, 0, -9], [5, 7, 6, 6, 6], [5, 7, 6, 6, 6]), "that is the mean"),
            (([-6, -6, 9, 0, -9], [5, 7, 6, 6, 6], [3, 9, 9, 0, 9]), "sort the three values"),
            (([-6, -6, 9, 0, -9], [5, 7, 6, 6, 7], [3, 9, 9, 9, 9]), "mean at [4] is 7"),
        ],
    ),
    "gradient": Answers(
        second=by_loops,
        wrong=[
            (of_the_sum, "the gradient of the sum"),
            (half, "the slope of e² is 2e"),
            (other_sign, "the sign"),
            (turned_table, "turned by 180 degrees"),
            (lambda image, kernel, wanted: kernel, "not right"),
            (lambda image, kernel, wanted: image, "has shape"),
        ],
    ),
    "sharper": Answers(
        second=np.float32(MIDDLE + 2 * (MIDDLE - MEAN)),
        wrong=[
            (2 * (MIDDLE - MEAN), "where is the picture"),
            (2 * MIDDLE - MEAN, "adds the detail once"),
            (MIDDLE + 2 * MEAN, "the blur, and not the detail"),
            (kernels.SHARPEN, "sharper at [0, 0] is 0"),
            (kernels.SHARPEN + 1, "add up to 10"),
            (np.ones(3), "shape (3,)"),
        ],
    ),
    "fool": Answers(
        second=bar([0, 1, 2, 3, 8, 9, 10, 11], range(2, 7)).tolist(),
        wrong=[
            (bar(range(12)), "0.00 for flat, so it is right"),
            (bar([0, 2, 4, 6, 8, 10, 11]), "so it is right"),
            (bar([0, 1, 4, 5, 8, 9]), "so it is right"),
            (bar([0, 1, 10, 11]), "more than half"),
            (bar([0, 1, 2, 3, 8, 9, 10, 11], range(3, 10)), "does not stand upright"),
            (bar(range(12)) * 0.5, "other numbers than 0 and 1"),
            (np.eye(12), "from side to side"),
        ],
    ),
    "mean_or_median": Answers(
        second=(0.7, errors),
        wrong=[
            ((70, errors), "from 0 to 1"),
            ((0.5, lambda share: errors(share)[::-1]), "comes first"),
            ((0.5, lambda share: errors(min(1, 2 * share))), "twice as many"),
            ((0.5, lambda share: errors(share / 2)), "half as many"),
            ((0.5, squared), "the error of the mean"),
            ((0.5, lambda share: errors(share)[0]), "two errors"),
        ],
    ),
}
