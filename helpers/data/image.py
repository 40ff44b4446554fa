"""Reading image files safely, and the step between pictures and a network's arrays."""

import os
import warnings
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ..ops._arguments import as_array, as_int, quiet

IMAGES = Path(__file__).resolve().parents[2] / "images"


def load_image(path, mode="RGB", max_pixels=64_000_000):
    """Read an image file as it should be seen.

    path: a str or Path. mode: "RGB" for colour, "L" for grey (0.299 R + 0.587 G + 0.114 B, as in
    ITU-R BT.601). max_pixels: the largest height × width that is decoded. Returns uint8, 0 to 255:
    (H, W, 3) or (H, W). Grey, palette and CMYK files are converted, transparent ones laid on
    white, 16-bit grey scaled to 8 bits, and the camera's orientation (EXIF) applied; of several
    frames the first is read.
    Raises FileNotFoundError, IsADirectoryError, and ValueError for a file that is empty, damaged,
    cut off, no image, too large, or of numbers without a known range (32-bit integers, floats).
    """
    if mode not in ("RGB", "L"):
        raise ValueError(f'mode is {mode!r}; expected "RGB" or "L"')
    as_int(max_pixels, "max_pixels", 1)
    path = os.fspath(path)
    if not os.path.exists(path):
        raise FileNotFoundError(f"path is {path!r}; there is no such file")
    if os.path.isdir(path):
        raise IsADirectoryError(f"path is {path!r}, a directory; expected an image file")
    if os.path.getsize(path) == 0:
        raise ValueError(f"path is {path!r}, an empty file; expected an image")
    try:
        with _strict_pillow(), Image.open(path) as image:
            pixels = image.width * image.height
            if pixels <= max_pixels:
                return np.array(_as_seen(image, mode))
    except UnidentifiedImageError as error:
        raise ValueError(f"path is {path!r}, which is no image in a known format") from error
    except Exception as error:  # Pillow raises of every kind, by format and by where the damage is
        raise ValueError(f"path is {path!r}, which cannot be read: {error}") from error
    raise ValueError(
        f"path is {path!r}, an image of {pixels:,} pixels; max_pixels is {max_pixels:,}: "
        "raise it if the file is to be trusted"
    )


def _as_seen(image, mode):
    if image.mode in ("I", "F"):
        raise ValueError(
            f"its pixels are 32-bit numbers (mode {image.mode}) without a known range; "
            "scale them to 8 bits first"
        )
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        # Pillow's own conversion cuts everything above 255 off.
        image = Image.fromarray(np.round(np.asarray(image) / 257).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image if image.mode == mode else image.convert("RGB").convert(mode)


@contextmanager
def _strict_pillow():
    """Let our own limit on pixels count, not Pillow's, and have damaged files refused."""
    limit, lenient = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = None, False
    try:
        with warnings.catch_warnings(action="error", category=UserWarning):
            yield
    finally:
        Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = limit, lenient


@quiet
def to_nchw(image, dtype=np.float32):
    """Turn one image into a batch of one, as networks take it.

    image: (H, W) or (H, W, C); uint8 from 0 to 255 becomes 0 to 1, float32 and float64 keep their
    values. dtype: float32 or float64. Returns (1, C, H, W), a new array.
    Raises ValueError for another shape, an empty image, or another dtype.
    """
    image = as_array(image, "image")
    known = isinstance(dtype, str | type | np.dtype)
    if not known or dtype not in (np.float32, np.float64, "float32", "float64"):
        raise ValueError(f"dtype is {dtype!r}; expected float32 or float64")
    if image.ndim not in (2, 3) or image.size == 0:
        raise ValueError(f"image has shape {image.shape}; expected (H, W) or (H, W, C), not empty")
    if image.dtype not in (np.uint8, np.float32, np.float64):
        raise ValueError(f"image has dtype {image.dtype}; expected uint8, float32 or float64")
    planes = np.atleast_3d(image).transpose(2, 0, 1)[None]
    scale = 255 if image.dtype == np.uint8 else 1
    return np.ascontiguousarray(planes / np.asarray(scale, dtype), dtype)


def to_image(array):
    """Turn an array of values from 0 to 1 into a picture of uint8, 0 to 255.

    array: (H, W), (C, H, W) or (1, C, H, W) with C = 1 or 3, float32 or float64. Values are
    rounded to the nearest of 256 steps. Returns (H, W, 3), or (H, W) for one channel.
    Raises ValueError for another shape or dtype, for NaN, and for values outside 0 to 1 (beyond a
    rounding error of 1e-6).
    """
    array = as_array(array, "array")
    planes = array[None] if array.ndim == 2 else array
    if planes.ndim == 4 and len(planes) == 1:
        planes = planes[0]
    if planes.ndim != 3 or len(planes) not in (1, 3) or planes.size == 0:
        raise ValueError(
            f"array has shape {array.shape}; expected one image, (H, W), (C, H, W) or "
            "(1, C, H, W), with 1 or 3 channels"
        )
    if array.dtype not in (np.float32, np.float64):
        raise ValueError(f"array has dtype {array.dtype}; expected float32 or float64, 0 to 1")
    low, high = planes.min(), planes.max()
    if not (low >= -1e-6 and high <= 1 + 1e-6):
        raise ValueError(
            f"array runs from {low:g} to {high:g}; expected 0 to 1: rescale it with "
            "(array - array.min()) / (array.max() - array.min()), or cut with array.clip(0, 1)"
        )
    picture = np.round(planes * 255).astype(np.uint8)
    return picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)
