"""A model beside its twin in Paddle, on the same images."""

import numpy as np
import paddle

from helpers import ops
from helpers.twins import in_paddle
from tests.common import assert_same


def assert_twins_equal(model, images):
    """The same scores for images, and the same gradients of the loss, in training and float64."""
    model.astype("float64")
    twin = in_paddle(model)
    labels = np.arange(len(images))
    logits = model(images)
    model.backward(ops.cross_entropy_backward(logits, labels))
    theirs = twin(paddle.to_tensor(images))
    paddle.nn.functional.cross_entropy(theirs, paddle.to_tensor(labels)).backward()
    assert_same(logits, theirs.numpy(), slack=1e5)  # averages divide in float32 there
    trained = [array for array in twin.parameters() if not array.stop_gradient]
    for parameter, array in zip(model.parameters(), trained, strict=True):
        assert_same(parameter.grad, array.grad.numpy(), slack=1e5)
