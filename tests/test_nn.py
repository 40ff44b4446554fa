"""Layers, whole networks and what they are saved as, against Paddle and small changes."""

import inspect

import numpy as np
import paddle
import pytest

from helpers import geometry, nn, ops
from helpers.initial import draw_weight
from helpers.twins import in_paddle
from tests.common import assert_same


def every_layer(seed=0):
    """A network with every type of layer, for images (N, 3, 8, 8) and 5 classes."""
    rng = np.random.default_rng(seed)
    body = nn.Sequential(
        nn.Conv2D(6, 6, 3, padding=1, groups=2, bias=False, rng=rng), nn.BatchNorm2D(6), nn.Tanh()
    )
    wider = nn.Conv2D(6, 3, 1, stride=2, rng=rng)
    return nn.Sequential(
        nn.Conv2D(3, 6, 3, padding=1, padding_mode="reflect", rng=rng),
        nn.BatchNorm2D(6),
        nn.ReLU(),
        nn.MaxPool2D(2),
        nn.Residual(body),
        nn.Residual(nn.Conv2D(6, 3, 3, stride=2, padding=1, rng=rng), wider),
        nn.Concat(nn.Sequential(), nn.Conv2D(3, 2, 1, rng=rng), nn.AvgPool2D(3, 1, 1)),
        nn.Sigmoid(),
        nn.AvgPool2D(2, stride=1, padding=1),
        nn.Sequential(nn.Conv2D(8, 8, 2, dilation=2, rng=rng), nn.GlobalAvgPool2D(), nn.Flatten()),
        nn.Linear(8, 7, bias=False, rng=rng),
        nn.BatchNorm1D(7),
        nn.Dropout(0.25, rng=rng),
        nn.Linear(7, 5, rng=rng, init="xavier"),
    )


def name(layer):
    return type(layer).__name__


RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 3, 8, 8))
LABELS = RNG.integers(0, 5, 4)


def test_a_network_with_every_layer_has_every_layer():
    def kinds(layer):
        return {name(layer)}.union(*map(kinds, layer.layers().values()))

    layers = {kind for kind in nn.__all__ if isinstance(getattr(nn, kind), type)}
    layers = {kind for kind in layers if issubclass(getattr(nn, kind), nn.Layer)} - {"Layer"}
    assert kinds(every_layer()) == layers


@pytest.mark.parametrize("training", [True, False])
def test_its_whole_gradient_is_that_of_small_changes(training):
    model = every_layer().astype("float64")
    model.train() if training else model.eval()
    parameters = model.parameters()
    statistics = {key: a for key, a in model.state().items() if "running" in key}
    before = {key: array.copy() for key, array in statistics.items()}

    def restart(x, values):
        """The same masks and running statistics each time."""
        model[12]._rng = np.random.default_rng(7)
        for key, array in statistics.items():
            array[...] = before[key]
        for parameter, value in zip(parameters, values, strict=True):
            parameter.value, parameter.grad = value, None
        return model(x)

    def loss(x, *values):
        return ops.cross_entropy(restart(x, values), LABELS)

    def backward(x, *values):
        logits = restart(x, values)
        grad_x = model.backward(ops.cross_entropy_backward(logits, LABELS))
        return grad_x, *(parameter.grad for parameter in parameters)

    values = [parameter.value.copy() for parameter in parameters]
    assert ops.check_gradient(loss, backward, X, *values) < 1e-7


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_outputs_and_gradients_equal_paddles(training, dtype):
    layers = [layer for layer in every_layer() if not (training and isinstance(layer, nn.Dropout))]
    model = nn.Sequential(*layers).astype(dtype)
    (model.train if training else model.eval)()
    other = in_paddle(model)
    x = X.astype(dtype)
    logits = model(x)
    grad_x = model.backward(ops.cross_entropy_backward(logits, LABELS))
    tensor = paddle.to_tensor(x, stop_gradient=False)
    expected = other(tensor)
    paddle.nn.functional.cross_entropy(expected, paddle.to_tensor(LABELS)).backward()
    slack = 100 if dtype == "float32" else 1e5  # averages divide in float32 there
    assert_same(logits, expected.numpy(), slack)
    assert_same(grad_x, tensor.grad.numpy(), slack)
    theirs = {key: p for key, p in other.named_parameters() if not p.stop_gradient}
    assert sorted(model.named_parameters()) == sorted(theirs)
    for key, parameter in model.named_parameters().items():
        assert_same(parameter.grad, theirs[key].grad.numpy(), slack)
    for key, array in other.named_buffers():
        key = key.replace("_mean", "running_mean").replace("_variance", "running_var")
        assert_same(model.state()[key], array.numpy(), slack)


