"""Sizes, receptive fields and costs against what Paddle really does."""

from dataclasses import FrozenInstanceError

import numpy as np
import paddle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import geometry, ops

number = st.integers(1, 4)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(1, 20), number, number, st.integers(0, 3), number)
def test_output_size_is_what_conv2d_gives(size, kernel, stride, padding, dilation):
    x, weight = np.ones((1, 1, size, 1)), np.ones((1, 1, kernel, 1))
    options = {"stride": (stride, 1), "padding": (padding, 0), "dilation": (dilation, 1)}
    try:
        expected = geometry.conv_output_size(size, kernel, stride, padding, dilation)
    except ValueError as error:
        assert "expected at most" in str(error)
        with pytest.raises(ValueError, match="weight's kernel is"):
            ops.conv2d(x, weight, **options)
    else:
        assert ops.conv2d(x, weight, **options).shape[2] == expected


def test_output_size_forms():
    size = geometry.conv_output_size
    assert size(100, 3, 2, 1) == 50
    assert size((100, 80), (3, 5), 2, (1, 2)) == (50, 40)
    assert size((100, 80), 3, padding=((1, 0), (2, 2))) == (99, 82)
    assert size(10, 3, padding=(1, 0)) == 9
    assert size(10, 4, 3, "same") == 4
    assert size((10, 11), 3, 2, "same", 2) == (5, 6)
    assert size(10, 3, padding="valid") == 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((4, 5), "kernel_size is 5; expected at most 4, the padded size"),
        ((4, 3, 0), "stride is 0"),
        ((0, 1), "size is 0"),
        ((4, 3, 1, -1), "padding is -1"),
        ((4, 3, 1, "full"), "padding is 'full'"),
        ((4.0, 3), r"size is 4\.0; expected an int"),
        ((4, (3, 3)), r"kernel_size is \(3, 3\)"),
        ((4, 3, 1, 0, 0), "dilation is 0"),
        (((4, 0), 3), r"size\[1\] is 0"),
        (((4, 4), 0), "kernel_size is 0"),
        (((4, 4), 3, (0, 1)), r"stride\[0\] is 0"),
        (((4, 4), 3, 1, 0, 0), "dilation is 0"),
    ],
)
def test_output_size_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        geometry.conv_output_size(*arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: geometry.conv(1, 3, padding=-1), "padding is -1; expected at least 0"),
        (lambda: geometry.conv(1, 3, padding="full"), "padding is 'full'"),
        (lambda: geometry.conv(1, 3, padding=(0, 0, 1, 1)), "four numbers in a row"),
        (lambda: geometry.conv(0, 3), "out_channels is 0; expected at least 1"),
        (lambda: geometry.conv(1, 0), "kernel_size is 0"),
        (lambda: geometry.conv(1, 3, stride=0), "stride is 0"),
        (lambda: geometry.conv(1, 3, dilation=0), "dilation is 0"),
        (lambda: geometry.conv(1, 3, groups=0), "groups is 0"),
        (lambda: geometry.conv(1, 3, bias=2), "bias is 2; expected True or False"),
        (lambda: geometry.linear(3, bias=None), "bias is None; expected True or False"),
        (lambda: geometry.linear(0), "out_features is 0"),
        (lambda: geometry.pool(2, padding=2), "padding is 2; expected at most 1 on a side"),
        (lambda: geometry.pool((3, 2), padding=((2, 2), (0, 2))), "expected at most 1 on a side"),
        (lambda: geometry.pool(2, stride=0), "stride is 0"),
        (lambda: geometry.pool(0), "kernel_size is 0"),
    ],
)
def test_layers_are_refused_when_described(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_layer_stays_as_it_was_described():
    layer = geometry.conv(6, 5)
    with pytest.raises(FrozenInstanceError):
        layer.outputs = 7
    other = layer.named("C1")
    assert (other.name, layer.name) == ("C1", "conv")
    assert (other.kernel_size, other.outputs) == ((5, 5), 6)
    assert geometry.activation().name == "ReLU"
    (row,) = geometry.summary([geometry.activation("tanh")], (3, 4, 5))
    assert row == geometry.Cost("tanh", (3, 4, 5), 0, 0, 4 * 60)
    with pytest.raises(FrozenInstanceError):
        row.parameters = 1
    (row,) = geometry.receptive_field([layer])
    with pytest.raises(FrozenInstanceError):
        row.jump = 2


def size_or_refusal(call):
    """The height and width that a call gives, or the words that refuse it."""
    try:
        result = call()
    except ValueError as error:
        return str(error).replace("weight's kernel", "kernel_size")
    return result.shape[2:] if isinstance(result, np.ndarray) else result[0].output_shape[1:]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
    st.tuples(number, number),
    st.none() | st.tuples(number, number),
    st.one_of(
        st.integers(0, 4),
        st.tuples(*[st.tuples(st.integers(0, 4), st.integers(0, 4))] * 2),
        st.sampled_from(["same", "valid"]),
    ),
)
def test_descriptions_take_and_give_what_ops_do(size, kernel, stride, padding):
    """The same padding is accepted, the same sizes come out, and the same words refuse."""
    x, weight = np.ones((1, 2, *size)), np.ones((3, 2, *kernel))

    def described(layer, *arguments):
        return geometry.summary([layer(*arguments, kernel, stride, padding)], (2, *size))

    pooled = size_or_refusal(lambda: ops.max_pool2d(x, kernel, stride, padding))
    assert pooled == size_or_refusal(lambda: described(geometry.pool))
    stride = stride or (1, 2)
    convolved = size_or_refusal(lambda: ops.conv2d(x, weight, None, stride, padding))
    assert convolved == size_or_refusal(lambda: described(geometry.conv, 3))


