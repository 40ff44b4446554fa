"""Checks of the exercises of chapter 13."""

from functools import lru_cache

import numpy as np

from .. import nn
from ._engine import (
    CheckFailed,
    call,
    cases,
    each,
    equal,
    number,
    numbers,
    passed,
    require,
    several,
    whole,
    written,
)

_DEAD = {
    "no dead layer": -1,
    "half of the units dead": -1,
    "a kernel's layer of zeros": 0,
    "a ReLU with no sum above 0": 1,
    "a linear layer of zeros, with biases": 4,
    "a second ReLU with no sum above 0": 5,
    "last weights of zeros": 6,
    "two dead layers": 1,
}


def first_to_find(answers):
    """Which of the four checks is the first to find each of the lesson's five bugs."""
    found = several(answers, 5, "my_first")
    hints = [
        "what do inputs 255 times as large do to the scores?",
        "which check is the first that looks at the way back?",
        "each layer is right by itself; what do shares as scores do to the smallest loss?",
        "which gradient is 0, and is a gradient of 0 wrong?",
        "can fifty wrong labels be learned by heart?",
    ]
    for place, right in enumerate([1, 2, 3, 3, 4]):
        answer = whole(found[place], f"my_first at [{place}]", 1, 4)
        words = f"bug {place + 1} is not found first by check {answer}: {hints[place]}"
        require(answer == right, words)
    passed("each check finds what those before it let pass")


def by_hand(answers):
    """Four counts of a network for 12×12 pixels."""
    hints = [
        [(150, "each kernel has a bias"), (151, "each kernel has a bias of its own")],
        [(384, "pooling halves height and width"), (216, "there is no padding")],
        [(4440, "the biases of the kernels count, too"), (4396, "where are the biases?")],
        [(150, "each weight is used at many places"), (21600, "there is no padding")],
    ]
    each(answers, [156, 96, 4446, 9600], "answers", hints)
    passed("4 % of the parameters, each weight used at 64 places")


def lowest_loss(function):
    """function(classes): the loss that softmax twice cannot get below."""
    for place, rng in enumerate(cases()):
        classes = 10 if place == 0 else int(rng.integers(2, 1000))
        found = call(function, classes, name="lowest_loss")
        right = np.log(1 + (classes - 1) / np.e)
        hints = [
            (np.log(classes), "this is the loss of equal shares; what is the best answer?"),
            (0, "the scores of the second softmax lie between 0 and 1"),
            (np.log(1 + classes / np.e), "how many classes are wrong?"),
            (-right, "a loss is minus the logarithm of a share"),
        ]
        equal(found, right, "lowest_loss", f"{classes} classes", hints, tolerance=1e-3)
    passed("a loss that stops there is a signature")


def one_max(forward, backward):
    """forward(x) and backward(grad_y, x): one maximum over all places of each channel."""
    for place, rng in enumerate(cases()):
        shape = (2, 3, 4, 5) if place == 0 else tuple(int(n) for n in rng.integers(1, 5, 4))
        x, grad_y = rng.normal(size=shape), rng.normal(size=(*shape[:2], 1, 1))
        case = f"maps of shape {shape}"
        found = call(forward, x, name="one_max", case=case)
        right = x.max(axis=(2, 3), keepdims=True)
        hints = [
            (right[..., 0, 0], "keep the two axes, with length 1"),
            (x.max(axis=(1, 2, 3), keepdims=True), "each channel has a maximum of its own"),
            (x.mean(axis=(2, 3), keepdims=True), "this is the mean"),
        ]
        equal(found, right, "one_max", case, hints)
        found = call(backward, grad_y, x, name="one_max_backward", case=case)
        hints = [
            ((x == right) * 1.0, "multiply by the gradient that arrives"),
            (np.broadcast_to(grad_y, shape), "only the winner gets something"),
            (np.broadcast_to(grad_y / x[0, 0].size, shape), "only the winner gets something"),
        ]
        equal(found, (x == right) * grad_y, "one_max_backward", case, hints)
    blank, ones = np.zeros((1, 2, 3, 3)), np.ones((1, 2, 1, 1))
    found = numbers(call(backward, ones, blank, name="one_max_backward"), "one_max_backward")
    require(found.shape == blank.shape, "one_max_backward has another shape for a blank map")
    total = found.sum(axis=(2, 3))
    times = f"on a blank map a channel gets {total[0, 0]:g} times what arrived"
    require(np.allclose(total, 1), times)
    passed("forwards, backwards and at a tie")


