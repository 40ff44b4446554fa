"""The explorer's elements as a notebook gets them."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from helpers import explore, kernels
from helpers.explore.elements import ACTIVATIONS, EXPLORER
from tests.quick import value

ELEMENTS = ("conv", "geometry", "pooling", "activation", "norm", "dropout", "network")


class Parts(HTMLParser):
    """The tags of a piece of HTML with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_load_holds_the_module_and_asks_for_nothing():
    text = explore.load().data
    assert text.startswith('<script type="module">')
    assert text.count("</script>") == 1
    assert (EXPLORER / "explorer.js").read_text(encoding="utf-8") in text


@pytest.mark.parametrize("name", ELEMENTS)
def test_element_holds_a_picture_with_words(name):
    (tag, _), (image, attributes) = Parts(getattr(explore, name)().data).found
    assert (tag, image) == (f"{name}-explorer", "img")
    assert attributes["src"].startswith("data:image/png;base64,iVBORw0KGgo")
    assert attributes["alt"].endswith("Run this cell and the one with explore.load() to play.")
    assert len(attributes["alt"]) > 70


@pytest.mark.parametrize("name", ELEMENTS)
def test_element_is_the_same_every_time(name):
    assert getattr(explore, name)().data == getattr(explore, name)().data


def test_arguments_become_attributes():
    image, kernel = np.arange(6).reshape(2, 3), [[0.5, -1]]
    (_, attributes), _ = Parts(explore.conv(image, kernel).data).found
    assert json.loads(attributes["image"]) == [[0, 1, 2], [3, 4, 5]]
    assert json.loads(attributes["kernel"]) == [[0.5, -1]]
    (_, attributes), _ = Parts(explore.geometry([{"kernel": 3, "stride": 2}], size=9).data).found
    assert json.loads(attributes["layers"]) == [{"kernel": 3, "stride": 2}]
    assert json.loads(attributes["size"]) == 9
    (_, attributes), _ = Parts(explore.activation("tanh").data).found
    assert json.loads(attributes["activation"]) == "tanh"
    (_, attributes), _ = Parts(explore.norm([1, 2.5]).data).found
    assert json.loads(attributes["samples"]) == [1, 2.5]
    (_, attributes), _ = Parts(explore.norm(np.array([1.5], np.longdouble)).data).found
    assert json.loads(attributes["samples"]) == [1.5]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: explore.conv(np.zeros((13, 2))), r"image has shape \(13, 2\); expected"),
        (lambda: explore.conv(np.zeros(4)), r"image has shape \(4,\)"),
        (lambda: explore.conv(np.zeros((0, 3))), r"image has shape \(0, 3\)"),
        (lambda: explore.conv([["a"]]), "image holds something else than finite numbers"),
        (lambda: explore.conv([[1, 2], [3]]), "image is no array"),
        (lambda: explore.conv(kernel=np.zeros((6, 1))), "kernel has shape"),
        (lambda: explore.conv(kernel=[[np.nan]]), "kernel holds something else than finite"),
        (lambda: explore.pooling([[np.inf]]), "image holds something else"),
        (lambda: explore.geometry([]), "layers holds 0 layers; expected from 1 to 8"),
        (lambda: explore.geometry([{"kernel": 0}]), r"layers\[0\]\['kernel'\] is 0"),
        (lambda: explore.geometry([{"size": 3}]), r"layers\[0\] is .*expected a dict"),
        (lambda: explore.geometry([3]), r"layers\[0\] is 3"),
        (lambda: explore.geometry(size=41), "size is 41"),
        (lambda: explore.activation("step"), "name is 'step'; expected"),
        (lambda: explore.norm([]), r"samples has shape \(0,\); expected from 1 to 12"),
        (lambda: explore.norm(range(13)), "samples has shape"),
        (lambda: explore.dropout([[1]]), "units has shape"),
        (lambda: explore.conv([[1]]), "kernel_size is 2; expected at most 1"),
        (lambda: explore.conv([[1, 2]], [[1], [2]]), "kernel_size is 2; expected at most 1"),
        (lambda: explore.pooling([[1, 2, 3]]), "kernel_size is 2; expected at most 1"),
        (lambda: explore.geometry([{"kernel": 5}], size=3), "kernel_size is 5; expected at most 3"),
        (lambda: explore.geometry([{}] * 8, size=16), "kernel_size is 3; expected at most 2"),
        (lambda: explore.norm([100, 2]), "samples is .*; expected numbers from -10 to 10"),
        (lambda: explore.dropout([True]), "units holds something else"),
    ],
)
def test_what_no_element_can_show_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        wrong()


def test_names_are_those_of_the_module():
    assert set(ACTIVATIONS) == set(value("() => Object.keys(ACTIVATIONS)"))
    module = (EXPLORER / "explorer.js").read_text(encoding="utf-8")
    assert set(re.findall(r'"(\w+)-explorer":', module)) == set(ELEMENTS)
    assert set(ELEMENTS) | {"load"} <= set(explore.__all__)


def test_kernels_of_the_list_are_those_of_the_course():
    listed = {name: np.array(rows) for name, rows in value("() => KERNELS").items()}
    assert np.array_equal(listed["vertical edges"], kernels.SOBEL_X)
    assert np.array_equal(listed["horizontal edges"], kernels.SOBEL_Y)
    assert np.array_equal(listed["laplacian"], kernels.LAPLACIAN)
    assert np.array_equal(listed["sharpen"], kernels.SHARPEN)
    assert listed["mean"] == pytest.approx(kernels.box(3))
