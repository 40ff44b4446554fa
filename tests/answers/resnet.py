"""Answers to the exercises of chapter 17."""

from functools import partial

import numpy as np

from helpers import models, nn, ops
from helpers.data import load_splits

from . import Answers


def by_parts(grad_y, x, body):
    y = np.maximum(x + body(x), 0)
    grad = np.where(y == 0, 0, grad_y)
    return body.backward(grad) + grad


def interleaved(channels):
    """Each map beside its negative, with twice the weight and half of it."""
    first, second = np.zeros((channels, 2, channels, 3, 3)), None
    first[range(channels), 0, range(channels), 1, 1] = 2
    first[range(channels), 1, range(channels), 1, 1] = -2
    first = first.reshape(2 * channels, channels, 3, 3)
    second = first.transpose(1, 0, 2, 3).astype(np.float32) / 4
    return [first, second]


def changed(kind):
    def weights(channels):
        first, second = interleaved(channels)
        if kind == "copy":
            first[1::2] = 0
        elif kind == "abs":
            second = np.abs(second)
        elif kind == "double":
            second = 2 * second
        elif kind == "corner":
            first = np.roll(first, 1, axis=3)
        elif kind == "shape":
            second = first
        return first, second

    return weights


def counted(blocks, projections=True, norms=True, biases=True, first=True):
    sizes = [3 * 64 * 49, 128 * norms, 512_000, 1000 * biases]
    inputs = 64
    for stage, count in enumerate(blocks):
        outputs = 64 * 2**stage
        for _ in range(count):
            reads = inputs if first else outputs
            sizes += [reads * outputs * 9, outputs * outputs * 9, 4 * outputs * norms]
            if inputs != outputs and projections:
                sizes += [inputs * outputs, 2 * outputs * norms]
            inputs = outputs
    return float(sum(sizes))


def measured(
    kinds,
    seeds=(5, 6),
    start=200,
    same=False,
    clear=True,
    divide=True,
    kernels_only=True,
    joined=False,
):
    """One cosine for all convolutions together, with other networks and other batches.

    Only the kernels' gradients are cleared. joined: the kernels keep their lengths.
    """
    x, labels = load_splits("digits", size=8).train
    found = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        layers = [nn.Conv2D(1, 8, 3, 2, 1, bias=False, rng=rng), nn.BatchNorm2D(8), nn.ReLU()]
        layers += [models.residual_block(rng, 8, 8, kind=kind) for kind in kinds]
        net = nn.Sequential(*layers, nn.GlobalAvgPool2D(), nn.Flatten(), nn.Linear(8, 10, rng=rng))
        net = net.astype("float64")
        counted = [p for p in net.parameters() if p.value.ndim == 4 or not kernels_only]
        gradients = []
        for first in (start, start if same else start + 100):
            rows = slice(first, first + 100)
            for parameter in counted if clear else ():
                parameter.grad = None
            scores = net(x[rows].astype("float64"))
            net.backward(ops.cross_entropy_backward(scores, labels[rows]))
            parts = [p.grad.ravel() for p in counted]
            if divide and not joined:
                parts = [part / np.linalg.norm(part) for part in parts]
            gradients.append(np.concatenate(parts))
        one, other = gradients
        lengths = np.linalg.norm(one) * np.linalg.norm(other)
        found.append(one @ other / (lengths if divide else len(counted)))
    return np.mean(found)


lesson = partial(measured, seeds=(0, 1), start=0)  # the networks and batches of the exercise

CANCEL = np.array([[-0.75, -0.25], [1.5, -0.5]])

ANSWERS = {
    "cancel": Answers(
        second=CANCEL.astype(np.float32),
        wrong=[
            (CANCEL.T, "a kernel is a row"),
            (-CANCEL, "it must be −x"),
            ([[0, -0.25], [0, -0.5]], "for the input (2, 1) the sum is (0.75, -1.5)"),
            ([-0.75, -0.25, 1.5, -0.5], "has shape (4,)"),
            (np.zeros((2, 2)), "for the input (1, 2) the sum is (1, 2)"),
        ],
    ),
    "by_hand": Answers(
        second=np.array([[6.0, -2], [0, -2]]),
        wrong=[
            ([[5, -2], [0, -3]], "the shortcut adds"),
            ([[6, 0], [-2, -2]], "belongs to an output"),
            ([[3, 1], [-2, 0]], "this belongs to (1, 2)"),
            ([[2, 2], [8, 2]], "on the left"),
            ([[6, -1], [1, -2]], "on the diagonal only"),
        ],
    ),
    "block_backward": Answers(
        second=by_parts,
        wrong=[
            (lambda g, x, body: g + (body(x), body.backward(g))[1], "behind the sum is forgotten"),
            (lambda g, x, body: body.backward(g * (x + body(x) > 0)), "the shortcut's part"),
            (lambda g, x, body: g + body.backward(g * (x + body(x) > 0)), "its part is cut"),
            (lambda g, x, body: g * (x + body(x) > 0), "through the body is missing"),
            (
                lambda g, x, body: (body(x), g * (x > 0) + body.backward(g * (x > 0)))[1],
                "and not at x",
            ),
            (lambda g, x, body: g + body.backward(g), "call forward first"),
        ],
    ),
    "identity_weights": Answers(
        second=interleaved,
        wrong=[
            (changed("copy"), "a negative number becomes 0"),
            (changed("abs"), "loses its sign"),
            (changed("double"), "is doubled"),
            (changed("corner"), "the maps move"),
            (changed("shape"), "the second weight has shape (6, 3, 3, 3)"),
            (lambda channels: interleaved(channels)[0], "must return two"),
        ],
    ),
    "count_parameters": Answers(
        second=counted,
        wrong=[
            (lambda blocks: counted(blocks, projections=False), "three projections"),
            (lambda blocks: counted(blocks, norms=False), "two parameters"),
            (lambda blocks: counted(blocks, biases=False), "has biases"),
            (lambda blocks: counted(blocks, first=False), "reads fewer channels"),
            (lambda blocks: 11_689_512, "for (3, 4, 6, 3), and that is not right"),
        ],
    ),
    "half_of_the_shortcuts": Answers(
        second=(np.float32(0.1), measured),
        wrong=[
            ((2, measured), "from -1 to 1"),
            ((0.3, partial(measured, same=True)), "the same batch twice"),
            ((0.3, partial(measured, clear=False)), "gradients cleared"),
            ((0.3, partial(lesson, divide=False)), "divided by both lengths"),
            ((0.3, partial(lesson, seeds=(0,))), "a single network"),
            ((0.3, partial(lesson, kernels_only=False)), "only convolutions count"),
            ((0.3, partial(lesson, joined=True)), "a cosine of its own"),
            ((0.3, lambda kinds: 0.6), "made from kinds"),
            ((0.3, lambda kinds: kinds.count("residual") / 100), "for residual blocks"),
        ],
    ),
}
