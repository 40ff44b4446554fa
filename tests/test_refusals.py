"""Every public function takes what it is given, or says in a ValueError which argument is wrong."""

import re
import warnings

import numpy as np
import pytest

from helpers import chains, data, geometry, kernels, ops, probe

RNG = np.random.default_rng(0)
X, WEIGHT, BIAS = RNG.normal(size=(2, 4, 6, 5)), RNG.normal(size=(4, 2, 3, 3)), RNG.normal(size=4)
ROWS, SQUARE, LABELS = RNG.normal(size=(3, 4)), RNG.normal(size=(4, 4)), np.array([0, 1, 2])
LAYER = {"stride": 1, "padding": 0, "dilation": 1, "groups": 2}
POOL = {"x": X, "kernel_size": 2, "stride": 1, "padding": 0}

CALLS = {
    ops.corr2d: {"image": X[0, 0], "kernel": WEIGHT[0, 0]},
    ops.convolve2d: {"image": X[0, 0], "kernel": WEIGHT[0, 0]},
    ops.pad2d: {"x": X, "padding": 1, "mode": "constant", "value": 0.0},
    ops.conv2d: {"x": X, "weight": WEIGHT, "bias": BIAS, **LAYER, "padding_mode": "zeros"},
    ops.conv2d_transpose: {"x": X, "weight": WEIGHT, "bias": BIAS, **LAYER, "output_padding": 0},
    ops.max_pool2d: POOL | {"ceil_mode": False},
    ops.avg_pool2d: POOL | {"ceil_mode": False, "exclusive": True},
    ops.soft_pool2d: {"x": X, "kernel_size": 2, "stride": 1},
    ops.global_avg_pool2d: {"x": X},
    ops.softmax: {"x": ROWS, "axis": -1},
    ops.linear: {"x": ROWS, "weight": SQUARE, "bias": BIAS},
    ops.linear_backward: {"grad_y": ROWS, "x": ROWS, "weight": SQUARE, "bias": BIAS},
    ops.cross_entropy: {"logits": ROWS, "labels": LABELS},
    ops.cross_entropy_backward: {"logits": ROWS, "labels": LABELS},
    ops.batch_norm: {
        "x": ROWS,
        "running_mean": np.zeros(4),
        "running_var": np.ones(4),
        "weight": BIAS,
        "bias": BIAS,
        "training": True,
        "momentum": 0.9,
        "epsilon": 1e-5,
    },
    ops.dropout: {
        "x": ROWS,
        "p": 0.5,
        "training": True,
        "mode": "upscale_in_train",
        "rng": RNG,
        "mask": None,
    },
    ops.dropout_mask: {"shape": (2, 3), "p": 0.5, "rng": RNG},
    geometry.conv: {"out_channels": 4, "kernel_size": 3, **LAYER, "bias": True},
    geometry.pool: {"kernel_size": 3, "stride": 1, "padding": 0},
    geometry.linear: {"out_features": 3, "bias": True},
    geometry.conv_output_size: {
        "size": 9,
        "kernel_size": 3,
        "stride": 1,
        "padding": 0,
        "dilation": 1,
    },
    geometry.receptive_field: {"layers": [geometry.conv(1, 3)], "input_size": 9, "axis": 0},
    geometry.summary: {"layers": [geometry.flatten()], "input_shape": (1, 9, 9)},
    kernels.box: {"size": 3},
    kernels.gaussian: {"size": 3, "sigma": 1},
    kernels.laplacian_of_gaussian: {"size": 3, "sigma": 1},
    probe.responses: {"function": np.negative, "shape": (1, 2, 2), "base": None, "tolerance": 0},
    probe.measured_field: {"function": np.negative, "shape": (1, 2, 2), "output_index": (0, 0)},
    probe.bounding_box: {"field": np.ones((2, 2))},
    chains.chain_weights: {"sizes": (3, 2, 2), "init": "he", "rng": RNG},
    chains.pick_activation: {"activation": "relu"},
    chains.trace_chain: {
        "x": ROWS,
        "labels": LABELS,
        "weights": [SQUARE, SQUARE],
        "activation": "relu",
    },
    data.to_nchw: {"image": np.zeros((3, 3, 3), np.uint8), "dtype": np.float32},
    data.to_image: {"array": np.zeros((3, 3))},
    data.scatter_on_canvas: {"x": X, "size": 9, "rng": RNG},
    data.add_specks: {"x": X, "count": 2, "rng": RNG},
    data.crop_to_ink: {"x": X},
}
Y, PADDED, POOLED = X[:, :, :4, :3], np.zeros((2, 4, 8, 7)), np.zeros((2, 4, 5, 4))
CALLS |= {
    ops.conv2d_backward: {"grad_y": Y} | CALLS[ops.conv2d],
    ops.conv2d_transpose_backward: {"grad_y": PADDED} | CALLS[ops.conv2d_transpose],
    ops.pad2d_backward: {"grad_y": PADDED} | CALLS[ops.pad2d],
    ops.max_pool2d_backward: {"grad_y": POOLED} | CALLS[ops.max_pool2d] | {"y": POOLED},
    ops.avg_pool2d_backward: {"grad_y": POOLED} | CALLS[ops.avg_pool2d],
    ops.soft_pool2d_backward: {"grad_y": POOLED} | CALLS[ops.soft_pool2d],
    ops.global_avg_pool2d_backward: {"grad_y": X[:, :, :1, :1], "x": X},
    ops.softmax_backward: {"grad_y": ROWS, "x": ROWS, "axis": -1},
    ops.hinge_loss: {"scores": ROWS, "labels": LABELS},
    ops.hinge_loss_backward: {"scores": ROWS, "labels": LABELS},
    ops.batch_norm_backward: {
        "grad_y": ROWS,
        "x": ROWS,
        "weight": BIAS,
        "epsilon": 1e-5,
        "training": True,
        "statistics": (np.zeros(4), np.ones(4)),
    },
    ops.batch_statistics: {"x": ROWS},
    ops.dropout_backward: {
        "grad_y": ROWS,
        "mask": ROWS > 0,
        "p": 0.5,
        "mode": "upscale_in_train",
    },
}
for name in ("relu", "leaky_relu", "sigmoid", "tanh", "silu", "gelu"):
    CALLS[getattr(ops, name)] = {"x": ROWS}
    CALLS[getattr(ops, f"{name}_backward")] = {"grad_y": ROWS, "x": ROWS}
