"""Receptive fields: what one output of a layer sees of the input."""

from dataclasses import dataclass

from ..ops._arguments import as_int
from ..ops._sizes import as_padding, output_size
from .reading import read


@dataclass(frozen=True)
class Field:
    """What one output of a layer sees of the input, along one axis, in input pixels.

    size: outputs of the layer (None if no input size was given); jump: distance between the
    fields of neighbouring outputs; field: the receptive field's length; start: the centre of
    output 0's field, where the first pixel's centre is 0.
    """

    name: str
    size: int | None
    jump: int
    field: int
    start: float

    def span(self, index):
        """Return the first and the last input pixel that output `index` sees, padding included."""
        first = self.start + index * self.jump - (self.field - 1) / 2
        return int(first), int(first) + self.field - 1


def receptive_field(layers, input_size=None, axis=None):
    """Follow the receptive field through a stack of layers, one `Field` a layer.

    layers: a stack up to the first layer that looks at the whole image (global pooling, flatten,
    linear), which is refused; of branches come the rows of each, then what their sum sees.
    input_size: an int, to have the sizes too. axis: 0 for height, 1 for width; needed only where
    a kernel or a stride is not square.
    Raises ValueError for such layers, for padding "same" at a stride without input_size, and for
    a layer whose kernel does not fit.
    Source: r_l = r_(l-1) + dilation (k_l - 1) j_(l-1) and j_l = j_(l-1) s_l, as in Araujo, Norris
    and Sim 2019, "Computing receptive fields of convolutional neural networks".
    """
    if axis is not None:
        as_int(axis, "axis", 0, 1)
    size = None if input_size is None else as_int(input_size, "input_size", 1)
    return _fields(layers, axis, Field("input", size, 1, 1, 0.0))


def _fields(layers, axis, below):
    """Return one `Field` a layer of a stack whose input is the layer `below`."""
    rows = []
    for layer in read(layers):
        if layer.kind in ("global_pool", "flatten", "linear"):
            raise ValueError(
                f"layers holds {layer.name!r}, which sees the whole image; stop before"
            )
        if layer.branches:
            branches = [_fields(branch, axis, below) for branch in layer.branches]
            rows += [row for branch in branches for row in branch]
            below = _joined(layer, [branch[-1] if branch else below for branch in branches])
        else:
            below = _one_field(layer, axis, below)
        rows.append(below)
    return rows


def _one_field(layer, axis, below):
    k, s, d, before, after = _along(layer, axis, below.size)
    size = below.size
    if size is not None:
        size = output_size(size, k, s, (before, after), d, layer.ceil_mode)
    start = below.start + (d * (k - 1) / 2 - before) * below.jump
    return Field(layer.name, size, below.jump * s, below.field + d * (k - 1) * below.jump, start)


def _joined(layer, ends):
    """Return the field of a sum, or of channels side by side: what any branch sees."""
    if len({(end.size, end.jump) for end in ends}) > 1:
        sizes, jumps = (
            " and ".join(str(getattr(end, name)) for end in ends) for name in ("size", "jump")
        )
        raise ValueError(
            f"layers holds {layer.name!r} of branches with sizes {sizes} and jumps {jumps}; "
            "expected equal ones"
        )
    seen = [pixel for end in ends for pixel in end.span(0)]
    first, last = min(seen), max(seen)
    return Field(layer.name, ends[0].size, ends[0].jump, last - first + 1, (first + last) / 2)


def _along(layer, axis, size):
    """Return kernel size, stride, dilation and the padding before and after, along one axis."""
    same = isinstance(layer.padding, str) and layer.padding.lower() == "same"
    if same and size is None and layer.stride != (1, 1):
        raise ValueError('padding "same" with a stride depends on the size; give input_size')
    # At stride 1 "same" does not depend on the size, so that any will do.
    sides = as_padding(
        layer.padding, (size or 1,) * 2, layer.kernel_size, layer.stride, layer.dilation
    )
    window = (layer.kernel_size, layer.stride, layer.dilation, sides)
    if axis is None and any(height != width for height, width in window):
        raise ValueError(f"layer {layer.name!r} is not square; give axis=0 (height) or 1 (width)")
    k, s, d, (before, after) = (pair[axis or 0] for pair in window)
    return k, s, d, before, after
