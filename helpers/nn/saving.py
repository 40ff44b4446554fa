"""Save and load what a model has learned: arrays with names in one .npz file, no pickle."""

import numpy as np

from ..checkpoint import read_arrays, write_arrays


def save(model, path):
    """Write all parameters and running statistics of a model to a file, whole or not at all.

    path: the file, whose name ends in .npz. Raises ValueError for another ending.
    """
    write_arrays(path, model.state())


def load(model, path):
    """Read what `save` wrote into a model of the same layers, and return the model.

    The arrays keep the file's dtype. Raises FileNotFoundError, and ValueError for a file that is
    damaged, or whose names or shapes are not the model's; the model is then as it was.
    """
    arrays, _ = read_arrays(path)
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
