"""The check of every backward function: does it agree with what small changes do?"""

import numpy as np

from ._arguments import as_number


def check_gradient(function, backward, *arrays, step=1e-5, **options):
    """Compare the gradients of `backward` with central differences of `function`.

    function: takes the arrays and options, returns an array or a number (a loss). backward: its
    gradients, `backward(grad_y, *arrays, **options)`, without grad_y for a number: an array for one
    array of floats, a tuple for several. arrays: of float64, of integers, which have no gradient,
    or None. The output is weighted with random numbers, always the same, and each number of each
    array is moved by `step` up and down.
    Returns the largest relative error: the difference of two slopes, divided by the larger of them,
    or by the root mean square of all slopes if that is larger; below 1e-7 is good.
    Raises ValueError for arrays of other floats, as float32 loses the differences, and for a
    backward that returns another number or other shapes of gradients.
    """
    as_number(step, "step", np.finfo(float).tiny)
    arrays = [_owned(array, index) for index, array in enumerate(arrays)]
    y = np.asarray(function(*arrays, **options))
    weights = np.random.default_rng(0).uniform(0.5, 1.5, y.shape)
    weights *= np.random.default_rng(1).choice([-1.0, 1.0], y.shape)
    found = backward(*arrays, **options) if y.ndim == 0 else backward(weights, *arrays, **options)
    scale = weights if y.ndim else np.float64(1)
    found = found if isinstance(found, tuple) else (found,)
    wanted = [array for array in arrays if array is None or array.dtype.kind == "f"]
    if len(found) != len(wanted):
        raise ValueError(f"backward returned {len(found)} gradients; expected {len(wanted)}")
    pairs = []
    for array, gradient in zip(wanted, found, strict=True):
        if (array is None) != (gradient is None) or np.shape(gradient) != np.shape(array):
            raise ValueError(
                f"backward returned a gradient of shape {np.shape(gradient)}; "
                f"expected {np.shape(array)}, the array's"
            )
        if array is not None:
            slopes = _slopes(lambda: function(*arrays, **options), array, scale, step)
            pairs.append((np.ravel(gradient), np.ravel(slopes)))
    return _relative_error(*(np.concatenate(column) for column in zip(*pairs, strict=True)))


def _owned(array, index):
    """A copy that may be changed, in place of one that must not."""
    if array is None:
        return None
    array = np.array(array)
    if array.dtype.kind not in "iu" and array.dtype != np.float64:
        raise ValueError(f"arrays[{index}] has dtype {array.dtype}; expected float64 or integers")
    return array


def _slopes(function, array, scale, step):
    slopes = np.empty_like(array)
    for place in np.ndindex(array.shape):
        value = array[place]
        array[place] = value + step
        above = function()
        array[place] = value - step
        # Subtracted before they are added up, what does not change leaves no rounding behind.
        slopes[place] = (scale * (above - function())).sum() / (2 * step)
        array[place] = value
    return slopes


def _relative_error(gradient, slopes):
    size = np.maximum(np.abs(gradient), np.abs(slopes))
    size = np.maximum(size, np.sqrt(np.mean(np.square(slopes))))
    difference = np.abs(gradient - slopes)
    return float(np.divide(difference, size, out=difference.copy(), where=size > 0).max())
