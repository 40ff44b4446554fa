"""Every backward function against Paddle's automatic gradients and against small changes.

Each test draws CASES random cases: shapes, options and numbers follow from the case's number.
GRADIENT_CASES in the environment draws more.
"""

import inspect
import os
from typing import NamedTuple

import numpy as np
import paddle
import paddle.nn.functional as F
import pytest

from helpers import inside, nn, ops
from helpers.autograd import flat
from helpers.graph import Value
from helpers.initial import draw_weight
from helpers.kinks import crossings
from tests.common import assert_same, for_paddle

CASES = int(os.environ.get("GRADIENT_CASES", 40))


class Case(NamedTuple):
    """One call: our function and its gradients, Paddle's function, what both are given."""

    function: object
    backward: object
    reference: object
    arrays: list
    options: dict


def some(rng, *shape, away=0.0):
    """Normal numbers, none of them nearer to 0 than `away`."""
    numbers = rng.normal(size=shape)
    return numbers + np.copysign(away, numbers)


def distinct(rng, *shape):
    """Numbers that differ by a thirtieth at least, so that small changes swap no order."""
    return rng.permutation(int(np.prod(shape))).reshape(shape) / 30.0 - 1


def pair(rng, low, high):
    return tuple(int(n) for n in rng.integers(low, high + 1, 2))


def any_padding(rng, high=2):
    forms = [
        lambda: int(rng.integers(0, high + 1)),
        lambda: pair(rng, 0, high),
        lambda: (pair(rng, 0, high), pair(rng, 0, high)),
        lambda: str(rng.choice(["same", "valid"])),
    ]
    return forms[rng.integers(4)]()


def layer_arrays(rng, transpose=False):
    groups, c_in, c_out, n = (int(k) for k in rng.integers(1, 4, 4))
    kernel, size = pair(rng, 1, 4), pair(rng, 1, 9)
    channels = (groups * c_in, c_out) if transpose else (groups * c_out, c_in)
    bias = some(rng, groups * c_out) if rng.random() < 0.7 else None
    arrays = [some(rng, n, groups * c_in, *size), some(rng, *channels, *kernel), bias]
    return arrays, {"stride": pair(rng, 1, 3), "dilation": pair(rng, 1, 2), "groups": groups}


def conv2d(rng):
    arrays, options = layer_arrays(rng)
    options["padding"] = any_padding(rng)
    if options["padding"] == "same":
        options["dilation"] = (1, 1)  # Paddle forgets any other

    def reference(x, weight, bias, padding, **others):
        return F.conv2d(x, weight, bias, padding=for_paddle(padding), **others)

    return Case(ops.conv2d, ops.conv2d_backward, reference, arrays, options)


def conv2d_padding_mode(rng):
    arrays, options = layer_arrays(rng)
    options["padding"] = pair(rng, 0, 3)
    options["padding_mode"] = str(rng.choice(["reflect", "replicate", "circular"]))

    def reference(x, weight, bias, padding, padding_mode, **others):
        sides = [padding[1]] * 2 + [padding[0]] * 2
        return F.conv2d(F.pad(x, sides, mode=padding_mode), weight, bias, **others)

    return Case(ops.conv2d, ops.conv2d_backward, reference, arrays, options)


def conv2d_transpose(rng):
    arrays, options = layer_arrays(rng, transpose=True)
    options["padding"] = any_padding(rng)
    if options["padding"] == "same":
        options["dilation"] = (1, 1)
    options["output_padding"] = tuple(int(rng.integers(s)) for s in options["stride"])

    def reference(x, weight, bias, padding, **others):
        return F.conv2d_transpose(x, weight, bias, padding=for_paddle(padding), **others)

    backward = ops.conv2d_transpose_backward
    return Case(ops.conv2d_transpose, backward, reference, arrays, options)


def pad2d(rng):
    mode = str(rng.choice(["constant", "reflect", "replicate", "circular"]))
    padding = (pair(rng, 0, 3), pair(rng, 0, 3))

    def reference(x, padding, mode):
        return F.pad(x, [*padding[1], *padding[0]], mode=mode)

    arrays = [some(rng, 2, 2, *pair(rng, 1, 6))]
    options = {"padding": padding, "mode": mode}
    return Case(ops.pad2d, ops.pad2d_backward, reference, arrays, options)


