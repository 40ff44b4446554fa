"""conv2d, conv2d_transpose and pad2d against Paddle, and what they refuse."""

import tracemalloc

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import ops
from helpers.ops._tape import Tapes
from tests.common import assert_same, for_paddle

CASES = settings(max_examples=200, deadline=None, derandomize=True)

small = st.integers(1, 3)
pairs = st.tuples(small, small)


@st.composite
def layers(draw, transpose=False):
    """Arrays and arguments of one convolution, valid or not."""
    groups, c_in, c_out = draw(small), draw(small), draw(small)
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, h, w = draw(small), draw(st.integers(1, 12)), draw(st.integers(1, 12))
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    channels = (groups * c_in, c_out) if transpose else (groups * c_out, c_in)
    x = rng.normal(size=(n, groups * c_in, h, w)).astype(dtype)
    weight = rng.normal(size=(*channels, *kernel)).astype(dtype)
    bias = rng.normal(size=groups * c_out).astype(dtype) if draw(st.booleans()) else None
    return x, weight, bias, draw(pairs), draw(pairs), groups


padding_numbers = st.integers(0, 3)
paddings = st.one_of(
    padding_numbers,
    st.tuples(padding_numbers, padding_numbers),
    st.tuples(*[st.tuples(padding_numbers, padding_numbers)] * 2),
    st.sampled_from(["same", "valid"]),
)


def tensor(array):
    return None if array is None else paddle.to_tensor(array)


@CASES
@given(layers(), paddings)
def test_conv2d_equals_paddle(layer, padding):
    x, weight, bias, stride, dilation, groups = layer
    if padding == "same":
        dilation = (1, 1)  # Paddle forgets any other: see test_same_honours_dilation
    try:
        y = ops.conv2d(x, weight, bias, stride, padding, dilation, groups)
    except ValueError as error:
        assert "weight's kernel is" in str(error)
        return
    reference = F.conv2d(
        tensor(x), tensor(weight), tensor(bias), stride, for_paddle(padding), dilation, groups
    )
    assert_same(y, reference.numpy())


@CASES
@given(layers(), padding_numbers, st.sampled_from(["reflect", "replicate", "circular"]))
def test_conv2d_padding_modes_equal_paddle(layer, padding, mode):
    x, weight, _, stride, dilation, groups = layer
    options = {"stride": stride, "dilation": dilation, "groups": groups, "padding_mode": mode}
    try:
        y = ops.conv2d(x, weight, None, padding=padding, **options)
    except ValueError as error:
        assert "weight's kernel is" in str(error) or "reflecting can add at most" in str(error)
        return
    layer = paddle.nn.Conv2D(
        x.shape[1], len(weight), weight.shape[2:], padding=padding, bias_attr=False, **options
    )
    layer = layer.to(dtype=str(x.dtype))
    layer.weight.set_value(weight)
    assert_same(y, layer(tensor(x)).numpy())


@CASES
@given(layers(transpose=True), paddings, st.data())
def test_conv2d_transpose_equals_paddle(layer, padding, data):
    x, weight, bias, stride, dilation, groups = layer
    if padding == "same":
        dilation = (1, 1)
    extra = tuple(data.draw(st.integers(0, s - 1)) for s in stride)
    try:
        y = ops.conv2d_transpose(x, weight, bias, stride, padding, extra, dilation, groups)
    except ValueError as error:
        assert "takes away all" in str(error)
        return
    reference = F.conv2d_transpose(
        tensor(x),
        tensor(weight),
        tensor(bias),
        stride,
        for_paddle(padding),
        extra,
        dilation,
        groups,
    )
    assert_same(y, reference.numpy())


@settings(CASES, max_examples=200)
@given(
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    st.tuples(*[st.tuples(padding_numbers, padding_numbers)] * 2),
    st.sampled_from(["constant", "reflect", "replicate", "circular"]),
    st.sampled_from([np.float32, np.float64]),
)
def test_pad2d_equals_paddle(size, padding, mode, dtype):
    x = np.random.default_rng(size).normal(size=(2, 3, *size)).astype(dtype)
    value = 1.5 if mode == "constant" and size[0] % 2 else 0.0
    try:
        y = ops.pad2d(x, padding, mode, value)
    except ValueError as error:
        assert "reflecting can add at most" in str(error)
        return
    (top, bottom), (left, right) = padding
    reference = F.pad(tensor(x), [left, right, top, bottom], mode=mode, value=value)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, reference.numpy())


