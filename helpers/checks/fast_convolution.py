"""Checks of the exercises of chapter 12."""

import tracemalloc
from collections import OrderedDict

import numpy as np

from .. import ops
from ._engine import call, cases, each, equal, number, numbers, passed, require, whole, written

_WIDTH, _LINE = 83, 64


def lost_tape():
    """The tape of a photograph whose width is lost."""
    from ..data import IMAGES, load_image

    photograph = load_image(IMAGES / "chelsea.png", mode="L")[60:160, 100 : 100 + _WIDTH]
    return (photograph / 255).ravel()[:-31]


def lost_width(width):
    """The width of the photograph on `lost_tape`."""
    width = whole(width, "my_width", 1, 8000)
    parts = "each row of your picture holds several rows, side by side"
    require(width == _WIDTH or width % _WIDTH, parts)
    near = abs(width - _WIDTH) <= 3
    require(width == _WIDTH or not near, "very near: upright edges still lean a little")
    leaning = "what lies below one another in your picture did not in the photograph"
    require(width == _WIDTH, leaning)
    passed("one row down is 83 numbers further on the tape")


def by_hand(answers):
    """Four numbers about the tape of an image of 5×6 and a kernel of 3×3."""
    hints = [
        [(11, "a row down is the image's width"), (8, "first rows down, then to the right")],
        [(12, "the slice holds the wrapped windows, too"), (30, "the last rows begin no window")],
        [(2, "that many in each row of windows"), (10, "the last rows begin no window")],
        [(3, "which number does the last window read, and is it on the tape?")],
    ]
    each(answers, [13, 18, 6, 2], "answers", hints)
    passed("start, length, wrapped windows and zeros")


def dilated(function):
    """function(image, kernel, dilation): the convolution, (rows, columns), on a tape."""
    for place, rng in enumerate(cases()):
        k, d = (3, 2) if place == 0 else (int(n) for n in rng.integers(1, 4, 2))
        extra = (2, 4) if place == 0 else rng.integers(0, 6, 2)
        shape = [int(n) + d * (k - 1) + 1 for n in extra]
        image, kernel = rng.normal(size=shape), rng.normal(size=(k, k))
        case = f"a {shape[0]}×{shape[1]} image, a {k}×{k} kernel and dilation {d}"
        found = call(function, image, kernel, d, name="conv_dilated", case=case)
        right, full = _dilated(image, kernel, d, d), shape[1]
        hints = [(_dilated(image, kernel, 1, 1), "the dilation is missing")]
        if d > 1 and k > 1:
            hints.append((_dilated(image, kernel, d, 1), "the rows are dilated, the columns not"))
            hints.append((_dilated(image, kernel, 1, d), "the columns are dilated, the rows not"))
        found = numbers(found, "what conv_dilated returns")
        words = "wrapped windows are still in it: how many columns fit a window of this reach?"
        uncut = found.shape == (right.shape[0], full) != right.shape
        require(not uncut, f"conv_dilated for {case}: {words}")
        equal(found, right, "conv_dilated", case, hints)
    passed("the same as ops.conv2d with a dilation, in 20 random cases")


def max_pool(function):
    """function(image, k): the largest number of each k×k window, stride 1, on a tape."""
    for place, rng in enumerate(cases()):
        k = 3 if place == 0 else int(rng.integers(1, 4))
        shape = [int(n) + k for n in ((3, 5) if place == 0 else rng.integers(0, 6, 2))]
        image = rng.integers(-99, 0, shape).astype(float)
        case = f"a {shape[0]}×{shape[1]} image and k = {k}"
        found = call(function, image, k, name="max_pool_on_tape", case=case)
        right = ops.max_pool2d(image[None, None], k, 1)[0, 0]
        found = numbers(found, "what max_pool_on_tape returns")
        uncut = f"max_pool_on_tape for {case}: wrapped windows are still in it"
        require(k == 1 or found.shape != (right.shape[0], shape[1]), uncut)
        smallest = -ops.max_pool2d(-image[None, None], k, 1)[0, 0]
        hints = [
            (np.maximum(right, 0), "all numbers are negative here; where does the 0 come from?"),
            (smallest, "this is the smallest number of each window"),
            (ops.avg_pool2d(image[None, None], k, 1)[0, 0], "this is the mean of each window"),
            (ops.max_pool2d(image[None, None], k)[0, 0], "here the stride is 1"),
        ]
        equal(found, right, "max_pool_on_tape", case, hints)
    passed("k² slices and no loop over pixels can do it, in 20 random cases")


