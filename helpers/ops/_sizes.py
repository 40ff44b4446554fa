"""Windows along an image: the forms that sizes and padding may take, and how many windows fit."""

from ._arguments import as_int


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


def as_pool_padding(padding, size, kernel_size, stride=(1, 1)):
    """Return what `as_padding` does, for windows that must each see a pixel of the image.

    Raises ValueError for padding of a whole window or more on a side.
    """
    sides = as_padding(padding, size, kernel_size, stride)
    for side, window in zip(sides, kernel_size, strict=True):
        if max(side) >= window:
            raise ValueError(
                f"padding is {padding!r}; expected at most {window - 1} on a side of a window of "
                f"{window}, or a window would hold nothing but padding"
            )
    return sides


def output_size(size, kernel_size, stride, sides, dilation=1, ceil_mode=False, name="kernel_size"):
    """Return how many windows fit along one axis: the output size of convolutions and poolings.

    sides: the padding (before, after); all others are ints. ceil_mode: also count a last window
    that hangs over the padded edge, if it starts before the image ends. name: what the caller
    calls the kernel's size.
    Raises ValueError where not even one window fits.
    """
    span, padded = dilation * (kernel_size - 1) + 1, size + sum(sides)
    if span > padded:
        wide = f" with dilation {dilation}, a span of {span}" if dilation > 1 else ""
        raise ValueError(
            f"{name} is {kernel_size}{wide}; expected at most {padded}, the padded size"
        )
    rest = padded - span
    if not ceil_mode:
        return rest // stride + 1
    # A window that starts past the image would have nothing to summarise.
    return min(-(-rest // stride), (sides[0] + size - 1) // stride) + 1