def pool_arrays(rng):
    stride = pair(rng, 1, 4) if rng.random() < 0.7 else None
    options = {"kernel_size": pair(rng, 1, 3), "stride": stride, "padding": any_padding(rng, 1)}
    # Paddle refuses "VALID" with ceil_mode.
    options["ceil_mode"] = bool(rng.random() < 0.3) and options["padding"] != "valid"
    return [distinct(rng, *pair(rng, 1, 3), *pair(rng, 1, 9))], options


def max_pool2d(rng):
    arrays, options = pool_arrays(rng)

    def reference(x, padding, **others):
        return F.max_pool2d(x, padding=for_paddle(padding), **others)

    return Case(ops.max_pool2d, ops.max_pool2d_backward, reference, arrays, options)


def avg_pool2d(rng):
    arrays, options = pool_arrays(rng)
    # With False Paddle miscounts padding whose sides differ.
    differ = options["padding"] == "same" or isinstance(options["padding"], tuple)
    options["exclusive"] = bool(differ or rng.random() < 0.5)

    def reference(x, padding, **others):
        return F.avg_pool2d(x, padding=for_paddle(padding), **others)

    return Case(ops.avg_pool2d, ops.avg_pool2d_backward, reference, arrays, options)


def soft_pool2d(rng):
    arrays, options = pool_arrays(rng)
    options = {"kernel_size": options["kernel_size"], "stride": options["stride"]}

    def reference(x, **options):
        weights = paddle.exp(x)
        return F.avg_pool2d(x * weights, **options) / F.avg_pool2d(weights, **options)

    return Case(ops.soft_pool2d, ops.soft_pool2d_backward, reference, arrays, options)


def global_avg_pool2d(rng):
    arrays = [some(rng, *pair(rng, 1, 3), *pair(rng, 1, 9))]

    def reference(x):
        return F.adaptive_avg_pool2d(x, 1)

    return Case(ops.global_avg_pool2d, ops.global_avg_pool2d_backward, reference, arrays, {})


def activation(rng):
    references = {"relu": F.relu, "leaky_relu": F.leaky_relu, "sigmoid": F.sigmoid}
    references |= {"tanh": paddle.tanh, "silu": F.silu, "gelu": F.gelu}
    name = str(rng.choice(list(references)))
    options = {"negative_slope": float(rng.normal())} if name == "leaky_relu" else {}
    arrays = [some(rng, *rng.integers(1, 5, rng.integers(1, 5)), away=0.01)]
    functions = getattr(ops, name), getattr(ops, f"{name}_backward")
    return Case(*functions, references[name], arrays, options)


def softmax(rng):
    shape = rng.integers(1, 5, rng.integers(1, 5))
    options = {"axis": int(rng.integers(-len(shape), len(shape)))}
    return Case(ops.softmax, ops.softmax_backward, F.softmax, [some(rng, *shape)], options)


def linear(rng):
    n, inputs, outputs = rng.integers(1, 8, 3)
    bias = some(rng, outputs) if rng.random() < 0.7 else None
    arrays = [some(rng, n, inputs), some(rng, inputs, outputs), bias]
    return Case(ops.linear, ops.linear_backward, F.linear, arrays, {})


def cross_entropy(rng):
    n, classes = rng.integers(1, 8, 2)
    arrays = [3 * some(rng, n, classes), rng.integers(0, classes, n)]
    functions = ops.cross_entropy, ops.cross_entropy_backward
    return Case(*functions, F.cross_entropy, arrays, {})


def hinge_loss(rng):
    n, classes = rng.integers(1, 8, 2)
    # Thirtieths, and a little more for each class, so that no margin is 0.
    scores = distinct(rng, n, classes) + np.linspace(0, 0.01, classes)
    arrays = [scores, rng.integers(0, classes, n)]

    def reference(scores, labels):
        return F.multi_margin_loss(scores, labels) * scores.shape[1]  # Paddle: mean over classes

    return Case(ops.hinge_loss, ops.hinge_loss_backward, reference, arrays, {})


