"""Checks of the exercises of chapter 17."""

from itertools import compress, pairwise

import numpy as np

from .. import models, nn, ops
from ..data import load_splits
from ._engine import call, cases, equal, number, numbers, passed, require, whole, written

_FIRST = np.array([[1, -1], [2, 1]])
_SECOND = np.array([[3, 1], [2, -1]])
_INPUTS = np.array([[1, 2], [2, 1]])  # one a row
_CHANNELS = (64, 128, 256, 512)


def cancel(kernels):
    """Second kernels of the tiny block with which x + F(x) is 0 for (1, 2) and for (2, 1)."""
    kernels = numbers(kernels, "kernels").astype(float)
    require(kernels.shape == (2, 2), f"kernels has shape {kernels.shape}, expected (2, 2)")
    sums = [_tiny(x, kernels) for x in _INPUTS]
    if not np.allclose(sums, 0):
        exchanged = np.allclose([_tiny(x, kernels.T) for x in _INPUTS], 0)
        require(not exchanged, "rows and columns are exchanged: a kernel is a row")
        opposite = np.allclose([_tiny(x, -kernels) for x in _INPUTS], 0)
        require(not opposite, "F(x) is x here, and it must be −x")
    for x, total in zip(_INPUTS, sums, strict=True):
        words = f"for the input ({x[0]}, {x[1]}) the sum is ({total[0]:g}, {total[1]:g})"
        require(np.allclose(total, 0), f"{words}, and not (0, 0)")
    passed("two inputs cancelled; a shortcut can be undone, when the weights have learned to")


def by_hand(jacobian):
    """I + ∂F of the tiny block for the input (2, 1): a row for each output."""
    product = _SECOND @ _FIRST
    right = np.eye(2) + product
    hints = [
        (product, "this is ∂F alone; the shortcut adds something"),
        (right.T, "rows and columns are exchanged; a row belongs to an output"),
        ([[3, 1], [-2, 0]], "this belongs to (1, 2), where ReLU cuts one hidden number off"),
        (np.eye(2) + _FIRST @ _SECOND, "the last matrix stands on the left of the product"),
        (1 + product, "I has ones on the diagonal only"),
    ]
    equal(jacobian, right, "jacobian", hints=hints)
    passed("both hidden numbers pass, so ∂F is the product of the two matrices")


def block_backward(function):
    """function(grad_y, x, body): the gradient of x for y = ReLU(x + F(x))."""
    for place, rng in enumerate(cases(10)):
        shape = (2, 3, 4, 4) if place == 0 else tuple(rng.integers(1, 5, 4))
        body = _body(shape[1], rng)
        x, grad_y = rng.normal(size=(2, *shape))
        total = x + body.forward(x)
        grad = grad_y * (total > 0)
        by_x = grad_y * (x > 0)
        through, unmasked = body.backward(grad), body.backward(grad_y)
        hints = [
            (grad_y + unmasked, "the ReLU behind the sum is forgotten"),
            (through, "the shortcut's part is missing"),
            (unmasked, "the shortcut's part is missing, and the ReLU behind the sum, too"),
            (grad, "the part that goes through the body is missing"),
            (
                grad_y + through,
                "the shortcut comes before the ReLU, too, so its part is cut as well",
            ),
            (grad + unmasked, "the body comes before the ReLU, too, so its part is cut as well"),
            (by_x + body.backward(by_x), "the ReLU looks at x + F(x), and not at x"),
            (grad * through, "the two parts are added, not multiplied"),
        ]
        fresh = _body(shape[1], rng)
        for mine, its in zip(body.parameters(), fresh.parameters(), strict=True):
            its.value = mine.value
        case = f"x of shape {shape}"
        found = call(function, grad_y, x, fresh, name="block_backward", case=case)
        equal(found, grad + through, "block_backward", case, hints)
    passed("the two ways back are added, in 10 random cases")


def identity_weights(function):
    """function(channels): two weights of a plain block that hands on every map."""
    for place, rng in enumerate(cases(6)):
        channels = 3 if place == 0 else int(rng.integers(1, 6))
        case = f"{channels} channels"
        found = call(function, channels, name="identity_weights", case=case)
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, "identity_weights must return two weights")
        shapes = (2 * channels, channels, 3, 3), (channels, 2 * channels, 3, 3)
        weights = []
        for which, weight, shape in zip(("first", "second"), found, shapes, strict=True):
            weight = numbers(weight, f"the {which} weight").astype(float)
            words = f"the {which} weight has shape {weight.shape}, expected {shape} for {case}"
            require(weight.shape == shape, words)
            weights.append(weight)
        x = rng.normal(size=(2, channels, 6, 6))
        hidden = ops.relu(ops.conv2d(x, weights[0], padding=1))
        y = ops.conv2d(hidden, weights[1], padding=1)
        hints = [
            (ops.relu(x), "a negative number becomes 0"),
            (-ops.relu(-x), "a positive number becomes 0"),
            (np.abs(x), "a negative number loses its sign"),
            (-x, "each number gets the wrong sign"),
            (2 * x, "each number is doubled"),
            (0 * x, "nothing passes"),
        ]
        equal(y, x, "what the block gives", case, [*hints, *_moved(x)])
    passed("no shortcut, and every map is handed on, negative numbers too")


