"""Answers to the exercises of chapter 19."""

import numpy as np

from helpers import geometry
from helpers.geometry import activation, conv, flatten, global_pool, linear, pool

from . import Answers


def pattern(N, M, K, channels, units):
    layers = []
    for _ in range(M):
        layers += [conv(channels, 3, padding=1), activation()] * N + [pool(2)]
        channels *= 2
    return [*layers, flatten(), *[linear(units), activation()] * K, linear(10)]


INPUT = ("conv", "linear", "norm", "pool", "leaky")
OUTPUT = ("relu", "sigmoid", "tanh", "pool")


def from_the_arrays(kinds, sizes):
    """For each array: does the layer before it, or the one behind it, read it?"""
    total = 0
    for before, behind, size in zip(["", *kinds], [*kinds, ""], sizes, strict=True):
        total += size * (before in OUTPUT or behind in INPUT)
    return np.float64(total)


def counted_twice(kinds, sizes):
    total = sum(size for kind, size in zip(kinds, sizes, strict=False) if kind in INPUT)
    return total + sum(size for kind, size in zip(kinds, sizes[1:], strict=True) if kind in OUTPUT)


def leaky_as_relu(kinds, sizes):
    return from_the_arrays(["relu" if kind == "leaky" else kind for kind in kinds], sizes)


def without_image(kinds, sizes):
    return from_the_arrays(kinds, sizes) - sizes[0]


def by_formula(layers, shape, arrays, limit, size=4, more=0, pick=max):
    rest = limit - arrays * size * sum(row.parameters for row in geometry.summary(layers, shape))
    rows = geometry.way_back(layers, shape)
    fits = [batch for batch in range(1, 500) if pick([row.of(batch) for row in rows]) <= rest]
    return max(fits, default=0) + more


def nothing_once(layers, shape, arrays, limit):
    rest = limit - arrays * 4 * sum(row.parameters for row in geometry.summary(layers, shape))
    return max(0, rest // max(row.bytes for row in geometry.way_back(layers, shape)))


def asked(kinds, images=8, subtract=True, grad=True, scale=1):
    import paddle

    from helpers import peak

    layers = {"relu": paddle.nn.ReLU(), "leaky": paddle.nn.LeakyReLU()}
    layers["pool"] = paddle.nn.MaxPool2D(2)
    first, last = paddle.nn.Conv2D(3, 16, 3, padding=1), paddle.nn.Conv2D(16, 16, 3, padding=1)
    model = paddle.nn.Sequential(first, *[layers[kind] for kind in kinds], last)
    batch = paddle.zeros([images, 3, 32, 32])
    with paddle.set_grad_enabled(grad):
        left = peak.allocated(model, batch).left
        left -= 4 * model(batch).size if subtract else 0
    return np.float32(scale * left / (images * 65536))


HEAVY = [flatten(), linear(500), linear(10)]
BUSY = [conv(24, 3, padding=1), activation(), conv(24, 5, padding=2), conv(10, 3), pool(30)]
BUSY += [flatten(), linear(10)]

ANSWERS = {
    "three_limits": Answers(
        second=pattern(3, 3, 1, 8, 128),
        wrong=[
            (pattern(2, 3, 1, 16, 64), "KiB kept 132.1 % (over)"),
            (pattern(3, 3, 1, 8, 32), "(under 60)"),
            ([linear(10)], "flatten()"),
            (7, "the network: layers is 7"),
        ],
    ),
    "three_costs": Answers(
        second=np.array([12832.0, 1280000, 12800]),
        wrong=[
            ([12800, 1280000, 12800], "has a bias, too"),
            ([12832, 5120000, 51200], "fewer places"),
            ([12832, 2560000, 12800], "not as two"),
            ([12832, 1280000, 3200], "4 bytes"),
            ([832, 80000, 12800], "reads all 16 maps"),
        ],
    ),
    "count_kept": Answers(
        second=from_the_arrays,
        wrong=[
            (lambda kinds, sizes: sum(sizes), "this is every array"),
            (counted_twice, "is kept once"),
            (leaky_as_relu, "of a leaky ReLU reads its input"),
            (without_image, "the image is kept"),
            (lambda kinds, sizes: from_the_arrays(kinds, sizes) + 0.5, "a whole number"),
        ],
    ),
    "largest_batch": Answers(
        second=by_formula,
        wrong=[
            (lambda *given: by_formula(*given, size=0), "what belongs to them count"),
            (lambda *given: by_formula(*given, size=1), "takes 4 bytes"),
            (lambda *given: by_formula(*given, more=1), "one image too large"),
            (lambda *given: by_formula(*given, pick=sum), "the largest one counts"),
            (lambda *given: by_formula(*given, more=0.5), "a whole number"),
            (lambda *given: max(1, by_formula(*given)), "one image too large"),
            (nothing_once, "largest_batch gives"),
        ],
    ),
    "heavy_and_busy": Answers(
        second=(HEAVY, BUSY),
        wrong=[
            ((BUSY, HEAVY), "heavy has"),
            ((HEAVY, [flatten(), linear(10)]), "busy has"),
            ((HEAVY, [conv(8, 3), global_pool()]), "ten scores"),
            ((HEAVY, [conv(8, 3), linear(10)]), "flatten()"),
            (([], BUSY), "heavy is empty"),
        ],
    ),
    "where_relu_stands": Answers(
        second=(np.array([1, 2]), lambda kinds: asked(kinds, 4)),
        wrong=[
            ((1.25, asked), "has shape ()"),
            (([1, 1], lambda kinds: asked(kinds, subtract=False)), "what the last convolution"),
            (([1, 1], lambda kinds: asked(kinds, grad=False)), "was no_grad switched on"),
            (([1, 1], lambda kinds: asked(kinds, scale=8)), "for 8 images"),
            (([1, 1], lambda kinds: asked(kinds, scale=1.5)), "and that is not right"),
        ],
    ),
}
