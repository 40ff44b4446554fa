"""Checks of the exercises of chapter 03."""

import numpy as np

from .. import ops
from ..geometry import conv, conv_output_size, receptive_field
from ._engine import call, cases, equal, number, numbers, passed, require, whole

# Pixels, kernel, padding, stride, dilation.
_LAYERS = [(28, 5, 0, 1, 1), (28, 5, 2, 1, 1), (33, 3, 1, 2, 1)]
_LAYERS += [(224, 7, 3, 2, 1), (20, 3, 0, 1, 4), (100, 2, 0, 3, 1)]


def three_layers(layers):
    """Three (kernel, stride, padding): from 32 to 8, and a field of at least 15."""
    layers = numbers(layers, "my_layers")
    what = "three rows of three numbers are expected"
    require(layers.shape == (3, 3), f"my_layers has shape {layers.shape}; {what}")
    require((layers == np.rint(layers)).all(), "my_layers holds a number that is not whole")
    size, field, jump = 32, 1, 1
    for place, (k, s, p) in enumerate(layers.astype(int).tolist()):
        name = f"layer {place}"
        require(k >= 1 and s >= 1 and p >= 0, f"{name} has a number that is too small")
        require(k >= s, f"{name} skips pixels: its stride {s} is larger than its kernel {k}")
        require(2 * p <= k, f"the padding of {name} is {p}; at most half of its kernel is allowed")
        require(size + 2 * p >= k, f"the kernel of {name} does not fit in {size} pixels")
        size = conv_output_size(size, k, s, p)
        field, jump = field + (k - 1) * jump, jump * s
    require(size == 8, f"the last layer has {size} outputs along an axis, and not 8")
    require(field >= 15, f"the field is {field} pixels long; 15 are needed")
    cost = int((layers[:, 0] ** 2).sum())
    more = "there is no smaller sum" if cost == 24 else "a smaller sum is possible"
    passed(f"from 32 to 8 with a field of {field}: the squares add up to {cost}, and {more}")


