"""Chapter 01's figures: years to scale, boxes from masks, blocks from the summary."""

import numpy as np
import pytest

from helpers import geometry, probe
from helpers.figures import tasks
from helpers.figures.history import eye_to_label, pipelines, timeline
from helpers.figures.volumes import volumes
from tests.common import texts, title


def test_timeline_is_to_scale_and_keeps_labels_apart():
    ax = timeline({"a": 1959}, {"b": 2014, "c": 2015, "d": 2016}, era=("e", 1998, 2012))
    marked = {line.get_ydata()[0] for line in ax.lines if line.get_marker() in "os"}
    assert marked == {1959, 2014, 2015, 2016}
    places = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert set(places) == {"a  1959", "2014  b", "2015  c", "2016  d", "e"}
    right = np.diff([places["2014  b"], places["2015  c"], places["2016  d"]])
    assert right.min() > 3.3  # about a seventeenth of the 57 years
    (stretch,) = ax.collections
    box = stretch.get_paths()[0].get_extents()
    assert (box.y0, box.y1) == (1998, 2012)
    assert box.x1 == 0


def test_timeline_has_squares_at_the_left_and_circles_at_the_right():
    ax = timeline({"a": 1980}, {"b": 1990}, heads=("people", "networks"))
    markers = {line.get_ydata()[0]: line.get_marker() for line in ax.lines}
    assert markers[1980] == "s"
    assert markers[1990] == "o"
    where = {text.get_text(): text.get_position() for text in ax.texts}
    assert where["people"][0] < 0 < where["networks"][0]
    assert where["a  1980"][0] < 0 < where["1990  b"][0]
    assert where["people"][1] < 1980  # years grow downwards
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
    with pytest.raises(ValueError, match="kind is 'magic'; expected one of data, made, learned"):
        pipelines({"row": [("x", "magic")]})


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
