"""Which earlier channels the layers of a dense block read: by weight, and by erasing them."""

from contextlib import contextmanager

import numpy as np

from . import nn, ops
from .ops._arguments import as_int


def weights_by_source(net):
    """Return how strongly each reader of a dense net's one block weighs each source.

    net: what `models.dense_net` makes with one block. Sources are what the block is given and the
    result of each of its layers; readers the layers, and what stands behind the block, the
    classifier. Returns (readers, sources): means of |weight|, each times the size of the scale of
    the normalisation before it, and NaN where nothing is read. Raises ValueError for other nets.
    """
    readers, cuts = _parts(net)
    found = np.full((len(readers), len(cuts)), np.nan)
    for row, (norm, weight) in enumerate(readers):
        sizes = np.abs(weight.value)
        # Channels come first in a dense layer's weight, second in a convolution's.
        by_channel = sizes.mean(axis=1) if sizes.ndim == 2 else sizes.mean(axis=(0, 2, 3))
        by_channel = by_channel * np.abs(norm.weight.value)
        found[row, : row + 1] = [by_channel[cut].mean() for cut in cuts[: row + 1]]
    return found


def accuracy_lost(net, data):
    """Return how much accuracy is lost when one reader loses one source, and nothing else changes.

    net, and what is returned: as for `weights_by_source`. data: (x, labels), on which the accuracy
    is measured. The reader gets the source's mean over data, after normalisation and ReLU, in place
    of the source. The net is left as it was, in eval mode.
    """
    readers, cuts = _parts(net)
    whole, means = nn.evaluate(net, data)[1], _means(net, readers, data)
    found = np.full((len(readers), len(cuts)), np.nan)
    for row in range(len(readers)):
        for column in range(row + 1):
            with _erased(readers, cuts, means, [(row, column)]):
                found[row, column] = whole - nn.evaluate(net, data)[1]
    return found


def lost_together(net, data, pairs):
    """Return how much accuracy is lost when several readers lose sources at the same time.

    net, data: as for `accuracy_lost`. pairs: (reader, source) each, numbers from 0 on. The means
    are those of the whole net. The net is left as it was, in eval mode. Raises ValueError for a
    reader that the net does not have, and for a source that it does not read.
    """
    readers, cuts = _parts(net)
    whole, means = nn.evaluate(net, data)[1], _means(net, readers, data)
    with _erased(readers, cuts, means, pairs):
        return whole - nn.evaluate(net, data)[1]


def _means(net, readers, data):
    """Return what each reader sees after normalisation and ReLU, as means over data."""
    net.forward(data[0])
    return [ops.relu(norm.forward(norm._x)).mean(axis=(0, 2, 3)) for norm, _ in readers]


@contextmanager
def _erased(readers, cuts, means, pairs):
    """Give readers the means of sources in place of the sources, until the block ends."""
    before = [(norm.weight.value, norm.bias.value) for norm, _ in readers]
    for norm, _ in readers:
        norm.weight.value, norm.bias.value = norm.weight.value.copy(), norm.bias.value.copy()
    try:
        for reader, source in pairs:
            norm = readers[as_int(reader, "reader", 0, len(readers) - 1)][0]
            cut = cuts[as_int(source, "source", 0, reader)]
            # A scale of 0 leaves the shift alone, and a mean after ReLU passes the ReLU.
            norm.weight.value[cut], norm.bias.value[cut] = 0, means[reader][cut]
        yield
    finally:
        for (norm, _), (scale, shift) in zip(readers, before, strict=True):
            norm.weight.value, norm.bias.value = scale, shift


def _parts(net):
    """Return the readers, (normalisation, weight) each, and the sources, a slice each."""
    if not isinstance(net, nn.Sequential):
        raise ValueError(f"net is {net!r}; expected a dense net with one block")
    layers = [layer for layer in net if isinstance(layer, nn.Sequential)]
    if len(layers) != 1 or not all(isinstance(layer, nn.Concat) for layer in layers[0]):
        raise ValueError(f"net has {len(layers)} blocks; expected a dense net with one block")
    readers, cuts = [], [slice(0, len(layers[0][0].branches[1][0].running_mean))]
    for layer in layers[0]:
        body = layer.branches[1]
        # Normalisation, ReLU, convolution; with a bottleneck, the same three once more.
        readers.append((body[0], body[2].weight))
        cuts.append(slice(cuts[-1].stop, cuts[-1].stop + len(body[-1].weight.value)))
    (norm,) = (layer for layer in net if isinstance(layer, nn.BatchNorm2D))
    return [*readers, (norm, net[-1].weight)], cuts
