"""Answers to the exercises of chapter 13."""

import numpy as np

from helpers import nn

from . import Answers


def flat_max(x):
    return x.reshape(*x.shape[:2], -1).max(axis=2)[..., None, None].astype(np.float32)


def first_winner(grad_y, x):
    flat = x.reshape(*x.shape[:2], -1)
    winner = np.arange(flat.shape[2]) == flat.argmax(axis=2)[..., None]
    return winner.reshape(x.shape) * grad_y


def exact_max(x):
    return x.max(axis=(2, 3), keepdims=True)


def winners(grad_y, x):
    return (x == exact_max(x)) * grad_y


def everywhere(grad_y, x):
    return grad_y * np.ones_like(x)


def by_spread(model, x):
    for index in range(len(model)):
        x = model[index].forward(x)
        if np.ptp(x, axis=0).max() == 0:
            return np.int64(index)
    return -1


def zeros_only(model, x):
    for index in range(len(model)):
        x = model[index].forward(x)
        if not x.any():
            return index
    return -1


def last_dead(model, x):
    found = -1
    for index in range(len(model)):
        x = model[index].forward(x)
        if np.array_equal(x, np.broadcast_to(x[:1], x.shape)):
            found = index
    return found


def any_dead_unit(model, x):
    for index in range(len(model)):
        x = model[index].forward(x)
        if np.ptp(x.reshape(len(x), -1), axis=0).min() == 0:
            return index
    return -1


def one_number(rng):
    return nn.Sequential(nn.AvgPool2D(8), nn.Flatten(), nn.Linear(1, 10, rng=rng))


def plain(rng):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 10, rng=rng))


def nine_scores(rng):
    kernels = nn.Conv2D(1, 9, 4, stride=4, rng=rng)
    return nn.Sequential(kernels, nn.ReLU(), nn.Flatten(), nn.Linear(36, 9, rng=rng))


def overlapping(rng):
    kernels = nn.Conv2D(1, 7, 5, stride=3, rng=rng)
    return nn.Sequential(kernels, nn.ReLU(), nn.Flatten(), nn.Linear(28, 10, rng=rng))


def fit(model, parameters, x, labels, epochs=7):
    nn.fit(model, nn.Adam(0.02, parameters=parameters), (x, labels), epochs, batch_size=32)


def restored(model, part, x, labels):
    """Train all, and put the other layers back after every epoch."""
    parameters = model.parameters()
    others = parameters[2:] if part == "first" else parameters[:-2]
    before = [parameter.value.copy() for parameter in others]
    for _ in range(7):
        fit(model, [p for p in parameters if p not in others], x, labels, 1)
        for parameter, value in zip(others, before, strict=True):
            parameter.value = value.copy()
    return model


def all_layers(model, part, x, labels):
    fit(model, model.parameters(), x, labels, 1)


def no_biases(model, part, x, labels):
    fit(model, model.parameters()[:1] if part == "first" else model.parameters()[-2:-1], x, labels)


def nothing(model, part, x, labels):
    return model


ANSWERS = {
    "first_to_find": Answers(
        second=np.array([1.0, 2, 3, 3, 4]),
        wrong=[
            ([2, 2, 3, 3, 4], "255 times as large"),
            ([1, 3, 3, 3, 4], "looks at the way back"),
            ([1, 2, 3, 1, 4], "is a gradient of 0 wrong"),
            ([1, 2, 3, 3, 5], "from 1 to 4"),
            ([1, 2, 3, 3], "five numbers"),
        ],
    ),
    "by_hand": Answers(
        second=np.array([156, 96, 4446, 9600.0]),
        wrong=[
            ([150, 96, 4446, 9600], "each kernel has a bias"),
            ([156, 384, 4446, 9600], "pooling halves"),
            ([156, 96, 4446, 150], "used at many places"),
            ([156, 96, 4446, 9601], "answers at [3] is 9601"),
            ([156, 96], "four numbers"),
        ],
    ),
    "lowest_loss": Answers(
        second=lambda classes: np.float32(np.log1p((classes - 1) / np.e)),
        wrong=[
            (np.log, "the loss of equal shares"),
            (lambda classes: 0, "between 0 and 1"),
            (lambda classes: np.log(1 + classes / np.e), "how many classes are wrong"),
            (lambda classes: 1.46, "is 1.46 for"),
        ],
    ),
    "one_max": Answers(
        second=(flat_max, first_winner),
        wrong=[
            ((lambda x: x.max(axis=(2, 3)), winners), "keep the two axes"),
            ((lambda x: x.max(axis=(1, 2, 3), keepdims=True), winners), "a maximum of its own"),
            ((exact_max, everywhere), "only the winner gets something"),
            ((exact_max, lambda grad_y, x: (x == exact_max(x)) * 1.0), "the gradient that arrives"),
            ((exact_max, winners), "9 times what arrived"),
        ],
    ),
    "dead_layer": Answers(
        second=by_spread,
        wrong=[
            (zeros_only, "they need not be 0"),
            (last_dead, "where there is"),
            (any_dead_unit, "none of its outputs differs"),
            (lambda model, x: 1, "dead_layer says 1"),
            (lambda model, x: None, "is not written yet"),
        ],
    ),
    "small_network": Answers(
        second=overlapping,
        wrong=[
            (plain, "650 parameters, and 500 are allowed"),
            (nine_scores, "(2, 10) expected"),
            (one_number, "of the test digits with 20 parameters"),
            (lambda rng: nn.Linear(64, 7, rng=rng), "do not fit together"),
            (lambda rng: 5, "must return layers"),
        ],
    ),
    "train_part": Answers(
        second=(0.1, 1, restored),
        wrong=[
            ((0.5, 0.5, all_layers), "other layers change, too"),
            ((0.5, 0.5, no_biases), "must both be trained"),
            ((0.5, 0.5, nothing), "nothing changes"),
            ((50, 0.5, restored), "from 0 to 1"),
            ((0.5, 0.5, lambda model: None), "raised TypeError"),
        ],
    ),
}
