"""Answers to the exercises of chapter 10."""

import numpy as np

from helpers import ops
from helpers.autograd import paddle_gradients

from . import Answers


def by_paddle(grad_y, x, gamma, beta):
    def scale(x, gamma, beta):
        return x * gamma.reshape([1, -1, 1, 1]) + beta.reshape([1, -1, 1, 1])

    return [np.asarray(g) for g in paddle_gradients(scale, [x, gamma, beta], grad_y)]


def own(of_x, of_gamma, of_beta):
    """A way back that returns three things made of grad_y, x and gamma as a column."""

    def scale_backward(grad_y, x, gamma, beta):
        given = grad_y, x, gamma.reshape(1, -1, 1, 1)
        return of_x(*given), of_gamma(*given), of_beta(*given)

    return scale_backward


PLACES = (0, 2, 3)
RIGHT = (lambda g, x, c: g * c, lambda g, x, c: (g * x).sum(PLACES), lambda g, x, c: g.sum(PLACES))


def in_one_array(f, x, step):
    """Changes x, and puts each number back."""
    result = np.zeros_like(x)
    for index in range(x.size):
        old = x.flat[index]
        x.flat[index] = old + step
        above = f(x)
        x.flat[index] = old - step
        result.flat[index] = (above - f(x)) / (2 * step)
        x.flat[index] = old
    return result.tolist()


def one_side(f, x, step):
    unit = np.eye(x.size).reshape(-1, *x.shape)
    return np.reshape([(f(x + step * u) - f(x)) / step for u in unit], x.shape)


def one_step(f, x, step):
    return 2 * np.asarray(in_one_array(f, x.copy(), step))


def together(f, x, step):
    return np.full(x.shape, (f(x + step) - f(x - step)) / (2 * step))


def never_back(f, x, step):
    above, below, result = x.copy(), x.copy(), np.zeros_like(x)
    for index in range(x.size):
        above.flat[index] += step
        below.flat[index] -= step
        result.flat[index] = f(above) - f(below)
    return np.diff(result.ravel(), prepend=0).reshape(x.shape) / (2 * step)


def leaves_moved(f, x, step):
    for index in range(x.size):
        x.flat[index] += step
    return x


def by_direction(loss, parameters, gradients):
    """Move along each unit vector by small steps, with another bound."""
    for name, array in parameters.items():
        kept = array.copy()
        measured = in_one_array(lambda _: loss(parameters), array, 1e-6)
        assert np.array_equal(kept, array)
        if not np.allclose(measured, gradients[name], rtol=1e-4, atol=1e-7):
            return name
    return "none"


def first_place_only(loss, parameters, gradients):
    for name, array in parameters.items():
        measured = np.asarray(in_one_array(lambda _: loss(parameters), array, 1e-6))
        if abs(measured.flat[0] - gradients[name].flat[0]) > 1e-6:
            return name
    return "none"


def generous(loss, parameters, gradients):
    for name, array in parameters.items():
        measured = np.asarray(in_one_array(lambda _: loss(parameters), array, 1e-6))
        if np.abs(measured - gradients[name]).max() > 0.1 * np.abs(measured).max():
            return name
    return "none"


def exactly(loss, parameters, gradients):
    for name, array in parameters.items():
        measured = in_one_array(lambda _: loss(parameters), array, 1e-6)
        if not np.array_equal(measured, gradients[name]):
            return name
    return "none"


def two_layers(x, labels, w1, b1, w2, b2, back):
    sums = ops.linear(x, w1, b1)
    hidden = ops.relu(sums)
    grad = ops.cross_entropy_backward(ops.linear(hidden, w2, b2), labels)
    _, of_w2, of_b2 = ops.linear_backward(grad, hidden, w2, b2)
    _, of_w1, of_b1 = ops.linear_backward(ops.relu_backward(grad @ back, sums), x, w1, b1)
    return [of_w1, of_b1, of_w2, of_b2]


def summed(x, labels, *rest):
    return [len(x) * gradient for gradient in two_layers(x, labels, *rest)]


