"""Costs and fields of whole models: of Paddle's, of helpers.nn, and of descriptions, the same."""

import numpy as np
import pytest
from paddle import nn as paddle_nn
from paddle.vision import models

from helpers import geometry, nn


def trained(model):
    return sum(int(array.size) for array in model.parameters() if not array.stop_gradient)


def totals(rows):
    return sum(row.parameters for row in rows), sum(row.multiply_adds for row in rows)


class Block(paddle_nn.Layer):
    """A residual block whose forward is code of its own."""

    def __init__(self, channels, out_channels, stride):
        super().__init__()
        self.body = paddle_nn.Sequential(
            paddle_nn.Conv2D(channels, out_channels, 3, stride, padding=1, bias_attr=False),
            paddle_nn.BatchNorm2D(out_channels),
            paddle_nn.ReLU(),
            paddle_nn.Conv2D(out_channels, out_channels, 3, padding=1),
        )
        self.shortcut = paddle_nn.Conv2D(channels, out_channels, 1, stride)

    def forward(self, x):
        return paddle_nn.functional.relu(self.body(x) + self.shortcut(x))


def test_a_paddle_model_costs_what_its_twin_in_nn_costs():
    theirs = paddle_nn.Sequential(
        paddle_nn.Conv2D(3, 4, (3, 5), 2, padding=[1, 2], groups=1),
        Block(4, 6, 2),
        paddle_nn.MaxPool2D(2),
        paddle_nn.AdaptiveAvgPool2D(1),
        paddle_nn.Flatten(),
        paddle_nn.Dropout(0.5),
        paddle_nn.Linear(6, 10, bias_attr=False),
    )
    body = nn.Sequential(
        nn.Conv2D(4, 6, 3, 2, padding=1, bias=False),
        nn.BatchNorm2D(6),
        nn.ReLU(),
        nn.Conv2D(6, 6, 3, padding=1),
    )
    ours = nn.Sequential(
        nn.Conv2D(3, 4, (3, 5), 2, padding=(1, 2)),
        nn.Residual(body, nn.Conv2D(4, 6, 1, 2)),
        nn.MaxPool2D(2),
        nn.GlobalAvgPool2D(),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(6, 10, bias=False),
    )
    found, expected = geometry.summary(theirs, (3, 20, 24)), geometry.summary(ours, (3, 20, 24))
    # What Paddle's own code adds is no layer that could be seen.
    expected = [row for row in expected if row.name != "add"]
    columns = ("output_shape", "parameters", "multiply_adds", "activation_bytes")
    for one, other in zip(found, expected, strict=True):
        assert [getattr(one, name) for name in columns] == [
            getattr(other, name) for name in columns
        ], one


@pytest.mark.parametrize(
    ("make", "shape", "multiply_adds"),
    [
        (models.LeNet, (1, 28, 28), None),
        (models.resnet18, (3, 224, 224), 1_814_073_344),
        (models.mobilenet_v2, (3, 64, 64), None),
        (models.squeezenet1_1, (3, 64, 64), None),
    ],
)
def test_parameters_are_those_that_paddle_trains(make, shape, multiply_adds):
    model = make()
    parameters, found = totals(geometry.summary(model, shape))
    assert parameters == trained(model)
    assert multiply_adds in (None, found)


def test_a_model_is_left_as_it_was():
    model = models.LeNet()
    model.train()
    model.features.eval()
    modes = [layer.training for layer in model.sublayers(include_self=True)]
    geometry.summary(model, (1, 28, 28))
    assert [layer.training for layer in model.sublayers(include_self=True)] == modes
    assert not any(layer._forward_post_hooks for layer in model.sublayers())
    with pytest.raises(ValueError, match="linear"):
        geometry.summary(model, (1, 60, 60))
    assert not any(layer._forward_post_hooks for layer in model.sublayers())
    assert [layer.training for layer in model.sublayers(include_self=True)] == modes


def test_statistics_of_batch_norm_stay_as_they_are():
    model = paddle_nn.Sequential(paddle_nn.Conv2D(1, 2, 3), paddle_nn.BatchNorm2D(2))
    model[1]._mean.set_value(np.ones(2, np.float32))
    geometry.summary(model, (1, 5, 5))
    assert model[1]._mean.numpy().tolist() == [1, 1]


def test_float64_models_are_read_too():
    model = paddle_nn.Sequential(paddle_nn.Linear(3, 2)).to(dtype="float64")
    assert geometry.summary(model, (3,))[0].parameters == 8


class Twice(paddle_nn.Layer):
    def __init__(self):
        super().__init__()
        self.layer = paddle_nn.Conv2D(2, 2, 3, padding=1)

    def forward(self, x):
        return self.layer(self.layer(x))