def batch_norm_training(rng):
    shape = tuple(rng.integers(2, 6, 2)) + pair(rng, 1, 5) * int(rng.integers(0, 2))
    channels = shape[1]
    mean, var = np.zeros(channels), np.ones(channels)

    def function(x, weight, bias):
        running = mean.astype(x.dtype), var.astype(x.dtype)
        options = {"training": True, "epsilon": 2**-10}
        return ops.batch_norm(x, *running, weight, bias, **options)

    def backward(grad_y, x, weight, bias):
        given = ops.batch_statistics(x) if shape[0] % 2 else None
        return ops.batch_norm_backward(grad_y, x, weight, epsilon=2**-10, statistics=given)

    def reference(x, weight, bias):
        running = [paddle.to_tensor(array.astype(bias.numpy().dtype)) for array in (mean, var)]
        return F.batch_norm(x, *running, weight, bias, training=True, epsilon=2**-10)

    arrays = [2 * some(rng, *shape) + 1, some(rng, channels), some(rng, channels)]
    return Case(function, backward, reference, arrays, {})


def batch_norm_inference(rng):
    shape = tuple(rng.integers(1, 6, 2)) + pair(rng, 1, 5) * int(rng.integers(0, 2))
    channels = shape[1]
    running = some(rng, channels), some(rng, channels) ** 2 + 0.1

    def function(x, weight, bias):
        return ops.batch_norm(x, *(a.astype(x.dtype) for a in running), weight, bias)

    def backward(grad_y, x, weight, bias):
        given = tuple(a.astype(x.dtype) for a in running)
        return ops.batch_norm_backward(grad_y, x, weight, training=False, statistics=given)

    def reference(x, weight, bias):
        tensors = [paddle.to_tensor(a.astype(bias.numpy().dtype)) for a in running]
        return F.batch_norm(x, *tensors, weight, bias)

    arrays = [some(rng, *shape), some(rng, channels), some(rng, channels)]
    return Case(function, backward, reference, arrays, {})


def dropout(rng):
    options = {"p": float(rng.choice([0.125, 0.5, 0.75])), "mode": str(rng.choice(MODES))}
    x = np.abs(some(rng, *rng.integers(1, 5, rng.integers(1, 5)), away=0.1))
    seed = int(rng.integers(1000))
    paddle.seed(seed)
    mask = F.dropout(paddle.to_tensor(x), **options).numpy() != 0

    def function(x, p, mode):
        return ops.dropout(x, p, mode=mode, mask=mask)

    def backward(grad_y, x, p, mode):
        return ops.dropout_backward(grad_y, mask, p, mode)

    def reference(x, p, mode):
        paddle.seed(seed)
        return F.dropout(x, p, mode=mode)

    return Case(function, backward, reference, [x], options)


MODES = ["upscale_in_train", "downscale_in_infer"]
DRAWS = [
    *(conv2d, conv2d_padding_mode, conv2d_transpose, pad2d),
    *(max_pool2d, avg_pool2d, soft_pool2d, global_avg_pool2d),
    *(activation, softmax, linear, cross_entropy, hinge_loss),
    *(batch_norm_training, batch_norm_inference, dropout),
]
# Paddle 3.3 divides the gradient of an average in float32, whatever the dtype.
COARSE = {avg_pool2d: 1e5, soft_pool2d: 1e5, global_avg_pool2d: 1e5}
each_operation = pytest.mark.parametrize("draw", DRAWS, ids=lambda draw: draw.__name__)


def drawn(draw):
    """Yield CASES cases that are possible: (number, case)."""
    for number in range(CASES):
        for attempt in range(100):
            case = draw(np.random.default_rng([number, attempt]))
            try:
                case.function(*case.arrays, **case.options)
            except ValueError:
                continue
            yield number, case
            break


def gradients(case, grad_y, arrays):
    given = () if grad_y is None else (grad_y,)
    found = case.backward(*given, *arrays, **case.options)
    return found if isinstance(found, tuple) else (found,)