def opposite(*given):
    return [-gradient for gradient in two_layers(*given)]


def true_way(x, labels, w1, b1, w2, b2, back):
    return two_layers(x, labels, w1, b1, w2, b2, w2.T)


def no_bend(x, labels, w1, b1, w2, b2, back):
    hidden = ops.relu(x @ w1 + b1)
    grad = ops.cross_entropy_backward(hidden @ w2 + b2, labels)
    of_sums = grad @ back
    return x.T @ of_sums, of_sums.sum(axis=0), hidden.T @ grad, grad.sum(axis=0)


ANSWERS = {
    "match": Answers(
        second=("EDBAC",),
        wrong=[
            (["C", "D", "B", "A", "E"], "where does the mean differ from the sum"),
            (["E", "A", "B", "D", "C"], "bug 2 passes case A"),
            (["E", "D", "B", "A"], "five letters"),
            (["E", "D", "B", "A", 5], "one of 'A'"),
        ],
    ),
    "by_hand": Answers(
        second=np.array([3.0, 8, 0]),
        wrong=[
            ([3, 5, 0], "b goes two ways"),
            ([3, 3, 0], "b goes two ways"),
            ([5, 8, 0], "the other factor"),
            ([3, 8, 5], "only the winner"),
            ([3, 8], "shape (2,), expected (3,)"),
        ],
    ),
    "scale_backward": Answers(
        second=by_paddle,
        wrong=[
            (own(lambda g, x, c: g, *RIGHT[1:]), "the slope of the output for x is gamma"),
            (own(RIGHT[0], lambda g, x, c: g * x, RIGHT[2]), "Its gradient has"),
            (own(RIGHT[0], lambda g, x, c: (g * x).mean(PLACES), RIGHT[2]), "this is their mean"),
            (own(*RIGHT[:2], lambda g, x, c: g.sum(axis=0)), "beta meets every place"),
            (own(*RIGHT[:2], lambda g, x, c: g.mean(PLACES)), "this is their mean"),
            (own(RIGHT[0], lambda g, x, c: x.sum(PLACES), RIGHT[2]), "the gradient that arrives"),
            (lambda grad_y, x, gamma, beta: grad_y, "must return three gradients"),
        ],
    ),
    "slopes": Answers(
        second=in_one_array,
        wrong=[
            (one_side, "the difference to one side"),
            (one_step, "two steps apart"),
            (together, "only one number is changed at a time"),
            (never_back, "and that is not right"),
            (leaves_moved, "changes its argument"),
            (lambda f, x, step: f(0), "f is called with shape ()"),
        ],
    ),
    "find_wrong": Answers(
        second=by_direction,
        wrong=[
            (lambda loss, parameters, gradients: "b1", "where 'none' is right"),
            (lambda loss, parameters, gradients: "none", "a sixth of what it should be"),
            (first_place_only, "do you look at every place"),
            (generous, "how close must they be"),
            (exactly, "one part in a million"),
            (lambda loss, parameters, gradients: "w3", "one of 'w1'"),
        ],
    ),
    "own_gradient": Answers(
        second=np.array([[1.0, 1, 2], [0, 3, 0], [2, 1, 1]]),
        wrong=[
            ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], "is not what its gradient does"),
            ([[1, 2, 3], [2, 4, 5], [3, 5, 6]], "is not what its gradient does"),
            ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], "its own mirror image"),
            (np.zeros((3, 3)), "its own mirror image"),
            ([[1, 2], [2, 1]], "shape (2, 2)"),
        ],
    ),
    "wrong_way_back": Answers(
        second=(0.9, two_layers),
        wrong=[
            ((0.5, summed), "the mean over the examples"),
            ((0.5, opposite), "not 1 minus the share"),
            ((0.5, true_way), "not through w2"),
            ((0.5, no_bend), "ReLU passes nothing"),
            ((50, two_layers), "from 0 to 1"),
            ((0.5, lambda *given: given[0]), "must return four arrays"),
        ],
    ),
}
