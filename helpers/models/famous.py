"""Networks with names as descriptions: layers and sizes without weights, for `geometry` to count.

Each function returns a list of what `geometry.conv` and its like return, for 1,000 classes.
"""

import numpy as np

from ..stacks import activation, batch_norm, concat, conv, flatten, global_pool, linear, pool
from .lenet import lenet5
from .resnet import resnet18

IMAGENET = (3, 224, 224)


def alexnet(towers=2):
    """Describe AlexNet: with two towers, as in 2012 for 227×227 pixels, or with one, as in 2014.

    Two towers are convolutions in two groups. One tower has fewer kernels, and takes 224×224.
    Raises ValueError for another number of towers.
    Krizhevsky and others 2012, "ImageNet classification with deep convolutional neural networks",
    and Krizhevsky 2014, "One weird trick for parallelizing convolutional neural networks".
    """
    if towers not in (1, 2):
        raise ValueError(f"towers is {towers!r}; expected 1 or 2")
    if towers == 2:
        first = [*_conv(96, 11, 4), pool(3, 2), *_conv(256, 5, padding=2, groups=2), pool(3, 2)]
    else:
        first = [*_conv(64, 11, 4, 2), pool(3, 2), *_conv(192, 5, padding=2), pool(3, 2)]
    middle = [*_conv(384, 3, padding=1)]
    middle += _conv(384 if towers == 2 else 256, 3, padding=1, groups=towers)
    middle += _conv(256, 3, padding=1, groups=towers)
    return [*first, *middle, pool(3, 2), *_dense()]


def zfnet():
    """Describe ZFNet: AlexNet with smaller kernels and strides in front.

    Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks", figure 3.
    """
    first = [*_conv(96, 7, 2, 1), pool(3, 2, 1), *_conv(256, 5, 2), pool(3, 2, 1)]
    middle = [*_conv(384, 3, padding=1), *_conv(384, 3, padding=1), *_conv(256, 3, padding=1)]
    return [*first, *middle, pool(3, 2), *_dense()]


def vgg16():
    """Describe VGG-16: thirteen convolutions of 3×3, five poolings, three dense layers.

    Simonyan and Zisserman 2014, "Very deep convolutional networks for large-scale image
    recognition", column D.
    """
    layers = []
    for channels, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(times):
            layers += _conv(channels, 3, padding=1)
        layers.append(pool(2))
    return [*layers, *_dense()]


def googlenet():
    """Describe GoogLeNet in use: nine inception blocks, without the two auxiliary classifiers.

    Szegedy and others 2014, "Going deeper with convolutions", table 1.
    """
    layers = [*_conv(64, 7, 2, 3), _half(), *_conv(64, 1), *_conv(192, 3, padding=1), _half()]
    layers += [*_inception(64, 96, 128, 16, 32, 32), *_inception(128, 128, 192, 32, 96, 64)]
    layers.append(_half())
    layers += [*_inception(192, 96, 208, 16, 48, 64), *_inception(160, 112, 224, 24, 64, 64)]
    layers += [*_inception(128, 128, 256, 24, 64, 64), *_inception(112, 144, 288, 32, 64, 64)]
    layers += [*_inception(256, 160, 320, 32, 128, 128), _half()]
    layers += [*_inception(256, 160, 320, 32, 128, 128), *_inception(384, 192, 384, 48, 128, 128)]
    return [*layers, global_pool(), flatten(), linear(1000)]


def densenet121():
    """Describe DenseNet-121: dense blocks of 6, 12, 24 and 16 layers that add 32 channels each.

    Huang and others 2016, "Densely connected convolutional networks", table 1.
    """
    layers, channels = [*_normed(64, 7, 2, 3), activation(), pool(3, 2, 1)], 64
    for block, times in enumerate((6, 12, 24, 16)):
        if block:
            channels //= 2
            layers += [batch_norm(), activation(), conv(channels, 1, bias=False), pool(2)]
        for _ in range(times):
            new = [batch_norm(), activation(), *_normed(128, 1), activation()]
            layers.append(concat([], [*new, conv(32, 3, padding=1, bias=False)]))
            channels += 32
    return [*layers, batch_norm(), activation(), global_pool(), flatten(), linear(1000)]


def networks():
    """Return {name: (description, input shape)} of seven networks, in the order of their years."""
    return {
        "LeNet-5": (lenet5(np.random.default_rng(0)).describe(), (1, 32, 32)),
        "AlexNet": (alexnet(), (3, 227, 227)),
        "ZFNet": (zfnet(), IMAGENET),
        "VGG-16": (vgg16(), IMAGENET),
        "GoogLeNet": (googlenet(), IMAGENET),
        "ResNet-18": (resnet18(np.random.default_rng(0)).describe(), IMAGENET),
        "DenseNet-121": (densenet121(), IMAGENET),
    }


def _conv(channels, kernel_size, stride=1, padding=0, groups=1):
    return [conv(channels, kernel_size, stride, padding, groups=groups), activation()]


def _normed(channels, kernel_size, stride=1, padding=0):
    return [conv(channels, kernel_size, stride, padding, bias=False), batch_norm()]


def _dense():
    hidden = [linear(4096), activation(), linear(4096), activation()]
    return [flatten(), *hidden, linear(1000)]


def _half():
    """Describe the pooling of GoogLeNet, which keeps windows that reach past the border."""
    return pool(3, 2, ceil_mode=True)


def _inception(one, before_three, three, before_five, five, pooled):
    """Describe four branches side by side; the numbers are those of the paper's table."""
    return [
        concat(
            _conv(one, 1),
            [*_conv(before_three, 1), *_conv(three, 3, padding=1)],
            [*_conv(before_five, 1), *_conv(five, 5, padding=2)],
            [pool(3, 1, 1), *_conv(pooled, 1)],
        )
    ]
