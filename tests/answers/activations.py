"""Answers to the exercises of chapter 07."""

import numpy as np

from helpers import ops
from helpers.data import load_digits
from helpers.networks import Networks

from . import Answers

SHARES = [0.25] * 4
GRADIENT = np.outer([3, -1], [0.25, 0.25, -0.75, 0.25])
SCORES = np.array([-0.5, -0.5, 1.5, -0.5])


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def slope(grad_y, x):
    return grad_y * (1 + np.tanh(x / 2)) / 2


def naive(x):
    with np.errstate(over="ignore"):
        return np.log(1 + np.exp(x))


def naive_slope(grad_y, x):
    with np.errstate(over="ignore", invalid="ignore"):
        return grad_y * np.exp(x) / (1 + np.exp(x))


def hinges(places, values):
    weights = []
    for i in range(len(places) - 1):
        before = sum(w * (places[i + 1] - p) for w, p in zip(weights, places, strict=False))
        weights.append((values[i + 1] - values[0] - before) / (places[i + 1] - places[i]))
    return weights


def slopes(places, values):
    return np.diff(values) / np.diff(places)


def changes_of_steps(places, values):
    return np.append(np.diff(values)[0], np.diff(values, 2))


def other_sign(places, values):
    return np.append(slopes(places, values)[0], -np.diff(slopes(places, values)))


def by_sorting(x, weight, bias):
    new = []
    for unit, number in zip(weight.T, bias, strict=True):
        products = np.sort(x @ unit)
        middle = len(products) // 2
        dead = products[-1] + number < 0
        new.append(-(0.1 * products[middle - 1] + 0.9 * products[middle]) if dead else number)
    return np.array(new)


def wake(x, weight, bias, level=np.median, all_of_them=False, axis=0):
    sums = x @ weight + bias
    dead = (sums.max(axis=0) < 0) | all_of_them
    return np.where(dead, bias - level(sums, axis=axis), bias)


def lift_above(x, weight, bias):
    return wake(x, weight, bias, level=lambda sums, axis: sums.min(axis=axis) - 1)


def lift_one(x, weight, bias):
    return wake(x, weight, bias, level=lambda sums, axis: np.sort(sums, axis)[-2:].mean(axis))


def lower(x, weight, bias):
    return 2 * bias - wake(x, weight, bias)


TRAIN = [part[:1280] for part in load_digits(size=8).train]
TRAIN[0] = TRAIN[0].reshape(1280, 64)


def dead_share(rate, layer=0):
    networks = Networks((64, 50, 50, 10), range(10, 20), "relu", "he")
    networks.fit(TRAIN, rate, 1, batch_size=1280)
    return (networks.outputs(TRAIN[0])[layer] == 0).all(axis=1).mean()


def zeros(rate):
    networks = Networks((64, 50, 50, 10), 10, "relu", "he")
    networks.fit(TRAIN, rate, 1, batch_size=1280)
    return (networks.sums(TRAIN[0])[0] <= 0).mean()


ANSWERS = {
    "deviation": Answers(
        second=np.sqrt(2 / 50),
        wrong=[
            (0.01, "they fade"),
            (0.16, "they fade"),
            (0.25, "they explode"),
            (0.1, "10^-3 of their size: they fade"),
            (1, "10^7 of their size: they explode"),
            (0, "possible are numbers"),
            ([0.1, 0.2], "a single number"),
        ],
    ),
    "one_step": Answers(
        second=(np.float32(SHARES), np.log(4), GRADIENT.tolist(), SCORES),
        wrong=[
            (([0] * 4, 1.386, GRADIENT, SCORES), "makes shares"),
            ((SHARES, 2, GRADIENT, SCORES), "to the base 2"),
            ((SHARES, 1.386, GRADIENT.T, SCORES), "a row for each input"),
            ((SHARES, 1.386, np.outer([3, -1], SHARES), SCORES), "of the right class"),
            ((SHARES, 1.386, GRADIENT, -SCORES), "against the gradient"),
            ((SHARES, 1.386, GRADIENT, 5 * SCORES), "learning rate is missing"),
            ((SHARES, 1.4, GRADIENT, SCORES), "loss is 1.4"),
        ],
    ),
    "softplus": Answers(
        second=(softplus, slope),
        wrong=[
            ((naive, slope), "is infinite or NaN for −1000"),
            ((softplus, naive_slope), "is infinite or NaN for −1000"),
            ((softplus, lambda grad_y, x: slope(1, x)), "grad_y, is missing"),
            ((softplus, lambda grad_y, x: grad_y * (x > 0)), "the slope of ReLU"),
            ((softplus, lambda grad_y, x: ops.sigmoid_backward(grad_y, x)), "of the sigmoid"),
            ((ops.relu, slope), "that is ReLU"),
        ],
    ),
    "hinge_weights": Answers(
        second=hinges,
        wrong=[
            (slopes, "these are the slopes"),
            (changes_of_steps, "divide each step"),
            (other_sign, "the sign"),
            (lambda places, values: np.diff(slopes(places, values)), "first hinge is missing"),
            (lambda places, values: values, "has shape"),
        ],
    ),
    "wake": Answers(
        second=by_sorting,
        wrong=[
            (lambda x, weight, bias: wake(x, weight, bias, all_of_them=True), "is alive"),
            (lambda x, weight, bias: bias, "2 units are still dead"),
            (lower, "2 units are still dead"),
            (lift_above, "positive for every example"),
            (lift_one, "a unit is positive for 1 of"),
            (lambda x, weight, bias: wake(x, weight, bias)[None], "expected (8,)"),
        ],
    ),
    "careless_step": Answers(
        second=(0.5, dead_share),
        wrong=[
            ((50, dead_share), "from 0 to 1"),
            ((0.5, zeros), "for every example"),
            ((0.5, lambda rate: 1 - dead_share(rate)), "that are alive"),
            ((0.5, lambda rate: dead_share(rate, layer=1)), "the first hidden layer"),
            ((0.5, lambda rate: 50 * dead_share(rate)), "from 0 to 1"),
        ],
    ),
}
