"""Reading arguments: arrays and numbers, and one wording for refusals."""

import functools
from numbers import Integral, Real

import numpy as np


def quiet(function):
    """Decorate an operation: NaN and infinity pass through it without a warning, as in Paddle.

    Besides, NumPy's buffer is small meanwhile. It would fill a large one with copies of rows that
    it can read where they lie: batch norm takes two thirds longer then. `errstate` undoes both.
    """

    @functools.wraps(function)
    def call(*arguments, **options):
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            np.setbufsize(512)
            return function(*arguments, **options)

    return call


def masked(values, mask):
    """Return `values` where `mask` is True and 0 elsewhere, for infinite values too."""
    if np.isfinite(values).all():
        # A product takes a tenth of the time of a choice, whose branches nobody can foresee; the
        # sum turns -0 into 0.
        return values * mask + values.dtype.type(0)
    return np.where(mask, values, 0)


def as_array(array, name):
    """Return `array` as a NumPy array; what is ragged, such as [[1, 2], [3]], is refused."""
    try:
        return np.asarray(array)
    except ValueError as error:
        raise ValueError(f"{name} is no array: {error}") from error


def as_batch(array, name, dims=4):
    """Return `array` as a NumPy float array of `dims` dimensions, none of them empty.

    Raises ValueError for another number of dimensions, an empty axis, or a dtype that is neither
    float32 nor float64.
    """
    array = as_array(array, name)
    if array.ndim != dims:
        layout = {4: "(N, C, H, W)", 2: "two axes", 1: "one axis"}[dims]
        hint = f": {name}.reshape(1, 1, *{name}.shape) makes one image"
        raise ValueError(
            f"{name} has shape {array.shape}; expected {dims} dimensions, {layout}"
            + (hint if (dims, array.ndim) == (4, 2) else "")
        )
    return as_floats(array, name)


def as_floats(array, name, like=None):
    """Return `array` as a NumPy float array of any shape, none of its axes empty.

    like: an array whose shape and dtype it must have. Raises ValueError otherwise, and for a dtype
    that is neither float32 nor float64.
    """
    array = as_array(array, name)
    if array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; every axis must hold at least one item")
    if array.dtype not in (np.float32, np.float64):
        raise ValueError(
            f"{name} has dtype {array.dtype}; expected float32 or float64: convert it first, "
            f"for example {name}.astype(np.float32)"
        )
    if like is not None:
        if array.shape != like.shape:
            raise ValueError(f"{name} has shape {array.shape}; expected {like.shape}, x's")
        check_same_dtype(like, **{name: array})
    return array


def as_output_gradient(grad_y, shape, x, name="grad_y"):
    """Return `grad_y`, which has the shape of an output, as an array of x's dtype.

    Raises ValueError for another shape or dtype.
    """
    grad_y = as_floats(grad_y, name)
    if grad_y.shape != tuple(shape):
        raise ValueError(f"{name} has shape {grad_y.shape}; expected {tuple(shape)}, the output's")
    check_same_dtype(x, **{name: grad_y})
    return grad_y


def check_same_dtype(x, **others):
    """Raise ValueError unless every array in `others` that is not None has the dtype of `x`."""
    for name, array in others.items():
        if array is not None and array.dtype != x.dtype:
            raise ValueError(
                f"{name} has dtype {array.dtype} and x has {x.dtype}; both must be the same: "
                f"convert one with .astype"
            )


def as_int(value, name, minimum, maximum=2**31 - 1):
    """Return `value` as an int from `minimum` to `maximum`; True and 2.0 are refused."""
    allowed = f"at least {minimum}" if maximum == 2**31 - 1 else f"{minimum} to {maximum}"
    if not isinstance(value, Integral) or isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {value!r}; expected an int, {allowed}")
    if value > 2**31 - 1:
        raise ValueError(f"{name} is {value}; expected at most {2**31 - 1}")
    if not minimum <= value <= maximum:
        raise ValueError(f"{name} is {value}; expected {allowed}")
    return int(value)


def as_number(value, name, low=-np.inf, high=np.inf, nan=False):
    """Return `value`, a real number from `low` to `high`; True and "1" are refused.

    nan: whether NaN will do.
    """
    real = isinstance(value, Real) and not isinstance(value, bool | np.bool_)
    if not real or not (low <= value <= high or (nan and np.isnan(value))):
        allowed = "a number"
        if low > -np.inf:
            allowed = f"{low:g} to {high:g}" if high < np.inf else f"a number of at least {low:g}"
        raise ValueError(f"{name} is {value!r}; expected {allowed}")
    return value


def as_bool(value, name):
    """Return `value`, True or False; 1 and "yes" are refused."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {value!r}; expected True or False")
    return bool(value)


def as_choice(value, name, choices):
    """Return `value`, one of a few strings."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} is {value!r}; expected one of {', '.join(map(repr, choices))}")
    return value


def as_generator(rng, name="rng"):
    """Return `rng`, a numpy Generator; a seed, which would draw the same each time, is refused."""
    if not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"{name} is {rng!r}; expected a Generator: np.random.default_rng(0), for example"
        )
    return rng
