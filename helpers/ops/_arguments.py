"""Reading arguments: the forms that sizes and padding may take, and one wording for refusals."""

from numbers import Integral

import numpy as np


def as_batch(array, name, dims=4):
    """Return `array` as a NumPy float array of `dims` dimensions, none of them empty.

    Raises ValueError for another number of dimensions, an empty axis, or a dtype that is neither
    float32 nor float64.
    """
    array = np.asarray(array)
    if array.ndim != dims:
        layout = {4: "(N, C, H, W)", 2: "two axes", 1: "one axis"}[dims]
        raise ValueError(
            f"{name} has shape {array.shape}; expected {dims} dimensions, {layout}"
            + (f": {name}.reshape(1, 1, *{name}.shape) makes one image" * (dims - array.ndim == 2))
        )
    return as_floats(array, name)


def as_floats(array, name, like=None):
    """Return `array` as a NumPy float array of any shape, none of its axes empty.

    like: an array whose shape and dtype it must have. Raises ValueError otherwise, and for a dtype
    that is neither float32 nor float64.
    """
    array = np.asarray(array)
    if array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; every axis must hold at least one item")
    if array.dtype not in (np.float32, np.float64):
        raise ValueError(
            f"{name} has dtype {array.dtype}; expected float32 or float64: convert it first, "
            f"for example {name}.astype(np.float32)"
        )
    if like is not None:
        like = np.asarray(like)
        if array.shape != like.shape:
            raise ValueError(f"{name} has shape {array.shape}; expected {like.shape}, x's")
        check_same_dtype(like, **{name: array})
    return array


def check_same_dtype(x, **others):
    """Raise ValueError unless every array in `others` that is not None has the dtype of `x`."""
    for name, array in others.items():
        if array is not None and array.dtype != x.dtype:
            raise ValueError(
                f"{name} has dtype {array.dtype} and x has {x.dtype}; both must be the same: "
                f"convert one with .astype"
            )


def as_int(value, name, minimum):
    """Return `value` as an int of at least `minimum`; True and 2.0 are refused."""
    if not isinstance(value, Integral) or isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {value!r}; expected an int of at least {minimum}")
    if value < minimum:
        raise ValueError(f"{name} is {value}; expected at least {minimum}")
    return int(value)


def as_pair(value, name, minimum=1):
    """Return `value`, an int or a (height, width) pair of ints, as a pair of ints."""
    if isinstance(value, tuple | list):
        if len(value) != 2:
            raise ValueError(f"{name} is {value!r}; expected an int or a pair (height, width)")
        return as_int(value[0], f"{name}[0]", minimum), as_int(value[1], f"{name}[1]", minimum)
    value = as_int(value, name, minimum)
    return value, value


def as_padding(padding, size, kernel_size, stride=(1, 1), dilation=(1, 1)):
    """Return `padding` in any of its forms as ((top, bottom), (left, right)).

    padding: an int, (ph, pw), ((top, bottom), (left, right)), "valid" for none, or "same" for
    ceil(size / stride) outputs, the odd row or column going to the bottom and right. The other
    arguments are (height, width) pairs, and matter to "same" alone.
    """
    if isinstance(padding, str):
        if padding.lower() == "valid":
            return (0, 0), (0, 0)
        if padding.lower() == "same":
            sides = zip(size, kernel_size, stride, dilation, strict=True)
            return tuple(_same_padding(*side) for side in sides)
        raise ValueError(f'padding is {padding!r}; the words it may be are "same" and "valid"')
    if isinstance(padding, tuple | list):
        if len(padding) == 4:
            raise ValueError(
                f"padding is {padding!r}; four numbers in a row are read in two orders "
                "(top, bottom, left, right or left, right, top, bottom): "
                "write ((top, bottom), (left, right))"
            )
        if len(padding) == 2 and all(isinstance(side, tuple | list) for side in padding):
            return as_pair(padding[0], "padding[0]", 0), as_pair(padding[1], "padding[1]", 0)
    vertical, horizontal = as_pair(padding, "padding", 0)
    return (vertical, vertical), (horizontal, horizontal)


def _same_padding(size, kernel_size, stride, dilation):
    outputs = -(-size // stride)
    total = max((outputs - 1) * stride + dilation * (kernel_size - 1) + 1 - size, 0)
    return total // 2, total - total // 2
