"""Residual networks: their block, ResNet-18, and small ones beside plain ones of equal size."""

from .. import nn
from ..ops._arguments import as_bool, as_choice, as_generator, as_int, as_number

KINDS = ("residual", "plain")
_LARGEST = 1e6  # of a last scale: far below what float32 holds


def residual_block(
    rng, inputs, outputs, stride=1, kind="residual", norm=True, init="he", last_scale=1.0
):
    """Return two 3×3 convolutions whose result is added to their input, and a ReLU after the sum.

    rng: a numpy Generator, draws the weights. inputs, outputs: channels; stride: of the first
    convolution. Where channels or size change, the shortcut is a 1×1 convolution of that stride,
    else it is the input itself. kind: "plain" leaves the shortcut out. norm: batch normalisation
    after each convolution, which then has no bias. init: as in `initial.draw_weight`. last_scale:
    what multiplies the two convolutions' result at the start, as the last normalisation's scale,
    or, without norm, in the last weights: from -1e6 to 1e6. Raises ValueError for other arguments.
    He and others 2015, "Deep residual learning for image recognition", figure 2.
    """
    as_choice(kind, "kind", KINDS)
    as_number(last_scale, "last_scale", -_LARGEST, _LARGEST)
    first = convolution(rng, inputs, outputs, 3, stride, norm, init)
    second = convolution(rng, outputs, outputs, 3, 1, norm, init)
    scaled = second[-1].weight
    scaled.value = scaled.value * scaled.value.dtype.type(last_scale)
    body = nn.Sequential(*first, nn.ReLU(), *second)
    if kind == "plain":
        return nn.Sequential(body, nn.ReLU())
    shortcut = None
    if inputs != outputs or stride != 1:
        shortcut = nn.Sequential(*convolution(rng, inputs, outputs, 1, stride, norm, init))
    return nn.Sequential(nn.Residual(body, shortcut), nn.ReLU())


def residual_net(
    rng,
    depth,
    channels=16,
    kind="residual",
    norm=True,
    init="he",
    last_scale=1.0,
    classes=10,
    inputs=1,
    stride=1,
):
    """Return a convolution, blocks of equal width, a global average and a dense layer.

    depth: layers with weights, an even number from 4 on: two in each block, and two more.
    channels: of every convolution; inputs: of the images; stride: of the first convolution, the
    only one that can change the image's size. The other arguments are those of
    `residual_block`. With equal channels "residual" and "plain" have the same parameters, and the
    same rng draws the same for both. Raises ValueError for other depths.
    """
    if as_int(depth, "depth", 4) % 2:
        raise ValueError(f"depth is {depth}; expected an even number: two layers a block, and two")
    options = {"kind": kind, "norm": norm, "init": init, "last_scale": last_scale}
    blocks = (depth - 2) // 2
    return nn.Sequential(
        *convolution(rng, inputs, channels, 3, stride, norm, init),
        nn.ReLU(),
        *(residual_block(rng, channels, channels, **options) for _ in range(blocks)),
        nn.GlobalAvgPool2D(),
        nn.Flatten(),
        nn.Linear(channels, classes, rng=rng),
    )


def resnet18(rng, classes=1000):
    """Return ResNet-18 for images (N, 3, 224, 224): 11,689,512 parameters for 1000 classes.

    rng: a numpy Generator, draws the weights by He's rule. Every size from 32 on will do.
    He and others 2015, "Deep residual learning for image recognition", table 1.
    """
    layers = [*convolution(rng, 3, 64, 7, 2), nn.ReLU(), nn.MaxPool2D(3, stride=2, padding=1)]
    before = 64
    for channels in (64, 128, 256, 512):
        stride = 1 if channels == before else 2
        first = residual_block(rng, before, channels, stride)
        layers.append(nn.Sequential(first, residual_block(rng, channels, channels)))
        before = channels
    dense = nn.Linear(before, classes, rng=rng)
    return nn.Sequential(*layers, nn.GlobalAvgPool2D(), nn.Flatten(), dense)


def convolution(rng, inputs, outputs, kernel_size, stride=1, norm=True, init="he"):
    """Return a convolution that keeps the image's size at stride 1, and its normalisation: a list.

    Arguments are those of `residual_block`; kernel_size: an odd int.
    """
    as_generator(rng)
    as_bool(norm, "norm")
    options = {"stride": stride, "padding": kernel_size // 2, "rng": rng, "init": init}
    layer = nn.Conv2D(inputs, outputs, kernel_size, bias=not norm, **options)
    return [layer, nn.BatchNorm2D(outputs)] if norm else [layer]