@settings(CASES, max_examples=100)
@given(layers(), st.tuples(padding_numbers, padding_numbers))
def test_the_transpose_is_the_transposed_matrix(layer, padding):
    """<conv2d(x), y> equals <x, conv2d_transpose(y)> for every x and y: the definition."""
    x, weight, _, stride, dilation, groups = layer
    x, weight = x.astype(float), weight.astype(float)
    try:
        forward = ops.conv2d(x, weight, None, stride, padding, dilation, groups)
    except ValueError as error:
        assert "weight's kernel is" in str(error)
        return
    y = np.random.default_rng(0).normal(size=forward.shape)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, weight.shape[2:], strict=True)]
    unread = tuple(
        (size + 2 * p - span) % s
        for size, p, span, s in zip(x.shape[2:], padding, spans, stride, strict=True)
    )
    back = ops.conv2d_transpose(y, weight, None, stride, padding, unread, dilation, groups)
    assert back.shape == x.shape
    assert np.isclose((forward * y).sum(), (x * back).sum(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_same_honours_dilation(stride, dilation):
    x = np.random.default_rng(0).normal(size=(1, 1, 10, 11))
    weight = np.random.default_rng(1).normal(size=(1, 1, 3, 4))
    y = ops.conv2d(x, weight, stride=stride, padding="SAME", dilation=dilation)
    assert y.shape[2:] == (-(-10 // stride), -(-11 // stride))
    outputs = np.array(y.shape[2:])
    total = (outputs - 1) * stride + dilation * (np.array([3, 4]) - 1) + 1 - np.array([10, 11])
    before = np.maximum(total, 0) // 2
    sides = [(int(b), int(t - b)) for b, t in zip(before, np.maximum(total, 0), strict=True)]
    expected = ops.conv2d(x, weight, stride=stride, padding=sides, dilation=dilation)
    assert np.array_equal(y, expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_layout_of_memory_gives_the_same(dtype):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4, 9, 8)).astype(dtype)
    weight = rng.normal(size=(2, 4, 3, 3)).astype(dtype)
    expected = ops.conv2d(x, weight, padding=1)
    channels_last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    backwards = np.ascontiguousarray(x[..., ::-1])[..., ::-1]
    for other in (channels_last, backwards, np.asfortranarray(x)):
        y = ops.conv2d(other, np.asfortranarray(weight), padding=1)
        np.testing.assert_array_equal(y, expected)
        assert y.flags.c_contiguous
        assert y.dtype == dtype


def test_arguments_are_not_changed():
    x, weight, bias = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones(1)
    for array in (x, weight, bias):
        array.setflags(write=False)
    assert np.all(ops.conv2d(x, weight, bias) == 5)
    assert ops.conv2d_transpose(x, weight, bias).shape == (1, 1, 4, 4)
    padded = ops.pad2d(x, 0)
    padded[:] = 7  # an array of its own, even where nothing is added
    assert np.all(x == 1)


def test_blocks_of_rows_and_of_images_join_seamlessly(monkeypatch):
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(5, 4, 9, 7)), rng.normal(size=(6, 2, 3, 3))
    expected = ops.conv2d(x, weight, padding=1, stride=(2, 1), groups=2)
    for block in (1, 5_000, 20_000, 100_000):
        monkeypatch.setattr("helpers.ops._tape._BLOCK_BYTES", block)
        y = ops.conv2d(x, weight, padding=1, stride=(2, 1), groups=2)
        np.testing.assert_allclose(y, expected, rtol=1e-12)


def test_a_tape_ends_where_the_last_window_ends():
    tapes = Tapes((4, 5), ((0, 0), (0, 0)), (2, 3), (1, 2), (1, 2), (3, 1))
    # Rows of 3, every second column; the last window starts in row 1, two places to the right.
    assert tapes.blank(1, 1, float).shape == (1, 2, 1, 1, 4 * 3 + 2)


ROW = 4 * 2 * 3 * 9 * 8  # bytes: channels, window, width, float64


@pytest.mark.parametrize(
    ("limit", "images", "rows"),
    [(1, 1, 1), (4 * ROW, 1, 4), (5 * ROW - 1, 1, 4), (13 * ROW, 2, 6), (99 * ROW, 5, 6)],
)
def test_blocks_are_as_large_as_allowed_and_cover_all(monkeypatch, limit, images, rows):
    monkeypatch.setattr("helpers.ops._tape._BLOCK_BYTES", limit)
    tapes = Tapes((7, 9), ((0, 0), (0, 0)), (2, 3), (1, 1), (1, 1), (6, 7))
    blocks, seen = list(tapes.blocks(5, 4, 8)), np.zeros((5, 6), int)
    for block in blocks:
        seen[block] += 1
    assert (seen == 1).all()
    assert seen[blocks[0]].shape == (images, rows)
    assert [part.stop for part in blocks[-1]] == [5, 6]


def test_memory_stays_bounded_on_a_large_photograph(monkeypatch):
    monkeypatch.setattr("helpers.ops._tape._BLOCK_BYTES", 2**20)
    photograph = np.ones((1, 1, 1000, 1500), np.float32)
    blur = np.full((1, 1, 5, 5), 1 / 25, np.float32)
    tracemalloc.start()
    y = ops.conv2d(photograph, blur, padding="same")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert y.shape == photograph.shape
    assert np.allclose(y[:, :, 2:-2, 2:-2], 1)
    assert peak <= 2.5 * photograph.nbytes


def test_padding_may_be_filled_with_anything():
    for value in (np.nan, -np.inf, 7, np.float32(0.5)):
        y = ops.pad2d(np.ones((1, 1, 1, 1), np.float32), ((0, 0), (1, 0)), value=value)
        assert_same(y, np.array([[[[value, 1]]]], np.float32))


def test_nan_and_infinity_pass_through():
    x = np.zeros((1, 1, 5, 5))
    x[0, 0, 2, 2] = np.nan
    y = ops.conv2d(x, np.ones((1, 1, 3, 3)), padding=1)
    assert np.isnan(y[0, 0, 1:4, 1:4]).all()
    assert np.isnan(y).sum() == 9
    x[0, 0, 2, 2] = np.inf
    assert np.isinf(ops.conv2d(x, np.ones((1, 1, 5, 5)))).all()
    huge = np.full((1, 1, 2, 2), 3e38, np.float32)
    assert np.isinf(ops.conv2d(huge, np.ones((1, 1, 2, 2), np.float32))).all()


X, W = np.ones((1, 2, 5, 5)), np.ones((4, 2, 3, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ops.conv2d(X[0], W), r"x has shape \(2, 5, 5\); expected 4 dimensions"),
        (lambda: ops.conv2d(X[0, 0], W), r"x\.reshape\(1, 1, \*x\.shape\) makes one image"),
        (lambda: ops.conv2d(X, W[0]), r"weight has shape \(2, 3, 3\)"),
        (lambda: ops.conv2d(X, W[:, :1]), "x has 2 channels; .* expects 1"),
        (lambda: ops.conv2d(X, W[:3, :1], groups=2), "groups is 2; it must divide weight's 3"),
        (lambda: ops.conv2d(X, W, groups=0), "groups is 0; expected at least 1"),
        (lambda: ops.conv2d(X, W, np.ones(3)), "bias has 3 values; expected 4"),
        (lambda: ops.conv2d(X, W, np.ones((4, 1))), r"bias has shape \(4, 1\)"),
        (lambda: ops.conv2d(X, W, np.ones(4, np.float32)), "bias has dtype float32 and x has"),
        (lambda: ops.conv2d(X[:0], W), r"x has shape \(0, 2, 5, 5\); every axis"),
        (lambda: ops.conv2d(X, W[:, :, :0]), r"weight has shape \(4, 2, 0, 3\); every axis"),
        (lambda: ops.conv2d(X.astype(int), W), r"x has dtype int64; .* x\.astype\(np\.float32\)"),
        (lambda: ops.conv2d(X.astype(np.uint8), W), "x has dtype uint8"),
        (lambda: ops.conv2d(X.astype(np.float16), W), "x has dtype float16"),
        (lambda: ops.conv2d(X.astype(complex), W), "x has dtype complex128"),
        (lambda: ops.conv2d(X.astype(np.float32), W), "weight has dtype float64 and x has float32"),
        (lambda: ops.conv2d(X, W, stride=0), "stride is 0; expected at least 1"),
        (lambda: ops.conv2d(X, W, stride=1.0), r"stride is 1\.0; expected an int"),
        (
            lambda: ops.conv2d(X, W, stride=2**31),
            "stride is 2147483648; expected at most 2147483647",
        ),
        (lambda: ops.conv2d(X, W, padding_mode=None), "padding_mode is None; expected one of"),
        (lambda: ops.pad2d(X, 1, value="a"), "value is 'a'; expected a number"),
        (lambda: ops.pad2d(X, 1, value=None), "value is None; expected a number"),
        (lambda: ops.pad2d(X, 1, ["reflect"]), r"mode is \['reflect'\]; expected one of"),
        (lambda: ops.conv2d(X, W, stride=True), "stride is True; expected an int"),
        (lambda: ops.conv2d(X, W, stride=(1, 2, 3)), r"stride is \(1, 2, 3\); expected an int or"),
        (lambda: ops.conv2d(X, W, dilation=-1), "dilation is -1; expected at least 1"),
        (
            lambda: ops.conv2d(X, W, dilation=3),
            "weight's kernel is 3 with dilation 3, a span of 7; .* at most 5",
        ),
        (lambda: ops.conv2d(X, W, padding=-1), "padding is -1; expected at least 0"),
        (lambda: ops.conv2d(X, W, padding=(0, -1)), r"padding\[1\] is -1; expected at least 0"),
        (lambda: ops.conv2d(X, W, padding=((0, -1), (0, 0))), r"padding\[0\]\[1\] is -1; expected"),
        (lambda: ops.conv2d(X, W, padding=((0, 0), (-1, 0))), r"padding\[1\]\[0\] is -1; expected"),
        (lambda: ops.conv2d(X, W, padding="full"), 'padding is \'full\'; .* "same" and "valid"'),
        (lambda: ops.conv2d(X, W, padding=(1, 2, 3, 4)), r"write \(\(top, bottom\), \(left, right"),
        (lambda: ops.conv2d(X, W, padding=((1, 2), 3)), r"padding\[0\] is \(1, 2\)"),
        (lambda: ops.conv2d(X, W, padding=None), "padding is None; expected an int"),
        (lambda: ops.conv2d(X, W, padding_mode="mirror"), "padding_mode is 'mirror'; .*'reflect'"),
        (lambda: ops.conv2d(X, W, padding=5, padding_mode="reflect"), "at most 4 to a side"),
        (lambda: ops.conv2d_transpose(X, W), "x has 2 channels; weight of shape .* has 4"),
        (lambda: ops.conv2d_transpose(X, W[:2], groups=3), "groups is 3; it must divide x's 2"),
        (lambda: ops.conv2d_transpose(X, W[:2], np.ones(3)), "bias has 3 values; expected 2"),
        (
            lambda: ops.conv2d_transpose(X, W[:2], output_padding=1),
            "output_padding is 1; .* than 1",
        ),
        (lambda: ops.conv2d_transpose(X, W[:2], padding=4), "padding is 4; it takes away all"),
        (
            lambda: ops.conv2d_transpose(X, W[:2], padding=((3, 4), (0, 0))),
            "it takes away all of an output of 7 by 7",
        ),
        (lambda: ops.pad2d(X, "same"), 'padding is "same", which depends on a kernel'),
        (lambda: ops.pad2d(X, 1, "zeros"), "mode is 'zeros'; expected one of 'constant'"),
        (lambda: ops.pad2d(X, 1, "reflect", 1.0), 'value is 1.0, which only mode "constant"'),
        (lambda: ops.pad2d(X, ((0, 0), (0, 5)), "reflect"), "at most 4 to a side .* width 5"),
        (lambda: ops.pad2d(X.astype(int), 1), "x has dtype int64"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
