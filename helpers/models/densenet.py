"""Densely connected networks: every layer reads the channels of all layers before it."""

import numpy as np

from .. import nn, ops
from ..ops._arguments import as_bool, as_choice, as_generator, as_int, as_number

STEMS = ("photograph", "small")
JOINS = ("add", "none")


def dense_layer(rng, inputs, growth, bottleneck=False):
    """Return batch normalisation, ReLU and a 3×3 convolution, whose result is put beside the input.

    rng: a numpy Generator, draws the weights by He's rule. inputs: channels that come; inputs +
    growth channels go. bottleneck: a 1×1 convolution to 4 · growth channels first, with a
    normalisation and ReLU of its own. Raises ValueError for other arguments.
    Huang and others 2016, "Densely connected convolutional networks", section 3.
    """
    as_generator(rng)
    inputs, growth = as_int(inputs, "inputs", 1), as_int(growth, "growth", 1)
    layers = []
    if as_bool(bottleneck, "bottleneck"):
        layers = _convolution(rng, inputs, 4 * growth, 1)
        inputs = 4 * growth
    return nn.Concat(
        nn.Sequential(), nn.Sequential(*layers, *_convolution(rng, inputs, growth, 3, padding=1))
    )


def transition(rng, inputs, outputs):
    """Return what stands between two dense blocks: a 1×1 convolution, then the mean of every 2×2.

    Batch normalisation and ReLU come first. rng: draws the weights; inputs, outputs: channels.
    """
    as_generator(rng)
    return nn.Sequential(*_convolution(rng, inputs, outputs, 1), nn.AvgPool2D(2))


def dense_net(
    rng,
    growth=32,
    blocks=(4, 4, 4, 4),
    first=64,
    inputs=3,
    classes=1000,
    bottleneck=False,
    compression=0.5,
    stem="photograph",
):
    """Return dense blocks with a transition after each but the last, and a dense layer at the end.

    rng: a numpy Generator, draws the weights. growth: channels that each layer adds; blocks: layers
    in each block; first: channels before the first block; inputs: of the images; bottleneck: as for
    `dense_layer`; compression: the share of its channels that a transition keeps, above 0, at most
    1. stem: "photograph", a 7×7 convolution of stride 2, normalisation, ReLU and 3×3 maxima of
    stride 2; or "small", a 3×3 convolution alone. No convolution has a bias: the normalisation of
    its reader would remove it. DenseNet-121 is blocks=(6, 12, 24, 16), bottleneck=True.
    Raises ValueError for other arguments.
    """
    as_generator(rng)
    _check_blocks(blocks)
    if as_number(compression, "compression", 0, 1) == 0:
        raise ValueError(f"compression is {compression}; expected more than 0, and at most 1")
    if as_choice(stem, "stem", STEMS) == "photograph":
        layers = [
            nn.Conv2D(inputs, first, 7, stride=2, padding=3, bias=False, rng=rng),
            nn.BatchNorm2D(first),
            nn.ReLU(),
            nn.MaxPool2D(3, stride=2, padding=1),
        ]
    else:
        layers = [nn.Conv2D(inputs, first, 3, padding=1, bias=False, rng=rng)]
    channels = first
    for index, count in enumerate(blocks):
        block = []
        for _ in range(as_int(count, f"blocks[{index}]", 1)):
            block.append(dense_layer(rng, channels, growth, bottleneck))
            channels += growth
        layers.append(nn.Sequential(*block))
        if index < len(blocks) - 1:
            kept = max(int(channels * compression), 1)
            layers.append(transition(rng, channels, kept))
            channels = kept
    return nn.Sequential(*layers, *_classifier(rng, channels, classes))


def dense_rival(
    rng, width, growth=None, blocks=(4, 4, 4), join="add", inputs=1, classes=10, scale=1.0
):
    """Return a `dense_net` of stem "small" whose layers' results are not put beside their input.

    width: channels everywhere. join: "add" adds a layer's result to its input, "none" hands on the
    result alone. growth: kernels of each layer, whose results a 1×1 convolution writes to all
    channels; by default width, and no such convolution. scale: a factor from 0 to 1 for the first
    weights of each layer's last convolution. Transitions keep all channels; all else is as in
    `dense_net`. Raises ValueError for other arguments.
    """
    as_generator(rng)
    as_choice(join, "join", JOINS)
    factor = np.float32(as_number(scale, "scale", 0, 1))
    _check_blocks(blocks)
    layers = [nn.Conv2D(inputs, width, 3, padding=1, bias=False, rng=rng)]
    for index, count in enumerate(blocks):
        if index:
            layers.append(transition(rng, width, width))
        block = []
        for _ in range(as_int(count, f"blocks[{index}]", 1)):
            body = _convolution(rng, width, width if growth is None else growth, 3, padding=1)
            if growth is not None:
                body.append(nn.Conv2D(growth, width, 1, bias=False, rng=rng))
            body[-1].weight.value = body[-1].weight.value * factor
            body = nn.Sequential(*body)
            block.append(nn.Residual(body) if join == "add" else body)
        layers.append(nn.Sequential(*block))
    return nn.Sequential(*layers, *_classifier(rng, width, classes))


def mixed(rng, net):
    """Return the layers of a `dense_net`, with a fixed mixture in front of each normalisation.

    A mixture is an orthogonal matrix over all channels, drawn by rng and never trained: nothing is
    lost in it, and no channel holds one layer's result alone. net: its layers are used, not copied,
    so that both share their parameters. Raises ValueError for another rng, and for what is no
    Sequential.
    """
    as_generator(rng)
    if not isinstance(net, nn.Sequential):
        raise ValueError(f"net is {net!r}; expected what dense_net returns")
    return _with_mixtures(rng, net)


class _Mixture(nn.Layer):
    """Multiplication of the channels by an orthogonal matrix, which is saved and not trained."""

    def __init__(self, rng, channels):
        matrix = np.linalg.qr(rng.normal(size=(channels, channels)))[0]
        self.matrix = matrix.astype(np.float32)[:, :, None, None]

    def _forward(self, x):
        return ops.conv2d(x, self.matrix)

    def _backward(self, grad_y, x):
        return ops.conv2d(grad_y, np.ascontiguousarray(self.matrix.swapaxes(0, 1)))


def _with_mixtures(rng, layer):
    if isinstance(layer, nn.BatchNorm2D):
        return nn.Sequential(_Mixture(rng, len(layer.running_mean)), layer)
    if isinstance(layer, nn.Sequential):
        return nn.Sequential(*(_with_mixtures(rng, part) for part in layer))
    if isinstance(layer, nn.Concat):
        return nn.Concat(*(_with_mixtures(rng, branch) for branch in layer.branches))
    return layer


def _check_blocks(blocks):
    if not isinstance(blocks, tuple | list) or not blocks:
        raise ValueError(f"blocks is {blocks!r}; expected layers in each block, as (4, 4, 4, 4)")


def _classifier(rng, channels, classes):
    ends = [nn.BatchNorm2D(channels), nn.ReLU(), nn.GlobalAvgPool2D(), nn.Flatten()]
    return [*ends, nn.Linear(channels, classes, rng=rng)]


def _convolution(rng, inputs, outputs, kernel_size, padding=0):
    layer = nn.Conv2D(inputs, outputs, kernel_size, padding=padding, bias=False, rng=rng)
    return [nn.BatchNorm2D(inputs), nn.ReLU(), layer]
