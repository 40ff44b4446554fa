"""Drawn shapes on photographs: colour images of ten classes, made here, without a download."""

import numpy as np
from PIL import Image, ImageDraw

from ..ops._arguments import as_generator, as_int
from .image import IMAGES, load_image

SIZE = 32
_FINE = 4  # a shape is drawn so many times larger, so that its edge is smooth
_TURN = np.pi / 6
_TEXTURES = ("brick", "chelsea", "coffee", "grass", "gravel", "rocket")


def _points(radii, count, start=0.0):
    """Return (count, 2) corners around the middle, whose distances repeat `radii`."""
    angles = start + 2 * np.pi * np.arange(count) / count
    return np.resize(radii, count)[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _circle(radius=1.0, middle=(0.0, 0.0)):
    return _points([radius], 48) + middle


def _box(left, top, right, bottom):
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)


# Each shape within a circle of radius 1: outlines to fill, then outlines to cut out again.
SHAPES = {
    "disc": ([_circle(0.85)], []),
    "ring": ([_circle(0.95)], [_circle(0.5)]),
    "crescent": ([_circle(0.95)], [_circle(0.8, (0.5, 0.0))]),
    "triangle": ([_points([1.0], 3)], []),
    "square": ([_points([1.0], 4)], []),
    "frame": ([_points([1.0], 4)], [_points([0.58], 4)]),
    "hexagon": ([_points([0.92], 6)], []),
    "star": ([_points([1.0, 0.42], 10)], []),
    "cross": ([_box(-0.95, -0.3, 0.95, 0.3), _box(-0.3, -0.95, 0.3, 0.95)], []),
    "letter T": ([_box(-0.8, -0.8, 0.8, -0.25), _box(-0.28, -0.8, 0.28, 0.9)], []),
}
SHAPE_CLASSES = tuple(SHAPES)


def make_shapes(n, rng):
    """Draw n colour images, each with one shape of ten kinds, and return (x, labels).

    Colour, size, place and angle (up to 30 degrees) of the shape are drawn at random, and so is
    what is behind it: a piece of one of our photographs, with the light changed; noise comes on
    top. rng: a numpy Generator. Returns x (n, 3, 32, 32) float32 from 0 to 1, channels red, green
    and blue, and labels (n,) int64, places in `SHAPE_CLASSES`, each class as often as the others or
    once more. Raises ValueError for n below 1.
    """
    as_int(n, "n", 1)
    as_generator(rng)
    photographs = [_load(name) for name in _TEXTURES]
    labels = rng.permutation(np.arange(n) % len(SHAPES))
    x = np.empty((n, 3, SIZE, SIZE), np.float32)
    for image, label in zip(x, labels, strict=True):
        image[:] = _draw(SHAPE_CLASSES[label], photographs, rng).transpose(2, 0, 1)
    return x, labels


def _load(name):
    (path,) = IMAGES.glob(f"{name}.*")
    return load_image(path)


def _draw(name, photographs, rng):
    """Return one image (32, 32, 3)."""
    back = _background(photographs[rng.integers(len(photographs))], rng)
    colour = _far_from(back.mean(axis=(0, 1)), rng)
    cover = _cover(name, rng)[..., None]
    # A shape is a little transparent, so that its texture gives nothing away.
    image = back + 0.85 * cover * (colour - back)
    return np.clip(image + rng.normal(0, 0.06, image.shape), 0, 1)


def _background(photograph, rng):
    """Cut a square out at random, of 32 to 128 pixels, bring it to 32, and change its light."""
    side = int(rng.integers(SIZE, 4 * SIZE + 1))
    top, left = (int(rng.integers(length - side + 1)) for length in photograph.shape[:2])
    piece = Image.fromarray(photograph[top : top + side, left : left + side])
    small = piece.resize((SIZE, SIZE), Image.Resampling.BOX)
    return np.asarray(small) / 255 * rng.uniform(0.6, 1.0) + rng.uniform(0, 0.2)


def _far_from(mean, rng):
    """Draw colours until one is not too near to another."""
    while True:
        colour = rng.uniform(0, 1, 3)
        if np.abs(colour - mean).sum() > 0.6:
            return colour


def _cover(name, rng):
    """Return how much of each pixel the shape covers: (32, 32), 0 to 1."""
    size, angle = rng.uniform(9, 13), rng.uniform(-_TURN, _TURN)
    middle = rng.uniform(size + 1, SIZE - size - 1, 2)
    turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    canvas = Image.new("L", (SIZE * _FINE, SIZE * _FINE))
    pen = ImageDraw.Draw(canvas)
    for ink, outlines in zip((255, 0), SHAPES[name], strict=True):
        for outline in outlines:
            corners = _FINE * (middle + size * outline @ turn)
            pen.polygon([tuple(corner) for corner in corners], fill=ink)
    return np.asarray(canvas.resize((SIZE, SIZE), Image.Resampling.BOX)) / 255
