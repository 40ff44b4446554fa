"""The strongest stripes of a picture, counted."""

import numpy as np
import pytest

from helpers.waves import strongest_wave


def stripes(down, across, shape=(48, 60)):
    y, x = np.mgrid[: shape[0], : shape[1]]
    return np.cos(2 * np.pi * (down * y / shape[0] + across * x / shape[1]))


@pytest.mark.parametrize("waves", [(12, 9), (-12, 9), (0, 20), (7, 20), (-23, 1)])
def test_stripes_are_counted(waves):
    assert strongest_wave(0.3 + 5 * stripes(*waves)) == waves


def test_the_strongest_is_told_among_others():
    picture = stripes(12, 9) + 0.5 * stripes(-10, 20) + 4 * stripes(1, 2)
    assert strongest_wave(picture) == (12, 9)
    assert strongest_wave(picture, longest=100) == (1, 2)


def test_stripes_as_wide_as_longest_are_left_out_too():
    assert strongest_wave(stripes(6, 0) + 0.8 * stripes(0, 20), longest=8) == (0, 20)
    assert strongest_wave(stripes(0, 7) + 0.8 * stripes(20, 0)) == (20, 0)  # by default too
    assert strongest_wave(stripes(6, 0) + 0.8 * stripes(0, 20), longest=8.1) == (6, 0)
    assert strongest_wave(stripes(12, 9) + 0.8 * stripes(0, 30), longest=2.5) == (0, 30)


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1e3])
def test_neither_light_nor_contrast_decides(scale):
    assert strongest_wave(scale * (100 + stripes(12, 9)), longest=100) == (12, 9)


def test_the_smallest_picture_may_be_a_list():
    assert strongest_wave([[1, 0, 1, 0]] * 4) == (0, 2)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_stripes_fold_when_every_kth_is_taken(k):
    down, across = strongest_wave(stripes(22, 25)[::k, ::k])
    for found, wave, size in ((down, 22, 48 // k), (across, 25, 60 // k)):
        assert (found - wave) % size == 0 or (found + wave) % size == 0


@pytest.mark.parametrize(
    ("picture", "longest", "message"),
    [
        (np.zeros(9), 8, "picture has shape"),
        (np.zeros((3, 9)), 8, "picture has shape"),
        (np.zeros((9, 9)), 8, "picture is 0 everywhere"),
        (stripes(1, 2), 2, "longest is 2"),
    ],
)
def test_bad_input_is_named(picture, longest, message):
    with pytest.raises(ValueError, match=message):
        strongest_wave(picture, longest)