@pytest.mark.parametrize(
    "kind", ["Conv2D", "MaxPool2D", "AvgPool2D", "BatchNorm1D", "BatchNorm2D", "Dropout"]
)
def test_options_default_to_paddles(kind):
    ours, theirs = (inspect.signature(getattr(m, kind)).parameters for m in (nn, paddle.nn))
    for option in ours.keys() & theirs.keys():
        assert ours[option].default == theirs[option].default, option


@pytest.mark.parametrize(
    ("shape", "init", "deviation"),
    [
        ((20, 30), "he", (2 / 20) ** 0.5),
        ((20, 30), "xavier", (2 / 50) ** 0.5),
        ((5, 4, 3, 2), "he", (2 / 24) ** 0.5),
        ((5, 4, 3, 2), "xavier", (2 / 54) ** 0.5),
        ((20, 30), "small", 0.01),
        ((20, 30), 0.5, 0.5),
        ((20, 30), 0, 0),
    ],
)
def test_weights_are_drawn_as_large_as_init_says(shape, init, deviation):
    normal = np.random.default_rng(0).normal(size=shape)
    assert_same(draw_weight(shape, init, np.random.default_rng(0)), deviation * normal)


def test_without_a_generator_each_layer_draws_its_own():
    for layer in (lambda: nn.Conv2D(1, 1, 3), lambda: nn.Linear(9, 1)):
        assert (layer().weight.value != layer().weight.value).any()
    x = np.ones((1, 100))
    masks = [nn.Dropout(rng=np.random.default_rng(0))(x) for _ in range(2)]
    assert np.array_equal(*masks)


def test_one_channel_or_feature_will_do():
    assert nn.Linear(1, 1).weight.value.shape == (1, 1)
    assert nn.BatchNorm1D(1).running_var.tolist() == [1]


def test_biases_start_at_0_and_a_normalisation_as_the_identity():
    for layer in (nn.Linear(2, 3), nn.Conv2D(2, 3, 1), nn.BatchNorm1D(3), nn.BatchNorm2D(3)):
        assert layer.bias.value.tolist() == [0, 0, 0]
    for layer in (nn.BatchNorm1D(3), nn.BatchNorm2D(3)):
        assert layer.running_mean.tolist() == [0, 0, 0]
        assert layer.weight.value.tolist() == layer.running_var.tolist() == [1, 1, 1]


def test_gradients_add_up_until_they_are_cleared():
    layer = nn.Linear(2, 3, rng=np.random.default_rng(0))
    x, grad_y = np.ones((1, 2), np.float32), np.ones((1, 3), np.float32)
    layer(x)
    layer.backward(grad_y)
    once = layer.weight.grad.copy()
    layer.backward(grad_y)
    assert np.array_equal(layer.weight.grad, 2 * once)
    nn.SGD(0.1, layer.parameters()).clear_grad()
    assert layer.weight.grad is None


