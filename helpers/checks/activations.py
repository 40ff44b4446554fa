"""Checks of the exercises of chapter 07."""

import numpy as np

from .. import ops
from ._engine import call, cases, equal, number, numbers, passed, require


def deviation(value):
    """A deviation of first weights with which ten layers of 50 ReLUs keep the size of numbers."""
    value = number(value, "my_deviation", 1e-9, 1e9)
    powers = []
    # The same twenty networks each time, so that a try can be repeated.
    for rng in np.random.default_rng(0).spawn(20):
        x = rng.normal(size=(100, 50))
        y = x
        for _ in range(10):
            y = ops.relu(y @ rng.normal(size=(50, 50)))
        powers.append(10 * np.log10(value) + np.log10((y**2).mean() / (x**2).mean()) / 2)
    power = np.mean(powers)
    found = f"after ten layers the numbers are about 10^{power:.0f} of their size"
    require(power > -0.5, f"{found}: they fade")
    require(power < 0.5, f"{found}: they explode")
    passed("after ten layers the numbers have about the size that they had")


def one_step(shares, loss, gradient, new_scores):
    """Shares, loss, gradient and new scores: inputs 3 and −1, four classes, weights 0."""
    hints = [([0, 0, 0, 0], "those are the scores; softmax makes shares of them")]
    equal(shares, np.full(4, 1 / 4), "shares", hints=hints, tolerance=2e-3)
    hints = [
        (2, "that is the logarithm to the base 2; the natural one is asked for"),
        (np.log10(4), "that is the logarithm to the base 10; the natural one is asked for"),
        (-np.log(4), "the loss is minus the logarithm"),
        (1 / 4, "that is the share; the loss is minus its logarithm"),
    ]
    equal(loss, np.log(4), "loss", hints=hints, tolerance=4e-3)
    of_scores = np.array([1, 1, -3, 1]) / 4
    right = np.outer([3, -1], of_scores)
    hints = [
        (right.T, "a row for each input, and a column for each class"),
        (of_scores, "that is the gradient of the scores; each weight also has an input"),
        (np.outer([3, -1], np.full(4, 1 / 4)), "take 1 away from the share of the right class"),
        (-right, "the sign: the share, minus 1 for the right class"),
        (0.2 * right, "that is the step; the gradient is asked for"),
        (np.outer([3, 1], of_scores), "the second input is −1"),
    ]
    equal(gradient, right, "gradient", hints=hints, tolerance=2e-3)
    right = np.array([3, -1]) @ (-0.2 * right)
    hints = [
        (-right, "a step goes against the gradient: subtract"),
        (right / 0.2, "the learning rate is missing"),
        (0.2 * of_scores, "these are not scores: multiply the new weights by the inputs"),
        (-0.2 * of_scores, "the new weights change, and their inputs count once more"),
        (np.array([3, 1]) @ (-0.2 * np.outer([3, -1], of_scores)), "the second input is −1"),
    ]
    equal(new_scores, right, "new_scores", hints=hints, tolerance=2e-3)
    passed("the right class is ahead after one step")


def softplus(forward, backward):
    """Two functions: softplus of x, and the gradient of x from that of softplus."""
    for rng in cases(10):
        moderate = rng.uniform(-5, 5, (2, 3))
        far_out = np.array([-1000.0, -40, 0, 40, 1000])
        for x in (moderate, far_out):
            case = "numbers from −5 to 5" if x is moderate else "−1000, −40, 0, 40, 1000"
            right = np.logaddexp(0, x)
            found = call(forward, x, name="softplus", case=case)
            what = "what softplus returns"
            _finite(found, what, case)
            hints = [
                (ops.relu(x), "that is ReLU"),
                (np.logaddexp(0, -x), "look at the sign of the exponent"),
                (ops.sigmoid(x), "that is the sigmoid"),
            ]
            equal(found, right, what, case, hints if x is moderate else ())
            grad_y = rng.uniform(1, 2, x.shape)
            slope = ops.sigmoid(x)
            found = call(backward, grad_y, x, name="softplus_backward", case=case)
            what = "what softplus_backward returns"
            _finite(found, what, case)
            hints = [
                (slope, "the gradient that arrives, grad_y, is missing"),
                (grad_y * slope * (1 - slope), "that takes the slope of the sigmoid"),
                (grad_y * (x > 0), "that takes the slope of ReLU"),
                (grad_y * right, "that takes softplus itself for its slope"),
                (grad_y * ops.sigmoid(right), "softplus was applied to x, and its slope is at x"),
            ]
            equal(found, grad_y * slope, what, case, hints if x is moderate else ())
    passed("a ReLU with a round corner, and its slope is the sigmoid")


