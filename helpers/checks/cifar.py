"""Checks of the exercises of chapter 16."""

import numpy as np

from .. import ops
from ..data import flip, load_splits, shift
from ._engine import call, cases, equal, number, numbers, passed, require, written

_PARAMETERS = [896, 9248, 18496, 36928, 512 * 257, 5130]


def axis_that_lies(start):
    """Where an axis begins on which a bar of 0.60 is five times as tall as one of 0.55."""
    start = number(start, "start", 0, 1)
    require(start != 0, "from 0 the bars are as tall as their numbers, which is honest")
    require(start < 0.55, "the first bar has no height on this axis")
    times = (0.60 - start) / (0.55 - start)
    require(abs(times - 5) < 0.01, f"the second bar is {times:.2f} times as tall, and not 5 times")
    passed("five times as tall, and what the axis hides is how little of the errors is gone")


def half_size(parameters):
    """The parameters of the lesson's network for images of 16×16, layer by layer."""
    weights = [27 * 32, 288 * 32, 288 * 64, 576 * 64, 512 * 256, 5120]
    words = {
        512 * (64 * 36 + 1): "this is the dense layer for images of 32×32",
        512 * (64 * 9 + 1): "the second pooling gets 5×5, and it drops an odd row",
        512 * (64 * 16 + 1): "a valid convolution loses a pixel at each side",
        512 * (64 * 4 * 4): "a valid convolution loses a pixel at each side",
        512 * (64 + 1): "how large are the maps that reach the dense layer?",
        512 * (4 + 1): "the dense layer reads every one of the 64 maps",
    }
    hints = [(weights, "the biases are missing")]
    hints += [([*_PARAMETERS[:4], wrong, 5130], hint) for wrong, hint in words.items()]
    equal(parameters, _PARAMETERS, "parameters", hints=hints)
    passed(f"{sum(_PARAMETERS):,} parameters; for 32×32 there are 1,250,858")


def soft_cross_entropy(function):
    """function(scores, targets): the mean cross-entropy for rows of shares."""
    for place, rng in enumerate(cases()):
        images, classes = (4, 3) if place == 0 else rng.integers(1, 6, 2)
        scores = rng.normal(size=(images, classes)) * 2
        if place % 3 == 1:
            scores[0, 0] = 1000 * rng.choice([-1, 1])
            scores[-1] += 1000
        targets = rng.dirichlet(np.ones(classes), images)
        name = "soft_cross_entropy"
        large = ", with a score of 1000" if place % 3 == 1 else ""
        case = f"{images} images and {classes} classes{large}"
        with np.errstate(all="ignore"):
            found = call(function, scores, targets, name=name, case=case)
        value = numbers(found, f"what {name} returns")
        finite = np.isfinite(value).all()
        words = f"{name} is not finite for {case}: take the largest score of each row away first"
        require(finite, words)
        each, across = _losses(scores, targets), _losses(scores.T, targets.T)
        right = each.mean()
        hints = [
            (each, "this is the loss of each image; their mean is expected"),
            (each.sum(), "this is the sum over the images; their mean is expected"),
            (right / classes, "the mean is taken over classes, too; they must be added up"),
            (-right, "the sign is wrong"),
            (across.sum() / images, "softmax runs over the classes of one image, axis 1"),
            (ops.cross_entropy(scores, targets.argmax(axis=1)), "only the largest target counts"),
        ]
        equal(found, right, name, case, hints)
    passed("in 20 random cases, some with scores of 1000")


def draw_rate(function):
    """function(low, high, rng): a number from low to high, even on a logarithmic scale."""
    for place, rng in enumerate(cases(4)):
        low = 1e-4 if place == 0 else 10 ** rng.uniform(-5, -3)
        high = 1e-1 if place == 0 else low * 10 ** rng.uniform(2, 4)
        case = f"low {low:.2g} and high {high:.2g}"
        same = [_draw(function, low, high, np.random.default_rng(0), case) for _ in range(2)]
        require(same[0] == same[1], "draw with the rng that is given, and with no other")
        found = np.array([_draw(function, low, high, rng, case) for _ in range(4000)])
        require(
            len(np.unique(found)) > 1, "every draw is the same; draw with the rng that is given"
        )
        require((found > 0).all(), f"draw_rate gives the exponent for {case}, and not the rate")
        inside = (found >= low * (1 - 1e-9)).all() and (found <= high * (1 + 1e-9)).all()
        outside = "; with which base is the logarithm, and which base has the power?"
        require(inside, f"draw_rate leaves the range for {case}{outside}")
        for part in (0.5, 0.25, 0.75):
            border = low ** (1 - part) * high**part
            share = (found < border).mean()
            words = f"{share:.0%} of the draws are below {border:.2g} for {case}"
            require(share > 0.15, f"{words}: they are even on a linear scale")
            require(abs(share - part) < 0.06, f"{words}, and it should be another share")
    passed("as many small rates as large ones")


