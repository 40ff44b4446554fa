"""Answers to the exercises of chapter 08."""

import numpy as np

from helpers import ops
from helpers.checks.batch_norm import BATCH, BETA, GAMMA

from . import Answers


def by_ops(maps, mean, var, training):
    mean, var = mean.copy(), var.copy()
    result = ops.batch_norm(maps, mean, var, training=training)
    return [result, mean, var]


def scaled(x, axes, ddof=0):
    mean, std = x.mean(axis=axes, keepdims=True), x.std(axis=axes, keepdims=True, ddof=ddof)
    return (x - mean) / std


def over(axes, ddof=0):
    def normalise(maps, mean, var, training):
        result = by_ops(maps, mean, var, training)
        return (scaled(maps, axes, ddof), *result[1:]) if training else result

    return normalise


def by_root(of_variance, saved=0.0):
    """Divide by of_variance(variance); saved: what is added to the variance that is saved."""

    def normalise(maps, mean, var, training):
        used = (maps.mean(axis=(0, 2, 3)), maps.var(axis=(0, 2, 3))) if training else (mean, var)
        used_mean, used_var = (numbers[:, None, None] for numbers in used)
        result = (maps - used_mean) / of_variance(used_var)
        _, mean, var = by_ops(maps, mean, var, training)
        return result, mean, var + saved * training

    return normalise


def folded_by(of_variance):
    def fold(weight, bias, gamma, beta, mean, var):
        f = gamma / of_variance(var)
        return weight * f[:, None], bias + (beta - f * mean) @ weight

    return fold


def outside(variance):
    return np.sqrt(variance) + 1e-5


def no_switch(maps, mean, var, training):
    return by_ops(maps, mean, var, True)


def always_saved(maps, mean, var, training):
    return by_ops(maps, mean, var, False)


def exchanged(maps, mean, var, training):
    result, *_ = by_ops(maps, mean, var, training)
    axes = (0, 2, 3)
    return result, 0.1 * mean + 0.9 * maps.mean(axis=axes), 0.1 * var + 0.9 * maps.var(axis=axes)


def unbiased(maps, mean, var, training):
    result, mean, _ = by_ops(maps, mean, var, training)
    return result, mean, 0.9 * var + 0.1 * maps.var(axis=(0, 2, 3), ddof=1)


def not_saved(maps, mean, var, training):
    return by_ops(maps, mean, var, training)[0], mean, var


def saves_in_eval(maps, mean, var, training):
    return by_ops(maps, mean, var, training)[0], *by_ops(maps, mean, var, True)[1:]


def in_place(maps, mean, var, training):
    return ops.batch_norm(maps, mean, var, training=training), mean, var


def two_by_probing(weight, bias, gamma, beta, mean, var):
    """Send 0 and each unit vector through both layers."""
    x = np.vstack([np.zeros(len(weight)), np.eye(len(weight))])
    y = ops.batch_norm(x, mean, var, gamma, beta) @ weight + bias
    return (y[1:] - y[0]).tolist(), y[0].tolist()


def before(weight, bias, gamma, beta, mean, var):
    f = gamma / np.sqrt(var + 1e-5)
    return (weight * f, bias) if len(gamma) == len(bias) else (weight, bias)


def no_shift(weight, bias, gamma, beta, mean, var):
    return weight * (gamma / np.sqrt(var + 1e-5))[:, None], bias


def no_old_bias(*given):
    weight, bias = two_by_probing(*given)
    return weight, bias - given[1]


def shift_scaled(weight, bias, gamma, beta, mean, var):
    f = gamma / np.sqrt(var + 1e-5)
    return weight * f[:, None], bias + (beta - f * mean) @ (weight * f[:, None])


def spy_by_scale(box):
    """Double a sample in company, double the company of another."""
    x = np.random.default_rng(3).normal(5, 2, (6, 4))
    if np.allclose(box(x), box(10 + 3 * x), atol=1e-3):  # neither norm notices; eval does
        return "layer" if np.allclose(box(x)[:1], box(x[:1]), atol=1e-3) else "training"
    return "eval"


def spy_by_mean(box):
    y = box(np.random.default_rng(1).normal(size=(30, 4)))
    return "training" if np.allclose(y.mean(axis=0), 0) else "eval"


