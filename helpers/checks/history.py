"""Checks of the exercises of chapter 01."""

import numpy as np

from ..data import add_specks, crop_to_ink, load_digits, scatter_on_canvas
from ._engine import call, cases, choice, equal, number, numbers, passed, require, several

# Rounded: dense and convolutional, each as written and with its pixels shuffled.
_MEASURED = (0.55, 0.54, 0.78, 0.27)


def four_guesses(guesses):
    """Four guessed accuracies: dense, dense shuffled, convolutional, convolutional shuffled."""
    guesses = several(guesses, 4, "my_guesses").astype(float)
    require(not np.isnan(guesses).any(), "my_guesses holds NaN, which is no number")
    require(guesses.max() <= 1, "an accuracy is a share from 0 to 1: write 0.5 for 50 %")
    require(guesses.min() >= 0, "my_guesses holds a negative share")
    chance = "my_guesses holds less than 0.05; guessing a digit at random reaches 0.1"
    require(guesses.min() >= 0.05, chance)
    distance = np.abs(guesses - _MEASURED).mean()
    passed(f"your guesses are {distance:.2f} from what follows, on average; the smallest wins")


def photograph(in_dense, in_convolution):
    """Parameters of two layers from a colour photograph of 12 megapixels to one like it."""
    side = 36_000_000
    hints = [
        (side * side, "each output has a bias, too"),
        (12_000_000 * (12_000_000 + 1), "each pixel has three numbers, its channels"),
        (12_000_000**2, "each pixel has three numbers, its channels, and each output a bias"),
        (side + 1, "these are the parameters of one output; how many outputs are there?"),
    ]
    equal(in_dense, side * (side + 1), "in_dense", hints=hints, tolerance=0)
    hints = [
        (3 * 9 + 1, "this is one window; each channel of the result needs a window of its own"),
        (3 * (9 + 1), "each window looks at all three channels of the photograph"),
        (9 + 1, "this is one window on one channel"),
        (3 * 3 * 9, "each window has a bias, too"),
        (3 * 3 * (9 + 1), "a window has one bias, and not one for each channel it looks at"),
    ]
    equal(in_convolution, 84, "in_convolution", hints=hints, tolerance=0)
    passed("more than a thousand million million against 84")


def without_a_look(function):
    """function(train_labels, test_labels): test accuracy of the commonest training label."""
    for place, rng in enumerate(cases()):
        if place == 0:
            train, test = np.array([3, 7, 7, 3, 7, 1]), np.array([1, 7, 1, 1, 3, 1, 7, 7, 2, 2])
        else:
            train, test = rng.integers(0, 10, 40), rng.integers(0, 10, 25)
            # One label is commoner than all others.
            train = np.concatenate([train, np.full(20, rng.integers(0, 10))])
        commonest = np.bincount(train).argmax()
        right = np.mean(test == commonest)
        hints = [
            (np.bincount(test).max() / len(test), "the commonest label is that of the test set"),
            (np.mean(train == commonest), "it is judged on the labels for training"),
            (np.sum(test == commonest), "this is how many are right; the share is asked for"),
            (100 * right, "this is in per cent; a share from 0 to 1 is asked for"),
            (commonest, "this is the label; its accuracy is asked for"),
        ]
        case = f"{len(train)} labels for training and {len(test)} for the test"
        name = "without_a_look"
        equal(call(function, train, test, name=name, case=case), right, name, case, hints)
    passed("so much is possible without a look, in 20 random cases")


def clean(function):
    """function(pictures): the pictures (N, 1, 16, 16) without specks, so that the crop works."""
    from sklearn.linear_model import LogisticRegression

    rng = next(cases(1))
    parts = []
    for x, labels in load_digits(size=8):
        neat = scatter_on_canvas(x, 16, rng)
        dirty = add_specks(neat, 3, rng)
        found = numbers(call(function, dirty, name="clean"), "what clean returns")
        shapes = f"what clean returns has shape {found.shape}, expected {dirty.shape}"
        require(found.shape == dirty.shape, shapes)
        require(np.isfinite(found).all(), "what clean returns holds NaN or infinity")
        parts.append((neat, dirty, found.astype(float), labels))
    (_, _, x, labels), (neat, dirty, found, test_labels) = parts
    require(np.any(x), "clean removes everything")
    pixels = [crop_to_ink(part).reshape(len(part), -1) for part in (x, found)]
    model = LogisticRegression(C=10, max_iter=5000).fit(pixels[0], labels)
    accuracy = model.score(pixels[1], test_labels)
    if accuracy < 0.8:
        specks = (dirty != 0) & (neat == 0)
        left = np.mean(found[specks] != 0)
        lost = np.mean(found[(dirty != 0) & ~specks] == 0)
        words = f"{left:.0%} of the specks are still there, {lost:.0%} of the ink is gone"
        require(False, f"{words}, and the crop is right in {accuracy:.0%} of all cases")
    passed("with your clean the crop is right on more than 8 of 10 dirty digits")