@each_operation
def test_gradients_equal_paddles(draw):
    for number, case in drawn(draw):
        dtype = (np.float32, np.float64)[number % 2]
        slack = COARSE.get(draw, 20) if dtype == np.float64 else 20
        floats = [a is not None and np.asarray(a).dtype.kind == "f" for a in case.arrays]
        arrays = [
            a.astype(dtype) if float_ else a for a, float_ in zip(case.arrays, floats, strict=True)
        ]
        tensors = [
            None if a is None else paddle.to_tensor(a, stop_gradient=not float_)
            for a, float_ in zip(arrays, floats, strict=True)
        ]
        y = case.reference(*tensors, **case.options)
        grad_y = None
        if y.ndim and y.shape != list(case.function(*arrays, **case.options).shape):
            continue  # Paddle keeps windows that start past the image
        if y.ndim:
            grad_y = np.random.default_rng(number).normal(size=y.shape).astype(dtype)
        y.backward(None if grad_y is None else paddle.to_tensor(grad_y))
        expected = [t for t, a in zip(tensors, floats, strict=True) if a or t is None]
        found = gradients(case, grad_y, arrays)
        assert len(found) == len(expected)
        for gradient, tensor in zip(found, expected, strict=True):
            assert (gradient is None) == (tensor is None)
            if tensor is not None:
                assert_same(gradient, tensor.grad.numpy(), slack)
                assert gradient.flags.c_contiguous or gradient.ndim < 3


@each_operation
def test_gradients_equal_small_changes(draw):
    for number, case in drawn(draw):
        if number % 4 == 0:  # each is some hundred forward passes
            error = ops.check_gradient(case.function, case.backward, *case.arrays, **case.options)
            assert error < 1e-7, number


@each_operation
def test_any_layout_of_memory_gives_the_same_gradients(draw):
    _, case = next(drawn(draw))
    y = np.asarray(case.function(*case.arrays, **case.options))
    grad_y = np.random.default_rng(0).normal(size=y.shape) if y.ndim else None
    backwards = [a if a is None else np.ascontiguousarray(a[::-1])[::-1] for a in case.arrays]
    other_y = None if grad_y is None else np.asfortranarray(grad_y)
    for array in (other_y, *backwards):
        if array is not None:
            array.setflags(write=False)  # and nothing is changed
    expected = gradients(case, grad_y, case.arrays)
    for one, other in zip(expected, gradients(case, other_y, backwards), strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert_same(other, one)


@pytest.mark.parametrize("name", sorted(n for n in ops.__all__ if f"{n}_backward" in ops.__all__))
def test_options_default_to_those_of_the_function_and_of_paddle(name):
    found, back, theirs = (
        {} if function is None else inspect.signature(function).parameters
        for function in (
            getattr(ops, name),
            getattr(ops, f"{name}_backward"),
            getattr(F, name, None),
        )
    )
    # The gradient of batch_norm is asked for in training, that of dropout with the mask at hand.
    for option in (found.keys() & back.keys()) - {"training", "mask"}:
        assert back[option].default == found[option].default, option
    for option in found.keys() & theirs.keys():
        assert found[option].default == theirs[option].default, option


def test_of_equal_values_the_first_gets_the_gradient():
    ties = np.array([[[[1.0, 5, 5], [5, 5, 0]]]])
    for reference in (F.max_pool2d, None):
        if reference:
            tensor = paddle.to_tensor(ties, stop_gradient=False)
            reference(tensor, 2, 1).sum().backward()
            found = tensor.grad.numpy()
        else:
            found = ops.max_pool2d_backward(np.ones((1, 1, 1, 2)), ties, 2, 1)
        assert found.tolist() == [[[[0, 2, 0], [0, 0, 0]]]]


@pytest.mark.parametrize("pixel", [np.inf, -np.inf])
def test_padding_never_gets_the_gradient_of_an_infinite_pixel(pixel):
    x = np.full((1, 1, 1, 1), pixel)
    assert ops.max_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2, 1, 1).item() == 4


def test_a_stride_that_leaves_one_window_costs_nothing():
    x, weight = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))
    y = ops.conv2d(x, weight, stride=10**6)
    assert y.tolist() == [[[[9]]]]
    assert ops.conv2d_backward(y, x, weight, stride=10**6)[1].sum() == 81
    assert ops.max_pool2d(x, 3, 10**6).item() == 1


def test_a_window_that_holds_nan_loses_its_gradient():
    x = np.array([[[[1.0, np.nan, 2, 3]]]])
    found = ops.max_pool2d_backward(np.ones((1, 1, 1, 2)), x, (1, 2))
    assert found.tolist() == [[[[0, 0, 0, 1]]]]


