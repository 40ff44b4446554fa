"""Chapter 05's figures draw the slopes, the path and the kernels that they are given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from helpers import figures
from helpers.figures.edges import differences, kernel_maps, kernel_path, slope_arrows
from helpers.figures.style import ALERT, INK, SERIES


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def points(ax):
    (line,) = [line for line in ax.lines if line.get_marker() == "o"]
    return line.get_xydata()


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_differences_stand_where_they_are_taken():
    signal = np.array([0.0, 0, 3, 4])
    grid = differences({"a": signal, "b": -signal})
    assert grid.shape == (3, 2)
    assert [ax.get_title(loc="left") for ax in grid[0]] == ["a", "b"]
    assert points(grid[0, 0])[:, 1].tolist() == [0, 0, 3, 4]
    assert points(grid[1, 0]).tolist() == [[0.5, 0], [1.5, 3], [2.5, 1]]
    assert points(grid[2, 0]).tolist() == [[1, 3], [2, -2]]
    assert points(grid[2, 1]).tolist() == [[1, -3], [2, 2]]
    labels = [ax.get_ylabel() for ax in grid[:, 0]]
    assert labels == ["brightness", "first\ndifference", "second\ndifference"]
    assert [ax.get_xlabel() for ax in grid[:, 1]] == ["", "", "position (pixels)"]
    for ax, color in zip(grid[:, 0], SERIES, strict=False):
        (stems,) = ax.collections
        assert [stem[:, 0].tolist() for stem in stems.get_segments()] == [
            [x, x] for x, _ in points(ax)
        ]
        assert [stem[:, 1].tolist() for stem in stems.get_segments()] == [
            [0, y] for _, y in points(ax)
        ]
        assert to_rgb(stems.get_color()[0]) == to_rgb(color)
    assert len({ax.get_xlim() for ax in grid[:, 0]}) == 1
    assert grid[0, 0].get_ylim() == grid[0, 1].get_ylim()


def test_kernel_path_shows_every_step_and_the_goal_on_equal_axes():
    weights, losses = [[0.0, 0.0], [0.5, -0.5]], [2.0, 0.5]
    left, right = kernel_path(lambda a, b: (a - 1) ** 2 + (b + 1) ** 2, weights, losses, (1, -1))
    assert points(left)[:, 1].tolist() == losses
    assert points(right).tolist() == weights
    (goal,) = [line for line in right.lines if line.get_marker() == "*"]
    assert goal.get_xydata().tolist() == [[1, -1]]
    assert right.get_aspect() == 1
    assert [(text.get_text(), *text.xy) for text in right.texts] == [
        ("start", 0, 0),
        ("goal", 1, -1),
    ]
    assert [line.get_color() for line in right.lines] == [text.get_color() for text in right.texts]
    assert all(text.xyann[0] > 0 and text.xycoords == "data" for text in right.texts)
    assert (left.get_xlabel(), left.get_ylabel()) == ("step", "squared error, summed")
    assert left.get_ylim()[0] == 0
    labels = ["left number of the kernel", "right number of the kernel"]
    assert [right.get_xlabel(), right.get_ylabel()] == labels
    assert left.get_title(loc="left") == "the loss falls fast, then slowly"
    assert right.get_title(loc="left") == "across the valley, then along it"
    # The landscape reaches beyond the path and the goal, as far in both directions.
    lines = np.concatenate([path.vertices for c in right.collections for path in c.get_paths()])
    assert np.allclose([lines.min(axis=0), lines.max(axis=0)], [[-0.4, -1.4], [1.4, 0.4]], atol=0.1)
    # Levels grow as the squares do, so that a bowl has evenly spaced contours.
    levels = np.sqrt(right.collections[0].levels)
    assert np.allclose(np.diff(levels), levels[1])
    assert np.isclose(levels[-1] ** 2, 2 * 1.4**2)


def test_the_landscape_of_a_path_is_that_of_its_loss():
    """Contours of a loss that depends on the left number alone stand upright."""
    _, right = kernel_path(lambda a, b: a + 2, [[0.5, 0.2], [0.1, 0.2]], [1, 0], (0.0, 0.2))
    lines = [path.vertices for c in right.collections for path in c.get_paths()]
    segments = [line for line in lines if len(line)]
    assert segments
    assert all(np.allclose(line[:, 0], line[0, 0]) for line in segments)
    assert len({round(line[0, 0], 6) for line in segments}) > 1


def test_arrows_stand_at_strong_slopes_and_point_to_the_bright_side():
    across, down = np.zeros((2, 5, 6))
    across[1, 4], down[3, 2], down[0, 0] = -0.3, 0.2, 0.1
    grid = slope_arrows(np.full((5, 6), 0.5), across, down, threshold=0.1, zoom=4)
    (arrows,) = [c for c in grid[0, 0].collections if hasattr(c, "U")]
    assert np.c_[arrows.X, arrows.Y].tolist() == [[4, 1], [2, 3]]
    assert np.c_[arrows.U, arrows.V].tolist() == [[-1, 0], [0, 1]]
    assert np.array_equal(grid[0, 1].images[0].get_array(), across)
    assert np.array_equal(grid[0, 2].images[0].get_array(), down)
    assert grid[0, 1].images[0].get_clim() == grid[0, 2].images[0].get_clim() == (-0.3, 0.3)
    turned = slope_arrows(np.full((5, 6), 0.5), down, across, threshold=0.1)
    assert turned[0, 1].images[0].get_clim() == (-0.3, 0.3)
    names = ["arrows: to the bright side", "slope to the right", "slope downwards"]
    assert [ax.get_title(loc="left") for ax in grid[0]] == names
    assert arrows.scale_units == "xy"
    assert 1 / arrows.scale < 4  # pixels
    assert to_rgb(arrows.get_facecolor()[0]) == to_rgb(ALERT)
    height = grid[0, 0].get_position().height * grid[0, 0].figure.get_size_inches()[1] * 100
    assert np.isclose(height, 4 * 5)
    # The picture's rows run downwards, and so must the arrows.
    assert grid[0, 0].yaxis_inverted()
    assert arrows.angles == "xy"


KERNELS = np.arange(-9, 9).reshape(2, 3, 3) / 10.0
MAPS = np.stack([np.full((4, 4), -2.0), np.eye(4)])


def test_each_kernel_stands_over_its_own_map():
    kernel_axes, map_axes = kernel_maps(KERNELS, MAPS, titles=["a", "b"])
    for i in (0, 1):
        assert np.array_equal(kernel_axes[i].images[0].get_array(), KERNELS[i])
        assert np.array_equal(map_axes[i].images[0].get_array(), MAPS[i])
        above, below = kernel_axes[i].get_position(), map_axes[i].get_position()
        assert above.x0 == below.x0
        assert above.y0 > below.y1
        assert map_axes[i].images[0].get_clim() == (-2, 2)
        assert {axes[i].images[0].get_cmap().name for axes in (kernel_axes, map_axes)} == {"signed"}
        width, height = kernel_axes[i].figure.get_size_inches() * 100
        assert width == 800
        assert above.y1 < 1
        for place in (above, below):
            assert np.allclose((place.width * width, place.height * height), 80)
    bar = map_axes[0].images[0].colorbar.ax.get_position()
    assert np.isclose((bar.x0 + bar.x1) / 2, 0.5)
    assert 0 < bar.y0 < bar.y1 < map_axes[0].get_position().y0
    assert bar.width > 0.2
    assert [ax.get_title(loc="left") for ax in kernel_axes] == ["a", "b"]
    assert kernel_axes[0].get_position().x1 < kernel_axes[1].get_position().x0


def test_kernels_show_their_numbers_where_they_are():
    kernel_axes, map_axes = kernel_maps(KERNELS, factor=10)
    assert map_axes == []
    assert texts(kernel_axes[0]) == ["−9", "−8", "−7", "−6", "−5", "−4", "−3", "−2", "−1"]
    assert texts(kernel_axes[1]) == [*"012345678"]
    places = [text.get_position() for text in kernel_axes[0].texts]
    assert places[:4] == [(0, 0), (1, 0), (2, 0), (0, 1)]
    assert texts(kernel_maps(KERNELS, factor=1)[0][0])[0] == "−1"


def test_kernels_share_their_shades_and_begin_a_new_row():
    kernel_axes, _ = kernel_maps(np.stack([KERNELS[0], KERNELS[1] / 2, KERNELS[1]]), columns=2)
    (alone,), _ = kernel_maps(KERNELS[:1])
    assert np.isclose(alone.get_position().x0 + alone.get_position().x1, 1)
    ((low, high),) = {ax.images[0].get_clim() for ax in kernel_axes}
    assert low == -high < -0.9
    first, second, third = [ax.get_position() for ax in kernel_axes]
    assert first.y0 == second.y0 > third.y1
    assert first.x0 == third.x0
    assert third.y0 > 0
    assert np.isclose(first.x0 + second.x1, 1)  # in the middle of the page


def test_zero_kernels_are_drawn_and_lengths_are_checked():
    kernel_axes, _ = kernel_maps(np.zeros((1, 3, 3)))
    assert set(texts(kernel_axes[0])) == {"0"}
    assert texts(kernel_maps(np.full((1, 1, 1), -0.01))[0][0]) == ["0"]  # without a sign
    with pytest.raises(ValueError, match="maps holds 1; expected 2, one a kernel"):
        kernel_maps(KERNELS, MAPS[:1])
    with pytest.raises(ValueError, match="titles holds 3; expected 2"):
        kernel_maps(KERNELS, titles=["a", "b", "c"])


def luminance(color):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return np.dot(linear, [0.2126, 0.7152, 0.0722])


def test_signed_squares_are_orange_above_zero_blue_below_and_legible():
    ax = figures.number_grids({"a": [[2, 0, -2]]}, colors=["signed"])
    shades = [p.get_facecolor() for p in ax.patches if isinstance(p, Rectangle) and p.get_fill()]
    (red, _, blue), white, (cold, _, warm) = [shade[:3] for shade in shades]
    assert red > blue
    assert warm > cold
    assert min(white) > 0.98
    for shade in shades:
        assert (luminance(shade[:3]) + 0.05) / (luminance(INK) + 0.05) > 4.5
