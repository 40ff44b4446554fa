"""The receptive field that `geometry` computes is the one that an experiment finds.

Random stacks of Paddle's convolutions and poolings; one input pixel changed at a time.
RECEPTIVE_FIELD_STACKS=200 in the environment runs more stacks than the suite's 25.
"""

import os

import numpy as np
import paddle
import pytest

from helpers import geometry, probe

STACKS = int(os.environ.get("RECEPTIVE_FIELD_STACKS", "25"))
LARGEST = 64  # pixels along an axis of the image: every one of them is changed once


def random_stack(rng, weights, max_pooling=True):
    """Return two to six layers as `geometry` describes them, and as a Paddle network.

    weights: "positive", so that nothing cancels and the pixel that lights up wins every maximum,
    or "signed". Kernels, strides, dilations and paddings differ along height and width.
    """
    described, layers, channels = [], [], 1
    for _ in range(rng.integers(2, 7)):
        kernel, stride = draw_pair(rng, 1, 5), rare_pair(rng)
        if rng.random() < 0.6:
            dilation = rare_pair(rng)
            (top, bottom), (left, right) = padding = draw_pair(rng, 0, 3), draw_pair(rng, 0, 3)
            described.append(geometry.conv(2, kernel, stride, padding, dilation))
            sides = [top, bottom, left, right]
            layer = paddle.nn.Conv2D(
                channels, 2, kernel, stride, sides, dilation, bias_attr=False
            ).to(dtype="float64")
            values = rng.uniform(0.5, 1.5, layer.weight.shape)
            if weights == "signed":
                values *= rng.choice([-1, 1], values.shape)
            layer.weight.set_value(paddle.to_tensor(values))
            channels = 2
        else:
            padding = tuple(int(rng.integers(k)) for k in kernel)
            described.append(geometry.pool(kernel, stride, padding))
            maximum = max_pooling and rng.random() < 0.5
            kind = paddle.nn.MaxPool2D if maximum else paddle.nn.AvgPool2D
            layer = kind(kernel, stride, padding)
        layers.append(layer)
    return described, paddle.nn.Sequential(*layers)


def draw_pair(rng, low, high):
    """Return two ints from low to high, both included."""
    return tuple(int(n) for n in rng.integers(low, high + 1, 2))


def rare_pair(rng):
    """Return a stride or a dilation: often 1, so that deep stacks too fit on a small image."""
    return tuple(int(n) for n in rng.choice([1, 2, 3], 2, p=[0.6, 0.25, 0.15]))


def random_case(rng, **options):
    """Return a stack, its rows for height and for width, and an image that holds a whole field."""
    while True:
        described, network = random_stack(rng, **options)
        last = [geometry.receptive_field(described, axis=axis)[-1] for axis in (0, 1)]
        # So large that one output at least sees the image alone, and no padding.
        shape = [row.field + row.jump - 1 + int(rng.integers(3)) for row in last]
        if max(shape) <= LARGEST:
            rows = [geometry.receptive_field(described, n, i) for i, n in enumerate(shape)]
            return described, run(network), rows, (1, *shape)


def run(network):
    """Return the network as a function of arrays."""
    return lambda images: network(paddle.to_tensor(images.astype(np.float64))).numpy()


def spans_inside(row, size):
    """Return {output: (first, last)} of the outputs that see the image alone, and no padding."""
    spans = {index: row.span(index) for index in range(row.size)}
    return {i: (first, last) for i, (first, last) in spans.items() if first >= 0 and last < size}


def is_solid(described, rows, axis):
    """Tell whether the fields of neighbours always touch, so that no pixel is left out between."""
    field = jump = 1
    for layer, row in zip(described, rows, strict=True):
        if layer.kernel_size[axis] > 1 and field < layer.dilation[axis] * jump:
            return False
        field, jump = row.field, row.jump
    return True


def check_boxes(reached, rows, shape):
    """Compare the box around each output's pixels with the computed one; return how many."""
    heights, widths = (spans_inside(r[-1], n) for r, n in zip(rows, shape[1:], strict=True))
    assert heights
    assert widths
    for i, height in heights.items():
        for j, width in widths.items():
            assert probe.bounding_box(reached[:, :, i, j]) == (height, width)
    return len(heights) * len(widths)


def inside_boxes(rows, shape):
    """Mark, as (H, W, H_out, W_out), the pixels inside each output's computed box."""
    masks = []
    for (*_, row), size in zip(rows, shape[1:], strict=True):
        first, last = np.transpose([row.span(index) for index in range(row.size)])
        pixel = np.arange(size)[:, None]
        masks.append((first <= pixel) & (pixel <= last))
    return masks[0][:, None, :, None] & masks[1][None, :, None, :]


@pytest.mark.parametrize("seed", range(STACKS))
def test_the_computed_field_is_the_measured_one(seed):
    described, function, rows, shape = random_case(np.random.default_rng(seed), weights="positive")
    reached = probe.responses(function, shape)
    assert reached.shape[2:] == tuple(row[-1].size for row in rows)
    assert check_boxes(reached, rows, shape) >= 1
    inside = inside_boxes(rows, shape)
    assert not (reached & ~inside).any()
    if all(is_solid(described, rows[axis], axis) for axis in (0, 1)):
        whole = np.ix_(
            range(shape[1]),
            range(shape[2]),
            *(list(spans_inside(r[-1], n)) for r, n in zip(rows, shape[1:], strict=True)),
        )
        assert np.array_equal(reached[whole], inside[whole])


