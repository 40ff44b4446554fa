"""Photographs in and out of arrays."""

from .image import IMAGES, load_image, to_image, to_nchw

__all__ = ["IMAGES", "load_image", "to_image", "to_nchw"]
