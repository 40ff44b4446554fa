"""Data sets by name, parted for training, for choices and for the test."""

import numpy as np
import pytest

from helpers import data
from helpers.data import splits
from helpers.data.digits import Digits


def rows(x):
    return {image.tobytes() for image in x}


@pytest.mark.parametrize(("name", "channels"), [("digits", 1), ("shapes", 3)])
def test_the_parts_share_no_image_and_are_the_same_every_time(name, channels):
    found = data.load_splits(name)
    again = data.load_splits(name)
    for part, same in zip(found[:3], again[:3], strict=True):
        x, labels = part
        assert x.dtype == np.float32
        assert labels.dtype == np.int64
        assert x.shape == (len(labels), channels, 32, 32)
        assert x.min() >= 0
        assert x.max() <= 1
        assert np.bincount(labels, minlength=len(found.classes)).min() > len(labels) / 16
        assert all(map(np.array_equal, part, same))
    parts = [rows(part[0]) for part in found[:3]]
    assert sum(map(len, parts)) == len(set.union(*parts)) == sum(len(p[0]) for p in found[:3])


def test_digits_are_all_there_and_a_fifth_is_held_out():
    found = data.load_splits("digits", size=8)
    digits = data.load_digits(size=8)
    assert rows(found.test[0]) == rows(digits.test[0])
    assert rows(found.train[0]) | rows(found.validation[0]) == rows(digits.train[0])
    assert len(found.validation[0]) == len(digits.train[0]) // 5
    assert found.classes == tuple("0123456789")
    # A label still belongs to its image.
    known = {image.tobytes(): label for image, label in zip(*digits.train, strict=True)}
    for x, labels in (found.train, found.validation):
        assert [known[image.tobytes()] for image in x] == labels.tolist()


def test_fewer_training_images_meet_the_same_validation_images():
    whole, few = data.load_splits("digits", 8), data.load_splits("digits", 8, train=100)
    assert np.array_equal(few.train[0], whole.train[0][:100])
    assert np.array_equal(few.train[1], whole.train[1][:100])
    assert np.array_equal(few.validation[0], whole.validation[0])
    most = len(whole.train[0])
    assert len(data.load_splits("digits", 8, train=most).train[0]) == most


@pytest.mark.parametrize(("name", "channels"), [("mnist", 1), ("cifar10", 3)])
def test_the_downloaded_ones_go_the_same_way(name, channels, monkeypatch):
    asked = []

    def load(*size):
        asked.append(size)
        x = np.random.default_rng(0).random((60, channels, 32, 32), np.float32)
        return Digits((x[:50], np.arange(50)), (x[50:], np.arange(50, 60)))

    monkeypatch.setattr(splits, f"load_{name}", load)
    monkeypatch.setitem(splits._LOADERS, "mnist", (load, tuple("0123456789")))
    found = data.load_splits(name)
    assert asked == [(32,) if name == "mnist" else ()]
    assert [len(part[0]) for part in found[:3]] == [40, 10, 10]
    assert sorted([*found.train[1], *found.validation[1]]) == list(range(50))
    assert len(found.classes) == 10


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("letters",), "name is 'letters'; expected one of 'digits', 'shapes', 'mnist', 'cifar10'"),
        ((3,), "name is 3"),
        (("shapes", 16), "size is 16; expected 32"),
        (("cifar10", 64), "size is 64; expected 32"),
        (("digits", 7), "size is 7; expected at least 8"),
        (("digits", 8, 0), "train is 0; expected at least 1"),
        (("digits", 8, 1039), "train is 1039; expected at most 1038, which digits has"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        data.load_splits(*arguments)
