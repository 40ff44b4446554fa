"""Checks of the exercises of chapter 06."""

import numpy as np

from .. import ops
from ._engine import call, cases, equal, number, numbers, passed, require, whole

_MAP = [[3, -1, -2, 1, -2], [2, -4, 3, 5, 1], [1, 4, 3, 8, 1], [0, 1, 6, 4, -3], [2, -4, -4, 4, 8]]
_MAP = np.array(_MAP, float)[None, None]


def spikes(rows):
    """Six rows: a spike moved by 1 and by 2, through every second, maximum, and blur."""
    rows = numbers(rows, "my_rows").astype(float)
    shape = f"my_rows has shape {rows.shape}; six rows of four numbers are expected"
    require(rows.shape == (6, 4), shape)
    spike = np.eye(8)[2:5]
    second = spike[:, ::2]
    largest = spike.reshape(3, 4, 2).max(axis=2)
    padded = np.pad(spike, ((0, 0), (1, 1)))
    blurred = (padded[:, :-2] / 4 + padded[:, 1:-1] / 2 + padded[:, 2:] / 4)[:, ::2]
    for way, (name, right) in enumerate(
        {"every 2nd": second, "maximum": largest, "blur, 2nd": blurred}.items()
    ):
        for by in (1, 2):
            place = 2 * way + by - 1
            hints = [(right[0], "that is the spike before it moved")]
            if name == "blur, 2nd":
                hints.append((second[by], "the blur is missing"))
            what = f"row {place} ({name}, moved by {by})"
            equal(rows[place], right[by], what, hints=hints, tolerance=0.01)
    passed("one spike is lost, one does not notice, and one fades from place to place")


def by_hand(largest, average):
    """Maximum and average of a map of 5×5, windows of 3×3, stride 2."""
    for name, answer, pool in [
        ("largest", largest, ops.max_pool2d),
        ("average", average, ops.avg_pool2d),
    ]:
        right = pool(_MAP, 3, 2)[0, 0]
        hints = [
            (pool(_MAP, 3, 1)[0, 0], "remember the stride"),
            (pool(_MAP, 2)[0, 0], "that is for windows of 2×2"),
            (pool(_MAP, 2, 3)[0, 0], "that is for windows of 2×2"),
            (9 * right if name == "average" else right, "that is the sum of each window"),
            (right.T, "rows and columns are exchanged"),
        ]
        equal(answer, right, name, hints=hints, tolerance=0.01)
    passed("each window shares a row or a column with its neighbour")


def max_pool(function):
    """function(x, k, stride): the largest value of every window, (C, H, W)."""
    for place, rng in enumerate(cases()):
        k, stride = (3, 2) if place == 0 else rng.integers(1, 5, 2).tolist()
        shape = (3, 8, 10) if place == 0 else tuple(rng.integers((1, k, k), (4, k + 8, k + 8)))
        x = rng.integers(-9, 3, shape).astype(float)
        if place == 0:
            x[:, :4, :4] = rng.integers(-9, 0, (3, 4, 4))
        right = ops.max_pool2d(x[None], k, stride)[0]
        case = f"x of shape {tuple(map(int, shape))}, k = {k} and stride {stride}"
        found = call(function, x, k, stride, name="max_pool", case=case)
        hints = [
            (np.maximum(right, 0), "among negative numbers the largest is negative, and not 0"),
            (ops.max_pool2d(x[None], k)[0], "the windows lie side by side; remember the stride"),
            (ops.max_pool2d(x[None], k, 1)[0], "remember the stride"),
            (right.max(axis=0), "each channel is pooled by itself"),
            (np.broadcast_to(right.max(axis=0), right.shape), "each channel is pooled by itself"),
            (ops.avg_pool2d(x[None], k, stride)[0], "that is the average"),
            (
                ops.max_pool2d(x[None], k, stride, ceil_mode=True)[0],
                "a window that does not fit whole is left out",
            ),
        ]
        equal(found, right, "what max_pool returns", case, hints)
    passed("the same as ops.max_pool2d, in 20 random cases")