def spy_by_company(box):
    x = np.random.default_rng(1).normal(size=(3, 4))
    return "eval" if np.allclose(box(x)[:1], box(x[:1])) else "training"


def spread(size):
    values = np.random.default_rng().normal(size=(4000, size))
    values[:, 0] = 0
    return np.float32(scaled(values, 1)[:, 0].std())


def apart(size):
    values = np.random.default_rng(2).normal(size=(4000, size - 1))
    return (values.mean(axis=1) / values.std(axis=1)).std()


NORMAL = scaled(BATCH, 0)

ANSWERS = {
    "four_numbers": Answers(
        second=np.array([0, -1, -0.71, -2], np.float32),
        wrong=[
            ([0, -0.707, -0.707, -2], "divide by the number of samples"),
            ([0, -1, -0.707, 0], "take the saved mean"),
            ([0, -1, -0.25, -2], "not by the variance"),
            ([0, -1, -0.707, -4], "divide by its root"),
            ([0, -1, -0.707], "four numbers"),
        ],
    ),
    "by_hand": Answers(
        second=NORMAL * GAMMA + BETA,
        wrong=[
            (NORMAL, "gamma and beta are missing"),
            (scaled(BATCH, 0, 1) * GAMMA + BETA, "the number of samples, 5"),
            (scaled(BATCH, 1) * GAMMA + BETA, "a feature is a column"),
            ((NORMAL + BETA) * GAMMA, "then add beta"),
            ((NORMAL * GAMMA + BETA).T, "shape (2, 5), expected (5, 2)"),
        ],
    ),
    "normalise": Answers(
        second=by_ops,
        wrong=[
            (over(0), "a mean of its own; a channel needs only one"),
            (over((0, 1, 2, 3)), "all channels share one mean"),
            (over((2, 3)), "each sample has a mean of its own"),
            (over((0, 2, 3), 1), "not by one less"),
            (no_switch, "the saved statistics are used"),
            (always_saved, "the batch gives the statistics"),
            (exchanged, "the share 0.9"),
            (unbiased, "saved_variance for maps of shape (3, 2, 4, 5) in training"),
            (not_saved, "it changes with every batch"),
            (saves_in_eval, "in eval mode it stays"),
            (by_root(np.sqrt), "in training with a tiny variance: remember ε"),
            (by_root(outside), "ε belongs to the variance"),
            (by_root(lambda var: np.sqrt(var + 1e-5), saved=1e-6), "it is not saved"),
            (in_place, "changes its argument"),
            (lambda maps, mean, var, training: maps, "must return result"),
        ],
    ),
    "poison": Answers(
        second=(-1e6, -2.65),
        wrong=[
            ((100, 2.65), "what makes the deviation larger"),
            ((10_000, 10_000), "its value before the layer"),
            ((-10_000, 2.65), "look at its sign"),
            ((10_000, 2.83), "limit is 2.83"),
        ],
    ),
    "fold": Answers(
        second=two_by_probing,
        wrong=[
            (before, "which axis of the weight"),
            (no_shift, "what becomes of the shift"),
            (no_old_bias, "the old bias is missing"),
            (shift_scaled, "multiplied by f once too often"),
            (folded_by(np.sqrt), "with a tiny variance: remember ε"),
            (folded_by(outside), "ε belongs to the variance"),
            (lambda weight, *rest: weight, "must return weight, bias"),
        ],
    ),
    "spy": Answers(
        second=spy_by_scale,
        wrong=[
            (spy_by_mean, "spy took 'training' for 'eval'"),
            (spy_by_company, "spy took 'layer' for 'eval'"),
            (lambda box: "batch", "one of 'training', 'eval', 'layer'"),
            (lambda box: box(np.zeros(4)), "the box expects (samples, 4)"),
        ],
    ),
    "company": Answers(
        second=(4, spread),
        wrong=[
            ((2, lambda size: spread(size) ** 2), "near the variance"),
            ((2, apart), "a part of its own batch"),
            ((2, lambda size: 1 / size), "which is not right"),
            ((-1, spread), "from 0 to 100"),
        ],
    ),
}
