"""Checks of the exercises of chapter 18."""

import numpy as np

from .. import models, ops
from ._engine import call, cases, equal, number, numbers, passed, require, whole, written

_TARGET = 158  # means that the classifier reads
_FIRST, _GROWTH = 8, 4  # of the network with a result that nobody reads


def hit_target(first, growth):
    """First channels and growth rate of four blocks of four layers that end with 158 channels."""
    first, growth = whole(first, "first", 1), whole(growth, "growth", 1)
    channels, way = first, []
    for block in range(4):
        channels = (channels if block == 0 else channels // 2) + 4 * growth
        way.append(channels)
    words = f"the blocks end with {', '.join(map(str, way))}, so the classifier reads {channels}"
    require(channels == _TARGET, f"{words}, and not {_TARGET}")
    passed(words)


def three_readers(gradient):
    """The gradient of the two channels that two dense layers are given."""
    hints = [
        ([1, 1], "this is the output's part alone; both layers read the channels, too"),
        ([9, 12], "the output reads the channels, too, and has a gradient for them"),
        ([4, 1], "layer 2 reads the result of layer 1, too, and sends a gradient through it"),
        ([9, 11], "the output reads the result of layer 1, too"),
        ([8, 15], "layer 2 reads the two channels, too"),
        ([3, -1], "layer 1 reads the two channels, too"),
        ([6, 2], "the result of layer 2 has the gradient 2"),
    ]
    equal(gradient, [10, 13], "gradient", hints=hints)
    passed("a channel's gradient is the sum over all its readers")


def count_block(function):
    """function(channels, layers, growth): the parameters of a dense block."""
    for place, rng in enumerate(cases()):
        given = (24, 6, 12) if place == 0 else tuple(int(n) for n in rng.integers(1, 40, 3))
        channels, layers, growth = given
        case = f"{channels} channels, {layers} layers and growth rate {growth}"
        found = call(function, *given, name="count_block", case=case)
        found = whole(found, "what count_block returns")
        reads = channels + growth * np.arange(layers)
        right = int((reads * (2 + 9 * growth)).sum())
        words = {
            int((reads * 9 * growth).sum()): "a normalisation has two parameters a channel",
            layers * channels * (2 + 9 * growth): "a later layer reads more channels",
            int(((reads + growth) * (2 + 9 * growth)).sum()): "no layer reads its own result",
            right + layers * growth: "these convolutions have no bias",
            int((reads * 9 * growth + 2 * growth).sum()): "the normalisation comes first here, "
            "and it has a scale and a shift for each channel that the layer reads",
            int((reads * (2 + growth)).sum()): "a kernel has nine weights for each channel",
        }
        why = words.get(found, "and that is not right") if found != right else ""
        require(found == right, f"count_block gives {found:,} for {case}: {why}")
    passed("in 20 random cases")


def unmix(function):
    """function(channels): the weight of a 1×1 convolution that makes [x, F] of [x + F, x − F]."""
    for place, rng in enumerate(cases(6)):
        channels = 3 if place == 0 else int(rng.integers(1, 7))
        case = f"{channels} channels"
        weight = numbers(call(function, channels, name="unmix", case=case), "the weight")
        shape = (2 * channels, 2 * channels, 1, 1)
        words = f"the weight has shape {weight.shape}, expected {shape} for {case}"
        require(weight.shape == shape, words)
        x, F = rng.normal(size=(2, 2, channels, 4, 4))
        mixed = np.concatenate([x + F, x - F], axis=1)
        hints = [
            (np.concatenate([2 * x, 2 * F], axis=1), "everything is twice too large"),
            (np.concatenate([F, x], axis=1), "x and F are exchanged"),
            (np.concatenate([x, -F], axis=1), "F has the wrong sign"),
            (mixed, "this leaves the mixture as it is"),
            (np.concatenate([x, x], axis=1), "this is x twice"),
        ]
        found = ops.conv2d(mixed, weight.astype(float))
        equal(found, np.concatenate([x, F], axis=1), "what the convolution gives", case, hints)
    passed("a mixture of two results, and nothing is lost")


def find_unread(function):
    """function(net, images, labels): the layer of a dense block whose result nobody reads."""
    answers = []
    for rng in cases(6):
        unread, quiet, small = (int(n) for n in rng.permutation(np.arange(1, 7))[:3])
        net = _with_unread(rng, unread, quiet, small)
        images, labels = rng.normal(size=(8, 1, 8, 8)), rng.integers(0, 10, 8)
        found = call(function, net, images, labels, name="find_unread")
        found = whole(found, "what find_unread returns", 0, 6)
        answers.append((found, unread, quiet, small))
    from_0 = all(found == unread - 1 for found, unread, _, _ in answers)
    require(not from_0, "the layers count from 1, and not from 0")
    for found, unread, quiet, small in answers:
        require(found != quiet, "the result that you found is read, though with small weights")
        words = "the layer that you found has small kernels, but somebody reads its result"
        require(found != small, words)
        require(found == unread, "somebody reads the result of the layer that you found")
    passed("six idle layers found in six networks")


def readable(prediction, measure):
    """A predicted share, and readable(width, growth, scale): how much a sum leaves readable."""
    number(prediction, "prediction", 0, 1)
    written(measure, "readable")

    def share(width, growth, scale):
        found = call(measure, width, growth, scale, name="readable")
        return number(found, f"readable for {width} channels and scale {scale}")

    nothing = share(8, None, 0)
    words = f"where each layer adds 0 all is readable, and readable gives {nothing:.3f}"
    require(abs(nothing - 1) < 1e-3, words)
    full, small = share(8, None, 1), share(8, None, 0.2)
    more, both = share(15, 3, 1), share(15, 3, 0.2)
    names = ("8 channels", "8 channels, small start", "15 channels", "15 channels, small start")
    for name, found, right in zip(names, (full, small, more, both), _READABLE, strict=True):
        words = f"readable gives {found:.3f} for {name}, and that is not right"
        hint = "what is read from what, with the ones, in ten networks, and are the errors squared?"
        require(abs(found - right) < 0.05, f"{words}: {hint}")
    passed(
        f"your prediction was {prediction:g}, you measured {full:.2f}; a small start {small:.2f}, "
        f"15 channels {more:.2f}, both {both:.2f}"
    )


# Measured with the ten networks of the exercise; ten others come within 0.04.
_READABLE = 0.497, 0.898, 0.838, 0.960


def _with_unread(rng, unread, quiet, small):
    """A dense network: one result without a reader, one with quiet ones, one of small kernels."""
    net = models.dense_net(rng, _GROWTH, (6,), _FIRST, inputs=1, classes=10, stem="small")
    net.astype("float64")
    cuts = {}
    for layer in (unread, quiet):
        start = _FIRST + (layer - 1) * _GROWTH
        cuts[layer] = slice(start, start + _GROWTH)
    for reader in net[1]:
        weight = reader.branches[1][2].weight.value
        weight[:, cuts[unread]] = 0
        weight[:, cuts[quiet]] *= 0.001
    classifier = net[-1].weight.value
    classifier[cuts[unread]] = 0
    classifier[cuts[quiet]] *= 0.001
    net[1][small - 1].branches[1][2].weight.value *= 0.01
    return net
