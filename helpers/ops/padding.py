"""Padding: rows and columns added around each image, and what they are filled with."""

import numpy as np

from ._arguments import as_batch, as_choice, as_number, as_output_gradient, quiet
from ._sizes import as_padding

_NUMPY_MODES = {
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}


def pad2d(x, padding, mode="constant", value=0.0):
    """Add rows and columns around every image.

    x: (N, C, H, W), float32 or float64. padding: an int, (ph, pw) or
    ((top, bottom), (left, right)). mode: "constant" (filled with `value`), "reflect" (mirrored
    about the border pixel, which is not repeated), "replicate" (the border pixel repeated) or
    "circular" (continued from the opposite side). Returns (N, C, top + H + bottom,
    left + W + right), a new array of x's dtype.
    Raises ValueError for another mode or form of padding ("same" depends on a kernel, which this
    function does not see), a `value` without mode "constant", and for "reflect" with padding that
    reaches the image's own size.
    """
    x, sides = _arguments(x, padding, mode, value)
    options = {"constant_values": value} if mode == "constant" else {}
    return np.pad(x, ((0, 0), (0, 0), *sides), _NUMPY_MODES[mode], **options)


@quiet
def pad2d_backward(grad_y, x, padding, mode="constant", value=0.0):
    """Add the gradient of every padded place to the pixel that it was copied from: (N, C, H, W).

    grad_y: (N, C, top + H + bottom, left + W + right). The other arguments, and errors, are those
    of `pad2d`; of x only the shape and dtype matter. Places that hold `value` have no pixel.
    """
    x, sides = _arguments(x, padding, mode, value)
    size = [n + sum(side) for n, side in zip(x.shape[2:], sides, strict=True)]
    grad = as_output_gradient(grad_y, (*x.shape[:2], *size), x)
    for axis, (before, after) in enumerate(sides, start=2):
        places = np.moveaxis(grad, axis, 0)
        folded = places[before : len(places) - after].copy()
        if mode != "constant":
            sources = np.pad(np.arange(len(folded)), (before, after), _NUMPY_MODES[mode])
            for place in [*range(before), *range(len(places) - after, len(places))]:
                folded[sources[place]] += places[place]
        grad = np.moveaxis(folded, 0, axis)
    return np.ascontiguousarray(grad)


def _arguments(x, padding, mode, value):
    x = as_batch(x, "x")
    as_choice(mode, "mode", _NUMPY_MODES)
    as_number(value, "value", nan=True)
    if isinstance(padding, str) and padding.lower() == "same":
        raise ValueError('padding is "same", which depends on a kernel; expected numbers of pixels')
    if mode != "constant" and value != 0:
        raise ValueError(f'value is {value!r}, which only mode "constant" uses; mode is {mode!r}')
    sides = as_padding(padding, x.shape[2:], (1, 1))
    if mode == "reflect":
        for side, size, axis in zip(sides, x.shape[2:], ("height", "width"), strict=True):
            if max(side) >= size:
                raise ValueError(
                    f"padding is {padding!r}; reflecting can add at most {size - 1} to a side "
                    f"of an image of {axis} {size}"
                )
    return x, sides
