"""Checks of the exercises of chapter 05."""

import numpy as np

from .. import kernels, ops
from ..data import IMAGES, load_image
from ._engine import call, cases, equal, number, numbers, passed, require

_UPRIGHT = np.zeros((5, 5), int)
_UPRIGHT[:, 0] = 1
_UPRIGHT[:, 4] = -1
_UPRIGHT.setflags(write=False)

_ROW = np.array([3, 3, 9, 9, 0, 9, 9])

# Which pixels are lost moves an error by 5 % (one standard deviation, the median at 0.4).
_LUCK = 0.25


def three_numbers(kernel):
    """Three numbers that keep a flat 0.5, and turn stripes into an even 0.5."""
    kernel = numbers(kernel, "my_kernel").astype(float)
    shape = f"my_kernel has shape {kernel.shape}; three numbers are expected"
    require(kernel.shape in ((3,), (1, 3)), shape)
    kernel = kernel.reshape(1, 3)
    wall = ops.corr2d(np.full((1, 3), 0.5), kernel)[0, 0]
    require(abs(wall - 0.5) < 1e-6, f"the wall of 0.5 becomes {wall:g}")
    stripes = ops.corr2d(np.array([[0.0, 1, 0, 1]]), kernel)[0]
    seen = f"the stripes become {stripes[0]:g} and {stripes[1]:g} by turns"
    require(np.abs(stripes - 0.5).max() < 1e-6, seen)
    passed("the wall stays, and the stripes disappear")


def one_row(edge, mean, median):
    """The answers of [1, 0, −1], a mean and a median of three pixels on one row."""
    windows = np.stack([_ROW[:-2], _ROW[1:-1], _ROW[2:]])
    right = windows[0] - windows[2]
    hints = [
        (-right, "that is right minus left; the kernel [1, 0, −1] takes left minus right"),
        (_ROW[:-1] - _ROW[1:], "neighbours are compared; the kernel compares two pixels apart"),
    ]
    equal(edge, right, "edge", hints=hints)
    hints = [(windows.sum(axis=0), "that is the sum of three pixels")]
    equal(mean, windows.mean(axis=0), "mean", hints=hints)
    hints = [
        (_ROW[1:-1], "that is the pixel in the middle of the window; sort the three values first"),
        (windows.mean(axis=0), "that is the mean"),
        (windows.max(axis=0), "that is the largest of the three"),
    ]
    equal(median, np.median(windows, axis=0), "median", hints=hints)
    passed("the median keeps the edge and drops the lost pixel, and the mean smears both")


def gradient(function):
    """function(image, kernel, wanted): of the mean squared difference, with respect to kernel."""
    for place, rng in enumerate(cases()):
        shape = (2, 3) if place == 0 else tuple(rng.integers(1, 4, 2))
        kernel = rng.integers(-3, 4, shape).astype(float)
        image = rng.integers(0, 6, np.add(shape, rng.integers(2, 6, 2))).astype(float)
        answer = ops.corr2d(image, kernel)
        wanted = answer + rng.integers(1, 5, answer.shape)
        right = 2 * ops.corr2d(image, answer - wanted) / answer.size
        case = f"an image {image.shape} and a kernel {shape}"
        found = call(function, image, kernel, wanted, name="gradient", case=case)
        hints = [
            (right / 2, "the slope of e² is 2e"),
            (right * answer.size, "that is the gradient of the sum; the mean is asked for"),
            (right * answer.size / 2, "that is half the gradient of the sum"),
            (-right, "the sign: the difference is the answer minus what is wanted"),
            (right[::-1, ::-1], "the table of differences was turned by 180 degrees"),
            (((answer - wanted) ** 2).mean(), "that is the loss itself"),
            (2 * (answer - wanted) / answer.size, "that is the gradient of the answer's numbers"),
        ]
        equal(found, right, "gradient", case, hints)
    passed("twice the mean of pixel times difference, in 20 random cases")