def six_sizes(sizes):
    """The outputs of six layers along one axis."""
    sizes = numbers(sizes, "sizes")
    require(sizes.shape == (6,), f"sizes has shape {sizes.shape}, expected (6,)")
    for place, (n, k, p, s, d) in enumerate(_LAYERS):
        reach = d * (k - 1)
        hints = [
            ((n + p - reach - 1) // s + 1, "the padding stands on both sides"),
            ((n - reach - 1) // s + 1, "the padding is missing"),
            (-(-(n + 2 * p - reach - 1) // s) + 1, "the fraction is rounded down, and not up"),
            ((n + 2 * p - reach - 1) / s + 1, "a number of outputs is whole"),
            ((n + 2 * p - reach - 1) // s, "the window that does not move counts, too"),
            ((n + 2 * p - d * k) // s + 1, "the dilation is between the weights: k - 1 times"),
            ((n + 2 * p - k) // s + 1, "the dilation makes the kernel longer"),
            (n + 2 * p - reach, "remember the stride"),
        ]
        equal(sizes[place], conv_output_size(n, k, s, p, d), f"sizes[{place}]", hints=hints)
    passed("one formula for all of them")


def span(function):
    """function(layers, index): the first and the last pixel that an output sees along one axis."""
    for place, rng in enumerate(cases()):
        if place == 0:
            layers, index = [(3, 1, 1, 1), (3, 2, 0, 2), (5, 2, 2, 1)], 3
        else:
            layers = [_draw(rng) for _ in range(rng.integers(1, 5))]
            index = int(rng.integers(0, 6))
        stack = [conv(1, k, stride=s, padding=p, dilation=d) for k, s, p, d in layers]
        right = np.array(receptive_field(stack)[-1].span(index))
        shown = ", ".join(str(layer) for layer in layers)
        case = f"output {index} of [{shown}]"
        found = call(function, list(layers), index, name="span", case=case)
        hints = [
            (_span(layers, index, late=False), "a layer's own stride counts from the next one on"),
            (_span(layers, index, dilated=False), "remember the dilation"),
            (_span(layers, index, padded=False), "the padding moves the field to the left"),
            (_span(layers, index, unit=False), "one place of padding is as long as the jump there"),
            (right + np.array([0, 1]), "the last pixel is one too far: it belongs to the field"),
            (_span(layers, 0), "this is where output 0 looks"),
        ]
        equal(found, right, "what span returns", case, hints)
    passed("the same as geometry.receptive_field, for 20 random stacks")


def four_numbers(function):
    """function(layer): kernel size, stride, padding and dilation of a hidden layer."""
    for place, rng in enumerate(cases()):
        k, s, p, d = (3, 2, 1, 3) if place == 0 else _draw(rng, kernels=(2, 6), paddings=(0, 4))
        weight = rng.integers(1, 10, (1, 1, 1, k)).astype(float)

        def layer(row, weight=weight, s=s, p=p, d=d):
            row = numbers(row, "the row for the layer").astype(float)
            shape = "a row for the layer has 20 to 200 numbers"
            require(row.ndim == 1 and 20 <= len(row) <= 200, f"{shape}, and not {row.shape}")
            x = row[None, None, None]
            return ops.conv2d(x, weight, None, (1, s), (0, p), (1, d)).ravel()

        found = numbers(call(function, layer, name="four_numbers"), "what four_numbers returns")
        what = "kernel size, stride, padding, dilation"
        require(found.shape == (4,), f"four_numbers must return four numbers: {what}")
        spans = found[0] == d * (k - 1) + 1 != k
        require(not spans, "the kernel size counts weights, and not the pixels that they span")
        exchanged = found[0] == k and found[3] == s != d and found[1] == d
        require(not exchanged, "stride and dilation are exchanged")
        for value, right, name in zip(found, (k, s, p, d), what.split(", "), strict=True):
            require(value == right, f"the {name} is not right for one of the hidden layers")
    passed("20 hidden layers found out")


def without_holes(dilations):
    """Four dilations of 3×3 layers: the longest field in which every row is read."""
    dilations = numbers(dilations, "dilations")
    require(dilations.shape == (4,), f"dilations has shape {dilations.shape}, expected (4,)")
    for place, dilation in enumerate(dilations):
        whole(dilation, f"dilations[{place}]", 1, 1000)
    paths = np.ones(1, int)
    for dilation in dilations.astype(int):
        taps = np.zeros(2 * dilation + 1, int)
        taps[[0, dilation, 2 * dilation]] = 1
        paths = np.convolve(paths, taps)
    size, read = len(paths), np.count_nonzero(paths)
    require(read == size, f"there are holes: an output reads {read} of the {size} rows it spans")
    require(size == 81, f"{size} rows without a hole, and a longer field is possible")
    passed("81 rows, and exactly one path from each")


def frame(prediction, touched):
    """A number of layers, and touched(depth): the share of 32×32 outputs that padding touched."""
    prediction = whole(prediction, "prediction", 1, 16)
    for depth in (1, 3, 6):
        right = 1 - (32 - 2 * depth) ** 2 / 32**2
        hints = [
            (1 - right, "this is the share that is not touched"),
            (2 * depth / 32, "this is the share of the rows; outputs have columns, too"),
            (32**2 * right, "this is how many are touched; the share is asked for"),
            (100 * right, "this is in per cent; a share from 0 to 1 is asked for"),
            (0, "nothing differs: do both results have the same padding?"),
            (1, "everything differs: do both begin with the same image and use the same kernels?"),
        ]
        found = number(call(touched, depth, name="touched"), "what touched returns")
        equal(found, right, "what touched returns", f"{depth} layers", hints)
    half = next(depth for depth in range(1, 17) if touched(depth) >= 0.5)
    passed(f"half of the outputs are touched after {half} layers; you predicted {prediction}")


def _draw(rng, kernels=(1, 6), paddings=(0, 3)):
    ranges = kernels, (1, 4), paddings, (1, 4)
    return tuple(int(rng.integers(*limits)) for limits in ranges)


def _span(layers, index, late=True, dilated=True, padded=True, unit=True):
    """What `span` returns, or what it returns with one mistake."""
    field, jump, first = 1, 1, 0
    for k, s, p, d in layers:
        before = jump
        jump = jump * s
        step = before if late else jump
        field += (d if dilated else 1) * (k - 1) * step
        first -= p * (before if unit else 1) * padded
    first += index * jump
    return np.array([first, first + field - 1])
