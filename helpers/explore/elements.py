"""The explorer's elements in a notebook: one line that loads them, and one function for each."""

import base64
import json
from html import escape

import numpy as np
from IPython.display import HTML

from ..chains import ACTIVATIONS
from ..geometry import conv_output_size
from ..ops._arguments import as_array, as_choice, as_int
from .weights import DIGITS

EXPLORER = DIGITS.parent

_LARGEST = 12  # rows and columns of an image of numbers
_WINDOW = 5
_FIELDS = {"kernel": (1, 11), "stride": (1, 8), "padding": (0, 8), "dilation": (1, 8)}


def load():
    """Bring the explorer into a notebook; the elements below it work then. Nothing is fetched."""
    module = (EXPLORER / "explorer.js").read_text(encoding="utf-8")
    return HTML(f'<script type="module">\n{module}</script>')


def conv(image=None, kernel=None):
    """Slide a kernel over numbers or a photograph; every sum is written out.

    image: (H, W), at most 12×12; kernel: (kh, kw), at most 5×5; without them, an example. The
    photograph is a cat; the reader may choose another, or the camera.
    Raises ValueError for other shapes, a kernel that is larger than the image, and numbers that are
    not finite.
    """
    given = {"image": _table(image, "image", _LARGEST), "kernel": _table(kernel, "kernel", _WINDOW)}
    conv_output_size(_shape(given["image"], 7), _shape(given["kernel"], 2))
    given["photograph"] = _address(EXPLORER / "cat.png")
    return _element("conv", "An image, a kernel, and the sum of one window written out", given)


def geometry(layers=None, size=None):
    """Follow what an output sees, and what a pixel reaches, through a stack of layers.

    layers: a list of dicts with some of kernel, stride, padding and dilation, at most 8. size: of
    the input, at most 40. Raises ValueError for other names, numbers out of range, and layers that
    do not fit.
    """
    if layers is not None:
        layers = [_layer(layer, k) for k, layer in enumerate(layers)]
        if not 1 <= len(layers) <= 8:
            raise ValueError(f"layers holds {len(layers)} layers; expected from 1 to 8")
    size = None if size is None else as_int(size, "size", 1, 40)
    left = size or 16
    for layer in layers or []:
        given = {key: value for key, value in layer.items() if key != "kernel"}
        left = conv_output_size(left, layer.get("kernel", 3), **given)
    return _element(
        "geometry",
        "A row of pixels, two layers above it, and what one output sees",
        {"layers": layers, "size": size},
    )


def pooling(image=None):
    """Move an image by a pixel and watch what pooling makes of it.

    image: (H, W), from 2×2 to 12×12.
    """
    given = {"image": _table(image, "image", _LARGEST)}
    conv_output_size(_shape(given["image"], 8), 2)
    return _element("pooling", "An image, and the largest value of each window", given)


def activation(name=None):
    """See an activation, its slope, and what a chain of layers leaves of a gradient.

    name: "relu", "leaky_relu", "sigmoid", "tanh", "silu" or "gelu".
    """
    if name is not None:
        as_choice(name, "name", ACTIVATIONS)
    text = "A curve with its slope, and gradients along a chain of layers"
    return _element("activation", text, {"activation": name})


def norm(samples=None):
    """Drag a sample of a batch and watch all others move.

    samples: at most 12 numbers from -10 to 10. Raises ValueError for others.
    """
    given = {"samples": _list(samples, "samples", 12)}
    if samples is not None and max(np.abs(given["samples"])) > 10:
        raise ValueError(f"samples is {given['samples']}; expected numbers from -10 to 10")
    return _element("norm", "Five samples above, the same normalised below", given)


def dropout(units=None):
    """Draw masks and average what they leave. units: at most 24 numbers."""
    given = {"units": _list(units, "units", 24)}
    return _element("dropout", "Units under one mask, their mean, and inference", given)


def network():
    """Draw a digit for the network that chapter 13 trains, and look inside."""
    stored = DIGITS.read_text(encoding="utf-8")
    text = "A drawn digit, its maps in every layer, and the network's answer"
    return _element("network", text, {"network": json.loads(stored)})


def _element(name, text, given):
    """Return an element; inside it is a picture, for where scripts do not run."""
    attributes = ""
    for key, value in given.items():
        if value is not None:
            is_address = isinstance(value, str) and value.startswith("data:")
            value = value if is_address else json.dumps(value, separators=(",", ":"))
            attributes += f' {key}="{escape(value)}"'
    picture = _address(EXPLORER / "pictures" / f"{name}.png")
    hint = "Run this cell and the one with explore.load() to play."
    return HTML(
        f"<{name}-explorer{attributes}>"
        f'<img src="{picture}" alt="{escape(text)}. {hint}" title="{hint}" style="max-width:100%">'
        f"</{name}-explorer>"
    )


def _shape(rows, default):
    """Return the shape of an argument, or of the example in its place."""
    return (default, default) if rows is None else (len(rows), len(rows[0]))


def _table(values, name, largest):
    if values is None:
        return None
    values = _numbers(values, name)
    if values.ndim != 2 or not values.size or max(values.shape) > largest:
        most = f"at most {largest}×{largest}"
        raise ValueError(f"{name} has shape {values.shape}; expected (height, width), {most}")
    return values.tolist()


def _list(values, name, most):
    if values is None:
        return None
    values = _numbers(values, name)
    if values.ndim != 1 or not 1 <= len(values) <= most:
        raise ValueError(f"{name} has shape {values.shape}; expected from 1 to {most} numbers")
    return values.tolist()


def _numbers(values, name):
    values = as_array(values, name)
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        raise ValueError(f"{name} holds something else than finite numbers")
    # JSON knows no other kind of float.
    return values.astype(float) if values.dtype.kind == "f" else values


def _layer(layer, k):
    if not isinstance(layer, dict) or not layer.keys() <= _FIELDS.keys():
        raise ValueError(f"layers[{k}] is {layer!r}; expected a dict with some of {list(_FIELDS)}")
    return {key: as_int(layer[key], f"layers[{k}][{key!r}]", *_FIELDS[key]) for key in layer}


def _address(picture):
    return "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