def is_sound(function):
    """function(change): whether a random shift by up to two pixels has no fault."""
    written(function, "is_sound")
    for right in (lambda x, rng: shift(x, 2, rng), _by_rolling):
        found = _judged(function, right)
        require(found, "is_sound refuses a change without a fault; does it take many images?")
    for fault, broken in _FAULTS.items():
        require(not _judged(function, broken), f"is_sound takes a change where {fault}")
    passed(f"two sound changes taken, and {len(_FAULTS)} with a fault refused")


def changes_of_digits(prediction, measure):
    """Three predicted accuracies, and measure(change): two networks taught with changed digits."""
    prediction = numbers(prediction, "prediction")
    require(prediction.shape == (3,), f"prediction has shape {prediction.shape}, expected (3,)")
    between = (prediction >= 0).all() and (prediction <= 1).all()
    require(between, "an accuracy in prediction is not from 0 to 1")
    written(measure, "measure")
    x = load_splits("digits", size=8).train[0][:150]
    known, seen = {image.tobytes() for image in x}, []

    def blank(images, rng):
        seen.extend(image.tobytes() for image in np.asarray(images, np.float32))
        return 0 * images

    score = number(call(measure, blank, name="measure"), "what measure returns", 0, 1)
    require(seen, "measure never calls change")
    require(known.issuperset(seen), "measure changes images that are not among the 150 of few")
    again = len(seen) >= 10 * len(x)
    require(again, "change must be called in every epoch anew, and not once before them")
    require(score < 0.35, f"with blank images measure gives {score:.2f}: what do they learn from?")
    changes = (None, flip, lambda images, rng: shift(images, 1, rng))
    found = [number(call(measure, change, name="measure"), "accuracy", 0, 1) for change in changes]
    require(found[0] > 0.7, f"as they are the digits give {found[0]:.2f}; do the networks learn?")
    new = f"as they are the digits give {found[0]:.2f}: are these the digits of new?"
    require(found[0] < 0.97, new)
    said = ", ".join(f"{value:.2f}" for value in prediction)
    passed(f"your prediction was {said}, and you measured " + ", ".join(f"{v:.2f}" for v in found))


def _losses(scores, targets):
    """The cross-entropy of each image, (images,)."""
    scores = scores - scores.max(axis=1, keepdims=True)
    log_shares = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return -(targets * log_shares).sum(axis=1)


def _draw(function, low, high, rng, case):
    found = call(function, low, high, rng, name="draw_rate", case=case)
    return number(found, "what draw_rate returns")


def _judged(function, change):
    found = numbers(call(function, change, name="is_sound"), "what is_sound returns")
    yes_or_no = found.ndim == 0 and found in (0, 1)
    require(yes_or_no, "is_sound must return True or False")
    return bool(found)


def _by_rolling(x, rng):
    moved = [_roll(image, *rng.integers(-2, 3, 2)) for image in x]
    return np.stack(moved)


def _roll(image, down, right):
    """Move an image (…, height, width), and clear what came in at the other side."""
    moved = np.roll(image, (down, right), axis=(-2, -1))
    height, width = image.shape[-2:]
    moved[..., : max(down, 0), :] = moved[..., height + min(down, 0) :, :] = 0
    moved[..., : max(right, 0)] = moved[..., width + min(right, 0) :] = 0
    return moved


def _all_alike(x, rng):
    return _roll(x, *rng.choice([-2, -1, 1, 2], 2))


def _colours_apart(x, rng):
    return shift(x.reshape(-1, 1, *x.shape[2:]), 2, rng).reshape(x.shape)


def _around(x, rng):
    return np.stack([np.roll(image, rng.integers(-2, 3, 2), axis=(1, 2)) for image in x])


def _in_place(x, rng):
    x[:] = shift(x, 2, rng)
    return x


def _one_way(x, rng):
    return np.stack([_roll(image, *rng.integers(0, 3, 2)) for image in x])


_FAULTS = {
    "all images move in the same way": _all_alike,
    "the colours of an image move apart": _colours_apart,
    "what leaves at one side comes in at the other": _around,
    "the images that it was given are changed": _in_place,
    "images move down and to the right only": _one_way,
}