def sharper(kernel):
    """The kernel (3, 3) that adds two times the detail, picture minus 3×3 mean."""
    alone = np.zeros((3, 3))
    alone[1, 1] = 1
    mean = kernels.box(3)
    hints = [
        (2 * (alone - mean), "that is two times the detail; where is the picture?"),
        (alone - mean, "that is the detail; where are the picture and the 2?"),
        (2 * alone - mean, "that adds the detail once"),
        (alone + 2 * mean, "that adds two times the blur, and not the detail"),
        (2 * mean - alone, "that takes detail away: look at the signs"),
        (alone + 2 * (mean - alone), "that takes detail away: look at the signs"),
        (alone - 2 * mean, "a wall would become darker: the detail is the picture minus its blur"),
    ]
    found = numbers(kernel, "sharper")
    if found.shape == (3, 3):
        total = found.astype(float).sum()
        known = any(np.allclose(found, wrong) for wrong, _ in hints)
        one = f"the numbers add up to {total:g}; a wall would change its brightness"
        require(known or abs(total - 1) < 1e-3, one)
    equal(kernel, 3 * alone - 2 * mean, "sharper", hints=hints, tolerance=1e-3)
    passed("three steps in nine numbers")


def fool(picture):
    """An upright bar of 12×12, some rows empty, that the larger classifier calls flat."""
    picture = numbers(picture, "fooling")
    shape = f"fooling has shape {picture.shape}, expected (12, 12)"
    require(picture.shape == (12, 12), shape)
    require(np.isin(picture, (0, 1)).all(), "fooling holds other numbers than 0 and 1")
    picture = picture.astype(float)
    rows = np.flatnonzero(picture.any(axis=1))
    columns = np.flatnonzero(picture.any(axis=0))
    require(len(rows), "there is no ink")
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    whole_rows = picture[rows][:, columns[0] : columns[-1] + 1]
    require(whole_rows.all(), "every row of the bar is either empty or inked from side to side")
    require(width >= 3, f"the bar is {width} columns wide; at least 3 are needed")
    size = f"the bar is {height} rows high and {width} columns wide"
    require(height >= 2 * width, f"{size}, and does not stand upright")
    empty = height - len(rows)
    require(2 * empty <= height, f"{empty} of its {height} rows are empty: more than half")
    upright = np.abs(ops.corr2d(picture, _UPRIGHT)).mean()
    flat = np.abs(ops.corr2d(picture, _UPRIGHT.T)).mean()
    found = f"the classifier's scores are {upright:.2f} for upright and {flat:.2f} for flat"
    equal_scores = f"{found}: they are equal, and flat must have the larger one"
    require(abs(flat - upright) > 1e-9, equal_scores)
    require(flat > upright, f"{found}, so it is right")
    passed(f"fooled: {found}")


def mean_or_median(prediction, errors):
    """A share of lost pixels, and errors(share): those of a 3×3 mean and of a 3×3 median."""
    number(prediction, "prediction", 0, 1)
    measured = {}
    for share in (0.1, 0.4, 0.6, 0.8):
        name, case = "what errors returns", f"a share of {share}"
        found = numbers(call(errors, share, name="errors", case=case), name).astype(float)
        require(found.shape == (2,), f"{name} has shape {found.shape}; two errors are expected")
        right = _errors(share)

        def near(wanted, found=found):
            return (np.abs(found - wanted) < _LUCK * np.abs(wanted)).all()

        exchanged = "the mean's error comes first, and then the median's"
        require(near(right) or not near(right[::-1]), exchanged)
        twice = "twice as many pixels are lost: half of the share is black, half is white"
        require(near(right) or share > 0.5 or not near(_errors(2 * share)), twice)
        half = "half as many pixels are lost as the share says"
        require(near(right) or not near(_errors(share / 2)), half)
        for value, wanted, what in zip(found, right, ("mean", "median"), strict=True):
            words = f"the error of the {what} is {value:.4f} for {case}, which is not right"
            require(abs(value - wanted) < _LUCK * wanted, words)
        measured[share] = found[0] - found[1]
    # Between 0.6 and 0.8 the difference changes its sign.
    part = measured[0.6] / (measured[0.6] - measured[0.8])
    share = f"about {0.6 + 0.2 * part:.1f}"
    passed(f"the mean becomes better at {share}; you predicted {float(prediction):g}")


def _errors(share):
    """The mean's and the median's error, over ten ways to lose pixels."""
    from scipy import ndimage

    clean = load_image(IMAGES / "coffee.png", mode="L")[100:228, 300:428] / 255
    found = []
    for rng in cases(10):
        chance = rng.random(clean.shape)
        lost = np.where(chance < share / 2, 0, np.where(chance > 1 - share / 2, 1, clean))
        repaired = ndimage.uniform_filter(lost, 3), ndimage.median_filter(lost, 3)
        found.append([np.abs(picture - clean)[1:-1, 1:-1].mean() for picture in repaired])
    return np.mean(found, axis=0)
