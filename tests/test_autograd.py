"""Paddle's gradients in the form of ours."""

import numpy as np
import paddle.nn.functional as F

from helpers import ops
from helpers.autograd import flat, paddle_gradients
from tests.common import assert_same


def test_gradients_come_in_the_order_of_the_arrays():
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in ((5, 4), (4, 3), (3,))]
    grad_y = rng.normal(size=(5, 3))
    found = paddle_gradients(F.linear, arrays, grad_y)
    for gradient, expected in zip(found, ops.linear_backward(grad_y, *arrays), strict=True):
        assert_same(gradient, expected)


def test_labels_have_no_gradient_and_a_loss_needs_no_grad_y():
    scores, labels = np.array([[1.0, 0, 0]]), np.array([1])
    (found,) = paddle_gradients(F.cross_entropy, [scores, labels])
    assert_same(found, ops.cross_entropy_backward(scores, labels))


def test_options_and_plain_numbers_are_passed_on():
    x = np.arange(4.0).reshape(1, 1, 2, 2)
    (found,) = paddle_gradients(F.avg_pool2d, [x], np.ones((1, 1, 1, 1)), kernel_size=2)
    assert_same(found, np.full((1, 1, 2, 2), 0.25))
    assert [float(g) for g in paddle_gradients(lambda a, b: a * b, [3.0, 2.0])] == [2, 3]


def test_flat_puts_all_numbers_in_one_row():
    assert flat((np.eye(2), np.array([5.0]))).tolist() == [1, 0, 0, 1, 5]
    assert flat(np.eye(2)).tolist() == [1, 0, 0, 1]