def within(function):
    """function(x, weight, limit): a convolution that needs at most so many bytes."""
    for shape, limit in (((3, 200, 220), 3 * 2**20), ((2, 150, 160), 2**20)):
        rng = np.random.default_rng()
        x = rng.normal(size=shape).astype("float32")
        weight = rng.normal(size=(4, shape[0], 5, 5)).astype("float32")
        peaks = []

        def measured(x, weight, limit, peaks=peaks):
            tracemalloc.start()
            try:
                y = function(x, weight, limit)
                peaks.append(tracemalloc.get_traced_memory()[1])
            finally:
                tracemalloc.stop()
            return y

        written(function, "conv_within")
        require(callable(function), "conv_within must be a function")
        found = call(measured, x, weight, limit, name="conv_within")
        right = ops.conv2d(x[None], weight)[0]
        found = numbers(found, "what conv_within returns")
        hints = [(ops.conv2d(x[None], weight[:, :, ::-1, ::-1].copy())[0], "the kernel is turned")]
        equal(found, right, "conv_within", hints=hints, tolerance=1e-4)
        extra = (peaks[0] - found.nbytes) / 2**20
        words = f"{extra:.1f} MiB beside the result, and {limit / 2**20:.0f} MiB are allowed"
        require(extra <= limit / 2**20, f"conv_within for x of shape {shape} needs {words}")
    passed("two layers, each within its memory")


def cache(small, large, fetched):
    """Two predicted ratios, and fetched(addresses, capacity), how many lines are fetched."""
    small = number(small, "small", 0, 1e6)
    large = number(large, "large", 0, 1e6)
    for place, rng in enumerate(cases(10)):
        rng = np.random.default_rng(3) if place == 0 else rng
        capacity = 5 if place == 0 else int(rng.integers(1, 8))
        addresses = rng.integers(0, 20 * _LINE, 400 if place == 0 else rng.integers(1, 60))
        found = call(fetched, addresses, capacity, name="fetched")
        lines = addresses // _LINE
        right = _fetched(lines, capacity)
        hints = [
            (len(set(lines)), "a line that was dropped is fetched again"),
            (_fetched(lines, capacity, used=False), "a line that is used again becomes the newest"),
            (_fetched(lines, 1), "more than one line fits into the cache"),
            (_fetched(addresses, capacity), "a line has 64 bytes, with 64 addresses"),
            (_fetched(lines, capacity + 1), "one line too many is kept"),
            (len(addresses), "what lies in the cache need not be fetched"),
            (len(addresses) - right, "these are the reads that found their line"),
        ]
        equal(found, right, "fetched", f"{len(addresses)} reads, {capacity} lines", hints)
    ratios = []
    for height in (200, 1000):
        places = np.arange(height * 64).reshape(height, 64) * 4
        along, down = (int(fetched(order.ravel(), 512)) for order in (places, places.T))
        ratios.append(down / along)
    words = "200 rows: you said {:g}, counted {:g}; 1,000 rows: you said {:g}, counted {:g}"
    passed(words.format(small, ratios[0], large, ratios[1]))


def _dilated(image, kernel, down, right):
    return ops.conv2d(image[None, None], kernel[None, None], dilation=(down, right))[0, 0]


def _fetched(lines, capacity, used=True):
    """How often a line is not in the cache; used: whether reading a line makes it new again."""
    kept, count = OrderedDict(), 0
    for line in lines:
        if line in kept:
            if used:
                kept.move_to_end(line)
            continue
        count += 1
        kept[line] = True
        if len(kept) > capacity:
            kept.popitem(last=False)
    return count