@pytest.mark.parametrize("seed", range(STACKS))
def test_signs_and_a_picture_to_start_from_change_nothing(seed):
    rng = np.random.default_rng([1, seed])
    _, function, rows, shape = random_case(rng, weights="signed", max_pooling=False)
    base = rng.uniform(0, 1, shape)
    reached = probe.responses(function, shape, base=base, tolerance=1e-9)
    check_boxes(reached, rows, shape)
    assert not (reached & ~inside_boxes(rows, shape)).any()


@pytest.mark.parametrize("seed", range(STACKS))
def test_maxima_never_let_in_more_than_the_box(seed):
    rng = np.random.default_rng([2, seed])
    _, function, rows, shape = random_case(rng, weights="signed")
    base = rng.uniform(0, 1, shape)
    reached = probe.responses(function, shape, base=base, tolerance=1e-9)
    assert reached.any()
    assert not (reached & ~inside_boxes(rows, shape)).any()


def test_the_stacks_hold_what_they_should():
    """Every kind of layer occurs, and stacks with and without gaps, in the suite's 25 stacks."""
    kinds, kernels, dilated, strided, solid = set(), set(), 0, 0, set()
    for seed in range(25):
        described, _, rows, _ = random_case(np.random.default_rng(seed), weights="positive")
        kinds |= {layer.kind for layer in described}
        kernels |= {k for layer in described for k in layer.kernel_size}
        dilated += any(max(layer.dilation) > 1 for layer in described)
        strided += any(max(layer.stride) > 1 for layer in described)
        solid.add(all(is_solid(described, rows[axis], axis) for axis in (0, 1)))
    assert kinds == {"conv", "pool"}
    assert kernels == {1, 2, 3, 4, 5}
    assert min(dilated, strided) >= 5
    assert solid == {True, False}


def light(function, size):
    return probe.responses(function, (1, size, size))


def test_one_pixel_in_three_channels_counts_once():
    total = probe.measured_field(
        lambda x: x.sum(axis=1, keepdims=True)[:, :, 1:, :], (3, 4, 5), (0, 2)
    )
    assert np.argwhere(total).tolist() == [[1, 2]]


def test_the_order_of_axes_and_of_corners():
    """Output (0, 2) of a crop is pixel (1, 2): rows before columns, the pixel before the output."""
    reached = probe.responses(lambda x: x[:, :, 1:, :], (1, 3, 4))
    assert reached.shape == (3, 4, 2, 4)
    assert np.argwhere(reached)[:, :2].tolist() == [[r, c] for r in (1, 2) for c in range(4)]
    assert reached[1, 2, 0, 2]
    field = np.zeros((6, 9), int)
    field[2, 7], field[4, 5] = -1, 3
    assert probe.bounding_box(field) == ((2, 4), (5, 7))


def test_changes_up_to_the_tolerance_do_not_count():
    def weak(x):
        return x * [[[[1e-9, 1e-7]]]]

    assert probe.responses(weak, (1, 1, 2)).sum() == 2
    assert np.argwhere(probe.responses(weak, (1, 1, 2), tolerance=1e-8)).tolist() == [[0, 1, 0, 1]]
    exact = probe.responses(np.negative, (1, 1, 2), tolerance=1.0)
    assert not exact.any()
    last = probe.measured_field(weak, (1, 1, 2), (0, 1), tolerance=1e-6)
    assert not last.any()
    assert probe.measured_field(weak, (1, 1, 2), (0, 1)).tolist() == [[False, True]]


def test_responses_leave_the_base_alone():
    base = np.ones((1, 3, 3))
    probe.responses(lambda x: x * 2, (1, 3, 3), base=base)
    assert np.array_equal(base, np.ones((1, 3, 3)))


def test_more_pixels_than_one_batch():
    reached = light(lambda x: x, 20)
    assert reached.sum() == 400
    assert reached[13, 7, 13, 7]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: probe.responses(np.negative, (4, 4)), r"shape is \(4, 4\)"),
        (lambda: probe.responses(np.negative, (1, 4, 4), np.ones((4, 4))), "base has shape"),
        (lambda: probe.responses(np.sum, (1, 4, 4)), r"function returned shape \(\)"),
        (
            lambda: probe.measured_field(np.negative, (1, 4, 4), (4, 0)),
            r"output_index\[0\] is 4; expected 0 to 3",
        ),
        (
            lambda: probe.measured_field(np.negative, (1, 4, 4), (0, -1)),
            r"output_index\[1\] is -1; exp",
        ),
        (lambda: probe.measured_field(np.negative, (1, 4, 4), 2), "output_index is 2; expected"),
        (
            lambda: probe.responses(np.negative, (1, 4, 4), np.ones((1, 4, 4), int)),
            "base has dtype",
        ),
        (lambda: probe.responses(np.negative, (1, 4, 4), tolerance=-1), "tolerance is -1"),
        (lambda: probe.responses(np.negative, (1, 4, 4), tolerance=np.nan), "tolerance is nan"),
        (lambda: probe.responses(np.negative, (1, 0, 4)), "shape is 0; expected at least 1"),
        (lambda: probe.responses(np.negative, 4), "shape is 4; expected"),
        (lambda: probe.responses(lambda x: x * np.nan, (1, 4, 4)), "function returned NaN or inf"),
        (
            lambda: probe.responses(lambda x: x[:1], (1, 4, 4)),
            r"returned shape \(1, 1, 4, 4\) for 16",
        ),
        (lambda: probe.responses(None, (1, 4, 4)), "function is None; expected something to call"),
        (lambda: probe.bounding_box(np.zeros(3)), r"field has shape \(3,\); expected \(H, W\)"),
        (lambda: probe.bounding_box(np.zeros((2, 2))), "field holds no pixel"),
    ],
)
def test_refusals_name_the_argument_and_its_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
