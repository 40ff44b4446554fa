"""Windows, canvases, and networks that slide: the same answers, or refused."""

import numpy as np
import pytest

from helpers import nn
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
