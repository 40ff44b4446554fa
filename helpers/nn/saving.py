"""Save and load what a model has learned: arrays with names in one .npz file, no pickle."""

import os
from pathlib import Path

import numpy as np


def save(model, path):
    """Write all parameters and running statistics of a model to a file, whole or not at all.

    path: the file, whose name ends in .npz. Raises ValueError for another ending.
    """
    path = _as_path(path)
    # An interrupted write must leave the old file as it was.
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "wb") as file:
        np.savez(file, **model.state())
    os.replace(unfinished, path)


def load(model, path):
    """Read what `save` wrote into a model of the same layers, and return the model.

    The arrays keep the file's dtype. Raises FileNotFoundError, and ValueError for a file that is
    damaged, or whose names or shapes are not the model's; the model is then as it was.
    """
    path = _as_path(path)
    if not path.exists():
        raise FileNotFoundError(f"path is {str(path)!r}; there is no such file")
    try:
        # Opened here, so that it is closed even where it is damaged.
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
    # zipfile and NumPy have a dozen kinds of errors for a damaged file.
    except Exception as error:
        raise ValueError(f"path is {str(path)!r}; it holds no arrays, or damaged ones") from error
    wanted = model.state()
    if arrays.keys() != wanted.keys():
        names = sorted(arrays.keys() ^ wanted.keys())
        raise ValueError(f"path is {str(path)!r}; file and model differ in {', '.join(names)}")
    for name, array in arrays.items():
        if array.shape != wanted[name].shape:
            raise ValueError(
                f"{name} has shape {array.shape} in the file; expected {wanted[name].shape}"
            )
    _put(model, arrays)
    return model


def _put(layer, arrays, prefix=""):
    for name, parameter in layer.named_parameters().items():
        if "." not in name:
            parameter.value = arrays[prefix + name]
    for name in layer._attributes(np.ndarray):
        setattr(layer, name, arrays[prefix + name])
    for name, part in layer.layers().items():
        _put(part, arrays, f"{prefix}{name}.")


def _as_path(path):
    path = Path(path)
    if path.suffix != ".npz":
        raise ValueError(f"path is {str(path)!r}; expected a name that ends in .npz")
    return path