LENET = [
    geometry.conv(6, 5).named("C1"),
    geometry.activation("tanh"),
    geometry.pool(2).named("S2"),
    geometry.conv(16, 5).named("C3"),
    geometry.activation("tanh"),
    geometry.pool(2).named("S4"),
    geometry.conv(120, 5).named("C5"),
    geometry.flatten(),
    geometry.linear(84),
    geometry.linear(10),
]


def test_summary_of_lenet_equals_paddle():
    rows = geometry.summary(LENET, (1, 32, 32))
    model = paddle.nn.Sequential(
        paddle.nn.Conv2D(1, 6, 5),
        paddle.nn.Tanh(),
        paddle.nn.AvgPool2D(2),
        paddle.nn.Conv2D(6, 16, 5),
        paddle.nn.Tanh(),
        paddle.nn.AvgPool2D(2),
        paddle.nn.Conv2D(16, 120, 5),
        paddle.nn.Flatten(),
        paddle.nn.Linear(120, 84),
        paddle.nn.Linear(84, 10),
    )
    y = paddle.zeros([1, 1, 32, 32])
    for row, layer in zip(rows, model, strict=True):
        y = layer(y)
        assert row.output_shape == tuple(y.shape)[1:]
        assert row.parameters == sum(p.size for p in layer.parameters())
        assert row.activation_bytes == y.numpy().nbytes
    assert sum(row.parameters for row in rows) == 61_706
    assert {row.multiply_adds for row in rows if row.parameters == 0} == {0}


def test_multiply_adds_are_counted_by_a_loop():
    layer = geometry.conv(6, (3, 2), stride=2, padding=1, groups=2, bias=False)
    (row,) = geometry.summary([layer], (4, 7, 8))
    ones = ops.conv2d(
        np.ones((1, 4, 9, 10)), np.ones((6, 2, 3, 2)), stride=2, groups=2
    )  # every product is 1, so that the sum counts them; the padding's are counted too
    assert row.multiply_adds == ones.sum()
    assert row.parameters == 6 * 2 * 3 * 2
    (row,) = geometry.summary([geometry.linear(5)], (7,))
    assert (row.multiply_adds, row.parameters) == (35, 40)
    (row,) = geometry.summary([geometry.linear(5, bias=False)], [7])
    assert (row.multiply_adds, row.parameters) == (35, 35)
    (row,) = geometry.summary([geometry.linear(1)], (7,))
    assert (row.multiply_adds, row.parameters, row.output_shape) == (7, 8, (1,))


def test_batch_norm_and_global_pool():
    rows = geometry.summary([geometry.batch_norm(), geometry.global_pool()], (5, 4, 3))
    assert [row.parameters for row in rows] == [10, 0]
    assert [row.output_shape for row in rows] == [(5, 4, 3), (5, 1, 1)]
    assert [row.multiply_adds for row in rows] == [0, 0]
    assert [row.activation_bytes for row in rows] == [4 * 60, 4 * 5]
    assert [row.name for row in rows] == ["batch norm", "global pool"]
    (row,) = geometry.summary([geometry.batch_norm()], (7,))
    assert (row.output_shape, row.parameters) == ((7,), 14)


