"""Checks of the exercises of chapter 11."""

from functools import lru_cache

import numpy as np

from ._engine import call, cases, choices, equal, number, numbers, passed, require, written

RATES = 10 ** np.linspace(-4, 1, 101)
DIAGNOSES = ("healthy", "small weights", "large inputs", "wrong labels", "dead units")
_START = np.array([10.0, 2])


def ravine(rate, kept):
    """A rate and the part that momentum keeps, for 50 steps in the lesson's ravine."""
    rate = number(rate, "my_rate", 0, 1000)
    kept = number(kept, "my_kept", 0, 1)
    path = _walk(np.array([rate]), kept, 100)[:, 0]
    distance = float(_distances(path).max())
    flies = f"distance {distance:.3g}: the path flies out, across the ravine"
    require(distance < 20, flies)
    swings = (path[:, 0] < 0).any()
    where = "it swings along the floor, past the goal and back"
    if not swings:
        where = "it creeps along the floor"
    require(distance < 1, f"distance {distance:.2f}, and less than 1 is asked: {where}")
    passed(f"distance {distance:.3g} with the rate {rate:g}, and {kept:g} kept")


def three_paths(paths):
    """SGD, momentum and Nesterov on the gradients 2, 2, −6, rate 0.1, half kept: (3, 3)."""
    gradients = np.array([2.0, 2, -6])
    sums = np.array([2.0, 3, -4.5])
    before = np.array([0.0, 2, 3])
    right = _paths(gradients, sums, gradients + sums / 2)
    hints = [
        (2 - right, "a step goes against the gradient"),
        (_paths(gradients, [2, 4, -2], [3, 4, -7]), "half of the old sum is kept"),
        (
            _paths(gradients, [1, 1.5, -2.25], [1.5, 1.75, -4.125]),
            "the sum adds the whole gradient",
        ),
        (_paths(gradients, sums, gradients + before / 2), "Nesterov takes half of the *new* sum"),
        (1 - right, "write down w, not how far it moved"),
    ]
    found = numbers(paths, "paths")
    if found.shape == (3, 3):
        for name, row, other in zip(("SGD", "momentum", "Nesterov"), found, right, strict=True):
            rows = [(wrong[place], words) for place in range(3) for wrong, words in hints]
            equal(row, other, f"the path of {name}", hints=rows)
    equal(found, right, "paths")
    passed("three rules, nine places")


def adam(function):
    """function(w, gradients, rate, kept, kept_squares): where Adam's steps lead, (steps, n)."""
    for place, rng in enumerate(cases()):
        steps, count = (4, 3) if place == 0 else rng.integers(1, 6, 2)
        w, gradients = rng.normal(size=count), rng.uniform(1, 3, (steps, count))
        gradients *= rng.choice([-1, 1], gradients.shape)
        rate, kept, squares = 0.1, *rng.uniform(0.3, 0.9, 2).round(2)
        case = f"{steps} steps of {count} weights"
        found = call(function, w, gradients, rate, kept, squares, name="adam", case=case)
        given = w, gradients, rate, kept, squares
        right = _adam(*given)
        hints = [
            (_adam(*given, correct=False), "both means begin at 0 and are too small at first"),
            (
                _adam(*given, correct=(True, False)),
                "the mean of squares is too small at first, too",
            ),
            (_adam(*given, correct=(False, True)), "the mean of gradients is too small at first"),
            (_adam(*given, root=False), "the square root is missing"),
            (_adam(*given, share=False), "a mean adds a share of the new gradient, not all of it"),
            (right[-1], "return all places on the way, one row a step"),
            (2 * w - right, "a step goes against the gradient"),
        ]
        equal(found, right, "adam", case, hints, tolerance=1e-5)
    passed("the same steps as Paddle's rule, in 20 random cases")


def largest_rate(function):
    """function(curvature): above which rate SGD flies out of the ravine."""
    for place, rng in enumerate(cases()):
        size = 2 if place == 0 else int(rng.integers(1, 5))
        turn, _ = np.linalg.qr(rng.normal(size=(size, size)))
        steep = np.sort(rng.uniform(1, 100, size))
        if place == 0:  # turned so far that no axis is near a direction of the ravine
            turn, steep = np.array([[0.8, -0.6], [0.6, 0.8]]), rng.uniform([1, 50], [5, 100])
        curvature = turn @ np.diag(steep) @ turn.T
        curvature = (curvature + curvature.T) / 2
        found = call(function, curvature, name="largest_rate")
        right = 2 / steep[-1]
        hints = [
            (right / 2, "at this rate the steepest direction is solved in one step"),
            (2 / steep[0], "this is the limit of the flattest direction"),
            (2 / np.diag(curvature).max(), "the ravine may be turned: no axis need be steepest"),
            (2 / np.trace(curvature), "the directions do not add up"),
        ]
        equal(found, right, "largest_rate", f"{size} numbers", hints, tolerance=0.01)
    passed("along the axes and turned, in 20 random ravines")


