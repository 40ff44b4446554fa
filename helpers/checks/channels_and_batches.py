"""Checks of the exercises of chapter 04."""

import numpy as np

from .. import ops
from ..data import IMAGES, load_image, to_nchw
from ._engine import call, cases, equal, number, numbers, passed, require

_COLOURS = {"black": (0, 0, 0), "red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
_COLOURS |= {"yellow": (1, 1, 0), "white": (1, 1, 1)}


def red_and_yellow(kernels):
    """Two kernels of three slices and a bias; each is positive at one colour only."""
    kernels = numbers(kernels, "my_kernels").astype(float)
    shape = f"my_kernels has shape {kernels.shape}; two rows of four numbers are expected"
    require(kernels.shape == (2, 4), shape)
    for place, (kernel, wanted) in enumerate(zip(kernels, ("red", "yellow"), strict=True)):
        answers = {name: kernel[:3] @ colour + kernel[3] for name, colour in _COLOURS.items()}
        found = answers.pop(wanted)
        name = f"kernel {place} answers"
        require(found > 1e-9, f"{name} {found:g} at {wanted}; a positive answer is expected")
        for colour, answer in answers.items():
            require(not answer > 1e-9, f"{name} {answer:g} at {colour}; it must not be positive")
    passed("the one sees only red and the other only yellow, of six colours")


def costs(weight_shape, output_shape, parameters, multiply_adds):
    """Two shapes and two counts of a layer: 12 kernels of 5×5 on 8 colour photographs."""
    hints = [
        ([3, 12, 5, 5], "the kernels come first, and then their slices"),
        ([12, 5, 5], "each kernel has a slice for each channel of its input"),
        ([8, 3, 5, 5], "the weight does not know how many images there are"),
        ([12, 8, 5, 5], "the weight does not know how many images there are"),
    ]
    equal(weight_shape, [12, 3, 5, 5], "weight_shape", hints=hints)
    hints = [
        ([8, 12, 64, 64], "remember the stride"),
        ([12, 32, 32], "the images of the batch come first"),
        ([8, 3, 32, 32], "there are as many channels out as kernels"),
        ([8, 12, 30, 30], "the padding is missing"),
        ([8, 32, 32, 12], "the channels stand before the height"),
    ]
    equal(output_shape, [8, 12, 32, 32], "output_shape", hints=hints)
    hints = [
        (900, "the biases are missing"),
        (903, "there is one bias for each kernel, and not for each channel of the input"),
        (936, "there is one bias for each kernel, and not for each slice"),
        (12 * 25 + 12, "each kernel has a slice for each channel of its input"),
    ]
    equal(parameters, 912, "parameters", hints=hints)
    one = 32 * 32 * 12 * 75
    hints = [
        (8 * one, "that is for the whole batch; one photograph is asked for"),
        (4 * one, "remember the stride: there are fewer places"),
        (one / 3, "each output is a sum over all three channels"),
        (one / 12, "that is for one channel of the output"),
    ]
    equal(multiply_adds, one, "multiply_adds", hints=hints)
    passed("912 numbers, and 921,600 multiply-adds with them")


def layer(function):
    """function(x, weight, bias): a convolution layer with stride 1 and without padding."""
    for place, rng in enumerate(cases(10)):
        images, inputs, outputs = (2, 3, 4) if place == 0 else rng.integers(1, 5, 3)
        height, width = (2, 3) if place == 0 else rng.integers(1, 4, 2)
        extra = rng.integers(1, 5, 2)
        weight = rng.integers(-3, 4, (outputs, inputs, height, width)).astype(float)
        x = rng.integers(-5, 6, (images, inputs, height + extra[0], width + extra[1])).astype(float)
        bias = rng.integers(1, 10, outputs).astype(float)
        case = f"x {x.shape} and weight {weight.shape}"
        found = call(function, x, weight, bias, name="layer", case=case)
        right = ops.conv2d(x, weight, bias)
        hints = [
            (ops.conv2d(x, weight), "the bias is missing"),
            (ops.conv2d(x, weight, inputs * bias), "the bias is added once, and not once a slice"),
            (ops.conv2d(x[:, -1:], weight[:, -1:], bias), "only the last channel counts"),
            (right[:1], "only the first image is there"),
            (right[0], "the axis of the images is missing"),
            (right.swapaxes(0, 1), "the images come first, and then the channels"),
            (ops.conv2d(x, weight, bias * 0 + bias[0]), "each kernel has a bias of its own"),
        ]
        equal(found, right, "what layer returns", case, hints)
    passed("the same as ops.conv2d, in 10 random cases")


def broken_camera(photograph):
    """Return what a camera with three faults makes of a photograph (N, 3, H, W)."""
    photograph = numbers(photograph, "photograph").astype(float)
    shape = f"photograph has shape {photograph.shape}, expected (N, 3, H, W)"
    require(photograph.ndim == 4 and photograph.shape[1] == 3, shape)
    red, green, blue = photograph.swapaxes(0, 1)
    left, down = np.zeros_like(red), np.zeros_like(blue)
    left[:, :, :-1] = red[:, :, 1:]
    down[:, 1:] = blue[:, :-1]
    return np.stack([down, green, left], axis=1)


def repair(weight):
    """The weight (3, 3, 3, 3) of a layer that undoes the faults of `broken_camera`."""
    weight = numbers(weight, "repair").astype(float)
    shape = f"repair has shape {weight.shape}, expected (3, 3, 3, 3)"
    require(weight.shape == (3, 3, 3, 3), shape)
    rng = next(cases(1))
    photograph = rng.uniform(size=(1, 3, 9, 9))
    broken = broken_camera(photograph)

    def fits(slices, channel):
        y = ops.conv2d(broken, slices[None], padding=1)[0, 0]
        return np.allclose(y[1:-1, 1:-1], photograph[0, channel, 1:-1, 1:-1], atol=1e-6)

    for channel, name in enumerate(("red", "green", "blue")):
        slices = weight[channel]
        if not fits(slices, channel):
            right = 2 - channel
            others = np.delete(slices, right, axis=0)
            mixed = f"{name} is made of a channel that did not hold {name}: which one did?"
            require(not others.any(), mixed)
            words = f"{name} is displaced even farther: it must move the other way"
            require(not fits(slices[:, ::-1, ::-1], channel), words)
            words = f"{name} moves along the wrong axis"
            turned = [fits(part, channel) for part in (slices.mT, slices.mT[:, ::-1, ::-1])]
            require(not any(turned), words)
            where = "is not in its place, or not as bright as it was"
            require(False, f"{name} {where}")
    passed("every colour is back in its place, with three ones and 78 zeros")


def without_j(function):
    """function(first, bias, second, i, j, factor): the same network with one channel fewer."""
    for place, rng in enumerate(cases(10)):
        middle, inputs, outputs = (4, 2, 3) if place == 0 else rng.integers(2, 6, 3)
        i, j = (1, 2) if place == 0 else rng.choice(middle, 2, replace=False).tolist()
        factor = 3.0 if place == 0 else float(rng.choice([-3, -2, 2, 3]))
        first = rng.integers(-4, 5, (middle, inputs, 2, 3)).astype(float)
        bias = rng.integers(1, 5, middle).astype(float)
        first[j], bias[j] = factor * first[i], factor * bias[i]
        second = rng.integers(-4, 5, (outputs, middle, 3, 2)).astype(float)
        second[:, j] = rng.integers(1, 5, (outputs, 3, 2))
        x = rng.integers(1, 6, (2, inputs, 6, 6)).astype(float)
        case = f"{middle} channels, i = {i}, j = {j} and factor {factor:g}"
        found = call(function, first, bias, second, i, j, factor, name="without_j", case=case)
        three = isinstance(found, tuple | list) and len(found) == 3
        require(three, "without_j must return first, bias, second")
        shapes = {"first": (middle - 1, *first.shape[1:]), "bias": (middle - 1,)}
        shapes["second"] = (outputs, middle - 1, 3, 2)
        parts = [numbers(part, name) for part, name in zip(found, shapes, strict=True)]
        for part, (name, shape) in zip(parts, shapes.items(), strict=True):
            require(part.shape == shape, f"{name} has shape {part.shape}, expected {shape}")
        maps = ops.conv2d(x, first, bias)
        rest = np.arange(middle) != j
        hints = []
        for share, words in [
            (0, "what the second layer did with channel j is lost"),
            (1, "channel j was factor times channel i: the factor is missing"),
            (1 / factor, "channel j was factor times channel i, and not the other way round"),
        ]:
            slices = second.copy()
            slices[:, i] += share * second[:, j]
            hints.append((ops.conv2d(maps[:, rest], slices[:, rest]), words))
        slices = second.copy()
        slices[:, i] = factor * second[:, j]
        words = "the second layer no longer does what it did with channel i"
        hints.append((ops.conv2d(maps[:, rest], slices[:, rest]), words))
        answer = ops.conv2d(ops.conv2d(x, parts[0], parts[1]), parts[2])
        equal(answer, ops.conv2d(maps, second), "the network's answer", case, hints)
    passed("the same answers with one channel fewer, in 10 random networks")


def one_channel(prediction, share, best):
    """A prediction, share(slices) of rocket's variance, and the best three slices."""
    number(prediction, "prediction", 0, 1)
    pixels = to_nchw(load_image(IMAGES / "rocket.jpg"), np.float64)[0].reshape(3, -1)
    covariance = np.cov(pixels, ddof=0)
    total = np.trace(covariance)
    for slices in ([1.0, 0.0, 0.0], [2.0, -1.0, 3.0], [0.2, 0.3, 0.1]):
        slices = np.array(slices)
        variance = slices @ covariance @ slices
        right = variance / (slices @ slices) / total
        hints = [
            (variance / total, "the squares of the slices must add up to 1 first"),
            (variance / slices.sum() ** 2 / total, "their squares add up to 1, and not the slices"),
            (np.sqrt(right), "that is the root of the share: compare variances"),
            (100 * right, "this is in per cent; a share from 0 to 1 is asked for"),
            (variance / (slices @ slices), "that is the variance, and not a share of all"),
            (3 * right, "divide by the sum of the three variances, and not by their mean"),
            (_share_of_all(pixels, slices), "divide by the sum of the three variances"),
        ]
        case = f"slices {slices.tolist()}"
        found = number(call(share, slices, name="share"), "what share returns")
        # The variance may also be taken with one number fewer.
        equal(found, right, "what share returns", case, hints, tolerance=1e-4)
    best = numbers(best, "best").astype(float)
    require(best.size == 3, f"best has shape {best.shape}; three slices are expected")
    best = best.reshape(3)
    require(best.any() and np.isfinite(best).all(), "best must have a direction")
    held = best @ covariance @ best / (best @ best) / total
    largest = np.linalg.eigvalsh(covariance)[-1] / total
    words = f"best holds {held:.4f} of the variance, and there is a better direction"
    require(held > largest - 0.002, words)
    passed(f"your prediction was {prediction:g}, and one channel holds {held:.2f}")


def _share_of_all(pixels, slices):
    response = slices / np.linalg.norm(slices) @ pixels
    return response.var() / pixels.var()