def test_dropout_is_the_identity_in_use_and_random_in_training():
    layer, x = nn.Dropout(0.5, rng=np.random.default_rng(0)), np.ones((100, 100))
    assert 0.4 < (layer(x) == 0).mean() < 0.6
    assert np.array_equal(layer(x), layer.backward(x))
    assert np.array_equal(layer.eval()(x), x)
    assert np.array_equal(layer.backward(x), x)
    layer = nn.Dropout(0.5, mode="downscale_in_infer").eval()
    assert np.array_equal(layer(x), x / 2)
    assert np.array_equal(layer.backward(x), x / 2)


def test_a_model_describes_itself_to_geometry():
    model = every_layer()
    rows = geometry.summary(model, (3, 8, 8))
    assert sum(row.parameters for row in rows) == sum(p.value.size for p in model.parameters())
    assert rows[-1].output_shape == (5,)
    sums = [(row.parameters, row.multiply_adds) for row in rows if row.name == "add"]
    assert sums == [(0, 0)] * 2
    shapes = []
    x = X[:1].astype(np.float32)
    for layer in nn.Sequential(*model).eval():
        x = layer(x)
        shapes.append(x.shape[1:])
    described = [row.output_shape for row in rows]
    for shape in shapes:
        assert shape in described
        described = described[described.index(shape) :]
    assert [row.name for row in nn.Dropout().describe()] == ["dropout"]
    trunk = nn.Sequential(*list(model)[:6])
    fields = geometry.receptive_field(trunk, input_size=8)
    assert [row.name for row in fields if row.name == "add"] == ["add", "add"]
    last = fields[-1]
    assert (last.size, last.jump, last.field, last.start) == (2, 4, 12, 0.5)


def test_what_is_saved_comes_back(tmp_path):
    model, other = every_layer(0), every_layer(1)
    model(X.astype(np.float32))  # moves the running statistics
    nn.save(model, tmp_path / "model.npz")
    assert nn.load(other, tmp_path / "model.npz") is other
    for key, array in model.state().items():
        assert np.array_equal(other.state()[key], array)
        assert other.state()[key] is not array
    x = X.astype(np.float32)
    assert np.array_equal(model.eval()(x), other.eval()(x))
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_one_layer_is_saved_like_a_network(tmp_path):
    path = str(tmp_path / "model.npz")
    for model, other in [(nn.Linear(2, 3), nn.Linear(2, 3)), (nn.BatchNorm1D(3),) * 2]:
        before = {key: array + 1 for key, array in model.state().items()}
        for key, array in model.state().items():
            array[...] = before[key]
        nn.save(model, path)
        for array in other.state().values():
            array[...] = 0
        nn.load(other, path)
        for key, array in other.state().items():
            assert np.array_equal(array, before[key])


def test_no_changed_byte_gets_into_a_model(tmp_path):
    model, path = nn.Linear(2, 3), tmp_path / "model.npz"
    nn.save(model, path)
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])
        other = nn.Linear(2, 3)
        untouched = {key: array.copy() for key, array in other.state().items()}
        try:
            nn.load(other, path)
        except ValueError:
            expected = untouched
        else:
            expected = model.state()  # the byte was one that nobody reads, such as the hour
        for key, array in other.state().items():
            assert np.array_equal(array, expected[key]), place


def test_files_that_do_not_fit_are_refused_and_change_nothing(tmp_path):
    model = every_layer()
    path = tmp_path / "model.npz"
    nn.save(model, path)
    content = path.read_bytes()
    before = {key: array.copy() for key, array in model.state().items()}
    for damaged in (b"", b"PK", content[:100], content[:-30], content.replace(b"NUMPY", b"NIMPY")):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"model\.npz'; it holds no arrays, or damaged ones"):
            nn.load(model, path)
    nn.save(nn.Sequential(nn.Linear(2, 3)), path)
    with pytest.raises(ValueError, match=r"file and model differ in 1\.bias, 1\.running_mean"):
        nn.load(model, path)
    nn.save(nn.Linear(2, 3), path)
    with pytest.raises(ValueError, match=r"weight has shape \(2, 3\) in the file; expected \(3, 2"):
        nn.load(nn.Linear(3, 2), path)
    np.savez(path, weight=np.array([{}], dtype=object), bias=np.zeros(3))
    with pytest.raises(ValueError, match="it holds no arrays, or damaged ones"):
        nn.load(nn.Linear(2, 3), path)
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        nn.load(model, tmp_path / "other.npz")
    for function in (nn.save, nn.load):
        with pytest.raises(ValueError, match=r"model\.pkl'; expected a name that ends in \.npz"):
            function(model, tmp_path / "model.pkl")
    for key, array in model.state().items():
        assert np.array_equal(before[key], array)


