"""The explorer's small network is that of `helpers.nn`, and its pen draws what it should."""

from functools import cache

import numpy as np
import pytest

from helpers import nn, ops
from tests import quick

CASES = 2000


@pytest.fixture
def rng():
    return np.random.default_rng(0)


class Erase(nn.Layer):
    """Set some maps to 0, and their gradients."""

    def __init__(self, numbers):
        self._numbers = numbers

    def _forward(self, x):
        y = x.copy()
        y[:, self._numbers] = 0
        return y

    def _backward(self, grad_y, x):
        return self._forward(grad_y)


@cache
def drawn():
    """Models with all parameters at random, pixels some of which are 0, and kernels to erase."""
    rng, found = np.random.default_rng(0), []
    for _ in range(CASES):
        kernels, units, classes = rng.integers(1, [4, 6, 11]).tolist()
        height, width = rng.integers(2, 7, 2).tolist()
        erased = np.flatnonzero(rng.random(kernels) < 0.2).tolist()
        model = nn.Sequential(
            nn.Conv2D(1, kernels, 3, padding=1, rng=rng),
            nn.ReLU(),
            Erase(erased),
            nn.MaxPool2D(2),
            nn.Flatten(),
            nn.Linear(kernels * (height // 2) * (width // 2), units, rng=rng),
            nn.ReLU(),
            nn.Linear(units, classes, rng=rng),
        )
        for parameter in model.parameters():
            parameter.value = rng.normal(size=parameter.value.shape) / 2
        pixels = rng.random((height, width)) * (rng.random((height, width)) < rng.random())
        found.append((model, pixels, erased))
    return found


def written(model):
    """A model as the module reads it."""
    kernels, biases, *dense = [parameter.value for parameter in model.parameters()]
    pairs = {"first": dense[:2], "last": dense[2:]}
    both = {name: {"weight": weight, "bias": bias} for name, (weight, bias) in pairs.items()}
    return {"kernels": kernels[:, 0], "biases": biases, **both}


def test_every_layer_of_the_network():
    cases = [(written(model), pixels, erased) for model, pixels, erased in drawn()]
    names = {0: "sums", 2: "maps", 3: "pooled", 5: "hiddenSums", 6: "hidden", 7: "scores"}
    for found, case in zip(quick.values("forward", cases), drawn(), strict=True):
        model, x = case[0], case[1][None, None]
        for index in range(len(model)):
            x = model[index].forward(x)
            if index in names:
                quick.close(found[names[index]], x[0])
        quick.close(found["shares"], ops.softmax(x)[0])
        # Of two classes that share the lead, rounding decides.
        assert x[0][found["label"]] > x[0].max() - 1e-9


def test_the_gradient_of_a_score_for_the_pixels(rng):
    cases, expected = [], []
    for model, pixels, erased in drawn():
        scores = model.forward(pixels[None, None])
        label = int(rng.integers(scores.shape[1]))
        expected.append(model.backward(np.eye(scores.shape[1])[None, label])[0, 0])
        cases.append((written(model), pixels, label, erased))
    for found, gradient in zip(quick.values("inputGradient", cases), expected, strict=True):
        quick.close(found, gradient)
    assert sum(gradient.any() for gradient in expected) > CASES / 2


# ------------------------------------------------------------------------------------- the pen


def strokes(rng):
    """Up to four strokes of up to five points."""
    return [rng.random((rng.integers(1, 6), 2)) for _ in range(rng.integers(1, 5))]


def test_ink_is_counted_in_blocks(rng):
    bitmaps = [(rng.integers(0, 2, 4 * rng.integers(1, 9, 2)),) for _ in range(CASES // 10)]
    quick.compare("toPixels", bitmaps, lambda ink: ops.avg_pool2d(ink[None, None] / 1.0, 4)[0, 0])


def test_no_stroke_leaves_no_ink():
    for nothing in ([], [[]], [[], []]):
        assert not np.any(quick.value("rasterise", nothing))
    assert np.shape(quick.value("rasterise", [], {"side": 8})) == (8, 8)


def test_a_dot_is_a_disc():
    centres = np.arange(32) + 0.5
    for options, x, y in (({}, 16, 16), ({"fit": False}, 8, 24), ({"radius": 5}, 16, 16)):
        found = np.array(quick.value("rasterise", [[[0.25, 0.75]]], options))
        away = np.hypot(*np.meshgrid(centres - x, centres - y))
        assert (found == (away <= options.get("radius", 2))).all()


def test_ink_is_what_lies_near_a_stroke(rng):
    cases = [(strokes(rng), {"fit": False}) for _ in range(50)]
    centres = np.stack(np.meshgrid(np.arange(32) + 0.5, np.arange(32) + 0.5), axis=2)
    for found, (lines, _) in zip(quick.values("rasterise", cases), cases, strict=True):
        away = np.full((32, 32), np.inf)
        for line in lines:
            for ends in zip([line[0], *line[:-1]], line, strict=True):
                # Points less than a pixel apart stand for all of them.
                points = np.linspace(*ends, 64) * 32
                distances = np.linalg.norm(centres[:, :, None] - points, axis=3)
                away = np.minimum(away, distances.min(axis=2))
        found = np.array(found) == 1
        assert (found | (away > 1.95)).all()
        assert (~found | (away < 2.05)).all()


def box(found):
    rows, columns = (np.flatnonzero(np.any(found, axis=axis)) for axis in (1, 0))
    return [rows[0], rows[-1], columns[0], columns[-1]]


def test_a_fitted_drawing_fills_the_height_or_the_width_and_stands_in_the_middle(rng):
    cases = [(strokes(rng),) for _ in range(CASES // 10)]
    cases = [case for case in cases if np.ptp(np.concatenate(case[0]), axis=0).max() > 0.1]
    assert len(cases) > CASES // 15
    for found in quick.values("rasterise", cases):
        top, bottom, left, right = box(found)
        # A round end may miss the outermost row by the distance of a pixel's centre.
        assert min(top, left) <= 1
        assert max(bottom, right) >= 30
        assert abs(top - (31 - bottom)) <= 1
        assert abs(left - (31 - right)) <= 1


def test_a_fitted_drawing_is_the_same_wherever_and_however_large_it_was_drawn(rng):
    drawings = [strokes(rng) for _ in range(CASES // 10)]
    moved = []
    for drawing in drawings:
        # Powers of two, so that nothing is rounded.
        factor, shift = 2.0 ** -rng.integers(0, 3), rng.integers(0, 5, 2) / 8
        rounded = [np.round(stroke * 64) / 64 for stroke in drawing]
        moved.append((rounded, [stroke * factor + shift for stroke in rounded]))
    here = quick.values("rasterise", [(pair[0],) for pair in moved])
    there = quick.values("rasterise", [(pair[1],) for pair in moved])
    for first, second, (drawing, smaller) in zip(here, there, moved, strict=True):
        if np.ptp(np.concatenate(smaller), axis=0).max() >= 0.1:
            assert first == second, drawing


def test_the_order_of_strokes_and_their_direction_do_not_matter(rng):
    drawings = [strokes(rng) for _ in range(CASES // 10)]
    turned = [[stroke[::-1] for stroke in reversed(drawing)] for drawing in drawings]
    here, there = (
        np.array(quick.values("rasterise", [(one,) for one in group]))
        for group in (drawings, turned)
    )
    # A pixel whose centre lies on the border may fall to either side.
    assert (here != there).sum() <= 2
