"""Chapter 04's figures: per-channel sums, and stacks named with a layer's real shapes."""

import numpy as np
import paddle

from helpers import ops
from helpers.figures.channels import channel_sum, layer_stacks


def test_channel_sum_shows_the_parts_and_their_sum():
    x, weight = np.arange(1, 28).reshape(3, 3, 3), np.arange(12).reshape(3, 2, 2)
    shown = [text.get_text() for text in channel_sum(x, weight).texts]
    for part in ("25", "271", "805", "+", "="):
        assert part in shown
    output = ops.conv2d(x[None] * 1.0, weight[None] * 1.0)
    assert shown[-5:-1] == [f"{value:g}" for value in output.ravel()]


def test_layer_stacks_names_the_shapes_of_the_layer():
    ax = layer_stacks(2, 5, 10, (20, 3, 18))
    layer = paddle.nn.Conv2D(5, 10, 3)
    y = layer(paddle.zeros([2, 5, 20, 20]))
    shapes = [[2, 5, 20, 20], list(layer.weight.shape), list(y.shape)]
    expected = [" × ".join(map(str, shape)) for shape in shapes]
    assert [text.get_text().split("\n")[1] for text in ax.texts[:3]] == expected
    sheets = len(ax.patches) / 2
    assert sheets == 2 * 5 + 10 * 5 + 2 * 10
    assert len(ax.lines) == 10  # biases
