"""Photographs and data sets, in and out of arrays."""

from .augment import cut_out, flip, mixup, shift
from .canvas import add_specks, crop_to_ink
from .cifar import CIFAR10_CLASSES, load_cifar10
from .digits import Digits, load_digits, scatter_on_canvas
from .image import IMAGES, load_image, to_image, to_nchw
from .mnist import load_mnist
from .shapes import SHAPE_CLASSES, make_shapes
from .splits import Splits, load_splits

__all__ = [
    "CIFAR10_CLASSES",
    "IMAGES",
    "SHAPE_CLASSES",
    "Digits",
    "Splits",
    "add_specks",
    "crop_to_ink",
    "cut_out",
    "flip",
    "load_cifar10",
    "load_digits",
    "load_image",
    "load_mnist",
    "load_splits",
    "make_shapes",
    "mixup",
    "scatter_on_canvas",
    "shift",
    "to_image",
    "to_nchw",
]