def test_an_interrupted_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    nn.save(nn.Linear(2, 3), path)
    content = path.read_bytes()

    def half(file, **arrays):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", half)
    with pytest.raises(KeyboardInterrupt):
        nn.save(nn.Linear(2, 3), path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.Linear(3, 2).backward(X), "backward has no x to go back to; call forward"),
        (lambda: nn.Sequential(nn.ReLU(), 3), r"layers\[1\] is 3; expected a layer"),
        (lambda: nn.Conv2D(4, 6, 3, groups=4), "groups is 4; it must divide 4 and 6 channels"),
        (lambda: nn.Conv2D(0, 6, 3), "in_channels is 0; expected at least 1"),
        (lambda: nn.Conv2D(1, 6, 3, padding=-1), "padding is -1"),
        (lambda: nn.Conv2D(1, 6, 3, padding_mode="same"), "padding_mode is 'same'; expected one"),
        (lambda: nn.Conv2D(1, 6, 3, init="best"), "init is 'best'; expected one of"),
        (lambda: nn.Conv2D(1, 6, 3, rng=0), "rng is 0; expected a Generator"),
        (lambda: nn.Linear(3, 0), "out_features is 0"),
        (lambda: nn.Linear(0, 3), "in_features is 0"),
        (lambda: nn.Linear(3, 2, init=-1), "init is -1"),
        (lambda: nn.Linear(3, 2, bias=1), "bias is 1; expected True or False"),
        (lambda: nn.MaxPool2D(2, padding=2), "padding is 2; expected at most 1"),
        (lambda: nn.AvgPool2D(2, ceil_mode=1), "ceil_mode is 1; expected True or False"),
        (lambda: nn.Dropout(1.5), r"p is 1\.5"),
        (lambda: nn.Dropout(-0.5), r"p is -0\.5"),
        (lambda: nn.Dropout(0.5, "scale"), "mode is 'scale'"),
        (lambda: nn.BatchNorm1D(0), "num_features is 0"),
        (lambda: nn.BatchNorm1D(3)(X), r"x has shape .*; BatchNorm1D expects 2 dimensions"),
        (lambda: nn.BatchNorm2D(3)(X[0, 0]), r"x has shape .*; BatchNorm2D expects 4 dimensions"),
        (lambda: nn.Linear(3, 2).astype("int32"), "dtype is 'int32'; expected one of"),
        (lambda: nn.Residual(nn.Flatten())(X), "body returned shape .*; expected the same"),
        (lambda: nn.Concat(), "branches is empty; expected at least one layer"),
        (lambda: nn.Concat(3), r"layers\[0\] is 3; expected a layer"),
        (
            lambda: nn.Concat(nn.Sequential(), nn.MaxPool2D(2))(X),
            r"shapes \(4, 3, 8, 8\) and \(4, 3, 4, 4\); expected the same but for the channels",
        ),
        (lambda: nn.Layer().describe(), "Layer has no description"),
        (
            lambda: geometry.summary(nn.Residual(nn.MaxPool2D(2)), (3, 8, 8)),
            r"'add' of branches with shapes \(3, 4, 4\) and \(3, 8, 8\)",
        ),
        (
            lambda: geometry.receptive_field(nn.Residual(nn.MaxPool2D(2)), 8),
            "'add' of branches with sizes 4 and 8 and jumps 2 and 1",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