def hinge_weights(function):
    """function(places, values): the weights of hinges that go through all points."""
    for place, rng in enumerate(cases()):
        count = 5 if place == 0 else int(rng.integers(3, 9))
        places = np.cumsum(rng.integers(1, 4, count)).astype(float) - 5
        if place == 0:
            places = np.array([-3.0, -1, 0, 3, 5])
        values = np.cumsum(rng.choice([-4, -3, -2, 2, 3, 4], count)).astype(float) * (place + 1)
        slopes = np.diff(values) / np.diff(places)
        right = np.append(slopes[0], np.diff(slopes))
        case = f"{count} points"
        found = call(function, places, values, name="hinge_weights", case=case)
        steps = np.diff(values)
        hints = [
            (slopes, "these are the slopes; the hinges before go on rising, so count them off"),
            (steps, "these are steps; a slope is a step divided by its length"),
            (np.append(steps[0], np.diff(steps)), "divide each step by its length"),
            (np.diff(slopes), "the first hinge is missing: it makes the first slope"),
            (np.append(0, np.diff(slopes)), "the first hinge makes the first slope"),
            (np.append(slopes[0], -np.diff(slopes)), "the sign: what is new minus what was there"),
            (np.append(right, 0), "there is no hinge at the last place"),
        ]
        equal(found, right, "what hinge_weights returns", case, hints)
    passed("the network goes through every point, in 20 random cases")


def wake(function):
    """function(x, weight, bias): new biases, so that dead units are positive for half of x."""
    for place, rng in enumerate(cases()):
        count, inputs, units = 2 * int(rng.integers(4, 20)), int(rng.integers(2, 6)), 8
        x = rng.normal(size=(count, inputs))
        weight = rng.normal(size=(inputs, units))
        products = x @ weight
        bias = -np.quantile(products, 0.25, axis=0)
        # At least two are dead, and at least two are not.
        dead = np.arange(units) < 2 if place == 0 else np.arange(units) < rng.integers(2, 7)
        dead = rng.permutation(dead)
        # Units that are alive answer to about three quarters of the examples.
        bias = np.where(dead, -products.max(axis=0) - rng.uniform(0.5, 3, units), bias)
        case = f"{count} examples and {dead.sum()} dead units of {units}"
        found = numbers(call(function, x, weight, bias, name="wake", case=case), "the new biases")
        shape = f"the new biases have shape {found.shape}, expected ({units},)"
        require(found.shape == (units,), f"{shape} for {case}")
        kept = np.abs(found - bias)[~dead].max() < 1e-6
        require(kept, f"a unit that is alive has another bias than before, for {case}")
        alive = np.sum(products + found > 0, axis=0)[dead]
        still = (alive == 0).sum()
        require(still == 0, f"{still} units are still dead, for {case}")
        every = "is positive for every example now; half of them is asked for"
        require((alive < count).all(), f"a unit {every}, for {case}")
        words = f"a unit is positive for {alive[0]} of {count} examples now; half is asked for"
        require((alive == count // 2).all(), words)
    passed("every dead unit answers to half of the examples, and no other unit has changed")


def careless_step(prediction, dead_share):
    """A share, and dead_share(rate): of the first hidden layer after one careless step."""
    number(prediction, "prediction", 0, 1)
    # From ten times ten networks: about 0.03, 0.14 and 0.51.
    bounds = {0.1: (0, 0.07), 3: (0.08, 0.2), 1000: (0.41, 0.61)}
    for rate, (low, high) in bounds.items():
        found = number(call(dead_share, rate, name="dead_share"), "what dead_share returns")
        words = f"dead_share gives {found:.2f} for the rate {rate:g}"
        require(0 <= found <= 1, f"{words}; a share from 0 to 1 is expected")
        if rate == 0.1:
            require(found < 0.9, f"{words}: is this the share of the units that are alive?")
            every = "a unit is dead only if its sum is negative for every example"
            require(found < 0.3, f"{words}: {every}")
        if rate == 3:
            require(not 0.2 <= found < 0.4, f"{words}: is this the first hidden layer?")
        require(low <= found <= high, f"{words}, which is not right")
    passed(f"after the step {found:.2f} of the units are dead; you predicted {prediction:g}")


def _finite(found, what, case):
    found = numbers(found, what)
    words = f"{what} is infinite or NaN for {case}: where is a number too large?"
    require(np.isfinite(found).all(), words)
