"""Find what an output sees by experiment: change one input pixel at a time and watch the outputs.

Nothing here knows what the function computes, so that it can check what a formula says.
"""

import numpy as np

from .ops._arguments import as_array, as_floats, as_int, as_number

_BATCH = 256  # changed images that the function gets at once


def responses(function, shape, base=None, tolerance=0.0):
    """Change each pixel in turn and note which outputs change.

    function: takes images (N, C, H, W), returns (N, C_out, H_out, W_out), both NumPy arrays.
    shape: (C, H, W) of one image. base: the image to start from, of floats, black (zeros) by
    default; a pixel is changed by adding 1 to all its channels. tolerance: changes up to this
    count as rounding. Returns a bool array (H, W, H_out, W_out): [r, c, i, j] tells whether
    pixel (r, c) reaches output (i, j), in any of its channels.
    Raises ValueError for a base of another shape or dtype, a tolerance below 0, or a function that
    returns another shape, NaN or infinity.
    """
    if not callable(function):
        raise ValueError(f"function is {function!r}; expected something to call with images")
    as_number(tolerance, "tolerance", 0)
    if not isinstance(shape, tuple | list) or len(shape) != 3:
        raise ValueError(f"shape is {shape!r}; expected (C, H, W)")
    shape = tuple(as_int(size, "shape", 1) for size in shape)
    base = np.zeros(shape) if base is None else as_floats(base, "base")
    if base.shape != shape:
        raise ValueError(f"base has shape {base.shape}; expected {shape}, as in shape")
    pixels = np.arange(base[0].size)
    before = _outputs(function, base[None])
    reached = []
    for start in range(0, pixels.size, _BATCH):
        batch = pixels[start : start + _BATCH]
        images = np.repeat(base[None], batch.size, axis=0)
        images.reshape(batch.size, shape[0], -1)[np.arange(batch.size), :, batch] += 1
        after = _outputs(function, images)
        reached.append((np.abs(after - before) > tolerance).any(axis=1))
    return np.concatenate(reached).reshape(*shape[1:], *before.shape[2:])


def measured_field(function, shape, output_index, **options):
    """Return which pixels reach one output, as a bool array (H, W).

    output_index: (i, j) of the output. The other arguments are those of `responses`.
    Raises ValueError for an output that does not exist, and as `responses` does.
    """
    if not isinstance(output_index, tuple | list) or len(output_index) != 2:
        raise ValueError(f"output_index is {output_index!r}; expected a pair (i, j)")
    reached = responses(function, shape, **options)
    height, width = reached.shape[2:]
    i = as_int(output_index[0], "output_index[0]", 0, height - 1)
    j = as_int(output_index[1], "output_index[1]", 0, width - 1)
    return reached[:, :, i, j]


def bounding_box(field):
    """Return the smallest box around the True pixels: ((top, bottom), (left, right)), inclusive.

    field: (H, W), bool or numbers of which those that are not 0 count.
    Raises ValueError where there is none, and for another shape.
    """
    field = as_array(field, "field")
    if field.ndim != 2:
        raise ValueError(f"field has shape {field.shape}; expected (H, W)")
    rows, columns = np.nonzero(field)
    if rows.size == 0:
        raise ValueError("field holds no pixel that is True or not 0; there is no box around it")
    return (int(rows.min()), int(rows.max())), (int(columns.min()), int(columns.max()))


def _outputs(function, images):
    outputs = np.asarray(function(images))
    if outputs.ndim != 4 or len(outputs) != len(images):
        raise ValueError(
            f"function returned shape {outputs.shape} for {len(images)} images; "
            "expected (N, C_out, H_out, W_out)"
        )
    if not np.isfinite(outputs).all():
        raise ValueError("function returned NaN or infinity, which hide what changes")
    return outputs
