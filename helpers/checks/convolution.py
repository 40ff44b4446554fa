"""Checks of the exercises of chapter 02."""

import numpy as np

from .. import ops
from ._engine import call, cases, equal, number, numbers, passed, require

IMAGE = np.array([[2, 0, 1, 3], [1, 3, 0, 1], [0, 1, 2, 0]])
KERNEL = np.array([[1, -1], [0, 2]])
_SECRET = np.array([[4, 9, 2], [3, 5, 7], [8, 1, 6]])


def secret(image):
    """Return the response of a hidden 3×3 kernel on an image of 5×5 numbers."""
    image = numbers(image, "image")
    require(image.shape == (5, 5), f"image has shape {image.shape}; expected (5, 5)")
    return ops.convolve2d(image, _SECRET)


def nine_numbers(kernel):
    """The kernel that `secret` lays on the image without turning it."""
    turned = "as they appear around a dot; laid on the image, the kernel is turned"
    hints = [(_SECRET, turned), (_SECRET[::-1, ::-1].T, "rows and columns are exchanged")]
    equal(kernel, _SECRET[::-1, ::-1], "my_kernel", hints=hints)
    passed("and what secret did is a convolution with the same numbers turned by 180 degrees")


def by_hand(response):
    """The response of KERNEL on IMAGE, (2, 3)."""
    turned = ops.convolve2d(IMAGE, KERNEL)
    across = ops.corr2d(IMAGE, KERNEL.T)
    hints = [
        (turned, "the kernel was turned before it was laid on the image; here it stays as it is"),
        (across, "rows and columns of the kernel are exchanged"),
    ]
    equal(response, ops.corr2d(IMAGE, KERNEL), "response", hints=hints)
    passed("six windows, six sums")


def strided_correlation(function):
    """function(image, kernel, stride): corr2d at every stride-th place."""
    for place, rng in enumerate(cases()):
        # The first case tells every mistake from every other one.
        extra, stride = ((5, 6), 2) if place == 0 else (rng.integers(0, 8, 2), rng.integers(1, 4))
        shape = (2, 3) if place == 0 else tuple(rng.integers(1, 4, 2))
        kernel = rng.integers(-3, 4, shape)
        image = rng.integers(-5, 6, np.add(shape, extra))
        every = ops.corr2d(image, kernel)
        turned = ops.convolve2d(image, kernel)[::stride, ::stride]
        case = f"a {_size(image)} image, a {_size(kernel)} kernel and stride {stride}"
        name = "strided_correlation"
        found = call(function, image, kernel, stride, name=name, case=case)
        hints = [
            (every, "remember the stride"),
            (every[::stride], "the stride moves the window down only, and not to the right"),
            (
                every[:, ::stride],
                "the stride moves the window right, and it must move it down, too",
            ),
            (turned, "the kernel is turned; a correlation leaves it as it is"),
        ]
        equal(found, every[::stride, ::stride], name, case, hints)
    passed("the same as every stride-th number of corr2d, in 20 random cases")


def falling_diagonals(kernel):
    """A 3×3 kernel whose response is largest on a falling line, and 0 on a flat image."""
    kernel = numbers(kernel, "kernel").astype(float)
    require(kernel.shape == (3, 3), f"kernel has shape {kernel.shape}, expected (3, 3)")
    require(np.abs(kernel).max() > 0, "a kernel of zeros finds nothing")
    require(abs(kernel.sum()) < 1e-6 * np.abs(kernel).sum(), "a flat image gets an answer, too")
    lines = _lines()
    answers = {name: (kernel * line).sum() for name, line in lines.items()}
    falling = answers.pop("falling")
    require(falling > 0, f"a falling line gets {falling:g}; a positive answer is expected")
    best = max(answers, key=answers.get)
    require(falling > answers[best], f"a {best} line gets at least as much as a falling one")
    passed("a falling line gets more than any other, and a flat image nothing")


def recover(function):
    """function(box): (kernel, bias) of a hidden 3×3 correlation, had with one call of box."""
    for rng in cases():
        kernel, bias = rng.integers(-9, 10, (3, 3)), int(rng.integers(1, 10))
        calls = []

        def box(image, kernel=kernel, bias=bias, calls=calls):
            calls.append(image)
            return ops.corr2d(numbers(image, "the image for the box"), kernel) + bias

        found = call(function, box, name="recover")
        require(isinstance(found, tuple) and len(found) == 2, "recover must return kernel, bias")
        hints = [
            (kernel[::-1, ::-1], "it is the hidden kernel turned upside down: look at the order"),
            (kernel + bias, "the bias is still in it"),
            (kernel[::-1, ::-1] + bias, "the bias is still in it, and it is turned upside down"),
            (kernel.T, "rows and columns are exchanged"),
        ]
        equal(found[0], kernel, "the kernel", hints=hints)
        require(abs(number(found[1], "the bias") - bias) < 1e-6, "the bias is not right")
        require(len(calls) == 1, f"the box was called {len(calls)} times; one call is enough")
    passed("20 hidden kernels found, each with one call")


def least_noise(prediction, measure, kernel):
    """A prediction, measure(kernel), and a 3×3 kernel of sum 1 that leaves the least noise."""
    number(prediction, "prediction", 0, 1)
    trials = [np.full((3, 3), 1 / 9), np.outer([1, 2, 1], [1, 2, 1]) / 16, np.eye(3) / 3]
    for trial in trials:
        found = number(call(measure, trial, name="measure"), "what measure returns")
        right = np.sqrt((trial**2).sum())
        squared = abs(found - right**2) < 0.05 * right**2
        require(not squared, "that is the variance; the standard deviation is its root")
        require(abs(found - right) < 0.05 * right, f"measure gives {found:g}, which is not right")
    kernel = numbers(kernel, "kernel").astype(float)
    require(kernel.shape == (3, 3), f"kernel has shape {kernel.shape}, expected (3, 3)")
    require(
        abs(kernel.sum() - 1) < 1e-6, f"the weights of kernel add up to {kernel.sum():g}, not 1"
    )
    rest = np.sqrt((kernel**2).sum())
    require(
        rest < 1 / 3 + 1e-6, f"kernel leaves {rest:.3f} of the noise, and there is a better one"
    )
    found = number(measure(kernel), "what measure returns")
    passed(f"your prediction was {prediction:g}, and you measured {found:.2f}")


def _size(array):
    return f"{array.shape[0]}×{array.shape[1]}"


def _lines():
    lines = {"falling": np.eye(3), "rising": np.eye(3)[::-1]}
    for place in range(3):
        lines[f"horizontal (row {place})"] = np.zeros((3, 3))
        lines[f"horizontal (row {place})"][place] = 1
        lines[f"vertical (column {place})"] = lines[f"horizontal (row {place})"].T
    return lines