def dead_layer(function):
    """function(model, x): the index of the first layer whose output is the same for all of x."""
    for place, rng in enumerate(cases(2 * len(_DEAD))):
        kind, right = list(_DEAD.items())[place % len(_DEAD)]
        x = rng.random((6, 1, 8, 8))
        found = call(function, _broken(kind, rng), x, name="dead_layer")
        found = whole(found, "what dead_layer returns")
        hint = "compare the outputs for different digits; they need not be 0"
        if kind == "two dead layers":
            hint = "the first one is asked; what comes after it cannot differ either"
        if right == -1:
            hint = "a layer is dead only if none of its outputs differs"
        words = f"where there is {kind}, dead_layer says {found}"
        require(found == right, f"{words}: {hint}")
    passed("sixteen networks examined")


def small_network(build):
    """build(rng): layers with at most 500 parameters that read 90 % of new digits."""
    model = call(build, np.random.default_rng(0), name="small_network")
    require(isinstance(model, nn.Layer), "small_network must return layers, as nn.Sequential")
    count = sum(parameter.value.size for parameter in model.parameters())
    require(count <= 500, f"the network has {count} parameters, and 500 are allowed")
    (x, labels), test = _digits()
    model = model.astype("float64")
    try:
        scores = model.forward(x[:2])
    except ValueError as error:
        require(False, f"the layers do not fit together: {error}")
    ten = f"two digits of shape (2, 1, 8, 8) give scores of shape {scores.shape}; (2, 10) expected"
    require(scores.shape == (2, 10), ten)
    require(count > 0, "a network without parameters cannot learn")
    schedule = nn.CosineAnnealingDecay(0.02, 7)
    adam = nn.Adam(schedule, parameters=model.parameters())
    nn.fit(model, adam, (x, labels), 7, None, 32, 0, schedule)
    right = nn.evaluate(model, test)[1]
    require(right >= 0.9, f"it reads {right:.3f} of the test digits with {count} parameters")
    passed(f"it reads {right:.3f} of the test digits with {count} parameters")


def train_part(first, last, function):
    """Two predictions, and function(model, part, x, labels), which trains one layer only."""
    first, last = number(first, "only_first", 0, 1), number(last, "only_last", 0, 1)
    (x, labels), test = _digits()
    written(function, "train_part")
    require(
        callable(function), f"train_part is a {type(function).__name__}; a function is expected"
    )
    for part in ("first", "last"):
        model = _network(np.random.default_rng(1))
        _check_part(model, part, lambda model, part: function(model, part, x[:64], labels[:64]))
    found = []
    for part in ("first", "last"):
        model = _network(np.random.default_rng(0))
        _check_part(model, part, lambda model, part: function(model, part, x, labels))
        found.append(nn.evaluate(model, test)[1])
        slow = f"trained in its {part} layer it reads {found[-1]:.2f}; did it learn for 7 epochs?"
        require(found[-1] > 0.2, slow)
    words = "only the {} layer: you said {:g}, measured {:.2f}"
    passed(f"{words.format('first', first, found[0])}; {words.format('last', last, found[1])}")


def _network(rng):
    convolution = nn.Conv2D(1, 8, 3, padding=1, rng=rng)
    middle, last = nn.Linear(128, 64, rng=rng), nn.Linear(64, 10, rng=rng)
    layers = (convolution, nn.ReLU(), nn.MaxPool2D(2), nn.Flatten(), middle, nn.ReLU(), last)
    return nn.Sequential(*layers).astype("float64")


def _broken(kind, rng):
    model = _network(rng)
    for index in (0, 4, 6):
        model[index].bias.value = rng.normal(size=model[index].bias.value.shape)
    if kind == "a kernel's layer of zeros":
        model[0].weight.value *= 0
    elif kind in ("a ReLU with no sum above 0", "two dead layers"):
        model[0].bias.value -= 100
    elif kind == "a second ReLU with no sum above 0":
        model[4].bias.value -= 1000
    elif kind == "last weights of zeros":
        model[6].weight.value *= 0
    elif kind == "half of the units dead":
        model[4].bias.value[:32] -= 1000
    if kind in ("a linear layer of zeros, with biases", "two dead layers"):
        model[4].weight.value *= 0
    return model


def _check_part(model, part, train):
    before = [parameter.value.copy() for parameter in model.parameters()]
    try:
        train(model, part)
    except Exception as error:
        raise CheckFailed(f"train_part raised {type(error).__name__}: {error}") from None
    pairs = zip(before, model.parameters(), strict=True)
    changed = [not np.array_equal(old, parameter.value) for old, parameter in pairs]
    own = slice(0, 2) if part == "first" else slice(-2, None)
    require(any(changed), f"nothing changes when the {part} layer is trained")
    require(all(changed[own]), f"the {part} layer's weights and biases must both be trained")
    require(sum(changed) == 2, f"other layers change, too, when the {part} layer is trained")


@lru_cache
def _digits():
    from ..data import load_digits

    parts = load_digits(size=8)
    return tuple((x.astype("float64"), labels) for x, labels in (parts.train, parts.test))
