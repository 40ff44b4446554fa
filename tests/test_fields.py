"""Chapter 03's figures: cones, maps of paths, side views, measured boxes, borders, used fields."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba

from helpers import figures, geometry, ops
from helpers.figures.cones import cones, path_counts, path_maps
from helpers.figures.fields import axis_spans, boxes, side_view, taps
from helpers.figures.style import ALERT, INK, KERNEL, OUTPUT, QUIET, WINDOW
from tests.common import texts, title
from tests.drawings import fills, numbers_at

CONV = geometry.conv(1, 3)


def test_path_counts_of_two_layers_by_hand():
    first, second, output = path_counts([CONV, CONV])
    assert first.tolist() == np.outer([1, 2, 3, 2, 1], [1, 2, 3, 2, 1]).tolist()
    assert second.tolist() == [[1] * 3] * 3
    assert output.tolist() == [[1]]


def test_path_counts_take_axes_strides_and_dilations_in_their_order():
    layers = [geometry.conv(1, (1, 3)), geometry.conv(1, (3, 2), stride=2, dilation=(1, 3))]
    first, second, _ = path_counts(layers)
    assert second.tolist() == [[1, 0, 0, 1]] * 3
    assert first.tolist() == [[1, 1, 1, 1, 1, 1]] * 3
    strided = path_counts([geometry.conv(1, (1, 3), stride=2), geometry.conv(1, (1, 3))])[0]
    assert strided.tolist() == [[1, 1, 2, 1, 2, 1, 1]]


def test_path_counts_are_the_gradient_of_weights_1():
    layers = [geometry.conv(1, 3, stride=2), geometry.conv(1, 2, dilation=3), CONV]
    gradient = np.ones((1, 1, 1, 1))
    for layer in layers[::-1]:
        ones = np.ones((1, 1, *layer.kernel_size))
        settings = {"stride": layer.stride, "dilation": layer.dilation}
        gradient = ops.conv2d_transpose(gradient, ones, **settings)
    assert np.array_equal(path_counts(layers)[0].astype(float), gradient[0, 0])


def test_path_counts_do_not_overflow():
    counts = path_counts([CONV] * 60)[0]
    assert counts.sum() == 9**60


def test_cones_have_one_cell_size_and_write_the_paths():
    ax = cones({"one": [CONV], "two": [CONV, CONV]})
    shown = texts(ax)
    assert shown.count("input\n3 × 3") == shown.count("input\n5 × 5") == 1
    assert shown.count("after layer 1\n3 × 3") == 1
    assert shown.count("output\n1 × 1") == 2
    numbers = [text for text in ax.texts if text.get_text().isdigit()]
    assert [text.get_text() for text in numbers].count("9") == 1
    rows = {}
    for text in numbers:
        rows.setdefault((round(text.get_position()[1], 6)), []).append(text.get_position()[0])
    steps = [np.diff(sorted(places)) for places in rows.values()]
    assert np.isclose(np.concatenate(steps).min(), 1)
    assert [text for text in shown if text in ("one", "two")] == ["one", "two"]


def test_a_cone_fills_the_cell_that_the_window_feeds():
    ax = cones({"two": [CONV, CONV]})
    strong = [patch for patch in ax.patches if patch.get_facecolor() == to_rgba(WINDOW, 1)]
    (fed,) = strong
    corners = fed.get_xy()[:4]
    front_right = [text for text in ax.texts if text.get_text() == "1"]
    inside = [
        text
        for text in front_right
        if np.allclose(text.get_position(), np.mean(corners, axis=0), atol=1e-6)
    ]
    assert len(inside) == 1


SIZES = (4, 3, 1)  # of the sheets of two layers, kernels 2 and 3
CONE = [geometry.conv(1, 2), CONV]


def laid(ax):
    """For each sheet of the first cone a function: where the point (row, column) of it lies."""
    cells = iter(text.get_position() for text in ax.texts if text.get_text().isdigit())
    sheets = []
    for size in SIZES:
        numbers = np.array([next(cells) for _ in range(size * size)]).reshape(size, size, 2)
        if size > 1:
            right, down = numbers[0, 1] - numbers[0, 0], numbers[1, 0] - numbers[0, 0]
            places = [[r * down + c * right for c in range(size)] for r in range(size)]
            assert np.allclose(numbers - numbers[0, 0], places)
        corner = numbers[0, 0] - (right + down) / 2
        sheets.append(lambda r, c, corner=corner, d=down, w=right: corner + r * d + c * w)
    assert np.allclose(right, (1, 0))
    assert down[0] < 0 > down[1]  # the next row lies nearer: to the left and lower
    return sheets


def test_the_sheets_of_a_cone_lie_above_one_another_with_their_names_beside_them():
    ax = cones({"a": CONE, "b": [CONV]})
    centres = [sheet(size / 2, size / 2) for sheet, size in zip(laid(ax), SIZES, strict=True)]
    assert np.ptp([x for x, _ in centres]) < 1e-9
    assert np.diff([y for _, y in centres]).min() > 2
    names = [text for text in ax.texts if "×" in text.get_text()]
    words = ["input\n4 × 4", "after layer 1\n3 × 3", "output\n1 × 1"]
    assert [text.get_text() for text in names[:3]] == words
    assert np.allclose([text.get_position()[1] for text in names[:3]], [y for _, y in centres])
    assert len({text.get_position()[0] for text in names[:3]}) == 1
    assert names[0].get_position()[0] > laid(ax)[0](0, 4)[0]
    titles = {text.get_text(): text.get_position() for text in ax.texts}
    assert titles["a"][0] == pytest.approx(centres[0][0])
    assert titles["a"][1] > centres[-1][1] + 1
    assert titles["b"][0] > names[0].get_position()[0]
    assert not ax.yaxis_inverted()


def test_a_cone_fills_its_sheets_and_the_window_at_the_front_right():
    ax = cones({"a": CONE})
    ground, middle, top = laid(ax)
    parts = [(ground, 4, 4, WINDOW, 0.15), (ground, 4, 2, WINDOW, 0.6)]
    parts += [(middle, 3, 3, QUIET, 0.15), (middle, 3, 3, QUIET, 0.3), (middle, 3, 1, WINDOW, 1)]
    parts += [(top, 1, 1, OUTPUT, 0.15), (top, 1, 1, OUTPUT, 0.3)]
    for patch, (sheet, size, part, color, alpha) in zip(ax.patches, parts, strict=True):
        assert patch.get_facecolor() == pytest.approx(to_rgba(color, alpha))
        far = size - part
        corners = [sheet(r, c) for r, c in ((far, far), (far, size), (size, size), (size, far))]
        assert np.allclose(patch.get_xy()[:4], corners)


def test_lines_of_a_cone_join_field_to_field_and_window_to_cell():
    ax = cones({"a": CONE})
    ground, middle, top = laid(ax)
    joined = [
        (ground, 4, 4, middle, 3, 3, (QUIET, "--")),
        (ground, 4, 2, middle, 3, 1, (KERNEL, "-")),
    ]
    joined += [(middle, 3, 3, top, 1, 1, look) for look in ((QUIET, "--"), (KERNEL, "-"))]
    expected = []
    for low, size, part, high, above, upper, look in joined:
        for r, c in np.ndindex(2, 2):
            ends = low(size - part * (1 - r), size - part * (1 - c))
            expected.append((ends, high(above - upper * (1 - r), above - upper * (1 - c)), look))
    for sheet, size in zip((ground, middle, top), SIZES, strict=True):
        for line in range(size + 1):
            expected.append((sheet(line, 0), sheet(line, size), (INK, "-")))
            expected.append((sheet(0, line), sheet(size, line), (INK, "-")))
    drawn = [(*line.get_xydata(), (line.get_color(), line.get_linestyle())) for line in ax.lines]
    assert len(drawn) == len(expected)
    for start, end, look in expected:
        same = [line for line in drawn if line[2] == look and np.allclose(line[:2], (start, end))]
        assert len(same) == 1


@pytest.mark.parametrize("setting", ["stride", "dilation"])
def test_cones_refuse_what_they_cannot_show(setting):
    with pytest.raises(ValueError, match="expected 1"):
        cones({"a": [geometry.conv(1, 3, **{setting: 2})]})


def test_path_maps_fill_the_cells_that_are_read():
    ax = path_maps({"holes": [geometry.conv(1, (1, 3), dilation=2)], "none": [CONV]})
    white, filled = to_rgba("white"), to_rgba(WINDOW, 0.6)
    colors = [patch.get_facecolor() for patch in ax.patches]
    assert colors == [filled, white, filled, white, filled, *[filled] * 9]
    assert {(patch.get_width(), patch.get_height()) for patch in ax.patches} == {(1, 1)}
    assert texts(ax) == ["holes", *"111", "none", *"1" * 9]
    numbers = [text.get_position() for text in ax.texts[1:4]]
    assert np.allclose(np.diff([x for x, _ in numbers]), 2)
    middle = {text.get_text(): text.get_position() for text in ax.texts}
    assert middle["holes"] == (2.5, 0.7)  # a row of five, in the middle of three
    assert middle["none"] == pytest.approx((5 + 1.6 + 1.5, -0.3))
    nines = {(row, 5 + 1.6 + column): 1 for row, column in np.ndindex(3, 3)}
    expected = {(1, 0): 1, (1, 2): 1, (1, 4): 1} | nines
    assert {(y, round(x, 6)): n for (y, x), n in numbers_at(ax).items()} == expected
    assert fills(ax, "white") == [(1, 1, 1, 1), (1, 3, 1, 1)]


def test_taps_are_the_cells_that_an_output_reads():
    layers = [CONV, geometry.pool(2)]
    levels = taps(layers, 10, 1)
    assert [level.tolist() for level in levels] == [[2, 3, 4, 5], [2, 3], [1]]
    dilated = taps([geometry.conv(1, 3, padding=2, dilation=2)], 5, 0)
    assert dilated[0].tolist() == [-2, 0, 2]
    padded = [geometry.conv(1, 3, padding=1)] * 2
    # A cell of the padding reads nothing.
    assert [level.tolist() for level in taps(padded, 4, 0)] == [[-1, 0, 1, 2], [-1, 0, 1], [0]]
    assert [level.tolist() for level in taps(padded, 4, 3)] == [[1, 2, 3, 4], [2, 3, 4], [3]]


def test_side_view_fills_what_is_read_and_dots_padding():
    ax = side_view([geometry.conv(1, 3, padding=1)], 4, 0)
    dotted = [box for box in ax.patches if box.get_linestyle() not in ("-", "solid")]
    assert [round(box.get_x() + 0.4) for box in dotted] == [-1]
    filled = [box for box in ax.patches if box.get_facecolor() == to_rgba(WINDOW)]
    assert [round(box.get_x() + 0.4) for box in filled] == [0, 1]
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["input: 4", "conv: 4"]


def test_side_view_joins_each_cell_that_is_read_to_what_it_reads():
    layers = [geometry.conv(1, 3, padding=1), geometry.pool(2)]
    ax = side_view(layers, 8, 0, title="found")
    cells = {color: [] for color in (WINDOW, QUIET, OUTPUT, "white")}
    for box in ax.patches:
        (color,) = [name for name in cells if box.get_facecolor() == to_rgba(name)]
        x, y = box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2
        cells[color].append((round(x, 6), round(y, 6)))
        inside = cells[color][-1] != (-1, 0)
        assert box.get_edgecolor() == to_rgba(INK if inside else ALERT)
        assert box.get_linestyle() in (("-", "solid") if inside else (":", "dotted"))
        assert 0 < box.get_width() < 1
    assert cells[WINDOW] == [(0, 0), (1, 0), (2, 0)]
    assert cells[QUIET] == [(0, 1), (1, 1)]
    assert cells[OUTPUT] == [(0.5, 2)]
    rest = {(-1, 0), *((x, 0) for x in range(3, 8)), *((x, 1) for x in range(2, 8))}
    assert set(cells["white"]) == rest | {(x + 0.5, 2) for x in (2, 4, 6)}
    joined = sorted((*line.get_xdata(), *line.get_ydata()) for line in ax.lines)
    first = [(tap, x, 0.2, 0.8) for x in (0, 1) for tap in (x - 1, x, x + 1)]
    assert np.allclose(joined, sorted([*first, (0, 0.5, 1.2, 1.8), (1, 0.5, 1.2, 1.8)]))
    assert {(line.get_color(), line.get_linestyle()) for line in ax.lines} == {(KERNEL, "-")}
    assert ax.get_xlabel() == "position in the input (pixels)"
    assert title(ax) == "found"
    assert ax.get_ylim() == (-0.5, 2.5)
    assert ax.get_yticks().tolist() == [0, 1, 2]
    assert np.all(ax.get_xticks() % 1 == 0)


def test_boxes_lie_around_the_pixels_of_their_span():
    field = np.zeros((8, 9), bool)
    field[2:5, 3:7] = True
    spans = {"b": ((0, 0), (0, 1)), "a": ((2, 4), (3, 6))}
    grid = boxes({"a": field, "b": ~field}, spans)
    found = {}
    for ax in grid.flat:
        box, frame = ax.patches
        found[title(ax)] = box.get_xy(), box.get_width(), box.get_height()
        assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((-0.5, -0.5), 9, 8)
        assert (box.get_fill(), frame.get_fill()) == (False, False)
        assert (box.get_edgecolor(), frame.get_edgecolor()) == (to_rgba("white"), to_rgba(QUIET))
        assert ax.yaxis_inverted()
        assert (*ax.get_xlim(), *ax.get_ylim()) == (-1.5, 9.5, 8.5, -1.5)
        colors = [ax.images[0].cmap(ax.images[0].norm(value)) for value in (0, 1)]
        assert colors == [to_rgba("white"), to_rgba(WINDOW)]
        assert ax.get_xlabel() == "column (pixels)"
    assert found == {"a": ((2.5, 1.5), 4, 3), "b": ((-0.5, -0.5), 2, 1)}
    assert [ax.get_ylabel() for ax in grid[0]] == ["row (pixels)", ""]
    (legend,) = grid[0, 0].figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["computed field"]
    shown = [ax.images[0].get_array() for ax in grid.flat]
    assert np.array_equal(shown[0], field)
    assert np.array_equal(shown[1], ~field)


def test_axis_spans_cut_the_field_at_the_image():
    row = geometry.receptive_field([geometry.conv(1, 7, stride=4, padding=3)], 9)[-1]
    ax = axis_spans(row, 9, title="found")
    ends = [line.get_xdata() for line in ax.lines]
    heights = [line.get_ydata()[0] for line in ax.lines]
    assert [list(pair) for pair in ends[::2]] == [[-3, 3], [1, 7], [5, 11]]
    assert [list(pair) for pair in ends[1::2]] == [[-0.5, 3.5], [0.5, 7.5], [4.5, 8.5]]
    assert heights == [0, 0, 1, 1, 2, 2]
    looks = [(line.get_color(), line.get_linestyle()) for line in ax.lines]
    assert looks == [(INK, ":"), (WINDOW, "-")] * 3
    (image,) = ax.patches
    assert (image.get_x(), image.get_width()) == (-0.5, 9)
    assert image.get_facecolor()[:3] == to_rgba(QUIET)[:3]
    assert ax.get_xlabel() == "position (pixels; the image, grey, is 0 to 8)"
    assert ax.get_ylim() == (2.6, -0.6)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "output 0",
        "output 1",
        "output 2",
    ]
    assert ax.yaxis_inverted()
    assert title(ax) == "found"


def test_padded_rows_shows_every_mode():
    ax = figures.padded_rows([1, 2, 3], amount=2, value=7)
    places = {text.get_text(): text.get_position()[1] for text in ax.texts}
    numbers = [text for text in texts(ax) if text.isdigit()]
    assert "".join(numbers) == "0012300" + "7712377" + "3212321" + "1112333" + "2312312"
    modes = ["zeros", "constant 7", "reflect", "replicate", "circular"]
    assert [places[mode] for mode in modes] == [1.25 * line + 0.5 for line in range(5)]
    rows = [(1.25 * line, 2, 1, 3) for line in range(5)]
    assert fills(ax, WINDOW) == rows  # the image's own
    ends = [(1.25 * line, left, 1, 2) for line in range(5) for left in (0, 5)]
    assert sorted(fills(ax, QUIET)) == ends
    borders = [segment.tolist() for lines in ax.collections for segment in lines.get_segments()]
    assert borders == [[[x, top], [x, top + 1]] for top, *_ in rows for x in (2, 5)]
    own = {text.get_text(): text.get_position() for text in ax.texts}["the image's own"]
    assert own == (3.5, -0.3)
    assert ax.get_xlim()[0] < -3 < 7 < ax.get_xlim()[1]
    assert ax.get_ylim()[0] > 6


def test_use_counts_writes_and_shades_the_counts():
    ax = figures.use_counts({"a": np.array([[1, 8]]), "b": np.array([[2, 4]])})
    assert texts(ax) == ["1", "8", "a", "2", "4", "b"]
    shaded = [patch for patch in ax.patches if patch.get_alpha()]
    assert np.allclose([patch.get_alpha() for patch in shaded], [0.1, 0.8, 0.2, 0.4])
    assert [patch.get_x() for patch in shaded] == [0, 1, 3.5, 4.5]
    ax = figures.use_counts({"tall": np.array([[1], [2], [3]]), "flat": [[9, 8]]})
    expected = {(0, 0): 1, (1, 0): 2, (2, 0): 3, (1, 2.5): 9, (1, 3.5): 8}
    assert numbers_at(ax) == expected
    assert fills(ax, WINDOW) == [(*place, 1, 1) for place in expected]


def test_error_by_distance_from_the_border():
    error = np.full((5, 6), 1.0)
    error[1:-1, 1:-1], error[2, 2:4] = 2.0, -3.0
    assert figures.by_distance(error).tolist() == [1, 2, 3]


def test_border_profile_goes_towards_the_border():
    error = np.full((7, 7), 1.0)
    error[1:-1, 1:-1], error[2:-2, 2:-2] = 2.0, -3.0
    ax = figures.border_profile({"one": error, "half": error / 2}, reach=3, title="found")
    lines = {line.get_label(): line for line in ax.lines}
    assert lines["one"].get_xdata().tolist() == [2, 1, 0]
    assert lines["one"].get_ydata().tolist() == [3, 2, 1]
    assert lines["half"].get_ydata().tolist() == [1.5, 1, 0.5]
    assert ax.get_xlim() == (2, 0)
    assert sorted(texts(ax)) == ["half", "one"]
    assert ax.get_ylim() == pytest.approx((0, 3.3))
    labels = ["distance from the border (pixels)", "root mean square error"]
    assert [ax.get_xlabel(), ax.get_ylabel()] == labels
    assert title(ax) == "found"


def test_core_is_the_smallest_square_with_the_share():
    gradient = np.ones((5, 5))
    assert figures.core(gradient, 0.04) == 1
    assert figures.core(gradient, 0.05) == 3
    assert figures.core(gradient, 0.36) == 3
    assert figures.core(gradient / 7, 0.36) == 3
    assert figures.core(gradient, 1) == 5
    for bad in (np.ones((4, 4)), np.ones((3, 5)), np.ones(3)):
        with pytest.raises(ValueError, match=r"expected \(n, n\) with n odd"):
            figures.core(bad)
    for share in (1.1, 0):
        with pytest.raises(ValueError, match=f"share is {share}; expected above 0 and at most 1"):
            figures.core(gradient, share)


def test_effective_field_has_its_rows_downwards_and_draws_the_prediction():
    gradient = np.zeros((5, 5))
    gradient[1, 2], gradient[2, 2], gradient[2, 3] = 1, 8, 1
    predicted = [0, 0.1, 0.7, 0.2, 0]
    image, profile = figures.effective_field(gradient, predicted)[0]
    assert title(image) == "95 % in 3 × 3 of 5 × 5 pixels"
    left, right, bottom, top = image.images[0].get_extent()
    assert (left, right, bottom, top) == (-2.5, 2.5, 2.5, -2.5)  # row 0 at the top, at −2
    assert image.images[0].origin == "upper"
    assert np.allclose(image.images[0].get_array(), gradient / 10)
    assert [bar.get_height() for bar in profile.patches] == [0, 0, 0.9, 0.1, 0]
    assert profile.lines[0].get_ydata().tolist() == predicted
    (box,) = image.patches
    assert (box.get_xy(), box.get_width(), box.get_height()) == ((-1.5, -1.5), 3, 3)
    bar = image.images[0].colorbar
    assert bar.ax.get_xlabel() == "share of the gradient per pixel"
    assert image.images[0].get_cmap().name == "cividis"
    assert [image.get_xlabel(), profile.get_xlabel()] == ["column from the centre (pixels)"] * 2
    assert image.get_ylabel() == "row from the centre (pixels)"
    assert profile.get_ylabel() == "share of the gradient"
    assert title(profile) == "Sum of each column"
    assert sorted(t.get_text() for t in profile.get_legend().get_texts()) == [
        "measured",
        "predicted",
    ]
    assert profile.lines[0].get_label() == "predicted"
    assert [b.get_x() + b.get_width() / 2 for b in profile.patches] == [-2, -1, 0, 1, 2]
    assert profile.lines[0].get_xdata().tolist() == [-2, -1, 0, 1, 2]
    assert profile.get_ylim()[0] == 0
    assert profile.get_ylim()[1] > 0.9


def test_padded_grids_stand_side_by_side_on_one_scale():
    ax = figures.padded_grid(4, 3, [1, 2])
    shown = texts(ax)
    for text in ("4 + 2·1 = 6", "4 + 2·2 = 8", "output 4 × 4", "output 6 × 6"):
        assert shown.count(text) == 1
    assert shown.count("0") == 6 * 6 - 4 * 4 + 8 * 8 - 4 * 4
    images = [patch for patch in ax.patches if patch.get_width() == patch.get_height() == 4]
    white = [patch for patch in images if patch.get_facecolor() == to_rgba("white")]
    assert np.allclose([patch.get_xy() for patch in white], [(1, 2), (6 + 1.2 + 4 + 2.4 + 2, 2)])


def test_rows_read_names_its_windows_downwards():
    ax = figures.rows_read(7, 3, 2, title="found")
    assert title(ax) == "found"
    assert ax.yaxis_inverted()
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["rows", "window 0", "window 1", "window 2"]
    ends = [line.get_xdata() for line in ax.lines]
    assert np.allclose(ends, [[-0.4, 2.4], [1.6, 4.4], [3.6, 6.4]])
    unread = figures.rows_read(8, 3, 2)
    edges = [patch.get_edgecolor() for patch in unread.patches]
    assert edges == [to_rgba(INK)] * 7 + [to_rgba(ALERT)]


def test_number_grids_outline_a_part():
    part = {"b": (1, 0, 2, 3)}
    ax = figures.number_grids({"a": np.ones((3, 2)), "b": np.ones((5, 4))}, outlines=part)
    (frame,) = [patch for patch in ax.patches if patch.get_linewidth() == 3]
    assert frame.get_xy() == (2 + 1.5, 1)
    assert (frame.get_width(), frame.get_height()) == (3, 2)
    assert frame.get_edgecolor() == to_rgba(INK)


def test_no_ink_touches_the_edge():
    stacks = {"one": [CONV], "two": [CONV, CONV]}
    drawn = [cones(stacks), path_maps(stacks), figures.padded_grid(4, 3, [1, 2])]
    drawn += [figures.rows_read(10, 3, 2), figures.use_counts({"a": np.ones((3, 3), int)})]
    for ax in drawn:
        canvas = ax.figure.canvas
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]
        for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
            assert (edge == 255).all()
        plt.close(ax.figure)
