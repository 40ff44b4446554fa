"""Pictures side by side: whole pixels, and each bar with its pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from helpers import figures
from helpers.figures import style
from tests.common import title

RAMP = np.linspace(0.2, 0.8, 24).reshape(4, 6)


def drawn(grid):
    return [ax for ax in grid.flat if ax is not None]


def screen(ax):
    """The pixels of the figure that an Axes covers."""
    ax.figure.canvas.draw()
    box = ax.get_window_extent()
    levels = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3].astype(int)
    top = levels.shape[0] - round(box.y1)
    return levels[top : top + round(box.height), round(box.x0) : round(box.x1)]


def test_kinds_are_kept_apart():
    images = {"photo": RAMP, "signed": RAMP - 0.4, "value": RAMP, "angle": RAMP}
    grid = figures.pictures(images, kind=list(images), columns=3)
    assert grid.shape == (2, 3)
    shown = [ax.images[0].get_clim() for ax in drawn(grid)]
    assert np.allclose(shown, [(0, 1), (-0.4, 0.4), (0.2, 0.8), (-np.pi, np.pi)])
    assert [title(ax) for ax in drawn(grid)] == list(images)
    for ax, image in zip(drawn(grid), images.values(), strict=True):
        assert np.array_equal(ax.images[0].get_array(), image)
    maps = [ax.images[0].get_cmap().name for ax in drawn(grid)]
    assert maps == ["gray", "signed", "cividis", "twilight_shifted"]
    grid[0, 0].figure.canvas.draw()
    bar_axes = [ax.images[0].colorbar.ax for ax in drawn(grid)[1:]]
    bars = [[tick.get_text() for tick in ax.get_xticklabels()] for ax in bar_axes]
    assert bars[2] == ["−π", "0", "π"]
    assert not any("π" in text for texts in bars[:2] for text in texts)
    # Three in the first row, the fourth beneath the first of them, each bar under its picture.
    first, second, third, fourth = [ax.get_position() for ax in drawn(grid)]
    assert first.y0 == second.y0 == third.y0 > fourth.y1
    assert first.x0 == fourth.x0 < second.x0 < third.x0
    assert grid[1, 1] is None
    for bar, place in zip(bar_axes, (second, third, fourth), strict=True):
        assert bar.get_position().y1 < place.y0
        assert np.isclose(bar.get_position().x0, place.x0)


def test_signed_values_are_white_at_zero_blue_below_and_orange_above():
    (ax,) = drawn(figures.pictures({"a": np.array([[-1.0, 0, 1]])}, kind="signed"))
    row = screen(ax)[10]
    blue, white, orange = row[len(row) // 6], row[len(row) // 2], row[-len(row) // 6]
    assert white.min() >= 253
    assert blue[2] > blue[0]
    assert orange[0] > orange[2]


def test_a_pixel_is_a_square_of_whole_pixels():
    image = np.random.default_rng(0).integers(0, 256, (20, 30), dtype=np.uint8)
    (ax,) = drawn(figures.pictures({"noise": image}))
    levels = screen(ax)[..., 0]
    side = levels.shape[0] // 20
    assert levels.shape == (20 * side, 30 * side)
    assert side > 5
    # The frame covers the outermost pixel of the screen.
    centres = levels[side // 2 :: side, side // 2 :: side]
    assert np.abs(centres - image).max() <= 1
    inner = levels.reshape(20, side, 30, side)[1:-1, :, 1:-1]
    assert (inner == inner[:, :1, :, :1]).all()


def test_zoom_is_as_asked_for_or_refused():
    (ax,) = drawn(figures.pictures({"a": RAMP}, zoom=7))
    assert screen(ax).shape[:2] == (28, 42)
    (ax,) = drawn(figures.pictures({"a": np.zeros((2, 764))}, zoom=1))
    assert screen(ax).shape[:2] == (2, 764)
    for zoom in (0, 1.5, 128):
        with pytest.raises(ValueError, match=f"zoom is {zoom}"):
            figures.pictures({"a": RAMP}, zoom=zoom)


@pytest.mark.parametrize(
    ("height", "width", "side"), [(100, 10, 4), (450, 10, 1), (12, 100, 7), (451, 10, 1)]
)
def test_a_pixel_is_as_large_as_width_and_height_allow(height, width, side):
    (ax,) = drawn(figures.pictures({"a": np.zeros((height, width))}))
    shown = ax.images[0].get_array()
    step = 2 if height > 450 else 1
    assert shown.shape == (height // step, width // step)
    assert screen(ax).shape[:2] == (side * shown.shape[0], side * shown.shape[1])


def test_a_large_photograph_is_shown_by_the_means_of_squares():
    image = np.random.default_rng(0).integers(0, 256, (403, 1001), dtype=np.uint8)
    (ax,) = drawn(figures.pictures({"large": image}))
    shown = ax.images[0].get_array()
    assert shown.dtype == np.uint8
    expected = image[:402, :1000].reshape(201, 2, 500, 2).mean(axis=(1, 3))
    assert np.abs(shown - expected).max() < 1


def test_a_large_response_keeps_its_strongest_values():
    response = np.zeros((10, 2000))
    response[4, 1500], response[7, 30] = -0.9, 0.8
    (ax,) = drawn(figures.pictures({"large": response}, "signed"))
    shown = ax.images[0].get_array()
    assert (shown.min(), shown.max()) == (-0.9, 0.8)
    row, column = np.argwhere(shown == -0.9)[0]
    assert (row, column) == (4 // 3, 1500 // 3)


def test_a_part_is_cut_from_every_picture():
    image = np.arange(600.0).reshape(20, 30)
    grid = figures.pictures({"a": image, "b": -image}, "value", part=(2, 5, 10, 8))
    for ax, sign in zip(drawn(grid), (1, -1), strict=True):
        assert np.array_equal(ax.images[0].get_array(), sign * image[2:12, 5:13])
    (corner,) = drawn(figures.pictures({"a": image}, "value", part=(10, 22, 10, 8)))
    assert np.array_equal(corner.images[0].get_array(), image[10:, 22:])
    for part in ((15, 0, 10, 8), (0, 25, 10, 8), (-1, 0, 5, 5), (0, -1, 5, 5)):
        with pytest.raises(ValueError, match="part is"):
            figures.pictures({"a": image}, "value", part=part)


def test_pictures_with_the_same_limits_share_a_bar():
    images = {"a": RAMP, "b": RAMP + 0.1, "c": RAMP}
    shared = figures.pictures(images, "value", limits=(0, 1), labels="brightness")
    assert len(shared[0, 0].figure.axes) == 3 + 1
    assert shared[0, 0].figure.axes[-1].get_xlabel() == "brightness"
    own = figures.pictures(images, "value", limits=[(0, 1), (0, 2), (0, 2)])
    assert len(own[0, 0].figure.axes) == 3 + 2
    mixed = figures.pictures(images, ["value", "photo", "value"], limits=(0, 1))
    assert len(mixed[0, 0].figure.axes) == 3 + 2
    assert len(figures.pictures(images, "photo")[0, 0].figure.axes) == 3
    named = figures.pictures(images, "value", limits=(0, 1), labels=["x", "x", "y"])
    bars = named[0, 0].figure.axes[3:]
    assert [bar.get_xlabel() for bar in bars] == ["x", "y"]
    assert bars[0].get_position().x1 > named[0, 1].get_position().x0
    assert bars[1].get_position().x0 == named[0, 2].get_position().x0
    for bar, part in zip(bars, (named[0, :2], named[0, 2:]), strict=True):
        assert {ax.images[0].colorbar.ax for ax in part} == {bar}


def test_values_take_their_own_extremes_and_photographs_all_levels():
    images = {"a": np.array([[-3.0, 1]]), "zero": np.zeros((1, 2)), "photo": np.array([[0.0, 1]])}
    grid = figures.pictures(
        images | {"uint8": np.zeros((1, 2), np.uint8)}, ["signed"] * 2 + ["photo"] * 2
    )
    assert [ax.images[0].get_clim() for ax in drawn(grid)] == [(-3, 3), (-1, 1), (0, 1), (0, 255)]


@pytest.mark.parametrize(
    ("values", "extend"),
    [([-3, 0.5], "min"), ([0.5, 3], "max"), ([-3, 3], "both"), ([-1, 1], "neither")],
)
def test_a_bar_tells_of_values_beyond_its_limits(values, extend):
    images = {"within": np.zeros((1, 2)), "a": np.array([values], float)}
    grid = figures.pictures(images, kind="signed", limits=(-1, 1))
    assert {ax.images[0].colorbar.extend for ax in drawn(grid)} == {extend}


def test_nothing_touches_the_edge_nor_overlaps():
    images = {"a long title of a small picture": RAMP, "b": RAMP, "c": RAMP.T}
    grid = figures.pictures(images, ["photo", "signed", "value"], labels="of what")
    figure = grid[0, 0].figure
    figure.canvas.draw()
    levels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    for edge in (levels[0], levels[-1], levels[:, 0], levels[:, -1]):
        assert edge.min() == 255
    boxes = [ax.get_window_extent() for ax in figure.axes]
    titles = [ax.title.get_window_extent() for ax in drawn(grid)]
    for index, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[index + 1 :])
    assert not titles[0].overlaps(titles[1])


def test_photographs_keep_their_pixels_and_lines_get_twice_as_many():
    for side, factor in ((101, 1), (20, 2)):
        (ax,) = drawn(figures.pictures({"a": np.zeros((side, side))}))
        file, notes = style.stored(ax.figure)
        with Image.open(io.BytesIO(file)) as picture:
            assert picture.size == (factor * notes["width"], factor * notes["height"])
        assert ("record" in notes) == (factor == 2)


@pytest.mark.parametrize(
    ("image", "kind", "message"),
    [
        (np.array([[0.0, 1.2]]), "photo", r"from 0 to 1\.2; expected floats from 0 to 1"),
        (np.array([[-0.1, 1]]), "photo", r"from -0\.1 to 1; expected floats from 0 to 1"),
        (np.array([[0.0, np.nan]]), "photo", "nan"),
        (np.array([[0.0]]), "picture", "kind is 'picture'; expected"),
    ],
)
def test_what_cannot_be_shown_is_refused(image, kind, message):
    with pytest.raises(ValueError, match=message):
        figures.pictures({"a": image}, kind=kind)
