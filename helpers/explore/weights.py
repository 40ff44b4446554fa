"""The weights of the explorer's network: a small file of text, from the network of chapter 13."""

import json
from pathlib import Path

import numpy as np

from .. import nn
from ..ops._arguments import as_array

DIGITS = Path(__file__).resolve().parents[2] / "explorer" / "digits.json"

_LAYERS = ("Conv2D", "ReLU", "MaxPool2D", "Flatten", "Linear", "ReLU", "Linear")
# Where each parameter stands in the file, in the model's order, with its shape there.
_PLACES = {
    ("kernels",): (8, 3, 3),
    ("biases",): (8,),
    ("first", "weight"): (128, 64),
    ("first", "bias"): (64,),
    ("last", "weight"): (64, 10),
    ("last", "bias"): (10,),
}
_DECIMALS = 4


def write_weights(model, path):
    """Write a model's weights as the explorer reads them: JSON, numbers of four decimals.

    model: the network of chapter 13, a Sequential of `helpers.nn`. path: the file, overwritten.
    Raises ValueError for other layers, other shapes, and weights that are not finite.
    """
    _check_layers(model)
    written = {}
    for (place, shape), parameter in zip(_PLACES.items(), model.parameters(), strict=True):
        value = parameter.value
        value = value[:, 0] if place == ("kernels",) else value
        _check(value, place, shape, "model")
        # The sum turns -0 into 0.
        rounded = (np.round(value.astype(float), _DECIMALS) + 0.0).tolist()
        _put(written, place, rounded)
    # A row of weights a line: a change shows where it is.
    text = json.dumps(written, separators=(",", ":")).replace("],[", "],\n[")
    Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_weights(path=None):
    """Return what `write_weights` wrote, float64 arrays in dicts: those of the explorer by default.

    {"kernels": (8, 3, 3), "biases": (8,), "first": {"weight": (128, 64), "bias": (64,)},
    "last": {"weight": (64, 10), "bias": (10,)}}.
    Raises FileNotFoundError, and ValueError for a file that holds something else.
    """
    path = DIGITS if path is None else Path(path)
    source = f"path is {str(path)!r}; the file"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # of JSON, and of letters that are none
        raise ValueError(f"{source} holds no JSON: {error}") from error
    weights = {}
    for place, shape in _PLACES.items():
        value = content
        for name in place:
            if not isinstance(value, dict) or name not in value:
                raise ValueError(f"{source} has no {' '.join(place)}")
            value = value[name]
        value = as_array(value, f"{source}'s {' '.join(place)}")
        _check(value, place, shape, source)
        _put(weights, place, value.astype(float))
    return weights


def load_weights(model, path=None):
    """Put what `read_weights` returns into a model of the same layers, and return the model.

    The model's parameters become float64. Raises ValueError for other layers and shapes; the model
    is then as it was.
    """
    _check_layers(model)
    weights, values = read_weights(path), []
    for place, parameter in zip(_PLACES, model.parameters(), strict=True):
        value = weights
        for name in place:
            value = value[name]
        value = value[:, None] if place == ("kernels",) else value
        if value.shape != parameter.value.shape:
            name = " ".join(place)
            raise ValueError(
                f"model has {name} of shape {parameter.value.shape}; expected {value.shape}"
            )
        values.append(value)
    for parameter, value in zip(model.parameters(), values, strict=True):
        parameter.value, parameter.grad = value, None
    return model


def _check_layers(model):
    found = [type(layer).__name__ for layer in model] if isinstance(model, nn.Sequential) else []
    if tuple(found) != _LAYERS or len(model.parameters()) != len(_PLACES):
        layers = ", ".join(found) or type(model).__name__
        raise ValueError(f"model is {layers}; expected {', '.join(_LAYERS)}, each with a bias")


def _check(value, place, shape, owner):
    name = " ".join(place)
    if value.shape != shape:
        raise ValueError(f"{owner} has {name} of shape {value.shape}; expected {shape}")
    if value.dtype.kind not in "fi" or not np.isfinite(value).all():
        raise ValueError(f"{owner} has {name} that are not all finite numbers")


def _put(tree, place, value):
    for name in place[:-1]:
        tree = tree.setdefault(name, {})
    tree[place[-1]] = value
