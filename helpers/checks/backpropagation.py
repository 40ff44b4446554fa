"""Checks of the exercises of chapter 10."""

import numpy as np

from .. import ops
from ._engine import call, cases, choice, equal, number, numbers, passed, require, written

PARAMETERS = ("w1", "b1", "w2", "b2")


def match(answers):
    """Which of the cases A to E catches each of the five wrong gradients of the lesson."""
    written(answers, "my_cases")
    five = isinstance(answers, list | tuple | str) and len(answers) == 5
    require(five, "my_cases must hold five letters, one for each bug")
    hints = [
        "where does the mean differ from the sum?",
        "when does a flattened view stop being a view?",
        "when do several numbers equal the largest?",
        "which number does the code leave out?",
        "which axis should stay, but may have length one?",
    ]
    for place, (answer, right) in enumerate(zip(answers, "EDBAC", strict=True)):
        name = f"my_cases at [{place}]"
        answer = choice(answer, tuple("ABCDE"), name)
        require(answer == right, f"bug {place + 1} passes case {answer}: {hints[place]}")
    passed("each bug falls at the case that it was not written for")


def by_hand(gradients):
    """The gradients of (a + b) · max(b, c) at a = 2, b = 3, c = 1: three numbers."""
    one_way = "b goes two ways; what arrives on them adds"
    hints = [
        ([3, 3, 0], one_way),
        ([3, 5, 0], one_way),
        ([5, 8, 0], "a factor's slope is the other factor"),
        ([3, 8, 5], "a maximum chooses: only the winner gets something"),
        ([3, 3, 5], "a maximum chooses: only the winner gets something"),
        ([3, 15, 0], "at a fork gradients add; along a way slopes multiply"),
    ]
    equal(gradients, [3, 8, 0], "gradients", hints=hints)
    passed("a plus copies, a product exchanges, a maximum chooses, a fork adds")


def scale_backward(function):
    """function(grad_y, x, gamma, beta): three gradients of x · gamma + beta for maps."""
    for place, rng in enumerate(cases()):
        shape = (2, 3, 4, 5) if place == 0 else rng.integers(1, 5, 4)
        x, grad_y = rng.normal(size=shape), rng.normal(size=shape)
        gamma, beta = rng.uniform(2, 3, shape[1]), rng.normal(size=shape[1])
        case = f"maps of shape {tuple(int(n) for n in shape)}"
        found = call(function, grad_y, x, gamma, beta, name="scale_backward", case=case)
        three = isinstance(found, tuple | list) and len(found) == 3
        require(three, "scale_backward must return three gradients")
        column, axes, each = gamma.reshape(1, -1, 1, 1), (0, 2, 3), x[0, 0].size * len(x)
        hints = [(grad_y, "the slope of the output for x is gamma")]
        hints.append((column * np.ones(shape), "multiply by the gradient that arrives"))
        equal(found[0], grad_y * column, "the gradient of x", case, hints)
        wide = "gamma meets every image and every place: a fork. Its gradient has gamma's shape"
        of_gamma, of_beta = (grad_y * x).sum(axis=axes), grad_y.sum(axis=axes)
        hints = [
            (grad_y * x, wide),
            ((grad_y * x).sum(axis=0), wide),
            (of_gamma / each, "at a fork gradients add; this is their mean"),
            (x.sum(axis=axes), "multiply by the gradient that arrives"),
            (of_beta, "its slope is x"),
            (of_gamma * gamma, "a factor's slope is the other factor"),
        ]
        equal(found[1], of_gamma, "the gradient of gamma", case, hints)
        hints = [
            (grad_y.sum(axis=0), "beta meets every place, too"),
            (grad_y, "beta meets every image and every place"),
            (of_beta / each, "at a fork gradients add; this is their mean"),
            (np.full(shape[1], each), "multiply by the gradient that arrives"),
        ]
        equal(found[2], of_beta, "the gradient of beta", case, hints)
    passed("three gradients, in 20 random cases")