def two_layers(first, second):
    """Weights (C, 1, 1, 2) and (1, C, 1, 1): with a ReLU between, the larger of every pair."""
    first, second = numbers(first, "first"), numbers(second, "second")
    kinds = first.ndim == 4 and first.shape[1:] == (1, 1, 2) and 1 <= len(first) <= 16
    require(kinds, f"first has shape {first.shape}, expected (C, 1, 1, 2) with C up to 16")
    wanted = (1, len(first), 1, 1)
    require(second.shape == wanted, f"second has shape {second.shape}, expected {wanted}")

    def answer(pairs):
        x = pairs.reshape(1, 1, 1, -1)
        maps = ops.relu(ops.conv2d(x, first.astype(float), stride=(1, 2)))
        return ops.conv2d(maps, second.astype(float)).ravel()

    rng = next(cases(1))
    # Both orders of every two signs.
    pairs = rng.integers(1, 9, (40, 2)) + np.array([0.0, 0.5])
    pairs[20:] = pairs[20:, ::-1]
    pairs = np.concatenate([pairs, pairs * [1, -1], pairs * [-1, 1], -pairs])
    right, found = pairs.max(axis=1), answer(pairs)
    linear = np.allclose(found, pairs.mean(axis=1))
    require(not linear, "that is the average of every pair")
    smallest = "that is the smaller number of every pair"
    require(not np.allclose(found, pairs.min(axis=1)), smallest)
    good = np.abs(found - right) < 1e-6
    if not good.all():
        only = good[(pairs > 0).all(axis=1)].all()
        require(not only, "this is right for positive numbers, and wrong for negative ones")
        a, b = pairs[np.argmin(good)]
        require(False, f"for the pair {a:g}, {b:g} the network answers {found[np.argmin(good)]:g}")
    passed(f"{len(first)} channels and a ReLU are a maximum")


def close_gaps(function):
    """function(x): lines of one pixel, (1, 1, H, W), without their gaps of one or two pixels."""
    for place, rng in enumerate(cases(10)):
        lines = np.zeros((30, 30))
        starts, ends = rng.integers(4, 7, 3), rng.integers(24, 27, 3)
        for row, start, end in zip((6, 14, 22), starts, ends, strict=True):
            lines[row, start:end] = rng.choice([0.5, 1])
        broken = lines.copy()
        for row, gaps in zip((6, 14, 22), rng.integers(1, 3, (3, 2)), strict=True):
            for column, gap in zip(rng.integers((9, 16), (12, 19)), gaps, strict=True):
                broken[row, column : column + gap] = 0
        if place % 2:
            lines, broken = lines.T, broken.T
        x = broken[None, None].copy()
        case = f"three lines that are {'upright' if place % 2 else 'flat'}"
        found = call(function, x, name="close_gaps", case=case)
        thicker = _largest(x)
        hints = [
            (x, "the gaps are still there"),
            (thicker, "the gaps are closed, but the lines are thicker and longer than before"),
            (-_largest(-x), "thin lines are lost where the smallest value counts: mind the order"),
            (-thicker, "look at the minus signs"),
            (lines, "the axes of images and channels are missing"),
        ]
        equal(found, lines[None, None], "what close_gaps returns", case, hints)
    passed("every gap is closed, and every line as thin and as long as it was")


def shifted_noise(prediction, change, k_for_a_tenth):
    """A prediction, change(k) of average pooling on noise, and the k that leaves a tenth."""
    number(prediction, "prediction", 0, 2)
    # At k = 4 every mistake gives a number of its own.
    for k, tolerance in ((4, 0.06), (2, 0.04), (8, 0.1)):
        found = number(call(change, k, name="change", case=f"k = {k}"), "what change returns")
        right = k**-0.5
        for factor, words in [
            (np.sqrt(2), "divide by √2, too"),
            (right, "that is the square: compare standard deviations, and not variances"),
            (1 / k, "divide by the deviation of the pooled map, and not of the noise"),
            (1 / right, "nothing is left of the effect: is it the same noise that moves?"),
        ]:
            wrong = abs(found / (factor * right) - 1) < tolerance
            require(not wrong, f"for k = {k}: {words}")
        odd = f"change gives {found:.3f} for k = {k}, which is not right"
        require(abs(found / right - 1) < tolerance, odd)
    k = whole(k_for_a_tenth, "k_for_a_tenth", 1)
    require(k != 10, "a window of 10×10 leaves more than 0.3")
    require(90 <= k <= 110, f"k_for_a_tenth is {k}; this does not leave 0.1")
    found = number(change(16), "what change returns")
    passed(f"k = 16 leaves {found:.2f}; you predicted {float(prediction):g}")


def _largest(x):
    return ops.max_pool2d(x, 3, 1, 1)
