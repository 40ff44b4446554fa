"""Bars: upright and flat in turn, of the sizes asked for, whole or in slats."""

import numpy as np
import pytest

from helpers.bars import draw_bars


def boxes(pictures):
    """Rows and columns that hold ink, of each picture."""
    return [(np.flatnonzero(p[0].any(axis=1)), np.flatnonzero(p[0].any(axis=0))) for p in pictures]


def test_upright_and_flat_by_turns_with_every_length_width_and_place():
    pictures, flat = draw_bars(2000, np.random.default_rng(0), noise=0)
    assert pictures.shape == (2000, 1, 12, 12)
    assert flat[:4].tolist() == [0, 1, 0, 1]
    assert set(np.unique(pictures)) == {0, 1}
    long, wide, starts, sides = set(), set(), set(), set()
    for (rows, columns), lies in zip(boxes(pictures), flat, strict=True):
        along, across = (columns, rows) if lies else (rows, columns)
        long.add(len(along))
        wide.add(len(across))
        starts.add(along[0])
        sides.add(across[0])
        assert np.ptp(along) + 1 == len(along)
    assert long == {6, 7, 8, 9, 10}
    assert wide == {1, 2, 3}
    assert starts == set(range(7))
    assert sides == set(range(12))


def test_slats_leave_gaps_along_the_bar():
    pictures, flat = draw_bars(50, np.random.default_rng(1), widths=(3, 4), gap=2, noise=0)
    for (rows, columns), lies in zip(boxes(pictures), flat, strict=True):
        along, across = (columns, rows) if lies else (rows, columns)
        assert set(np.diff(along)) == {3}
        assert len(across) in (3, 4)
        assert set(np.diff(across)) == {1}


def test_the_widest_bars_fill_the_picture_and_there_may_be_none():
    pictures, _ = draw_bars(4, np.random.default_rng(0), widths=(12, 12), noise=0)
    assert [max(map(len, box)) for box in boxes(pictures)] == [12] * 4
    pictures, flat = draw_bars(0, np.random.default_rng(0))
    assert (pictures.shape, flat.shape) == ((0, 1, 12, 12), (0,))


def test_noise_has_the_size_asked_for_and_the_seed_decides():
    pictures, _ = draw_bars(200, np.random.default_rng(2), noise=0.1)
    paper = pictures[np.abs(pictures) < 0.5]
    assert 0.095 < paper.std() < 0.105
    usual, _ = draw_bars(200, np.random.default_rng(2))
    assert 0.0475 < usual[np.abs(usual) < 0.5].std() < 0.0525
    same, _ = draw_bars(200, np.random.default_rng(2), noise=0.1)
    assert np.array_equal(pictures, same)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"count": -1}, "count is -1"),
        ({"gap": -1}, "gap is -1"),
        ({"widths": (0, 2)}, r"widths is \(0, 2\); expected two numbers from 1 to 12"),
        ({"widths": (3, 2)}, r"widths is \(3, 2\)"),
        ({"widths": (3, 13)}, r"widths is \(3, 13\)"),
    ],
)
def test_bad_input_is_named(setting, message):
    with pytest.raises(ValueError, match=message):
        draw_bars(**{"count": 4, "rng": np.random.default_rng(0), **setting})
