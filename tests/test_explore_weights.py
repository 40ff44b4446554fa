"""The explorer's network is the first that chapter 13 trains, in the file, in Paddle and drawn."""

import json

import numpy as np
import paddle
import pytest

from helpers import inside, nn
from helpers.data import load_digits
from helpers.explore.weights import DIGITS, load_weights, read_weights, write_weights
from tests import quick
from tools import explorer

ROUNDED = 1e-4  # four decimals, and ten thousand million times what two processors differ by


@pytest.fixture(scope="module")
def trained():
    return explorer.first_network()


@pytest.fixture(scope="module")
def chapter():
    """The chapter's functions, without a run of the chapter."""
    before = paddle.get_default_dtype()
    paddle.set_default_dtype("float64")
    yield explorer.names("three_layers", "in_paddle")
    paddle.set_default_dtype(before)


@pytest.fixture
def model(chapter):
    """A network of the chapter that has learned nothing."""
    return chapter["three_layers"](99)


@pytest.fixture(scope="module")
def test_digits():
    x, labels = load_digits(size=8).test
    return x.astype(float), labels


def test_the_file_holds_what_the_chapter_trains(trained, model, test_digits):
    stored = load_weights(model)
    difference = np.abs(inside.as_vector(stored) - inside.as_vector(trained))
    assert difference.size == 8986
    assert difference.max() < ROUNDED
    answers = [nn.predict(one, test_digits[0]).argmax(axis=1) for one in (stored, trained)]
    assert (answers[0] != answers[1]).sum() <= 1
    assert (answers[0] == test_digits[1]).mean() > 0.95


def test_what_is_written_anew_differs_by_rounding_at_most(trained, tmp_path):
    write_weights(trained, tmp_path / "digits.json")
    anew, stored = (
        (folder / "digits.json").read_text("utf-8") for folder in (tmp_path, DIGITS.parent)
    )
    assert len(anew.splitlines()) == len(stored.splitlines())
    for before, after in zip(stored.splitlines(), anew.splitlines(), strict=True):
        if before != after:
            rows = (np.array(line.strip("[],").split(","), float) for line in (before, after))
            np.testing.assert_allclose(*rows, atol=ROUNDED)


def test_the_file_is_small_and_has_four_decimals():
    text = DIGITS.read_text(encoding="utf-8")
    assert len(text) < 70_000
    numbers = [number for row in text.split("[") for number in row.split("]")[0].split(",")]
    assert all(len(number.partition(".")[2]) <= 4 for number in numbers)
    assert "-0.0," not in text
    assert "e-" not in text


def test_paddle_gives_the_same_classes(chapter, model, test_digits):
    stored = load_weights(model)
    theirs = chapter["in_paddle"](stored)
    x = test_digits[0]
    scores, their_scores = stored.forward(x), theirs(paddle.to_tensor(x)).numpy()
    np.testing.assert_allclose(their_scores, scores, atol=1e-9)
    # Of these, no two largest scores lie nearer to one another than 0.01.
    best = np.sort(scores, axis=1)
    assert (best[:, -1] - best[:, -2]).min() > 1e-2
    assert (their_scores.argmax(axis=1) == scores.argmax(axis=1)).all()


def test_the_explorer_gives_the_same_scores(model, test_digits):
    stored, x = load_weights(model), test_digits[0][:50]
    network = json.loads(DIGITS.read_text(encoding="utf-8"))
    # The weights travel once.
    source = f"((network) => (pixels) => forward(network, pixels))({json.dumps(network)})"
    found = quick.values(source, [(image[0],) for image in x])
    scores = stored.forward(x)
    quick.close([one["scores"] for one in found], scores)
    assert [one["label"] for one in found] == scores.argmax(axis=1).tolist()


# ------------------------------------------------------------------------------ what is refused


def test_a_written_model_comes_back_rounded(model, tmp_path):
    vector = np.random.default_rng(0).normal(size=8986)
    vector[:3] = [-0.00004, 0.12345678, -3]
    inside.put_vector(model, vector)
    write_weights(model, tmp_path / "a.json")
    again = inside.as_vector(load_weights(model, str(tmp_path / "a.json")))
    np.testing.assert_allclose(again, vector, rtol=0, atol=5.1e-5)
    assert not np.signbit(again[0])
    assert again[1:3].tolist() == [0.1235, -3]


def test_a_model_keeps_what_it_had_where_it_does_not_fit(chapter):
    small = chapter["three_layers"](0, units=5)
    before = inside.as_vector(small)
    with pytest.raises(ValueError, match=r"model has first weight of shape \(128, 5\); expected"):
        load_weights(small)
    assert (inside.as_vector(small) == before).all()


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        ({"kernels": 4}, r"kernels of shape \(4, 3, 3\); expected \(8, 3, 3\)"),
        ({"units": 5}, r"first weight of shape \(128, 5\); expected \(128, 64\)"),
        ({"size": 10}, r"first weight of shape \(200, 64\); expected \(128, 64\)"),
        ({"k": 5}, r"kernels of shape \(8, 5, 5\); expected \(8, 3, 3\)"),
    ],
)
def test_models_of_other_shapes_are_refused(chapter, tmp_path, options, wrong):
    with pytest.raises(ValueError, match=f"^model has {wrong}$"):
        write_weights(chapter["three_layers"](0, **options), tmp_path / "a.json")
    assert not (tmp_path / "a.json").exists()