CALLS[ops.leaky_relu]["negative_slope"] = CALLS[ops.leaky_relu_backward]["negative_slope"] = 0.1

STRANGE = [
    *(None, "a", "same", b"x", -1, 0, 1.5, True, np.nan, np.inf, 10**30, object(), {}, 1j),
    *([], (), (1, 2), (1, 2, 3), ((1, 1), (1, 1)), [[1, 2], [3]], range(3)),
    *(np.zeros(0), np.array(3.0), np.zeros((2, 3, 4)), np.array([None]), np.float32(1)),
    *(np.full_like(X, np.nan), np.full_like(ROWS, np.inf), np.full_like(ROWS, 1e308)),
]


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_what_is_strange_is_taken_or_refused_by_name(function):
    usual = CALLS[function]
    function(**copied(usual))
    for argument in usual:
        for value in STRANGE:
            with warnings.catch_warnings(action="error"):
                try:
                    result = function(**copied(usual) | {argument: value})
                except ValueError as error:
                    first = re.match(r"\w+", str(error))[0]
                    assert any(name.startswith(first) for name in usual), str(error)
                else:
                    assert not isinstance(result, np.ndarray) or result.size < 10_000


GIVEN_BACK = [f for f in CALLS if "grad_y" in CALLS[f] and f is not ops.dropout_backward]


@pytest.mark.parametrize("function", GIVEN_BACK, ids=lambda function: function.__name__)
def test_a_gradient_must_have_the_outputs_shape_and_dtype(function):
    usual = CALLS[function]
    for wrong in (usual["grad_y"][:1], usual["grad_y"].astype(np.float32)):
        with pytest.raises(ValueError, match=r"^grad_y has (shape|dtype)"):
            function(**copied(usual) | {"grad_y": wrong})


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_what_is_infinite_or_overflows_passes_without_a_warning(function):
    usual, huge = CALLS[function], [np.inf, -np.inf, 1e308, -1e308, 1e308, 0.0, 1.0]
    if not function.__module__.startswith("helpers.ops"):
        return
    for argument, value in usual.items():
        if isinstance(value, np.ndarray) and value.dtype == float:
            numbers = np.resize(huge, value.shape)
            if argument == "running_var":
                numbers = np.abs(numbers)
            function(**copied(usual) | {argument: numbers})


def copied(arguments):
    return {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in arguments.items()
    }


@pytest.mark.parametrize("weight", [np.ones((1, 1, 2, 2)), "no kernel"])
def test_an_operation_leaves_numpys_settings_as_they_were(weight):
    x, before = np.ones((1, 1, 3, 3)), (np.geterr(), np.getbufsize())
    try:
        assert ops.conv2d(x, weight).shape == (1, 1, 2, 2)
    except ValueError:
        assert isinstance(weight, str)
    assert (np.geterr(), np.getbufsize()) == before
