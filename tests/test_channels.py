"""Chapter 04's figures: per-channel sums, stacks named with a layer's real shapes, and stamps."""

import numpy as np
import paddle
import pytest

from helpers import figures, ops
from tests.common import texts, title


def test_channel_sum_shows_the_parts_and_their_sum():
    x, weight = np.arange(1, 28).reshape(3, 3, 3), np.arange(12).reshape(3, 2, 2)
    shown = texts(figures.channel_sum(x, weight))
    parts = [ops.corr2d(channel, kernel) for channel, kernel in zip(x, weight, strict=True)]
    for index, part in enumerate(parts):
        end = shown.index(f"sums of channel {index}")
        assert shown[end - 4 : end] == [f"{value:g}" for value in part.ravel()]
    output = ops.conv2d(x[None] * 1.0, weight[None] * 1.0)
    assert shown[-5:] == [*(f"{value:g}" for value in output.ravel()), "output"]
    assert {"one kernel", "Σ"} <= set(shown)


def test_layer_stacks_names_the_shapes_of_the_layer():
    ax = figures.layer_stacks(2, 5, 10, (20, 3, 18))
    layer = paddle.nn.Conv2D(5, 10, 3)
    y = layer(paddle.zeros([2, 5, 20, 20]))
    shapes = [[2, 5, 20, 20], list(layer.weight.shape), list(y.shape)]
    expected = [" × ".join(map(str, shape)) for shape in shapes]
    assert [text.split("\n")[1] for text in texts(ax) if "\n" in text] == expected
    full = [patch for patch in ax.patches if patch.get_alpha() == 0.95]
    assert len(full) == 5 + 2  # the slices of one kernel, and its sheet of each image
    window = [patch for patch in ax.patches if patch.get_alpha() == 0.9]
    assert len(window) == 5
    assert len(ax.lines) == 10  # biases


@pytest.mark.parametrize(
    ("values", "kernel", "total", "overlaps"),
    [
        ([1, 2], [1, 1, 1], [1, 1, 3, 2, 2], [2]),
        ([1] * 5, [1, 1, 1], [1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1], [2, 4, 6, 8]),
        ([1] * 5, [1] * 4, [1, 1, *[2] * 8, 1, 1], [2, 3, 4, 5, 6, 7, 8, 9]),
        ([2, 3], [4, 5], [8, 10, 12, 15], []),
    ],
)
def test_stamps_add_up(values, kernel, total, overlaps):
    (ax,) = figures.stamps(values, {"a kernel": kernel}, stride=2).flat
    assert title(ax) == "a kernel"
    shown = texts(ax)
    assert shown[-1 - len(total) :] == [*map(str, total), "sum"]
    hatched = sorted(patch.get_x() for patch in ax.patches if patch.get_hatch())
    assert hatched == overlaps
    for value in values:
        end = shown.index(f"{value} ·")
        stamp = [str(value * weight) for weight in kernel]
        assert shown[end - len(kernel) : end] == stamp
        shown = shown[end + 1 :]