@pytest.mark.parametrize("block", [1, 3_000, 20_000])
def test_blocks_join_seamlessly_in_the_gradients(monkeypatch, block):
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(5, 4, 9, 7)), rng.normal(size=(6, 2, 3, 3))
    options = {"padding": 1, "stride": (2, 1), "groups": 2}
    grad_y = rng.normal(size=ops.conv2d(x, weight, **options).shape)
    expected = ops.conv2d_backward(grad_y, x, weight, **options)
    monkeypatch.setattr("helpers.ops._tape._BLOCK_BYTES", block)
    found = ops.conv2d_backward(grad_y, x, weight, **options)
    for one, other in zip(expected[:2], found[:2], strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-12, atol=1e-12)


# check_gradient itself.


@pytest.mark.parametrize(
    ("wrong", "least"),
    [
        (lambda grad_y, x: grad_y * x, 0.1),
        (lambda grad_y, x: -2 * grad_y * x, 1),
        (lambda grad_y, x: grad_y * (2 * x + 1e-5 * (x == x.max())), 1e-7),
        (lambda grad_y, x: np.zeros_like(x), 0.9),
        (lambda grad_y, x: 2 * np.abs(grad_y) * x, 1),
    ],
    ids=["half", "sign", "one place, a little", "nothing", "sign of grad_y"],
)
def test_a_wrong_gradient_is_caught(wrong, least):
    x = np.random.default_rng(0).normal(size=(3, 4))
    assert ops.check_gradient(np.square, lambda grad_y, x: 2 * grad_y * x, x) < 1e-9
    assert ops.check_gradient(np.square, wrong, x) > least


def test_integers_and_absent_arrays_have_no_gradient():
    scores, labels = np.random.default_rng(0).normal(size=(3, 4)), np.array([0, 3, 1])
    assert ops.check_gradient(ops.cross_entropy, ops.cross_entropy_backward, scores, labels) < 1e-9
    functions = ops.linear, ops.linear_backward
    assert ops.check_gradient(*functions, scores, scores.T, None) < 1e-9
    unread = ops.check_gradient(lambda x: 0 * x, lambda grad_y, x: 0 * x, scores)
    assert unread == 0


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_error_is_relative(scale):
    x = np.linspace(1, 2, 5)
    error = ops.check_gradient(lambda x: scale * x, lambda grad_y, x: 0.75 * scale * grad_y, x)
    assert error == pytest.approx(0.25)


def test_a_slope_of_zero_is_measured_by_the_others():
    def nearly(grad_y, x):
        return 2 * grad_y * x + 1e-12

    assert ops.check_gradient(np.square, nearly, np.array([0.0, 1.0])) < 1e-9


def test_a_loss_has_options_too():
    def loss(x, power=1):
        return (x**power).sum()

    def backward(x, power=1):
        return power * x ** (power - 1)

    assert ops.check_gradient(loss, backward, np.array([1.0, 2.0]), power=3) < 1e-9


def test_arrays_come_back_unchanged():
    x = np.random.default_rng(0).normal(size=(2, 3))
    before = x.copy()
    x.setflags(write=False)
    ops.check_gradient(ops.tanh, ops.tanh_backward, x)
    assert np.array_equal(x, before)


@pytest.mark.parametrize(("options", "step"), [({"step": 0.25}, 0.25), ({}, 1e-5)])
def test_the_step_is_the_size_of_the_change(options, step):
    seen = []

    def watched(x):
        seen.append(float(x[0]))
        return x

    ops.check_gradient(watched, lambda grad_y, x: grad_y, np.array([1.0]), **options)
    assert seen == [1.0, 1.0 + step, 1.0 - step]


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_crossings_of_0_are_those_of_the_same_layers(activation):
    """Two networks, four weights of each, in layers of helpers.nn and moved one by one."""
    x, labels, step = np.random.default_rng(7).random((3, 64)), np.array([0, 3, 9]), 0.05
    crossed, errors = [], []
    for seed in range(2):
        rng = np.random.default_rng(seed)
        sizes, bend = [(64, 50), (50, 50), (50, 10)], {"relu": nn.ReLU, "tanh": nn.Tanh}[activation]
        first, second, last = (nn.Linear(*size, bias=False) for size in sizes)
        for layer, size in zip((first, second, last), sizes, strict=True):
            layer.weight.value = draw_weight(size, "he", rng)
        model = nn.Sequential(first, bend(), second, bend(), last)
        model.backward(ops.cross_entropy_backward(model(x), labels))
        weight, gradient = first.weight.value, first.weight.grad
        for row, column in rng.integers((10, 0), (54, 50), size=(4, 2)):
            value, ends = weight[row, column], []
            for end in (value + step, value - step):
                weight[row, column] = end
                ends.append(inside.stages(model, x, {"first": 0, "second": 2, "scores": 4}))
            weight[row, column] = value
            above, below = (ops.cross_entropy(end["scores"], labels) for end in ends)
            off = (above - below) / (2 * step) - gradient[row, column]
            errors.append(abs(off) / np.sqrt((gradient**2).mean()))
            signs = [np.sign(np.hstack([end["first"], end["second"]])) for end in ends]
            crossed.append((signs[0] != signs[1]).any())
    assert 0 < np.mean(crossed) < 1
    found = crossings(activation, step, x, labels, networks=2, checks=4)
    np.testing.assert_allclose(found, (np.mean(crossed), max(errors)), rtol=1e-6)