def patient(index):
    """One of five cases: three `Networks`, digits to train and digits to validate."""
    from ..networks import Networks

    require(index in range(5), f"patient {index!r}: there are 0 to 4")
    x, labels = _digits()
    networks = Networks([64, 32, 32, 10], 3)
    if index == 0:
        labels = np.random.default_rng(0).permutation(labels)
    elif index == 2:
        x = x * 255
    elif index == 3:
        networks.weights = [weight / 10 for weight in networks.weights]
    elif index == 4:
        networks.biases[1] = networks.biases[1] - 10
    return networks, (x[:1000], labels[:1000]), (x[1000:], labels[1000:])


def diagnoses(answers):
    """What is wrong with each `patient`, five of DIAGNOSES."""
    written(answers, "diagnoses")
    five = isinstance(answers, list | tuple) and len(answers) == 5
    require(five, "diagnoses must be a list of five words")
    right = (DIAGNOSES[3], DIAGNOSES[0], DIAGNOSES[2], DIAGNOSES[1], DIAGNOSES[4])
    hints = [
        "compare what it learns by heart with what it says to other digits",
        "which of the two checks does it fail?",
        "what does a loss far above ln 10 say?",
        "its loss is ln 10 and stays there; look at what each hidden layer hands on",
        "its loss is ln 10 and stays there; look at what each hidden layer hands on",
    ]
    choices(answers, DIAGNOSES, right, "diagnoses", hints)
    passed("five patients, five diagnoses")


def memory(prediction, measure):
    """The best part to keep for a steepness of 10, and measure(kept, steepness)."""
    prediction = number(prediction, "prediction", 0, 1)
    for kept, steepness in ((0.3, 10), (0.9, 10), (0.5, 100)):
        name = f"measure({kept}, {steepness})"
        found = number(call(measure, kept, steepness, name="measure"), name)
        hints = [
            (_best(kept, steepness, worst=False), "the worst of the last ten steps counts"),
            (_best(0.0, steepness), "the memory is missing"),
            (_best(kept, 1 / steepness), "the second number is the steep one"),
            (_best(kept, steepness, share=True), "the sum adds the whole gradient"),
            (_best(kept, steepness, steps=51), "the last ten of 50 steps count"),
            (_best(kept, steepness, steps=49), "the last ten of 50 steps count"),
        ]
        equal(found, _best(kept, steepness), name, hints=hints, tolerance=0.01)
    best = {}
    for steepness in (10, 100):
        kept = (0, 0.3, 0.5, 0.7, 0.9)
        best[steepness] = min(kept, key=lambda part: float(measure(part, steepness)))
    words = f"steepness 10: you said {prediction:g}, best of five is {best[10]:g}"
    passed(f"{words}; steepness 100: {best[100]:g}")


def _paths(*steps):
    return 1 - 0.1 * np.cumsum(steps, axis=1)


def _adam(w, gradients, rate, kept, squares, correct=(True, True), root=True, share=True):
    first, second = correct or (False, False)
    mean, square, path = 0.0, 0.0, []
    for step, gradient in enumerate(gradients, 1):
        mean = kept * mean + (1 - kept if share else 1) * gradient
        square = squares * square + (1 - squares if share else 1) * gradient**2
        direction = mean / (1 - kept**step) if first else mean
        size = square / (1 - squares**step) if second else square
        w = w - rate * direction / ((np.sqrt(size) if root else size) + 1e-8)
        path.append(w)
    return np.array(path)


def _walk(rates, kept, steepness, steps=50, share=False):
    """The places after each step, (steps, rates, 2), for momentum at many rates at once."""
    curvature = np.array([1.0, steepness])
    place, total, path = np.tile(_START, (len(rates), 1)), 0.0, []
    for _ in range(steps):
        total = kept * total + curvature * place * (1 - kept if share else 1)
        place = place - rates[:, None] * total
        path.append(place)
    return np.array(path)


def _distances(path):
    return np.hypot(path[-10:, ..., 0], path[-10:, ..., 1])


@lru_cache
def _best(kept, steepness, worst=True, share=False, steps=50):
    distances = _distances(_walk(RATES, kept, steepness, steps, share))
    return (distances.max(axis=0) if worst else distances[-1]).min()


@lru_cache
def _digits():
    from ..data import load_digits

    x, labels = load_digits(size=8).train
    return x.reshape(-1, 64).astype(float), labels