def neighbours(function):
    """function(shuffled): for each of 256 shuffled pixels, one that was probably beside it."""
    x = load_digits(size=8).train[0]
    for rng in cases(3):
        order = rng.permutation(256)
        shuffled = scatter_on_canvas(x, 16, rng).reshape(len(x), 256)[:, order]
        name = "what neighbours returns"
        found = numbers(call(function, shuffled, name="neighbours"), name)
        require(found.shape == (256,), f"{name} has shape {found.shape}, expected (256,)")
        kinds = f"{name} must hold numbers of columns, whole and from 0 to 255"
        require(np.isin(found, np.arange(256)).all(), kinds)
        inked = np.flatnonzero(shuffled.any(axis=0))
        found = found.astype(int)[inked]
        itself = np.mean(found == inked)
        words = "are said to be their own neighbours; another column is asked for"
        require(itself < 0.5, f"{itself:.0%} of the columns {words}")
        empty = np.mean(~np.isin(found, inked))
        words = "of the answers are columns that are never inked: look for NaN"
        require(empty < 0.5, f"{empty:.0%} {words}")
        right = _beside(order[inked], order[found])
        if _beside(inked, found) > 0.9:
            require(False, "these are neighbours in the shuffled rows; the places mean nothing")
        words = f"{right:.0%} of the answers were neighbours; 70 % are needed"
        require(right >= 0.7, words)
    passed("more than 7 of 10 answers were neighbours; chance would find 3 of 100")


def time_or_places(prediction, travel, with_time, with_places):
    """A prediction, travel(x, labels, times, rng), and the accuracies of two dense networks."""
    choice(prediction, ("time", "places", "equal"), "prediction")
    _travel(travel)
    bounds = {"with_time": (with_time, 0.5, 0.74), "with_places": (with_places, 0.72, 0.92)}
    for name, (accuracy, low, high) in bounds.items():
        value = number(accuracy, name, 0, 1)
        words = "16 epochs on train" if name == "with_time" else "one epoch on 16 places"
        odd = f"{name} is {value:.2f}; {words}, judged on test, gives something else"
        require(low <= value <= high, odd)
    gain = float(with_places) - float(with_time)
    winner = "equal" if abs(gain) < 0.05 else "places" if gain > 0 else "time"
    measured = f"{float(with_time):.2f} with more time and {float(with_places):.2f} with places"
    passed(f'you measured {measured}: "{winner}"; you predicted "{prediction}"')


def _travel(travel):
    for rng in cases(3):
        count, times = int(rng.integers(4, 8)), int(rng.integers(12, 17))
        # Each picture has an amount of ink of its own, wherever it lies.
        x = np.ones((count, 1, 8, 8), np.float32) * np.arange(1, count + 1)[:, None, None, None]
        labels = rng.permutation(count)
        found = call(travel, x, labels, times, rng, name="travel")
        require(isinstance(found, tuple) and len(found) == 2, "travel must return pictures, labels")
        pictures = numbers(found[0], "the pictures of travel")
        given = numbers(found[1], "the labels of travel")
        case = f"{count} digits at {times} places"
        right = (count * times, 1, 16, 16)
        shapes = f"the pictures of travel have shape {pictures.shape}, expected {right} for {case}"
        require(pictures.shape == right, shapes)
        shapes = f"the labels of travel have shape {given.shape}, expected ({count * times},)"
        require(given.shape == right[:1], f"{shapes} for {case}")
        # 64 inked pixels of 1, of 2, and so on.
        which = np.rint(pictures.sum(axis=(1, 2, 3)) / 64).astype(int) - 1
        often = np.bincount(np.clip(which, 0, count), minlength=count)[:count]
        require((often == times).all(), f"not every digit lies on {times} of the canvases")
        fits = "a label does not belong to its picture: look at the order of both"
        require((given == labels[which]).all(), fits)
        for digit in range(count):
            places = np.unique(pictures[which == digit], axis=0)
            require(len(places) > 2, "the copies of a digit all lie at the same place or two")


def _beside(some, others):
    """The share of pairs of places on a canvas of 16×16 that are neighbours."""
    down = np.abs(some // 16 - others // 16)
    right = np.abs(some % 16 - others % 16)
    return np.mean(np.maximum(down, right) == 1)