@pytest.mark.parametrize(
    ("layers", "shape", "message"),
    [
        ([geometry.linear(3)], (1, 2, 2), "^layer 'linear' needs flat features; it gets"),
        (
            [geometry.flatten(), geometry.conv(1, 1)],
            (1, 2, 2),
            r"^layer 'conv' needs an input \(C, H, W\)",
        ),
        ([geometry.conv(3, 1, groups=2)], (4, 2, 2), "groups is 2; it must divide 3 output"),
        ([geometry.conv(4, 1, groups=2)], (3, 2, 2), "groups is 2; it must divide 3 input"),
        ([geometry.conv(1, 3)], (1, 2, 2), "kernel_size is 3"),
        ([], (2, 2), r"input_shape is \(2, 2\); expected \(C, H, W\)"),
        ([], 3, r"input_shape is 3; expected \(C, H, W\)"),
        ([], (1, 2.0, 2), r"input_shape is 2\.0; expected an int"),
        ([geometry.pool(2)], (4,), r"'pool' needs an input \(C, H, W\); it gets \(4,\)"),
        ([geometry.global_pool()], (4,), "'global pool' needs an input"),
        ([geometry.flatten(), "conv"], (1, 2, 2), r"layers\[1\] is 'conv'; expected what conv"),
        ([], (0, 2, 2), "input_shape is 0; expected at least 1"),
    ],
)
def test_summary_refuses(layers, shape, message):
    with pytest.raises(ValueError, match=message):
        geometry.summary(layers, shape)


def test_receptive_field_by_hand():
    three = [geometry.conv(1, 3)] * 3
    assert [row.field for row in geometry.receptive_field(three)] == [3, 5, 7]
    rows = geometry.receptive_field(LENET[:7], input_size=32)
    assert [(r.size, r.jump, r.field) for r in rows if r.name != "tanh"] == [
        (28, 1, 5),
        (14, 2, 6),
        (10, 2, 14),
        (5, 4, 16),
        (1, 4, 32),
    ]
    assert rows[-1].start == 15.5
    assert rows[-1].span(0) == (0, 31)
    assert geometry.receptive_field([]) == []


def test_receptive_field_of_same_padding_and_of_sides():
    same = geometry.conv(1, 3, stride=2, padding="same")
    (row,) = geometry.receptive_field([same], input_size=10)
    assert (row.size, row.span(0)) == (5, (0, 2))
    (row,) = geometry.receptive_field([geometry.conv(1, 4, padding="same")])
    assert row.span(0) == (-1, 2)
    assert row.size is None
    (row,) = geometry.receptive_field([geometry.conv(1, 4, stride=2, padding="VALID")])
    assert (row.span(1), row.jump, row.start) == ((2, 5), 2, 1.5)
    (row,) = geometry.receptive_field([geometry.conv(1, 3, dilation=2, padding=1)], 9)
    assert (row.size, row.field, row.span(0), row.span(6)) == (7, 5, (-1, 3), (5, 9))
    tall = geometry.conv(1, (5, 1), padding=((2, 0), (0, 0)))
    assert geometry.receptive_field([tall], axis=0)[0].span(0) == (-2, 2)
    assert geometry.receptive_field([tall], axis=1)[0].field == 1


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([geometry.conv(1, (3, 1))], "^layer 'conv' is not square; give axis=0"),
        ([geometry.conv(1, 3, padding=((1, 1), (0, 0)))], "not square"),
        ([geometry.conv(1, 3, stride=2, padding="same")], '^padding "same" .* give input_size'),
        ([geometry.global_pool()], "layers holds 'global pool', which sees the whole image"),
        ([geometry.linear(2)], "layers holds 'linear'"),
        ([geometry.flatten()], "layers holds 'flatten'"),
        ([geometry.conv(1, 3, dilation=(1, 2))], "not square"),
        ([geometry.conv(1, 3, stride=(1, 2))], "not square"),
        ([geometry.pool(2), None], r"layers\[1\] is None; expected what conv"),
    ],
)
def test_receptive_field_refuses(layers, message):
    with pytest.raises(ValueError, match=message):
        geometry.receptive_field(layers)


def test_layers_come_in_a_list():
    for function in (geometry.receptive_field, lambda layers: geometry.summary(layers, (1, 9, 9))):
        with pytest.raises(ValueError, match=r"layers is Layer\(.* expected a list of what conv"):
            function(geometry.conv(1, 3))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"axis": 2}, "axis is 2; expected 0 to 1"),
        ({"axis": -1}, "axis is -1"),
        ({"input_size": 0}, "input_size is 0; expected at least 1"),
        ({"input_size": (9, 9)}, r"input_size is \(9, 9\); expected an int"),
        ({"input_size": 3}, "kernel_size is 5; expected at most 3"),
    ],
)
def test_receptive_field_refuses_options(options, message):
    with pytest.raises(ValueError, match=message):
        geometry.receptive_field([geometry.conv(1, 5)], **options)
