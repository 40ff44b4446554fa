"""Chapter 01's figures: years to scale, boxes from masks, blocks from the summary."""

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from scipy.ndimage import sobel

from helpers import geometry, probe
from helpers.figures import tasks
from helpers.figures.history import eye_to_label, pipelines, timeline
from helpers.figures.style import ALERT, INK, KERNEL, OUTPUT, QUIET, WINDOW
from helpers.figures.volumes import volumes
from tests.common import texts, title
from tests.drawings import places


def test_timeline_is_to_scale_and_keeps_labels_apart():
    ax = timeline({"a": 1959}, {"b": 2014, "c": 2015, "d": 2016}, era=("e", 1998, 2012))
    marked = {line.get_ydata()[0] for line in ax.lines if line.get_marker() in "os"}
    assert marked == {1959, 2014, 2015, 2016}
    places = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert set(places) == {"a  1959", "2014  b", "2015  c", "2016  d", "e"}
    right = np.diff([places["2014  b"], places["2015  c"], places["2016  d"]])
    assert right.min() > 3.3  # about a seventeenth of the 57 years
    assert np.isclose(places["2015  c"], 2015, atol=0.01)  # pushed apart evenly
    assert places["e"] == (1998 + 2012) / 2
    assert ax.get_ylim()[0] > places["2016  d"] > 2016
    (stretch,) = ax.collections
    box = stretch.get_paths()[0].get_extents()
    assert (box.y0, box.y1) == (1998, 2012)
    assert box.x1 == 0


def test_timeline_leads_each_label_to_its_year_whatever_their_order():
    ax = timeline({"z": 1950, "a": 1990}, {"y": 2000, "b": 1960, "c": 1961})
    years = {"z  1950": 1950, "a  1990": 1990, "2000  y": 2000, "1960  b": 1960, "1961  c": 1961}
    leads = {line.get_ydata()[-1]: line for line in ax.lines if len(line.get_xdata()) == 3}
    for name, (x, y) in places(ax).items():
        side = 1 if name[0] in "12" else -1
        line = leads[y]
        assert line.get_ydata()[0] == years[name]
        assert line.get_xdata()[0] == 0 < side * line.get_xdata()[-1] < side * x < 1
        assert abs(y - years[name]) < 2
    trunk = next(line.get_xydata().tolist() for line in ax.lines if line.get_color() == INK)
    assert trunk == [[0, 1950], [0, 2000]]
    marks = {line.get_ydata()[0]: line for line in ax.lines if line.get_marker() in "os"}
    assert {line.get_xdata()[0] for line in marks.values()} == {0}
    colors = [marks[year].get_markerfacecolor() for year in (1950, 1990, 1960, 1961, 2000)]
    assert colors == [WINDOW] * 2 + [KERNEL] * 3
    assert ax.get_xlim()[0] < -1 < 1 < ax.get_xlim()[1]
    assert not ax.axison


def test_timeline_has_squares_at_the_left_and_circles_at_the_right():
    ax = timeline({"a": 1980}, {"b": 1990}, heads=("people", "networks"))
    markers = {line.get_ydata()[0]: line.get_marker() for line in ax.lines}
    assert markers[1980] == "s"
    assert markers[1990] == "o"
    where = {text.get_text(): text.get_position() for text in ax.texts}
    assert where["people"][0] < 0 < where["networks"][0]
    assert where["a  1980"][0] < 0 < where["1990  b"][0]
    assert where["people"][1] < 1980  # years grow downwards
    aligned = [text.get_ha() for text in ax.texts if text.get_text() in ("people", "networks")]
    assert aligned == ["right", "left"]
    bottom, top = ax.get_ylim()
    assert bottom > 1990 > 1980 > where["people"][1] > top


