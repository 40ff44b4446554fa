"""Chapter 10's figures: the recorder's own numbers, convolutions of gradients, what is caught."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import FancyBboxPatch

from helpers import figures, ops
from helpers.figures.style import SERIES, WINDOW
from helpers.graph import Value, backward
from tests.common import texts
from tests.drawings import edge_is_white


def chain():
    loss = (Value(3, "x") * Value(2, "w") + Value(1, "b") - Value(4, "t")) ** 2
    backward(loss)
    return loss


def fork():
    x = Value(2, "x")
    y = x * 3 + x**2
    backward(y)
    return y


def unit():
    total = Value(2, "x₀") * Value(-1, "w₀") + Value(-1, "x₁") * Value(-2, "w₁") + Value(1, "b")
    y = ((total * -1).exp() + 1) ** -1
    backward(y)
    return y


def written(ax, back):
    """The numbers on lines, forward or back, in the order of drawing."""
    return [
        text.get_text()
        for text in ax.texts
        if (text.get_color() == SERIES[2]) == back and text.get_va() in ("top", "bottom")
    ]


def test_graph_shows_every_value_and_every_gradient():
    ax = figures.graph(chain())
    assert written(ax, back=False) == ["3", "2", "6", "1", "7", "4", "3", "9"]
    assert written(ax, back=True) == ["12", "18", "6", "6", "6", "−6", "6", "1"]
    boxes = [text.get_text() for text in ax.texts if text.get_va() == "center"]
    assert boxes == ["x", "w", "×", "b", "+", "t", "−", "( )²"]


def test_value_and_gradient_of_a_line_stand_above_one_another():
    ax = figures.graph(chain())
    numbers = [text for text in ax.texts if text.get_va() in ("top", "bottom")]
    for above, below in zip(numbers[::2], numbers[1::2], strict=True):
        assert above.get_position()[0] == below.get_position()[0]
        assert above.get_position()[1] < below.get_position()[1], "y points down"


def test_inputs_are_framed_in_their_colour():
    ax = figures.graph(chain())
    boxes = [patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    framed = [tuple(box.get_edgecolor()) == plt.matplotlib.colors.to_rgba(WINDOW) for box in boxes]
    assert framed == [True, True, False, True, False, True, False, False]


def test_a_fork_shows_its_sum():
    ax = figures.graph(fork())
    assert "3 + 4 = 7" in texts(ax)
    assert written(ax, back=False) == ["2", "2", "6", "4", "10"]


@pytest.mark.parametrize("make", [chain, fork, unit])
def test_boxes_do_not_overlap(make):
    ax = figures.graph(make())
    ax.figure.canvas.draw()
    boxes = [patch.get_window_extent() for patch in ax.patches]
    for index, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:index])


@pytest.mark.parametrize("make", [chain, fork, unit])
def test_numbers_touch_neither_boxes_nor_one_another(make):
    ax = figures.graph(make())
    ax.figure.canvas.draw()
    boxes = [patch.get_window_extent() for patch in ax.patches]
    numbers = [text.get_window_extent() for text in ax.texts if text.get_va() != "center"]
    for index, number in enumerate(numbers):
        wide = number.expanded(1 + 4 / number.width, 1)  # two pixels on each side
        assert not any(wide.overlaps(other) for other in boxes + numbers[:index])


def test_a_graph_without_gradients_is_refused():
    with pytest.raises(ValueError, match="call backward"):
        figures.graph(Value(1) + Value(2))


@pytest.mark.parametrize("stride", [1, 2])
def test_conv_gradient_is_that_of_ops(stride):
    grads, kernel = np.array([[1, 2], [3, 4]]), np.array([[1, 2, 0], [0, 1, 0], [-1, 0, 1]])
    ax = figures.conv_gradient(grads, kernel, stride)
    numbers = [text.get_text() for text in ax.texts if text.get_text().lstrip("−").isdigit()]
    size = stride + 3
    expected = ops.conv2d_backward(
        grads[None, None].astype(float),
        np.zeros((1, 1, size, size)),
        kernel[None, None].astype(float),
        stride=stride,
    )[0]
    shown = [float(number.replace("−", "-")) for number in numbers]
    assert shown[-expected.size :] == expected.ravel().tolist()
    assert shown[-expected.size - 9 : -expected.size] == kernel[::-1, ::-1].ravel().tolist()
    spread = np.array(shown[: -expected.size - 9]).reshape(stride + 5, stride + 5)
    assert spread[2:-2:stride, 2:-2:stride].tolist() == grads.tolist()
    assert spread.sum() == grads.sum()


def test_the_marked_window_gives_the_marked_number():
    grads, kernel = np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 2, 0], [0, 1, 0], [-1, 0, 1]])
    ax = figures.conv_gradient(grads, kernel, 2)
    frames = [patch for patch in ax.patches if patch.get_linewidth() == 3]
    assert [(frame.get_width(), frame.get_height()) for frame in frames] == [(3, 3), (1, 1)]
    assert frames[0].get_xy() == (2, 2)
    x, y = frames[1].get_xy()
    (marked,) = (t for t in ax.texts if np.allclose(t.get_position(), (x + 0.5, y + 0.5)))
    assert marked.get_text() == "3"  # 1·1 + 2·(−1) + 3·0 + 4·1


def test_verdicts_stand_at_their_bug_and_case():
    table = {"a": {"plain": 1e-9, "ties": 0.5}, "b": {"plain": 0.0, "stride": 2e-7}}
    ax = figures.verdicts(table)
    places = {text.get_position(): text.get_text() for text in ax.texts}
    expected = {(0, 0): "passes", (1, 0): "caught", (0, 1): "passes", (2, 1): "caught"}
    assert places == expected
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["plain", "ties", "stride"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["a", "b"]


def test_no_ink_on_the_outermost_pixels():
    for draw in (
        lambda: figures.graph(chain()),
        lambda: figures.graph(fork()),
        lambda: figures.graph(unit()),
        lambda: figures.conv_gradient(np.ones((2, 2)), np.ones((3, 3)), 2),
        lambda: figures.verdicts({"1  mean for the bias": {"plain": 0.0, "other order": 1.0}}),
    ):
        draw()
        assert edge_is_white(plt.gcf())
        plt.close("all")
