"""Augmentation: what changes, what stays, and that each image draws its own change."""

import numpy as np
import pytest

from helpers.data import cut_out, flip, mixup, shift


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def x():
    return np.random.default_rng(1).normal(size=(200, 3, 6, 5)).astype(np.float32)


def test_flip_mirrors_about_half_of_the_images(x, rng):
    y = flip(x, rng)
    same = (y == x).all(axis=(1, 2, 3))
    assert y.dtype == np.float32
    assert np.array_equal(y[~same], x[~same][..., ::-1])
    assert 70 < same.sum() < 130


def test_shift_moves_each_image_by_its_own_steps(x, rng):
    y, seen = shift(x, 2, rng), set()
    assert y.dtype == np.float32
    for before, after in zip(x, y, strict=True):
        framed = np.pad(before, ((0, 0), (2, 2), (2, 2)))
        (step,) = (
            (down, right)
            for down in range(5)
            for right in range(5)
            if np.array_equal(after, framed[:, down : down + 6, right : right + 5])
        )
        seen.add(step)
    assert len(seen) == 25


def test_cut_out_sets_one_square_to_the_mean(x, rng):
    y = cut_out(x, 3, rng)
    assert not np.shares_memory(x, y)
    sizes = set()
    for before, after in zip(x, y, strict=True):
        changed = (before != after).any(axis=0)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        square = np.ix_(range(3), rows, columns)
        assert changed.sum() == len(rows) * len(columns)
        assert np.allclose(after[square], before.mean(axis=(1, 2), keepdims=True))
        sizes.add((len(rows), len(columns)))
    assert sizes == {(high, wide) for high in (2, 3) for wide in (2, 3)}


def test_nothing_to_do_changes_nothing(x, rng):
    assert np.array_equal(shift(x, 0, rng), x)
    assert np.array_equal(cut_out(x, 0, rng), x)


def test_a_square_larger_than_the_image_leaves_its_mean(x, rng):
    assert np.allclose(cut_out(x, 20, rng).std(axis=(2, 3)), 0, atol=1e-6)


def test_mixup_blends_images_and_targets_with_the_same_shares(x, rng):
    targets = np.eye(200, dtype=np.float32)
    y, blended = mixup(x, targets, 0.4, rng)
    assert (y.dtype, blended.dtype) == (np.float32, np.float32)
    assert np.allclose(blended.sum(axis=1), 1)
    assert (np.count_nonzero(blended, axis=1) <= 2).all()
    assert np.allclose(y, np.einsum("ij,jchw->ichw", blended, x), atol=1e-5)
    # Beta (0.4, 0.4) favours its two ends.
    own = np.diag(blended)
    assert 0.35 < own.mean() < 0.65
    assert ((own < 0.1) | (own > 0.9)).mean() > 0.4


@pytest.mark.parametrize("function", [flip, shift, cut_out, mixup])
def test_bad_arguments_are_refused_by_name(function, x, rng):
    more = {flip: (), shift: (1,), cut_out: (1,), mixup: (np.eye(200), 0.4)}[function]
    with pytest.raises(ValueError, match=r"^x has dtype int64"):
        function(x.astype(np.int64), *more, rng)
    with pytest.raises(ValueError, match=r"^x has shape"):
        function(x[0], *more, rng)
    with pytest.raises(ValueError, match=r"^rng is 0"):
        function(x, *more, 0)


@pytest.mark.parametrize("number", [-1, 1.5, True])
def test_counts_of_pixels_are_refused_by_name(number, x, rng):
    with pytest.raises(ValueError, match=r"^pixels is"):
        shift(x, number, rng)
    with pytest.raises(ValueError, match=r"^size is"):
        cut_out(x, number, rng)


@pytest.mark.parametrize("alpha", [0, -1, float("nan"), "1"])
def test_alpha_is_refused_by_name(alpha, x, rng):
    with pytest.raises(ValueError, match=r"^alpha is"):
        mixup(x, np.eye(200), alpha, rng)


def test_targets_must_be_rows_for_the_images(x, rng):
    with pytest.raises(ValueError, match=r"^targets has 199 rows; expected 200"):
        mixup(x, np.eye(199), 0.4, rng)
    with pytest.raises(ValueError, match=r"^targets has shape"):
        mixup(x, np.zeros(200), 0.4, rng)