@pytest.mark.parametrize(
    ("other", "name"),
    [
        (nn.Sequential(), "Sequential"),
        (nn.Sequential(nn.Linear(2, 2), nn.Tanh()), "Linear, Tanh"),
        (nn.Linear(2, 2), "Linear"),
        ("digits", "str"),
    ],
)
def test_models_of_other_layers_are_refused(tmp_path, other, name):
    for attempt in (lambda: write_weights(other, tmp_path / "a.json"), lambda: load_weights(other)):
        with pytest.raises(ValueError, match=f"^model is {name}; expected Conv2D, ReLU, Max"):
            attempt()


def test_layers_without_a_bias_are_refused(tmp_path):
    layers = [nn.Conv2D(1, 8, 3, bias=False), nn.ReLU(), nn.MaxPool2D(2), nn.Flatten()]
    bare = nn.Sequential(*layers, nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
    with pytest.raises(ValueError, match=r"each with a bias$"):
        write_weights(bare, tmp_path / "a.json")


def test_weights_that_are_not_finite_are_refused(model, tmp_path):
    inside.put_vector(model, np.full(8986, np.nan))
    with pytest.raises(ValueError, match=r"^model has kernels that are not all finite numbers$"):
        write_weights(model, tmp_path / "a.json")


def spoilt(**changes):
    content = json.loads(DIGITS.read_text(encoding="utf-8"))
    return json.dumps(content | changes)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "holds no JSON"),
        ('{"kernels": [', "holds no JSON"),
        ("[]", "has no kernels"),
        ("7", "has no kernels"),
        (spoilt(first=[]), "has no first weight"),
        (spoilt(last={"weight": []}), r"has last weight of shape \(0,\); expected \(64, 10\)"),
        (spoilt(biases=[0] * 7), r"has biases of shape \(7,\); expected \(8,\)"),
        (spoilt(biases=["a"] * 8), "has biases that are not all finite numbers"),
        (spoilt(biases=[True] * 8), "has biases that are not all finite numbers"),
        (spoilt(biases=[None] * 8), "has biases that are not all finite numbers"),
        (spoilt(biases=[float("nan")] * 8), "has biases that are not all finite numbers"),
        (spoilt(kernels=[[1], [1, 2]]), "kernels is no array"),
    ],
)
def test_broken_files_are_refused(tmp_path, text, wrong):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"^path is '.*a\.json'; the file.*{wrong}"):
        read_weights(path)


def test_what_is_no_text_and_what_is_not_there_are_refused(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="holds no JSON"):
        read_weights(tmp_path / "a.json")
    with pytest.raises(FileNotFoundError):
        read_weights(tmp_path / "b.json")


# ------------------------------------------------------------------------------ the command

SMALL = """\
# %%
import math

def three_layers(seed):
    return seed + offset

offset = 10
digits = x = labels = test = train = 0

# %%
models = [three_layers(seed) for seed in range(10)]
print("unseen")
"""


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("digits =", "figures =", "has 0 definitions of digits"),
        ("offset = 10", "x = 10", "has 2 definitions of x"),
        ("models =", "networks =", r"has no cell 'models = …' with one range\(10\)"),
        ("range(10)", "range(9)", r"has no cell 'models = …' with one range\(10\)"),
    ],
)
def test_a_chapter_that_no_longer_fits_is_refused(tmp_path, old, new, wrong):
    path = tmp_path / "13_small.py"
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(explorer.ExplorerError, match=f"^13_small.py {wrong}$"):
        explorer.first_network(path)


def test_only_what_is_named_is_run(tmp_path, capsys):
    path = tmp_path / "13_small.py"
    path.write_text(SMALL.replace("seed + offset", "seed + 3"), encoding="utf-8")
    assert explorer.first_network(path) == 3
    assert "offset" not in explorer.names("three_layers", chapter=path)
    assert capsys.readouterr().out == ""


def test_the_command_writes_the_file_or_says_why_not(trained, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(explorer, "DIGITS", tmp_path / "digits.json")
    monkeypatch.setattr(explorer, "first_network", lambda: trained)
    assert explorer.main() == 0
    size = len((tmp_path / "digits.json").read_bytes())
    assert capsys.readouterr().out == f"digits.json: {size} bytes\n"
    monkeypatch.setattr(explorer, "first_network", lambda: nn.ReLU())
    assert explorer.main() == 1
    assert "model is ReLU" in capsys.readouterr().err


def test_the_network_reads_the_explorers_own_digits(model):
    pixels = quick.value("() => DIGITS.map((strokes) => toPixels(rasterise(strokes)))")
    scores = load_weights(model).forward(np.array(pixels)[:, None])
    assert scores.argmax(axis=1).tolist() == list(range(10))