def test_eye_to_label_names_parts_and_object():
    photograph = np.tile(np.linspace(0, 0.5, 50), (40, 1))
    photograph[:, 30:] += 0.5  # one strong edge between columns 29 and 30
    grid = eye_to_label(photograph, {"eye": (5, 10, 9, 12)}, "cat")
    assert [title(ax) for ax in grid.flat] == ["1. light", "2. edges", "3. parts", "4. object"]
    assert texts(grid[0, 2]) == ["eye"]
    assert texts(grid[0, 3]) == ["cat"]
    (box,) = grid[0, 2].patches
    assert (*box.get_xy(), box.get_width(), box.get_height()) == (10, 5, 12, 9)
    edges = grid[0, 1].images[0].get_array()
    assert edges.shape == photograph.shape
    assert edges.min() == 0
    assert set(np.flatnonzero((edges < 0.1).all(axis=0))) == {29, 30}
    assert np.array_equal(grid[0, 0].images[0].get_array(), photograph)
    assert (places(grid[0, 2])["eye"][0], places(grid[0, 3])["cat"][0]) == (16, 25)
    assert 14 < places(grid[0, 2])["eye"][1] < 25
    assert 30 < places(grid[0, 3])["cat"][1] < 40
    (frame,) = grid[0, 3].patches
    assert (box.get_fill(), frame.get_fill()) == (False, False)
    assert (box.get_edgecolor()[:3], frame.get_edgecolor()[:3]) == (to_rgb(WINDOW), to_rgb(OUTPUT))
    assert 0 < frame.get_x() < frame.get_x() + frame.get_width() < 50
    assert 0 < frame.get_y() < frame.get_y() + frame.get_height() < 40


def test_edges_are_the_slopes_size_dark_on_white():
    photograph = np.random.default_rng(0).random((12, 15))
    size = np.hypot(sobel(photograph, 0, mode="mirror"), sobel(photograph, 1, mode="mirror"))
    grid = eye_to_label(photograph, {}, "cat")
    assert np.allclose(grid[0, 1].images[0].get_array(), 1 - size / size.max())


def test_eye_to_label_moves_boxes_with_a_photograph_that_is_shown_smaller():
    photograph = np.zeros((300, 300))
    photograph[0, 0] = 1
    grid = eye_to_label(photograph, {"nose": (208, 152, 52, 72)}, "cat")
    assert grid[0, 2].images[0].get_array().shape == (150, 150)
    (box,) = grid[0, 2].patches
    assert (*box.get_xy(), box.get_width(), box.get_height()) == (76, 104, 36, 26)


def test_pipelines_tell_made_from_learned():
    ax = pipelines({"row": [("x", "data"), ("by hand", "made"), ("found", "learned")]})
    assert {"row", "x", "by hand", "found"} <= set(texts(ax))
    assert [bool(patch.get_hatch()) for patch in ax.patches[:3]] == [False, True, False]
    edges = [to_hex(patch.get_edgecolor()) for patch in ax.patches[:3]]
    assert edges == [color.lower() for color in (QUIET, WINDOW, KERNEL)]
    faces = [to_hex(patch.get_facecolor()) for patch in ax.patches[:3]]
    assert faces[0] == faces[1] == "#ffffff" != faces[2]
    with pytest.raises(ValueError, match="kind is 'magic'; expected one of data, made, learned"):
        pipelines({"row": [("x", "magic")]})


def test_pipelines_run_from_left_to_right_one_beneath_the_other():
    ax = pipelines(
        {"one": [("a", "data"), ("b", "made"), ("c", "learned")], "two": [("d", "data")]}
    )
    place = places(ax)
    boxes = dict(zip("abcd", (patch.get_bbox() for patch in ax.patches[:4]), strict=True))
    for name, box in boxes.items():
        assert np.isclose(place[name][0], (box.x0 + box.x1) / 2, atol=0.1)
        assert np.isclose(place[name][1], (box.y0 + box.y1) / 2)
    assert boxes["a"].x0 < boxes["a"].x1 < boxes["b"].x0 < boxes["b"].x1 < boxes["c"].x0
    assert boxes["c"].x1 > boxes["d"].x1 - 1 > 8
    assert place["one"][1] < boxes["a"].y0 < boxes["a"].y1 < place["two"][1] < boxes["d"].y0
    arrows = [(*text.xyann, *text.xy) for text in ax.texts if not text.get_text()]
    for (x, y, tip, tip_y), (tail, head) in zip(arrows, ("ab", "bc"), strict=True):
        assert boxes[tail].x1 < x < tip < boxes[head].x0
        assert y == tip_y == place["a"][1]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 0 <= boxes["d"].x1 < right <= 10
    assert top < place["one"][1] < boxes["d"].y1 < bottom
    papers = {text.get_text(): text.get_bbox_patch() for text in ax.texts if text.get_text()}
    assert [name for name, paper in papers.items() if paper] == [
        "b"
    ]  # so that hatching is no noise