def test_crossings_of_5_networks_in_40_weights():
    x, labels = np.random.default_rng(7).random((3, 64)), np.array([0, 3, 9])
    assert crossings("relu", 0.02, x, labels) == crossings("relu", 0.02, x, labels, 5, 40)
    x[:, 10:54] = 0  # only weights of pixels 10 to 53 are moved
    assert crossings("relu", 10.0, x, labels, 1, 300) == (0, 0)


def test_one_number_is_a_row_of_one_and_begins_without_a_gradient():
    assert flat(np.array(5.0)).tolist() == [5]
    assert (Value(2) + 0).name == "+ 0"
    assert Value(2).grad == 0


G = np.ones((2, 3))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ops.check_gradient(ops.relu, ops.relu_backward, G.astype(np.float32)),
            r"arrays\[0\] has dtype float32; expected float64",
        ),
        (
            lambda: ops.check_gradient(ops.relu, lambda grad_y, x: (x, x), G),
            "backward returned 2 gradients; expected 1",
        ),
        (
            lambda: ops.check_gradient(ops.relu, lambda grad_y, x: x[0], G),
            r"gradient of shape \(3,\); expected \(2, 3\)",
        ),
        (lambda: ops.check_gradient(ops.relu, ops.relu_backward, G, step=0), "step is 0; expected"),
        (
            lambda: ops.batch_norm_backward(G, G, training=False),
            "statistics is None; expected the running",
        ),
        (
            lambda: ops.batch_norm_backward(G, G, statistics=np.ones(3)),
            r"statistics is array\(.*expected a pair",
        ),
        (
            lambda: ops.batch_norm_backward(G, G, statistics=(G[0],) * 3),
            r"statistics is \(array\(.*expected a pair",
        ),
        (
            lambda: ops.batch_norm_backward(G, G, statistics=(G[0], -G[0])),
            r"statistics\[1\] holds -1; expected at least 0",
        ),
        (
            lambda: ops.batch_norm_backward(G, G, statistics=(G[0, :2], G[0])),
            r"statistics\[0\] has shape \(2,\)",
        ),
        (
            lambda: ops.batch_norm_backward(G, G, epsilon=-1),
            "epsilon is -1; expected a number of at",
        ),
        (lambda: ops.batch_norm_backward(G[:1], G), r"grad_y has shape \(1, 3\)"),
        (lambda: ops.batch_norm_backward(G, G, G[0, :2]), r"weight has shape \(2,\)"),
        (lambda: ops.hinge_loss(G, [0]), r"labels has shape \(1,\)"),
        (lambda: ops.hinge_loss(G[0], [0]), r"scores has shape \(3,\)"),
        (lambda: ops.dropout_backward(G, G), "mask has .* dtype float64; .* bool"),
        (lambda: ops.softmax_backward(G[:1], G), r"grad_y has shape \(1, 3\); expected \(2, 3\)"),
        (
            lambda: ops.conv2d_backward(
                G[None, None], np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
            ),
            r"grad_y has shape \(1, 1, 2, 3\); expected \(1, 1, 2, 2\), the output's",
        ),
        (
            lambda: ops.max_pool2d_backward(G[None, None], np.ones((1, 1, 4, 6)), 2, y=G),
            r"y has shape \(2, 3\); expected \(1, 1, 2, 3\)",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
