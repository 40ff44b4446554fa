"""Paddle's gradients beside our own, in the form in which `ops` returns them."""

import numpy as np
import paddle


def paddle_gradients(function, arrays, grad_y=None, **options):
    """Return Paddle's gradients of a function of tensors: a list of arrays like `arrays`.

    function: called with a tensor for each array, and the options. arrays: of floats; those of
    integers, such as labels, are passed on and get no gradient. grad_y: the gradient of the
    output, not needed where that is a number.
    """
    kinds = [np.asarray(array).dtype.kind == "f" for array in arrays]
    tensors = [
        paddle.to_tensor(array, stop_gradient=not kind)
        for array, kind in zip(arrays, kinds, strict=True)
    ]
    y = function(*tensors, **options)
    wanted = [tensor for tensor, kind in zip(tensors, kinds, strict=True) if kind]
    arriving = None if grad_y is None else paddle.to_tensor(grad_y)
    return [gradient.numpy() for gradient in paddle.grad(y, wanted, arriving)]


def flat(gradients):
    """Return all numbers of an array, or of several, in one row."""
    parts = gradients if isinstance(gradients, tuple | list) else [gradients]
    return np.concatenate([np.ravel(part) for part in parts])
