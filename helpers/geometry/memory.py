"""Memory of a stack, layer by layer: in use, kept for the way back, and on the way back."""

from dataclasses import dataclass
from math import prod

from ..ops._arguments import as_int
from ..ops._sizes import as_padding
from .costs import FLOAT32, cost_of, joined_shape, read_shape
from .reading import read


@dataclass(frozen=True)
class Live:
    """What lies in memory while one layer works, in bytes of float32.

    bytes: for each image of the batch. once: for the whole batch, such as a convolution's windows,
    copied side by side for one matrix product (im2col) for one image after the other. adding: for
    each image while a bias is added, to a second copy of the output; 0 where there is none.
    """

    name: str
    bytes: int
    once: int
    adding: int = 0

    def of(self, batch):
        """Return the most bytes for a batch; what is no number of images raises ValueError."""
        as_int(batch, "batch", 1)
        return max(self.bytes * batch + self.once, self.adding * batch)


@dataclass(frozen=True)
class Kept:
    """How many bytes of a layer's output, for one image, a training step keeps for the way back."""

    name: str
    bytes: int


def live(layers, input_shape):
    """Return one `Live` a layer for a network in use, parameters left out.

    layers: a stack whose layers can be described; input_shape: (C, H, W), or (features,). A layer's
    input and output are there, and what a later sum or concatenation waits for. Every layer but
    flatten writes to a place of its own, and what nobody needs any more is given up. The network's
    input counts all the time, since the caller holds it. The peak is the largest for a batch.
    Raises ValueError for a layer that does not fit.
    """
    shape = read_shape(input_shape)
    return _live(layers, shape, FLOAT32 * prod(shape), 0)[0]


def kept(layers, input_shape):
    """Return one `Kept` for the input and for each layer: what a training step stores on its way.

    Arguments and errors are those of `live`. Kept is what some layer's backward reads, once:
    convolutions, dense layers, normalisations and poolings read their input, activations and
    poolings their output. Sums, concatenations and flatten read nothing.
    """
    return [Kept(tensor.name, tensor.kept) for tensor in _forward(layers, input_shape)[0]]


def way_back(layers, input_shape):
    """Return one `Live` a layer, the last layer first, while its backward works.

    Arguments and errors are those of `live`. There is what earlier layers kept, the gradients of
    the layer's output and input (none for the network's input), and once, the fresh gradient of its
    parameters, before it is added to the old one, and a convolution's windows.
    """
    tensors, steps = _forward(layers, input_shape)
    sums = [0]
    for tensor in tensors:
        sums.append(sums[-1] + tensor.kept)
    rows = []
    for name, before, after, waiting, once in reversed(steps):
        gradients = after.bytes + waiting + (before.bytes if before is not tensors[0] else 0)
        # What later layers alone read of the output has been given up.
        stored = sums[tensors.index(after)] + after.bytes * after.own
        rows.append(Live(name, stored + gradients, once))
    return rows


def _live(layers, shape, held, current):
    """Return rows and the last shape; held: bytes others wait for, current: those of the input."""
    rows = []
    for layer in read(layers):
        if layer.branches:
            ends, waiting = [], held + current
            for branch in layer.branches:
                # The input lies in `waiting` already.
                more, end = _live(branch, shape, waiting, 0)
                rows += more
                ends.append(end)
                waiting += FLOAT32 * prod(end) if branch else 0
            shape, once, current = joined_shape(layer, ends), 0, waiting - held
        else:
            before, (shape, _, _) = shape, cost_of(layer, shape)
            once = _windows(layer, before, shape)
        written = 0 if layer.kind == "flatten" else FLOAT32 * prod(shape)
        there = held + current + written
        biased = layer.kind in ("conv", "linear") and layer.bias
        rows.append(Live(layer.name, there, once, there + written if biased else 0))
        current = written or current
    return rows, shape


def _windows(layer, before, after):
    """Return the bytes of a convolution's copied windows; a plain 1×1 needs no copy."""
    if layer.kind != "conv":
        return 0
    sides = as_padding(layer.padding, before[1:], layer.kernel_size, layer.stride, layer.dilation)
    if (layer.kernel_size, layer.stride) == ((1, 1), (1, 1)) and not any(map(sum, sides)):
        return 0
    return FLOAT32 * before[0] // layer.groups * prod(layer.kernel_size) * prod(after[1:])


class _Tensor:
    """A layer's output, and whether some backward reads it; own: that of the layer itself."""

    def __init__(self, name, shape, own=False):
        self.name, self.shape, self.own, self.needed = name, shape, own, own
        self.bytes = FLOAT32 * prod(shape)

    @property
    def kept(self):
        return self.bytes * self.needed


def _forward(layers, input_shape):
    """Return all tensors, the input first, and the steps that made them, for `way_back`."""
    first = _Tensor("input", read_shape(input_shape))
    tensors, steps = [first], []
    _follow(layers, first, 0, tensors, steps)
    return tensors, steps


def _follow(layers, tensor, waiting, tensors, steps):
    """Append to tensors and steps, and return a stack's last tensor.

    waiting: bytes of gradients that other branches hold while this one goes back.
    """
    for layer in read(layers):
        before = tensor
        if layer.branches:
            ends, spans = [], []
            for branch in layer.branches:
                start = len(steps)
                ends.append(_follow(branch, before, waiting, tensors, steps))
                spans.append(range(start, len(steps)))
            shape, once = joined_shape(layer, [end.shape for end in ends]), 0
            total = FLOAT32 * prod(shape)
            for end, span in zip(ends, spans, strict=True):
                for index in span:
                    name, old, new, more, part = steps[index]
                    # A branch takes its part of a concatenation's gradient; a sum's is everyone's.
                    own = end.bytes if layer.kind == "concat" or new is end else 0
                    steps[index] = name, old, new, more + total - own, part
        else:
            shape, parameters, _ = cost_of(layer, before.shape)
            once = FLOAT32 * parameters + _windows(layer, before.shape, shape)
        if layer.kind == "flatten":
            # The same numbers in another shape: what marks the one must mark the other.
            tensor.shape = shape
            continue
        before.needed |= layer.kind in ("conv", "linear", "batch_norm", "pool", "global_pool")
        made = layer.kind in ("activation", "pool", "global_pool")
        tensor = _Tensor(layer.name, shape, own=made)
        tensors.append(tensor)
        steps.append((layer.name, before, tensor, waiting, once))
    return tensor