def test_scene_objects_do_not_overlap_and_boxes_fit():
    picture, masks = tasks.scene()
    assert [name for name, _ in masks] == ["bottle", "cube", "cube", "cup"]
    assert sum(mask.astype(int) for _, mask in masks).max() == 1
    assert 0 <= picture.min() <= picture.max() <= 1
    for _, mask in masks:
        (top, bottom), (left, right) = probe.bounding_box(mask)
        inside = mask[top : bottom + 1, left : right + 1]
        assert inside.sum() == mask.sum()
        assert all(side.any() for side in (inside[0], inside[-1], inside[:, 0], inside[:, -1]))


def test_scene_objects_have_their_places_and_colours_and_stand_on_the_table():
    picture, masks = tasks.scene(100, 167)
    found = {}
    for name, mask in masks:
        brightest = int(picture[mask].mean(axis=0).argmax())
        key = name if name not in found else f"second {name}"
        found[key] = int(mask.sum()), *probe.bounding_box(mask), ("red", "green", "blue")[brightest]
    assert found == {
        "bottle": (1506, (11, 84), (17, 42), "green"),
        "cube": (650, (55, 85), (59, 89), "blue"),
        "second cube": (637, (66, 91), (75, 100), "red"),
        "cup": (1045, (53, 83), (114, 156), "red"),
    }
    empty = ~np.any([mask for _, mask in masks], axis=0)
    wall, table = picture[:73][empty[:73]], picture[73:][empty[73:]]
    assert np.ptp(wall, axis=0).max() == np.ptp(table, axis=0).max() == 0
    assert (
        wall[0].min() > table[0].max() > table[0].min() + 0.2
    )  # a brown table before a light wall
    assert table[0, 0] > table[0, 2]
    # Light falls from the left on what is round; a cube's lid is brighter than its front and side.
    for index, row in ((0, 70), (3, 70)):
        seen = np.flatnonzero(masks[index][1][row])
        left, right = seen[4], seen[0] + 22
        assert picture[row, left].sum() > picture[row, right].sum()
    lid, front, side = picture[58, 75], picture[75, 65], picture[61, 85]
    assert lid.sum() > front.sum() > side.sum()


def test_four_tasks_answer_from_the_masks():
    picture, masks = tasks.scene()
    grid = tasks.four_tasks(picture, masks)
    assert np.array_equal(grid[0, 0].images[0].get_array(), picture)
    assert texts(grid[0, 0]) == ["bottle"]
    assert sorted(texts(grid[0, 1])) == ["bottle", "cube", "cube", "cup"]
    assert sorted(texts(grid[1, 1])) == ["bottle 1", "cube 1", "cube 2", "cup 1"]
    for patch, (_, mask) in zip(grid[0, 1].patches, masks, strict=True):
        (left, top), (right, bottom) = np.round(patch.get_bbox().get_points() + 0.5).astype(int)
        assert probe.bounding_box(mask) == ((top, bottom - 1), (left, right - 1))
        assert not patch.get_fill()
        assert patch.get_edgecolor()[:3] == to_rgb(ALERT)
    assert [title(ax) for ax in grid.flat] == [
        "classification: one label",
        "detection: a box and a label each",
        "semantic segmentation: a class a pixel",
        "instance segmentation: an object a pixel",
    ]
    assert texts(grid[0, 0]) + texts(grid[0, 1]) == ["bottle", *(name for name, _ in masks)]
    assert texts(grid[1, 1]) == ["bottle 1", "cube 1", "cube 2", "cup 1"]
    for ax, dots in ((grid[0, 1], None), (grid[1, 1], masks)):
        for text, patch, (_, mask) in zip(ax.texts, grid[0, 1].patches, masks, strict=True):
            (top, bottom), (left, right) = probe.bounding_box(mask)
            x, y = text.get_position()
            assert left < x < right
            assert text.get_ha() == text.get_va() == "center"
            if dots:  # in the middle of what is covered
                assert np.allclose((y, x), np.argwhere(mask).mean(axis=0))
            else:  # above the box
                assert patch.get_y() - 20 < y < patch.get_y()