def count_parameters(function):
    """function(blocks): the parameters of a ResNet with so many blocks in each stage."""
    for place, rng in enumerate(cases(10)):
        given = [(2, 2, 2, 2), (3, 4, 6, 3)]
        blocks = given[place] if place < 2 else tuple(int(n) for n in rng.integers(1, 9, 4))
        name = "count_parameters"
        found = call(function, blocks, name=name, case=f"blocks {blocks}")
        found = whole(found, f"what {name} returns")
        right = _count(blocks)
        projections = sum(b * c + 2 * c for b, c in pairwise(_CHANNELS))
        slopes = sum((c - b) * c * 9 for b, c in pairwise(_CHANNELS))
        norms = 2 * 64 + sum(2 * 2 * c * n for c, n in zip(_CHANNELS, blocks, strict=True))
        shortcuts = sum(2 * c for c in _CHANNELS[1:])
        words = {
            right - projections: "the three projections are missing",
            right - norms - shortcuts: "each normalised channel has two parameters",
            right - shortcuts: "the projections are normalised, too",
            right - 1000: "the dense layer has biases",
            right - 513_000: "the dense layer is missing",
            right - 9536: "the 7×7 convolution is missing",
            right + slopes: "the first convolution of a stage reads fewer channels",
        }
        why = f": {words[found]}" if found in words else ", and that is not right"
        require(found == right, f"{name} gives {found:,} for {blocks}{why}")
    passed(f"ResNet-34 has {_count((3, 4, 6, 3)):,} parameters")


def half_of_the_shortcuts(prediction, agreement):
    """A predicted cosine, and agreement(kinds): the mean cosine of two batches' gradients."""
    number(prediction, "prediction", -1, 1)
    written(agreement, "agreement")
    plain, residual = ["plain"], ["residual"]
    ways = {
        "plain": plain * 15,
        "residual": residual * 15,
        "every second": (residual + plain) * 7 + residual,
        "last eight": plain * 7 + residual * 8,
    }
    found = {}
    for name, kinds in ways.items():
        what = (
            f"agreement for {name} shortcuts" if len(set(kinds)) > 1 else f"agreement, all {name}"
        )
        largest = 1 + 1e-9  # a cosine of 1 may be rounded up
        found[name] = number(call(agreement, kinds, name="agreement"), what, -largest, largest)
        if name == "residual":
            _check_ends(**found)
    measured = f"you measured {found['every second']:.2f}"
    passed(
        f"your prediction was {prediction:g}, {measured}; all 15 shortcuts give "
        f"{found['residual']:.2f}, and eight in the last blocks {found['last eight']:.2f}"
    )


_CLEAR = "are the gradients cleared before each batch, and each product divided by both lengths?"


def _check_ends(plain, residual):
    """Refuse what `agreement` says of networks without a shortcut and with all of them."""
    require(plain < 0.99, f"agreement is {plain:.2f} for plain blocks; is it the same batch twice?")
    same = "agreement is the same for plain and residual blocks: are the networks made from kinds?"
    require(plain != residual, same)
    require(plain < 0.3, f"agreement is {plain:.2f} for plain blocks; {_CLEAR}")
    words = f"agreement is {residual:.2f} for residual blocks; in the lesson it is large"
    require(residual > 0.35, words)
    for wrong, words in _other_means():
        require(abs(residual - wrong) > 1e-6, words)


def _other_means():
    """What agreement gives for residual blocks where it takes the mean of something else, and why.

    Networks and batches are the exercise's. With others the numbers differ, and none of these fits.
    """
    x, labels = load_splits("digits", size=8).train
    means = []
    for seed in (0, 1):
        net = models.residual_net(np.random.default_rng(seed), 32, 8, stride=2).astype("float64")
        gradients = []
        for rows in (slice(100), slice(100, 200)):
            for parameter in net.parameters():
                parameter.grad = None
            scores = net(x[rows].astype("float64"))
            net.backward(ops.cross_entropy_backward(scores, labels[rows]))
            gradients.append([parameter.grad.ravel() for parameter in net.parameters()])
        cosines = [_cosine(*pair) for pair in zip(*gradients, strict=True)]
        kernel = [parameter.value.ndim == 4 for parameter in net.parameters()]
        joined = [np.concatenate([*compress(grads, kernel)]) for grads in gradients]
        means.append([np.mean([*compress(cosines, kernel)]), np.mean(cosines), _cosine(*joined)])
    (one, *_), (other, *_) = means
    _, everything, together = np.mean(means, axis=0)
    for alone in (one, other):
        yield alone, "this is a single network; the mean is over two"
    yield everything, "only convolutions count; which other parameters has the network?"
    yield together, "each convolution has a cosine of its own; these are joined in one long list"


def _cosine(one, other):
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def _tiny(x, second):
    return x + second @ np.maximum(_FIRST @ x, 0)


def _body(channels, rng):
    layers = [nn.Conv2D(channels, channels, 3, padding=1, rng=rng), nn.ReLU()]
    last = nn.Conv2D(channels, channels, 3, padding=1, rng=rng)
    return nn.Sequential(*layers, last).astype("float64")


def _moved(x):
    """Hints for maps that moved by up to two pixels: a 1 that is not in a kernel's centre."""
    framed = np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2)))
    for top in range(5):
        for left in range(5):
            moved = framed[:, :, top : top + x.shape[2], left : left + x.shape[3]]
            if (top, left) != (2, 2):
                yield moved, "the maps move; which place of a kernel lies on the pixel itself?"


def _count(blocks):
    total, before = 9536 + 513_000, 64
    for channels, count in zip(_CHANNELS, blocks, strict=True):
        for block in range(count):
            inputs = before if block == 0 else channels
            total += (inputs + channels) * channels * 9 + 4 * channels
            total += inputs * channels + 2 * channels if inputs != channels else 0
        before = channels
    return total
