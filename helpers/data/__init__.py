"""Photographs and data sets, in and out of arrays."""

from .canvas import add_specks, crop_to_ink
from .digits import Digits, load_digits, scatter_on_canvas
from .image import IMAGES, load_image, to_image, to_nchw

__all__ = [
    "IMAGES",
    "Digits",
    "add_specks",
    "crop_to_ink",
    "load_digits",
    "load_image",
    "scatter_on_canvas",
    "to_image",
    "to_nchw",
]