def test_segmentation_covers_each_object_with_its_own_colour_and_each_class_with_one():
    picture, masks = tasks.scene(100, 167)
    grid = tasks.four_tasks(picture, masks)
    covers = {}
    for ax in grid[1]:
        shown, *layers = ax.images
        assert np.array_equal(shown.get_array(), picture)
        covers[ax] = []
        for layer in layers:
            seen = np.isfinite(layer.get_array().filled(np.nan))
            color = to_hex(layer.cmap(layer.norm(1.0)))
            covers[ax].append((seen, color))
    classes = covers[grid[1, 0]]
    legend = grid[1, 0].get_legend()
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["bottle", "cup", "cube"]
    for name, handle, (seen, color) in zip(names, legend.legend_handles, classes, strict=True):
        assert np.array_equal(
            seen, np.any([mask for other, mask in masks if other == name], axis=0)
        )
        assert to_hex(handle.get_facecolor()) == color
    assert len({color for _, color in classes}) == 3
    hatches = [handle.get_hatch() or None for handle in legend.legend_handles]
    drawn = [c.hatches[0] for c in grid[1, 0].collections if getattr(c, "hatches", [None])[0]]
    assert drawn == hatches[:2]
    assert len(set(hatches)) == 3
    objects = covers[grid[1, 1]]
    assert len({color for _, color in objects}) == len(masks) == 4
    for (seen, _), (_, mask) in zip(objects, masks, strict=True):
        assert np.array_equal(seen, mask)
    # Every cover has an outline where it ends.
    for ax in grid[1]:
        outlines = [c for c in ax.collections if not c.filled]
        assert [list(c.levels) for c in outlines] == [[0.5]] * len(covers[ax])


def test_the_label_is_the_class_that_covers_most_however_many_objects_there_are():
    masks = [(name, np.zeros((30, 40), bool)) for name in ("cup", "cube", "bottle", "cube")]
    for (_, mask), height in zip(masks, (10, 8, 9, 8), strict=True):
        mask[5 : 5 + height, 5:10] = True
    grid = tasks.four_tasks(np.ones((30, 40, 3)), masks)
    assert texts(grid[0, 0]) == ["cube"]
    assert texts(grid[1, 1]) == ["cup 1", "cube 1", "bottle 1", "cube 2"]


def test_volumes_are_named_with_the_summarys_shapes():
    layers = [geometry.conv(6, 5), geometry.activation(), geometry.pool(2)]
    layers += [geometry.conv(9, 14), geometry.flatten(), geometry.linear(4)]
    ax = volumes(geometry.summary(layers, (1, 32, 32)), (1, 32, 32))
    assert texts(ax) == [
        "input\n1 × 32 × 32",
        "conv\n6 × 28 × 28",
        "pool\n6 × 14 × 14",
        "conv\n9",
        "linear\n4",
    ]
    fronts = [np.ptp(patch.get_xy(), axis=0) for patch in ax.patches[1::6]]
    assert np.allclose(fronts, [(1, 32), (6, 28), (6, 14), (9, 1), (4, 1)])
    colors = [patch.get_facecolor()[:3] for patch in ax.patches[1::6]]
    assert colors == [to_rgb(color) for color in (WINDOW, *[KERNEL] * 3, OUTPUT)]
    ends, below = -np.inf, []
    for index, (text, width) in enumerate(zip(ax.texts, (32, 28, 14, 1, 1), strict=True)):
        front, lid, side = (
            patch.get_xy()[:4] for patch in ax.patches[6 * index + 1 : 6 * index + 6 : 2]
        )
        left, top = front.min(axis=0)
        right, bottom = front.max(axis=0)
        deep, up = 0.4 * width, 0.3 * width
        assert (top + bottom) / 2 == 16
        assert np.allclose(
            lid, [(left, top), (right, top), (right + deep, top - up), (left + deep, top - up)]
        )
        far = [(right + deep, top - up), (right + deep, bottom - up)]
        assert np.allclose(side, [(right, top), *far, (right, bottom)])
        assert left > ends
        ends = right + deep
        x, y = text.get_position()
        assert x == pytest.approx((left + ends) / 2)
        assert y > 32
        below.append(y)
        leader = ax.lines[index]
        assert leader.get_xdata() == pytest.approx([x, x])
        assert 32 < leader.get_ydata()[0] < leader.get_ydata()[1] == y
        assert leader.get_linestyle() == "-"
    assert (np.abs(np.diff(below)) > 5).all()  # neighbours' names at two heights
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert low < 0 < ends < high
    assert top < -0.3 * 32 < max(below) < bottom