def test_a_layer_that_is_called_twice_has_its_parameters_once():
    rows = geometry.summary(Twice(), (2, 4, 4))
    assert [row.parameters for row in rows] == [38, 0]
    assert [row.multiply_adds for row in rows] == [36 * 16] * 2


class Scaled(paddle_nn.Layer):
    def __init__(self):
        super().__init__()
        self.layer = paddle_nn.Linear(2, 2)
        self.scale = self.create_parameter([1])

    def forward(self, x):
        return self.scale * self.layer(x)


@pytest.mark.parametrize(
    ("model", "shape", "message"),
    [
        (Scaled(), (2,), "layers has 7 parameters, and its layers account for 6"),
        (paddle_nn.PReLU(), (2,), "PReLU.* whose parameters this module can't count"),
        (paddle_nn.AdaptiveAvgPool2D(2), (1, 4, 4), "expected a pooling to one place"),
    ],
)
def test_what_cannot_be_counted_is_refused(model, shape, message):
    with pytest.raises(ValueError, match=message):
        geometry.summary(model, shape)


def test_fields_of_a_chain_of_paddle_are_those_of_its_description():
    model = paddle_nn.Sequential(
        paddle_nn.Conv2D(1, 2, 5, 2, padding="same", dilation=1),
        paddle_nn.Sequential(paddle_nn.ReLU(), paddle_nn.MaxPool2D(3, 2, 1)),
        paddle_nn.AvgPool2D(2),
        paddle_nn.Conv2D(2, 2, 3, padding=[1, 0, 1, 0], dilation=2),
    )
    layers = [
        geometry.conv(1, 5, 2, "same"),
        geometry.activation(),
        geometry.pool(3, 2, 1),
        geometry.pool(2),
        geometry.conv(1, 3, padding=((1, 0), (1, 0)), dilation=2),
    ]
    assert geometry.receptive_field(model, 100) == geometry.receptive_field(layers, 100)


def test_fields_of_code_are_refused():
    with pytest.raises(ValueError, match="holds a Block, whose forward is code of its own"):
        geometry.receptive_field(Block(1, 2, 1))


def test_concatenation_puts_channels_side_by_side():
    """The first block of a small DenseNet, whose sums of channels are done by hand."""
    grow = [geometry.batch_norm(), geometry.activation(), geometry.conv(10, 3, padding=1)]
    block = [geometry.concat([], grow), geometry.concat([], grow)]
    rows = geometry.summary(block, (3, 8, 8))
    joined = [row for row in rows if row.name == "concat"]
    assert [row.output_shape for row in joined] == [(13, 8, 8), (23, 8, 8)]
    assert totals(rows)[0] == (6 + 3 * 10 * 9 + 10) + (26 + 13 * 10 * 9 + 10)
    assert geometry.receptive_field(block, 8)[-1].field == 5
    three = geometry.concat([geometry.conv(1, 1)], [geometry.conv(2, 3, padding=1)], [])
    assert geometry.summary([three], (4, 5, 6))[-1].output_shape == (7, 5, 6)
    assert geometry.receptive_field([three], 5)[-1] == geometry.Field("concat", 5, 1, 3, 0.0)


def test_what_cannot_be_joined_is_refused():
    with pytest.raises(ValueError, match=r"^branches is empty"):
        geometry.concat()
    uneven = geometry.concat([], [geometry.pool(2)], [])
    message = r"'concat' of branches with shapes \(3, 4, 4\) and \(3, 2, 2\) and \(3, 4, 4\)"
    with pytest.raises(ValueError, match=message + "; expected equal heights and widths"):
        geometry.summary([uneven], (3, 4, 4))
    with pytest.raises(ValueError, match="sizes 4 and 2 and 4 and jumps 1 and 2 and 1"):
        geometry.receptive_field([uneven], 4)


def test_a_table_has_a_line_for_each_layer_and_one_for_the_sum():
    rows = geometry.summary([geometry.conv(20, 3).named("first"), geometry.pool(2)], (3, 42, 10))
    lines = geometry.table(rows).split("\n")
    assert [line.split() for line in lines] == [
        ["layer", "output", "parameters", "multiply-adds", "KiB"],
        ["first", "20", "×", "40", "×", "8", "560", "172,800", "25.0"],
        ["pool", "20", "×", "20", "×", "4", "0", "0", "6.2"],
        ["sum", "560", "172,800", "31.2"],
    ]
    assert len({len(line) for line in lines}) == 1
    assert geometry.table([]).split("\n")[-1].split() == ["sum", "0", "0", "0.0"]
