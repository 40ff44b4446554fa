"""The shared figures draw what they claim, and refuse what they cannot draw."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from skimage.color import rgb2lab

from helpers import figures, geometry, ops
from helpers.figures import style
from tests.common import texts
from tests.drawings import places

IMAGE = np.arange(1, 10).reshape(3, 3)
KERNEL = np.array([[0, 1], [2, 3]])


def test_sliding_window_writes_the_sums_of_corr2d():
    grid = figures.sliding_window(IMAGE, KERNEL)
    result = ops.corr2d(IMAGE, KERNEL).ravel()
    assert grid.size == result.size == 4
    for ax, value in zip(grid.flat, result, strict=True):
        (products,) = [text for text in texts(ax) if "=" in text]
        left, right = products.split(" = ")
        assert right == str(value)
        factors = [term.split("·") for term in left.split(" + ")]
        assert sum(int(w) * int(a) for w, a in factors) == value
        assert [int(term.split("·")[0]) for term in left.split(" + ")] == [0, 1, 2, 3]
        place = places(ax)[products]
        assert np.isclose(place[0], sum(ax.get_xlim()) / 2)
        assert 3 < place[1] < ax.get_ylim()[0]
    assert texts(grid.flat[0]).count("49") == 0  # the last number is not there before its step
    assert texts(grid.flat[3]).count("49") == 1


def test_sliding_window_with_a_stride_shows_every_other_place():
    grid = figures.sliding_window(np.arange(1, 17).reshape(4, 4), KERNEL, stride=2)
    shown = [text for ax in grid.flat for text in texts(ax) if "=" in text]
    assert [text.split(" = ")[1] for text in shown] == ["30", "42", "78", "90"]


def test_sliding_window_stops_after_some_steps():
    assert figures.sliding_window(IMAGE, KERNEL, steps=1, columns=1).size == 1
    grid = figures.sliding_window(IMAGE, KERNEL, steps=3)
    assert sum(ax.figure is not None for ax in grid.flat) == 3


def test_number_grids_shows_every_number_and_sign():
    ax = figures.number_grids({"a": IMAGE, "b": [[0.5, np.nan]]}, signs=["="])
    assert sorted(texts(ax)) == sorted([*"123456789", "0.5", "a", "b", "="])


def test_padded_grid_says_the_sizes():
    ax = figures.padded_grid(4, 3, 2)
    assert "4 + 2·2 = 8" in texts(ax)
    assert "output 6 × 6" in texts(ax)
    assert texts(ax).count("0") == 8 * 8 - 4 * 4


@pytest.mark.parametrize(("padding", "unread"), [(0, [9]), (1, [10])])
def test_rows_read_crosses_the_rows_that_no_window_reads(padding, unread):
    ax = figures.rows_read(10, 3, 2, padding)
    crossed = [patch.get_x() + 0.45 for patch in ax.patches if patch.get_hatch()]
    assert np.allclose(crossed, unread)


def test_style_is_set_and_axes_are_made_or_taken():
    assert mpl.rcParams["figure.dpi"] == 100
    sizes = [mpl.rcParams[key] for key in ("font.size", "legend.fontsize", "xtick.labelsize")]
    assert min(sizes) >= 10
    ax = style.axes()
    assert style.axes(ax) is ax
    assert ax.figure.get_size_inches()[0] == style.WIDTH


ROLES = ("WINDOW", "KERNEL", "OUTPUT", "ALERT", "INK", "QUIET")
# Pairs that a figure never tells apart by colour alone, but by shape, hatching, dashes or a label.
NEAR = {("OUTPUT", "ALERT"), ("OUTPUT", "QUIET"), ("WINDOW", "ALERT")}

# Machado, Oliveira and Fernandes 2009: linear RGB as seen without the medium cones.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)


def lightness_and_colour(name):
    """L* in grey print (Rec. 709 luminance), and L*a*b* as a deuteranope sees it."""
    rgb = np.array(mpl.colors.to_rgb(name))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = (DEUTERANOPIA @ linear).clip(0, 1)
    seen = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    return 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16, rgb2lab(seen)


def test_role_colours_are_told_apart_in_grey_and_by_the_colour_blind_but_for_known_pairs():
    near = set()
    for one, other in combinations(ROLES, 2):
        (grey, colour), (grey_2, colour_2) = (
            lightness_and_colour(getattr(style, name)) for name in (one, other)
        )
        if abs(grey - grey_2) < 5 or np.linalg.norm(colour - colour_2) < 20:
            near.add((one, other))
    assert near == NEAR


def test_plain_series_go_from_dark_to_light_with_dashes_and_marks_of_their_own():
    greys = [lightness_and_colour(color)[0] for color in style.SERIES]
    assert np.diff(greys).min() >= 3
    assert len(style.SERIES) == len(set(style.DASHES)) == len(set(style.MARKERS))
    roles = {getattr(style, name) for name in ("WINDOW", "OUTPUT", "ALERT")}
    assert not roles & set(style.SERIES)


def drawings():
    conv = geometry.conv(1, 3)
    yield figures.number_grids({"a": IMAGE, "b": KERNEL, "c": IMAGE}, signs=["∗", "="])
    yield figures.use_counts({"a": IMAGE, "b": KERNEL})
    yield figures.channel_sum(np.stack([IMAGE] * 2), np.stack([KERNEL] * 2))
    yield figures.layer_stacks(2, 2, 3, (20, 5, 16))
    yield from figures.stamps([1.0, 2, 3], {"a": [1.0, 2, 3], "b": [1.0]}, 2).flat
    yield from (
        figures.cones({"a": [conv], "b": [conv]}),
        figures.path_maps({"a": [conv], "b": [conv]}),
    )
    yield figures.data_flow([[1, 2], [3, 6], [5, 7]], [1, 2], [3, 4])
    yield from figures.four_norms((3, 3, 2, 2), groups=1).flat
    yield from figures.shared_statistics((4, 3), (2, 3, 2, 2)).flat
    yield figures.pooled(np.ones((4, 4)), 2)


def test_all_of_a_drawing_is_in_view_and_fills_most_of_it():
    for ax in drawings():
        (left, right), (bottom, top) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
        points = [patch.get_extents().get_points() for patch in ax.patches]
        points += [ax.transData.transform(line.get_xydata()) for line in ax.lines]
        points += [ax.transData.transform([text.get_position()]) for text in ax.texts]
        inside = ax.transData.inverted().transform(np.concatenate(points))
        (low_x, low_y), (high_x, high_y) = inside.min(axis=0), inside.max(axis=0)
        assert left <= low_x + 1e-9
        assert high_x <= right + 1e-9
        assert bottom <= low_y + 1e-9
        assert high_y <= top + 1e-9
        assert high_x - low_x > 0.5 * (right - left)
        assert high_y - low_y > 0.5 * (top - bottom)
