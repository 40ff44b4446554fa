"""The handwritten digits: all there, unchanged, upright, and placed at random."""

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest
from sklearn.datasets import load_digits as sklearn_digits

from helpers.data import load_digits, scatter_on_canvas

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def digits():
    return load_digits(size=8)


def test_digits_are_all_there_once(digits):
    (x, labels), (test_x, test_labels) = digits
    assert (x.shape, test_x.shape) == ((1297, 1, 8, 8), (500, 1, 8, 8))
    assert (labels.shape, test_labels.shape) == ((1297,), (500,))
    assert (x.dtype, labels.dtype) == (np.float32, np.int64)
    assert (x.min(), x.max()) == (0, 1)
    bunch = sklearn_digits()
    rows = np.concatenate([x, test_x]).reshape(-1, 64) * 16
    ours = sorted(zip(map(tuple, rows), [*labels, *test_labels], strict=True))
    theirs = sorted(zip(map(tuple, bunch.data), bunch.target, strict=True))
    assert ours == theirs


def test_the_split_is_random_and_always_the_same(digits):
    again = load_digits(size=8)
    assert np.array_equal(again.train[0], digits.train[0])
    assert np.array_equal(again.test[1], digits.test[1])
    assert digits.test[1][:10].tolist() == [1, 7, 6, 5, 2, 2, 9, 1, 8, 5]
    # sklearn's are sorted by writer, and start 0, 1, 2, …
    assert digits.train[1][:10].tolist() != list(range(10))
    assert np.bincount(digits.test[1], minlength=10).min() >= 35


@pytest.mark.parametrize(("arguments", "size"), [([9], 9), ([], 32)])
def test_digits_enlarged_keep_their_shape(digits, arguments, size):
    larger = load_digits(*arguments)
    assert larger.train[0].shape == (1297, 1, size, size)
    assert larger.train[0].dtype == np.float32
    assert 0 <= larger.train[0].min() <= larger.train[0].max() <= 1
    assert np.array_equal(larger.test[1], digits.test[1])
    small = paddle.to_tensor(digits.test[0])
    expected = F.interpolate(small, size=[size, size], mode="bilinear", align_corners=False)
    np.testing.assert_allclose(larger.test[0], expected.numpy(), atol=1e-6)


def test_scatter_places_every_image_whole_and_upright():
    x = RNG.uniform(1, 2, (300, 2, 3, 5)).astype(np.float32)
    canvas = scatter_on_canvas(x, 7, np.random.default_rng(0))
    assert (canvas.shape, canvas.dtype) == ((300, 2, 7, 7), np.float32)
    assert (np.count_nonzero(canvas, axis=(1, 2, 3)) == 2 * 3 * 5).all()
    corners = set()
    for image, place in zip(x, canvas, strict=True):
        rows, columns = np.nonzero(place[0])
        top, left = rows.min(), columns.min()
        assert np.array_equal(place[:, top : top + 3, left : left + 5], image)
        corners.add((int(top), int(left)))
    assert corners == {(top, left) for top in range(5) for left in range(3)}


def test_scatter_follows_the_generator_and_leaves_x_alone(digits):
    x = digits.train[0][:50]
    x.setflags(write=False)
    first = scatter_on_canvas(x, 16, np.random.default_rng(0))
    assert np.array_equal(first, scatter_on_canvas(x, 16, np.random.default_rng(0)))
    assert not np.array_equal(first, scatter_on_canvas(x, 16, np.random.default_rng(1)))
    assert np.array_equal(scatter_on_canvas(x, 8, np.random.default_rng(0)), x)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: load_digits(7), "size is 7; expected at least 8"),
        (lambda x: load_digits(8.0), r"size is 8\.0; expected an int"),
        (lambda x: scatter_on_canvas(x, 7, RNG), "size is 7; expected at least 8"),
        (lambda x: scatter_on_canvas(x[:, :, :3], 7, RNG), "size is 7; expected at least 8"),
        (lambda x: scatter_on_canvas(x, 9, 0), "rng is 0; expected a Generator"),
        (lambda x: scatter_on_canvas(x[0], 9, RNG), "x has shape .* expected 4 dimensions"),
        (lambda x: scatter_on_canvas(x.astype(int), 9, RNG), "x has dtype int64"),
    ],
)
def test_bad_input_is_named(digits, call, message):
    with pytest.raises(ValueError, match=message):
        call(digits.train[0])
