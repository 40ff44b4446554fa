"""Windows, canvases, and networks that slide: the same answers, or refused."""

import numpy as np
import pytest

from helpers import nn, sliding
from helpers.sliding import as_convolutions, fill_canvas, match, training_windows, windows


def test_windows_are_cut_row_by_row():
    x = np.arange(30.0).reshape(1, 1, 5, 6)
    cut = windows(x, 3, 2)
    assert cut.shape == (4, 1, 3, 3)
    assert cut[:, 0, 0, 0].tolist() == [0, 2, 12, 14]
    np.testing.assert_array_equal(cut[3], x[0, :, 2:5, 2:5])


@pytest.mark.parametrize(
    ("x", "size", "step", "name"),
    [
        (np.zeros((2, 1, 5, 5)), 3, 1, "x holds 2"),
        (np.zeros((1, 1, 5, 4)), 5, 1, "size is 5"),
        (np.zeros((1, 1, 5, 5)), 3, 0, "step is 0"),
    ],
)
def test_windows_that_cannot_be_cut_are_refused(x, size, step, name):
    with pytest.raises(ValueError, match=name):
        windows(x, size, step)


def classifier(rng, padding=0):
    body = nn.Sequential(
        nn.Conv2D(2, 3, 3, padding=padding, rng=rng), nn.BatchNorm2D(3), nn.ReLU(), nn.MaxPool2D(2)
    )
    side = 3 + padding
    head = (nn.Flatten(), nn.Linear(3 * side * (side + 1), 6, rng=rng), nn.ReLU())
    last = (nn.Dropout(0.5), nn.Linear(6, 4, bias=False, rng=rng))
    return nn.Sequential(body, *head, *last).astype("float64").eval()


def test_one_pass_gives_the_answers_of_all_windows():
    rng = np.random.default_rng(0)
    model, x = classifier(rng), rng.normal(size=(1, 2, 16, 18))
    everywhere = as_convolutions(model, (2, 8, 10))
    grid = everywhere(x)
    assert grid.shape == (1, 4, 5, 5)
    for row, column in np.ndindex(5, 5):
        top, left = 2 * row, 2 * column
        answer = model(x[:, :, top : top + 8, left : left + 10])
        np.testing.assert_allclose(grid[:, :, row, column], answer, atol=1e-12)


def test_with_zero_padding_the_answers_differ():
    rng = np.random.default_rng(0)
    model, x = classifier(rng, padding=1), rng.normal(size=(1, 2, 16, 18))
    grid = as_convolutions(model, (2, 8, 10))(x)
    assert np.abs(grid[:, :, 2, 2] - model(x[:, :, 4:12, 4:14])).max() > 1e-3


def test_layers_are_shared_and_the_model_stays_as_it_was():
    model = classifier(np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(3, 2, 8, 10))
    before = model(x)
    everywhere = as_convolutions(model, (2, 8, 10))
    assert everywhere[0] is model[0][0]
    np.testing.assert_array_equal(model(x), before)
    np.testing.assert_allclose(everywhere(x)[:, :, 0, 0], before, atol=1e-12)


@pytest.mark.parametrize("layer", [nn.BatchNorm1D(4), nn.Residual(nn.Linear(4, 4))])
def test_layers_that_are_not_converted_are_refused(layer):
    with pytest.raises(ValueError, match=type(layer).__name__):
        as_convolutions(nn.Sequential(nn.Flatten(), layer), (1, 2, 2))


def test_global_pooling_is_refused():
    with pytest.raises(ValueError, match="GlobalAvgPool2D"):
        as_convolutions(nn.Sequential(nn.GlobalAvgPool2D(), nn.Flatten()), (1, 2, 2))


def test_a_canvas_holds_every_image_apart_from_the_others():
    x = np.random.default_rng(0).random((6, 1, 4, 5)) + 0.1
    canvas, places = fill_canvas(x, 40, 3, np.random.default_rng(1))
    assert canvas.shape == (1, 1, 40, 40)
    assert places.shape == (6, 2)
    for image, (top, left) in zip(x, places, strict=True):
        np.testing.assert_array_equal(canvas[0, :, top : top + 4, left : left + 5], image)
    assert np.count_nonzero(canvas) == x.size
    for index, place in enumerate(places):
        gaps = np.abs(np.delete(places, index, axis=0) - place) - (4, 5)
        assert (gaps >= 3).any(axis=1).all()


def test_a_canvas_without_room_is_refused():
    with pytest.raises(ValueError, match="no room for 5 images"):
        fill_canvas(np.ones((5, 1, 4, 4)), 9, 0, np.random.default_rng(0))


def test_training_windows_hold_an_image_or_none():
    x = np.ones((20, 1, 6, 6))
    data = x, np.arange(20) % 3
    cut, labels = training_windows(
        data, np.random.default_rng(0), size=8, canvas=48, gap=2, apart=5
    )
    assert cut.shape == (32, 1, 8, 8)
    assert np.bincount(labels)[3] == 16
    ink = cut.sum(axis=(1, 2, 3))
    assert (ink[labels < 3] >= 36).all()
    assert (ink[labels == 3] < 36).all()
    assert len(np.unique(ink[labels == 3])) > 1, "some windows hold a piece"


