"""Blocks as paths: the layers that stand there, the shortcut, the shapes; lengths of paths."""

import numpy as np
import pytest
from matplotlib.patches import FancyBboxPatch

from helpers import figures, geometry, models, nn
from helpers.figures import style
from tests.common import texts


def block(*arguments, **options):
    return models.residual_block(np.random.default_rng(0), *arguments, **options)


def places(ax):
    """Where each text stands, by the text."""
    return {text.get_text(): text.get_position() for text in ax.texts}


def test_the_layers_of_a_block_stand_in_their_order():
    ax = figures.block_paths({"one": block(8, 8)}, (8, 4, 4))
    row = sorted((t.get_position()[0], t.get_text()) for t in ax.texts[1:])
    conv, norm = "3×3\n8 maps", "batch\nnorm"
    shown = [text for _, text in row if text != "the input itself"]
    assert shown == ["8×4×4", conv, norm, "ReLU", conv, norm, "+", "ReLU", "8×4×4"]
    assert texts(ax)[0] == "one"
    assert "the input itself" in texts(ax)
    assert all(text.get_fontsize() >= 10 for text in ax.texts)


def test_a_projection_stands_above_the_body():
    ax = figures.block_paths({"p": block(8, 16, stride=2)}, (8, 4, 4))
    found = places(ax)
    assert found["1×1, /2\n16 maps"][1] < found["3×3, /2\n16 maps"][1] == found["3×3\n16 maps"][1]
    assert "the input itself" not in found
    assert found["16×2×2"][0] > found["+"][0] > found["8×4×4"][0]


def test_a_plain_block_has_no_sum_and_blocks_stand_below_one_another():
    blocks = {"a": block(8, 8, kind="plain"), "b": block(8, 8)}
    ax = figures.block_paths(blocks, (8, 4, 4))
    assert texts(ax).count("+") == 1
    found = places(ax)
    assert found["a"][1] < found["b"][1] < ax.get_ylim()[0]
    heights = {t.get_position()[1] for t in ax.texts if t.get_text() == "ReLU"}
    assert len(heights) == 2
    assert ax.figure.get_size_inches()[0] == style.WIDTH


def test_each_kind_of_layer_has_its_own_frame():
    ax = figures.block_paths({"p": block(8, 8)}, (8, 4, 4))
    edges = {patch.get_edgecolor() for patch in ax.patches if isinstance(patch, FancyBboxPatch)}
    assert len(edges - {(0, 0, 0, 0)}) == 3


def test_layers_may_stand_before_the_sum_and_be_descriptions():
    layers = [geometry.activation(), geometry.residual([geometry.conv(4, 1)])]
    ax = figures.block_paths({"pre": layers}, (4, 2, 2))
    row = [t for _, t in sorted((t.get_position()[0], t.get_text()) for t in ax.texts[1:])]
    row = [text for text in row if text != "the input itself"]
    assert row == ["4×2×2", "ReLU", "1×1\n4 maps", "+", "4×2×2"]


def test_path_lengths_are_counted():
    ax = figures.path_lengths(4)
    assert [bar.get_height() for bar in ax.patches] == [1, 4, 6, 4, 1]
    assert ax.get_xlabel() == "blocks on the path"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: figures.block_paths({"c": nn.Concat(nn.Sequential())}, (4, 2, 2)),
            "expected one residual at most",
        ),
        (
            lambda: figures.block_paths(
                {"c": nn.Sequential(nn.Residual(nn.ReLU()), nn.Residual(nn.ReLU()))}, (4, 2, 2)
            ),
            r"blocks holds the layers \['residual', 'residual'\]; expected one residual at most",
        ),
        (
            lambda: figures.block_paths({"c": nn.Residual(nn.Residual(nn.ReLU()))}, (4, 2, 2)),
            r"blocks holds the layers \['residual'\]; expected one residual at most",
        ),
        (lambda: figures.block_paths({}, (4, 2, 2)), "blocks is {}; expected a dict of at least"),
        (lambda: figures.block_paths(block(4, 4), (4, 2, 2)), "expected a dict of at least one"),
        (lambda: figures.block_paths({"c": []}, (4, 2, 2)), "a block without layers; expected at"),
        (lambda: figures.block_paths({"c": block(4, 4)}, 4), "input_shape is 4; expected"),
        (lambda: figures.path_lengths(0), "blocks is 0; expected 1 to 1000"),
        (lambda: figures.path_lengths(2.5), "blocks is 2.5; expected an int, 1 to 1000"),
        (lambda: figures.path_lengths(5000), "blocks is 5000; expected 1 to 1000"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
