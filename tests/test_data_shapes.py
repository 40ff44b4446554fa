"""Drawn shapes: ten classes on photographs, the same everywhere, hard enough to be of use."""

import numpy as np
import pytest
from scipy import ndimage

from helpers.data import SHAPE_CLASSES, make_shapes, shapes


@pytest.fixture(scope="module")
def many():
    return make_shapes(200, np.random.default_rng(0))


def test_what_comes_out(many):
    x, labels = many
    assert (x.shape, x.dtype) == ((200, 3, 32, 32), np.float32)
    assert x.min() >= 0
    assert x.max() <= 1
    assert (labels.shape, labels.dtype) == ((200,), np.int64)
    assert np.bincount(labels).tolist() == [20] * 10


def test_the_generator_decides_all(many):
    again = make_shapes(200, np.random.default_rng(0))
    other = make_shapes(200, np.random.default_rng(1))
    assert np.array_equal(many[0], again[0])
    assert np.array_equal(many[1], again[1])
    assert not np.array_equal(many[1], other[1])


@pytest.mark.parametrize("n", [1, 7, 23])
def test_classes_are_as_even_as_can_be(n):
    _, labels = make_shapes(n, np.random.default_rng(0))
    counts = np.bincount(labels, minlength=10)
    assert len(labels) == n
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("n", [0, -1, 2.0, True])
def test_a_bad_count_is_refused(n):
    with pytest.raises(ValueError, match=r"^n is"):
        make_shapes(n, np.random.default_rng(0))


def test_a_seed_is_refused():
    with pytest.raises(ValueError, match=r"^rng is 0"):
        make_shapes(3, 0)


@pytest.mark.parametrize("name", SHAPE_CLASSES)
def test_a_shape_is_one_piece_with_its_holes_inside_the_image(name):
    for seed in range(10):
        cover = shapes._cover(name, np.random.default_rng(seed))
        assert cover.max() == 1
        assert not cover[[0, -1]].any()
        assert not cover[:, [0, -1]].any()
        _, pieces = ndimage.label(cover > 0.5, np.ones((3, 3)))
        _, holes = ndimage.label(cover < 0.5)
        assert (pieces, holes) == (1, 2 if name in ("ring", "frame") else 1)


def test_a_shape_stands_out_from_its_background(monkeypatch):
    monkeypatch.setattr(shapes, "_cover", lambda name, rng: np.zeros((32, 32)))
    empty, _ = make_shapes(30, np.random.default_rng(2))
    monkeypatch.setattr(shapes, "_cover", lambda name, rng: np.ones((32, 32)))
    full, _ = make_shapes(30, np.random.default_rng(2))
    apart = np.abs(full.mean(axis=(2, 3)) - empty.mean(axis=(2, 3))).sum(axis=1)
    assert apart.min() > 0.4  # 0.85 of 0.6, less what was clipped


def test_backgrounds_come_from_all_photographs(monkeypatch):
    asked = []
    black = np.zeros((130, 130, 3), np.uint8)
    monkeypatch.setattr(shapes, "_load", lambda name: asked.append(name) or black)
    make_shapes(1, np.random.default_rng(0))
    assert sorted(asked) == sorted(shapes._TEXTURES)
    assert all(list(shapes.IMAGES.glob(f"{name}.*")) for name in asked)


AREAS = [0.2991, 0.2685, 0.173, 0.175, 0.2674, 0.1767, 0.2925, 0.1647, 0.2573, 0.2071]


def test_shapes_have_the_same_size_on_every_system():
    covers = [shapes._cover(name, np.random.default_rng(0)).mean() for name in SHAPE_CLASSES]
    assert np.allclose(covers, AREAS, rtol=0, atol=0.002)
