"""Specks are where and as many as asked for; cropping keeps the ink and forgets its place."""

import numpy as np
import pytest

from helpers.data import add_specks, crop_to_ink


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_specks_are_as_many_and_as_dark_as_said(dtype):
    x = np.zeros((200, 1, 6, 7), dtype)
    dirty = add_specks(x, 3, np.random.default_rng(0))
    assert dirty.dtype == dtype
    assert not x.any()
    assert ((dirty > 0).sum(axis=(1, 2, 3)) == 3).all()
    specks = dirty[dirty > 0]
    assert 0.5 <= specks.min() < 0.51
    assert 0.99 < specks.max() <= 1
    assert (dirty > 0).any(axis=0).all()  # anywhere
    assert len(np.unique(dirty.reshape(200, -1) > 0, axis=0)) > 190  # in each image elsewhere


def test_specks_leave_the_rest_as_it_is():
    x = np.random.default_rng(0).random((5, 2, 4, 4)) / 4
    dirty = add_specks(x, 4, np.random.default_rng(1))
    assert ((dirty != x).sum(axis=(1, 2, 3)) == 4).all()
    assert np.array_equal(add_specks(x, 0, np.random.default_rng(1)), x)


def test_every_number_may_be_a_speck():
    assert add_specks(np.zeros((1, 1, 4, 4)), 16, np.random.default_rng(0)).all()


X, RNG = np.zeros((1, 1, 4, 4)), np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: add_specks(X, 17, RNG), "count is 17; expected at most 16"),
        (lambda: add_specks(X, -1, RNG), "count is -1; expected at least 0"),
        (lambda: add_specks(X, 2.0, RNG), r"count is 2\.0; expected an int"),
        (lambda: add_specks(X, 2, 0), "rng is 0; expected a Generator"),
        (lambda: add_specks(X[0], 2, RNG), r"^x has shape \(1, 4, 4\); expected 4 dimensions"),
        (lambda: crop_to_ink(X[0]), r"^x has shape \(1, 4, 4\); expected 4 dimensions"),
        (lambda: crop_to_ink(X.astype(int)), "^x has dtype int64; expected float32 or float64"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_crop_moves_the_ink_to_the_corner(dtype):
    x = np.zeros((3, 2, 5, 6), dtype)
    x[0, 0, 2:4, 3:6] = [[1, 0, 2], [0, 3, 0]]
    x[1, 0, 4, 0] = 1
    x[1, 1, 3, 2] = 5  # in another channel: the box holds both
    before = x.copy()
    moved = crop_to_ink(x)
    assert moved.dtype == dtype
    assert np.array_equal(x, before)
    expected = np.zeros_like(x)
    expected[0, 0, :2, :3] = [[1, 0, 2], [0, 3, 0]]
    expected[1, 0, 1, 0], expected[1, 1, 0, 2] = 1, 5
    assert np.array_equal(moved, expected)


def test_crop_does_not_depend_on_the_place():
    ink = np.random.default_rng(0).random((1, 1, 3, 4)) + 0.1
    canvases = np.zeros((4, 1, 8, 8))
    for canvas, (top, left) in zip(canvases, ((0, 0), (5, 4), (2, 1), (0, 4)), strict=True):
        canvas[:, top : top + 3, left : left + 4] = ink[0]
    moved = crop_to_ink(canvases)
    assert (moved == moved[0]).all()
    assert np.array_equal(moved[0, :, :3, :4], ink[0])
