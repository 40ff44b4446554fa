"""Where a training stands, in one file: written whole or not at all, read without pickle."""

import json
import os
from pathlib import Path

import numpy as np

_NOTES = "notes as JSON"


def write_arrays(path, arrays, notes=None):
    """Write named arrays to an .npz file, which is the old one until the new one is whole.

    path: the file, whose name ends in .npz. arrays: {name: array}. notes: what JSON can hold, such
    as the epoch. A computer that stops meanwhile leaves the old file, or the new one, and perhaps
    an `.unfinished` one, which the next call overwrites.
    Raises ValueError for another ending.
    """
    path = _as_path(path)
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "wb") as file:
        np.savez(file, **arrays, **_as_array(notes))
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)


def read_arrays(path):
    """Return (arrays, notes) as `write_arrays` had them.

    Raises FileNotFoundError, and ValueError for another ending and a file that is damaged.
    """
    path = _as_path(path)
    if not path.exists():
        raise FileNotFoundError(f"path is {str(path)!r}; there is no such file")
    try:
        # Opened here, so that it is closed even where it is damaged.
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as content:
            arrays = {name: content[name] for name in content.files}
        notes = json.loads(arrays.pop(_NOTES).tobytes()) if _NOTES in arrays else None
    # zipfile and NumPy have a dozen kinds of errors for a damaged file.
    except Exception as error:
        raise ValueError(f"path is {str(path)!r}; it holds no arrays, or damaged ones") from error
    return arrays, notes


def _as_array(notes):
    if notes is None:
        return {}
    return {_NOTES: np.frombuffer(json.dumps(notes).encode(), np.uint8)}


def _as_path(path):
    path = Path(path)
    if path.suffix != ".npz":
        raise ValueError(f"path is {str(path)!r}; expected a name that ends in .npz")
    return path
