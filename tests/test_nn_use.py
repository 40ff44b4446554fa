"""Networks in use, looked into and slid over pages: exact numbers, ties and the last places."""

import numpy as np
import pytest

from helpers import inside, sliding

LABELS = np.arange(60) % 3


def some(*shape):
    return np.random.default_rng(0).normal(size=shape)


def test_purity_takes_20_examples_and_of_a_map_the_largest_value():
    values = some(60, 4)
    maps = values[..., None, None] - np.abs(some(60, 4, 2, 3))
    maps[:, :, 1, 2] = values
    found = inside.purity(maps, LABELS)
    assert found == inside.purity(values, LABELS, 20)
    assert found not in (inside.purity(values, LABELS, 19), inside.purity(values, LABELS, 21))


@pytest.mark.parametrize(("size", "counts"), [(0.9e-6, False), (1.2e-6, True)])
def test_a_unit_that_hardly_changes_has_no_purity(size, counts):
    values = np.zeros((60, 2))
    values[:, 0] = LABELS  # of one class alone
    values[::20, 1] = size  # of examples 0, 20 and 40: a class each
    assert inside.purity(values, LABELS, 3) == (2 / 3 if counts else 1)


def test_the_largest_outputs_are_compared_in_six_decimals():
    assert inside.most_exciting(np.array([[0.5], [0.5000003]]), 2).tolist() == [[0, 1]]
    assert inside.most_exciting(np.array([[0.5], [0.500003]]), 2).tolist() == [[1, 0]]
    equal = inside.most_exciting(np.zeros((1000, 1)), 1000)
    assert np.array_equal(equal, [np.arange(1000)])


def test_a_change_is_measured_by_the_distance_of_others():
    values, changed = np.array([[[0.0, 0]], [[3, 4]]]), np.array([[[0.0, 1]], [[3, 4]]])
    swap = next(s for s in range(9) if np.random.default_rng(s).permutation(2)[0] == 1)
    # One of two moves by 1, and they are 5 apart.
    assert inside.relative_change(values, changed, np.random.default_rng(swap)) == 0.1


@pytest.mark.parametrize(("gain", "best"), [(2e-7, 0), (2e-6, 1)])
def test_scores_that_differ_by_rounding_are_equal(gain, best):
    class Method:
        def __init__(self, quality):
            self.quality, self.fits = quality, 0

        def fit(self, x, labels):
            self.fits += 1
            return self

        def score(self, x, labels):
            assert (x.shape, labels.shape) == ((3, 4), (3,))
            return self.quality

    methods, part = [Method(0.5), Method(0.5 + gain)], (np.zeros((3, 1, 2, 2)), np.zeros(3))
    assert inside.best_by_validation(methods, part, part, part) == methods[best].quality
    assert methods[best].fits == 2


@pytest.mark.parametrize("scale", [1e-3, 1, 1e3])
def test_a_linear_reading_does_not_depend_on_the_scale(scale):
    x = (some(90, 2, 3) + 0.4 * some(3, 2, 3)[np.arange(90) % 3]) * scale
    labels = np.arange(90) % 3
    expected = inside.linear_reading((x[:60] / scale, labels[:60]), (x[60:] / scale, labels[60:]))
    assert inside.linear_reading((x[:60], labels[:60]), (x[60:], labels[60:])) == expected


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