def test_each_label_is_found_once():
    corners, labels = np.array([[0, 0], [20, 20], [40, 0]]), np.array([3, 4, 5])
    found = [(2, 5, 3), (1, 1, 3), (20, 26, 4), (41, 1, 4), (38, 2, 5)]
    right, seen = match(found, corners, labels)
    assert right.tolist() == [True, False, False, False, True]
    assert seen.tolist() == [True, False, True]
    none = match([], corners, labels)
    assert (len(none[0]), none[1].any()) == (0, False)


def some(*shape):
    return np.random.default_rng(0).normal(size=shape)


def test_windows_from_one_pixel_to_the_whole_image():
    x = some(1, 2, 4, 5)
    assert np.array_equal(sliding.windows(x, 4, 1), [x[0, :, :, :4], x[0, :, :, 1:]])
    assert np.array_equal(sliding.windows(x, 1, 9), x[:, :, :1, :1])
    with pytest.raises(ValueError, match=r"x has shape \(4, 5\); expected 4 dimensions"):
        sliding.windows(x[0, 0], 2, 1)
    with pytest.raises(ValueError, match="x has dtype int64"):
        sliding.windows(x.astype(int), 2, 1)


def test_a_canvas_is_filled_to_its_last_place():
    image = some(1, 3, 4, 5).astype(np.float32)
    canvas, places = sliding.fill_canvas(image, 5, 0, np.random.default_rng(0))
    assert canvas.dtype == np.float32
    assert np.array_equal(canvas[0, :, places[0, 0] : places[0, 0] + 4], image[0])
    tops = {
        int(sliding.fill_canvas(image, 5, 0, np.random.default_rng(seed))[1][0, 0])
        for seed in range(9)
    }
    assert tops == {0, 1}
    # Two pixels with one between them, across or up, fill a canvas of three.
    _, places = sliding.fill_canvas(some(2, 1, 1, 1), 3, 1, np.random.default_rng(0))
    assert np.abs(places[0] - places[1]).max() == 2


@pytest.mark.parametrize(
    ("size", "gap", "rng", "message"),
    [
        (4, 0, np.random.default_rng(0), "size is 4; expected at least 5"),
        (5, -1, np.random.default_rng(0), "gap is -1; expected at least 0"),
        (5, 0, 0, "rng is 0; expected a Generator"),
    ],
)
def test_a_canvas_refuses_what_is_out_of_range(size, gap, rng, message):
    with pytest.raises(ValueError, match=message):
        sliding.fill_canvas(some(1, 1, 4, 5), size, gap, rng)


def test_a_canvas_as_large_as_a_window_has_one():
    data = np.ones((1, 1, 6, 6)), np.zeros(1, int)
    cut, kinds = sliding.training_windows(data, np.random.default_rng(0), 16, 16, 1, 0, 0)
    assert np.array_equal(cut[0], cut[1])
    assert kinds.tolist() == [0, 1]


def test_windows_for_training_hold_what_their_label_says():
    x = np.ones((16, 1, 6, 6)) * np.arange(1, 17).reshape(16, 1, 1, 1)
    labels = np.arange(16)
    rng = np.random.default_rng(0)
    cut, kinds = sliding.training_windows((x, labels), rng, 8, 64, 8, 2)
    assert np.bincount(kinds).tolist() == [*[1] * 16, 16]
    assert [(window == kind + 1).sum() for window, kind in zip(cut, kinds, strict=True)] == [
        36 if kind < 16 else 0 for kind in kinds
    ]
    full = zip(cut[kinds < 16], kinds[kinds < 16], strict=True)
    corners = [np.argwhere(window[0] == kind + 1)[0] for window, kind in full]
    assert {0, 1, 2} == {top for top, _ in corners} == {left for _, left in corners}


def test_windows_for_training_are_sixteen_wide_from_canvases_of_eight():
    data = np.ones((17, 1, 10, 10)), np.zeros(17, int)
    found = sliding.training_windows(data, np.random.default_rng(0))
    same = sliding.training_windows(data, np.random.default_rng(0), 16, 96, 8, 6, 5)
    assert found[0].shape == (32, 1, 16, 16)
    assert all(np.array_equal(*pair) for pair in zip(found, same, strict=True))


def test_corners_of_nothing_are_all_that_are_far_enough_from_all():
    places = np.array([[2.5, 2.5], [6.0, 1.0]] * 300)
    found = sliding._away_from(places, 7, 2.5, np.random.default_rng(0))
    far = [
        (i, j)
        for i, j in np.ndindex(7, 7)
        if max(abs(i - 2.5), abs(j - 2.5)) >= 2.5 and max(abs(i - 6), abs(j - 1)) >= 2.5
    ]
    assert len(found) == len(places)
    assert {tuple(place) for place in found} == set(far)


def test_a_find_near_two_labels_takes_the_first():
    corners, labels = [[0, 0], [2, 0]], [3, 3]
    assert sliding.match([(1, 0, 3)], corners, labels)[1].tolist() == [True, False]
    assert sliding.match([(5, 0, 3)], corners, labels)[1].tolist() == [True, False]
    assert sliding.match([(6, 0, 3)], corners, labels)[1].tolist() == [False, True]
    assert sliding.match([(8, 0, 3)], corners, labels)[0].tolist() == [False]