def slopes(function):
    """function(f, x, step): central differences of f at each number of x."""
    for place, rng in enumerate(cases()):
        shape = (2, 3) if place == 0 else rng.integers(1, 4, rng.integers(1, 4))
        x, factors = rng.uniform(1, 2, shape), rng.uniform(1, 2, shape)
        step = 0.1

        def f(x, factors=factors):
            x = numbers(x, "what f is called with")
            same = f"f is called with shape {x.shape}; expected {factors.shape}"
            require(x.shape == factors.shape, same)
            return (factors * x**3).sum() + x.prod()

        case = f"an array of shape {tuple(int(n) for n in shape)}"
        found = call(function, f, x, step, name="slopes", case=case)
        # The product ties the numbers together: one that is not moved back shows in the next.
        right = factors * (3 * x**2 + step**2) + x.prod() / x
        above = right + 3 * factors * x * step
        whole, rows = np.full(shape, step), np.empty(shape)
        together = np.full(shape, (f(x + whole) - f(x - whole)) / (2 * step))
        for line in range(len(x)):
            row = np.zeros(shape)
            row[line] = step
            rows[line] = (f(x + row) - f(x - row)) / (2 * step)
        hints = [
            (2 * right, "the two places are two steps apart"),
            (right * step, "divide by what was changed"),
            (above, "this is the difference to one side"),
            (together, "only one number is changed at a time"),
            (rows, "only one number is changed at a time"),
            (right.sum(), "one slope for each number is expected"),
        ]
        equal(found, right, "slopes", case, hints)
    passed("both sides, each number by itself, in 20 random cases")


def find_wrong(function):
    """function(loss, parameters, gradients): the name of the wrong gradient, or "none"."""
    kinds = ["none", "b1", "w1", "w2", "b2", "none", "w1"]
    for kind, rng in zip(kinds, cases(len(kinds)), strict=True):
        loss, parameters, gradients = _network(rng)
        if kind in ("b1", "b2"):
            gradients[kind] = gradients[kind] / 6  # the mean over the batch
        elif kind == "w2":
            gradients[kind] = gradients[kind] * 1.01
        elif kind == "w1":
            place = np.unravel_index(np.abs(gradients[kind]).argmax(), gradients[kind].shape)
            gradients[kind][place] *= -1
        copies = {name: array.copy() for name, array in parameters.items()}
        found = call(function, loss, copies, gradients, name="find_wrong")
        found = choice(found, (*PARAMETERS, "none"), "what find_wrong returns")
        hints = {
            "none": "is a difference of one part in a million an error?",
            "w1": "one number has another sign; do you look at every place?",
            "w2": "every number is 1 % too large; how close must they be?",
        }
        hint = hints.get(kind, "it is a sixth of what it should be")
        require(found == kind, f"where {kind!r} is right, find_wrong says {found!r}: {hint}")
    passed("seven networks, with a mean, a sign and 1 % found")


def own_gradient(kernel):
    """A 3×3 kernel whose convolution is its own way back, and that is no mirror image."""
    kernel = numbers(kernel, "kernel").astype(float)
    require(kernel.shape == (3, 3), f"kernel has shape {kernel.shape}, expected (3, 3)")
    picture = np.random.default_rng().normal(size=(1, 1, 6, 7))
    forwards = ops.conv2d(picture, kernel[None, None], padding=1)
    back = ops.conv2d_backward(picture, picture, kernel[None, None], padding=1)[0]
    differ = "what it does to an image is not what its gradient does; how does the way back slide?"
    require(np.allclose(forwards, back, atol=1e-9 * np.abs(kernel).max()), differ)
    mirrored = "kernel is its own mirror image; find one that is not"
    symmetric = any(np.allclose(kernel, other) for other in (kernel[:, ::-1], kernel[::-1]))
    require(not symmetric, mirrored)
    passed("turned by 180 degrees it stays the same, so the way back is the way forward")


def wrong_way_back(prediction, gradients):
    """A predicted accuracy, and gradients(x, labels, w1, b1, w2, b2, back) of two layers."""
    prediction = number(prediction, "prediction", 0, 1)
    for place, rng in enumerate(cases()):
        _check_step(gradients, rng, square=place == 0)
    accuracies = [_train(gradients, way) for way in ("right", "random", "none")]
    right, random, none = (round(float(accuracy), 2) for accuracy in accuracies)
    ways = f"the right weights {right}, random ones {random}, zeros {none}"
    passed(f"you said {prediction:g}; measured: {ways}")


def _network(rng):
    """A loss as a function of four parameters, the parameters, and their gradients."""
    x, labels = rng.normal(size=(6, 4)), np.arange(6) % 3
    w1, w2 = rng.normal(size=(4, 5)), rng.normal(size=(5, 3))
    b1, b2 = rng.normal(size=5), rng.normal(size=3)
    parameters = {"w1": w1, "b1": b1, "w2": w2, "b2": b2}

    def loss(parameters):
        hidden = np.tanh(x @ parameters["w1"] + parameters["b1"])
        return ops.cross_entropy(hidden @ parameters["w2"] + parameters["b2"], labels)

    hidden = np.tanh(x @ w1 + b1)
    grad = ops.cross_entropy_backward(hidden @ w2 + b2, labels)
    of_sums = grad @ w2.T * (1 - hidden**2)
    found = [x.T @ of_sums, of_sums.sum(axis=0), hidden.T @ grad, grad.sum(axis=0)]
    return loss, parameters, dict(zip(PARAMETERS, found, strict=True))


def _two_layers(x, labels, w1, b1, w2, b2, back, mean=True, bend=True):
    sums = x @ w1 + b1
    hidden = np.maximum(sums, 0)
    grad = ops.cross_entropy_backward(hidden @ w2 + b2, labels)
    grad = grad if mean else grad * len(x)
    of_sums = grad @ back * (sums > 0 if bend else 1)
    return x.T @ of_sums, of_sums.sum(axis=0), hidden.T @ grad, grad.sum(axis=0)


def _check_step(gradients, rng, square):
    count, inputs, units, classes = (5, 4, 4, 3) if square else rng.integers(2, 6, 4)
    x, labels = rng.normal(size=(count, inputs)), rng.integers(0, classes, count)
    w1, b1 = rng.normal(size=(inputs, units)), rng.normal(size=units)
    w2, b2 = rng.normal(size=(units, classes)), rng.normal(size=classes)
    back = rng.normal(size=(classes, units))
    given = x, labels, w1, b1, w2, b2, back
    found = call(gradients, *given, name="gradients")
    four = isinstance(found, tuple | list) and len(found) == 4
    require(four, "gradients must return four arrays: of w1, b1, w2 and b2")
    right = _two_layers(*given)
    summed = _two_layers(*given, mean=False)
    straight = _two_layers(*given, bend=False)
    true_way = _two_layers(*given[:-1], w2.T)
    for place in (3, 2, 1, 0):  # as on the way back, so that the first mistake is named
        hints = [
            (summed[place], "the loss is the mean over the examples"),
            (-right[place], "the gradient is the share minus 1, not 1 minus the share"),
            (right[place] / count, "the mean over the examples is taken twice"),
        ]
        if place < 2:
            hints.append((true_way[place], "the way back leads through `back`, not through w2"))
            hints.append((straight[place], "where the sum is negative, ReLU passes nothing"))
        equal(found[place], right[place], f"the gradient of {PARAMETERS[place]}", hints=hints)


def _train(gradients, way):
    """The accuracy on test digits after 200 plain steps."""
    from ..data import load_digits

    digits = load_digits(size=8)
    x, test = (part[0].reshape(-1, 64).astype(float) for part in (digits.train, digits.test))
    rng = np.random.default_rng(0)
    w1, w2 = rng.normal(size=(64, 20)) / np.sqrt(32), rng.normal(size=(20, 10)) / np.sqrt(10)
    parameters = [w1, np.zeros(20), w2, np.zeros(10)]
    fixed = rng.normal(size=(10, 20)) / np.sqrt(10) * (way == "random")
    for _ in range(200):
        back = parameters[2].T if way == "right" else fixed
        found = gradients(x[:500], digits.train[1][:500], *parameters, back)
        pairs = zip(parameters, found, strict=True)
        parameters = [old - 0.5 * np.asarray(gradient) for old, gradient in pairs]
    w1, b1, w2, b2 = parameters
    scores = np.maximum(test @ w1 + b1, 0) @ w2 + b2
    return (scores.argmax(axis=1) == digits.test[1]).mean()
