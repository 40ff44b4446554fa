"""What a reader does with each element of the explorer, and what must be shown then.

Each function drives one element by mouse and by keyboard and compares with `helpers`. It takes a
Playwright locator, so that the same is done on the explorer's own page, in JupyterLab and in the
book.
"""

import re

import numpy as np
import pytest

from helpers import geometry, ops
from helpers.explore import read_weights


def numbers(text: str) -> list[float]:
    """The numbers in what is shown, whose minus is a real one."""
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]


def grid(element, label: str) -> np.ndarray:
    """The numbers in a table of an element."""
    rows = element.get_by_role("grid", name=label, exact=True).evaluate(
        "(grid) => [...grid.querySelectorAll('.row')].map((row) => "
        "[...row.querySelectorAll('.cell')].map("
        "(cell) => cell.querySelector('input')?.value ?? cell.textContent))"
    )
    return np.array([[float(text.replace("−", "-")) for text in row] for row in rows])


def cell(element, label: str, row: int, column: int):
    """One place of a table."""
    rows = element.get_by_role("grid", name=label, exact=True).locator(".row")
    return rows.nth(row).locator(".cell").nth(column)


def readout(element) -> str:
    """The line under a figure, which is also what a screen reader says."""
    return element.locator(".readout").inner_text()


def alert(element) -> str:
    """What an element complains about, or nothing."""
    return element.locator(".alert").text_content()


def fill(element, label: str, value: str) -> None:
    """Type into a field."""
    element.get_by_label(label, exact=True).fill(value)


def slide(element, label: str, key: str, times: int = 1) -> None:
    """Move a slider by its keys."""
    slider = element.get_by_role("slider", name=label, exact=True)
    slider.focus()
    for _ in range(times):
        slider.press(key)


def conv(element) -> None:
    """Numbers edited, a kernel chosen, stride and padding set; a window pointed at."""
    cell(element, "image", 3, 3).locator("input").fill("-4")
    image, kernel = grid(element, "image"), grid(element, "kernel")
    assert image[3, 3] == -4
    assert np.array_equal(grid(element, "output"), ops.corr2d(image, kernel).round(2))
    altered = np.count_nonzero(kernel)
    assert f"The last change altered {altered} of 36 outputs" in readout(element)
    assert element.locator(".cell.changed").count() == altered
    cell(element, "image", 3, 3).hover()
    assert element.locator(".cell.reads").count() == kernel.size
    cell(element, "output", 2, 3).hover()
    window = image[2 : 2 + len(kernel), 3 : 3 + len(kernel)]
    found = numbers(readout(element).split(":")[1].split(". The last")[0])
    assert found[-1] == pytest.approx((window * kernel).sum(), abs=0.005)
    assert len(found) == 2 * kernel.size + 1

    element.get_by_role("combobox", name="kernel").select_option("vertical edges")
    fill(element, "padding", "1")
    fill(element, "stride", "2")
    kernel = grid(element, "kernel")
    expected = ops.conv2d(image[None, None], kernel[None, None], stride=2, padding=1)[0, 0]
    assert np.array_equal(grid(element, "output"), expected)
    element.get_by_label("flip the kernel (convolution proper)").check()
    assert np.array_equal(grid(element, "output"), -expected)
    assert np.array_equal(grid(element, "kernel as used"), kernel[::-1, ::-1])

    first = cell(element, "output", 0, 0)
    first.focus()
    first.press("ArrowRight")
    assert readout(element).startswith("output row 0, column 1:")
    element.get_by_label("kernel, row 0, column 0").fill("5")
    element.get_by_label("kernel, row 0, column 0").press("ArrowDown")
    assert element.evaluate("(e) => e.shadowRoot.activeElement.getAttribute('aria-label')") == (
        "kernel, row 1, column 0"
    )
    kernel[0, 0] = 5
    turned = kernel[::-1, ::-1].copy()
    expected = ops.conv2d(image[None, None], turned[None, None], stride=2, padding=1)[0, 0]
    assert np.array_equal(grid(element, "output"), expected)


def conv_refusals(element) -> None:
    """Letters, stride 0 and a kernel that does not fit: said in place, and nothing else changes."""
    before = grid(element, "output")
    letters = element.get_by_label("kernel, row 0, column 0")
    kept = letters.input_value()
    letters.fill("abc")
    assert "kernel holds “abc” in row 0, column 0; expected a number" in alert(element)
    letters.press("ArrowRight")
    assert letters.input_value() == kept
    assert alert(element) == ""
    for label, value, words in [
        ("stride", "0", "stride is 0; expected a whole number from 1 to 4"),
        ("stride", "", "stride is “”; expected a whole number"),
        ("stride", "1.5", "stride is 1.5; expected a whole number"),
        ("padding", "9", "padding is 9; expected a whole number from 0 to 4"),
        ("image size", "99", "image size is 99; expected a whole number from 2 to 12"),
    ]:
        field = element.get_by_label(label, exact=True)
        kept = field.input_value()
        field.fill(value)
        assert words in alert(element)
        assert np.array_equal(grid(element, "output"), before)
        field.fill(kept)
        assert alert(element) == ""
    assert np.array_equal(grid(element, "output"), before)


def shape(element) -> dict:
    """What an element knows, as its page reads it."""
    return element.evaluate("(e) => JSON.parse(JSON.stringify(e.state))")


def geometry_of(element) -> None:
    """Layers added and set, an output pointed at, a pixel reached by keys."""
    fill(element, "input size", "20")
    element.get_by_role("button", name="add a layer").click()
    fill(element, "dilation of layer 3", "2")
    assert "kernel is 3, with dilation 2 a span of 5; expected at most 4" in alert(element)
    fill(element, "padding of layer 3", "2")
    fill(element, "dilation of layer 3", "2")
    layers = [geometry.conv(1, 3, 2), geometry.conv(1, 3, 2), geometry.conv(1, 3, 1, 2, 2)]
    rows = geometry.receptive_field(layers, 20)
    body = element.locator("table tr").nth(4).locator("td").all_inner_texts()
    assert body[:3] == [str(rows[2].size), str(rows[2].jump), str(rows[2].field)]
    spot = element.get_by_role("button", name="output 1 of layer 3")
    spot.hover()
    assert f"receptive field of {rows[2].field}" in readout(element)
    assert element.locator(".spot.seen").count() > 3
    spot.focus()
    for _ in range(3):
        element.page.keyboard.press("ArrowUp")
    assert re.match(r"input pixel \d+ reaches \d", readout(element))
    element.get_by_role("button", name="remove layer 3").click()
    assert element.locator("table tr").count() == 4
    fill(element, "stride of layer 1", "0")
    assert "stride is 0; expected a whole number from 1 to 8" in alert(element)
    fill(element, "stride of layer 1", "2")
    fill(element, "input size", "2")
    assert "expected at most 2, the padded size" in alert(element)
    fill(element, "input size", "16")
    assert alert(element) == ""


def pooling(element) -> None:
    """The image moved by a button and by keys, the kind of pooling changed."""
    image = grid(element, "image")
    before = ops.max_pool2d(image[None, None], 2)[0, 0]
    assert np.array_equal(grid(element, "pooled"), before)
    element.get_by_role("button", name="move the image right").click()
    after = ops.max_pool2d(np.roll(image, 1, axis=1)[None, None], 2)[0, 0]
    assert np.array_equal(grid(element, "pooled"), after)
    assert f"changed {(before != after).sum()} of 16" in readout(element)
    assert element.locator(".cell.changed").count() == (before != after).sum()
    element.get_by_label("pooling", exact=True).select_option("average")
    fill(element, "stride", "1")
    average = ops.avg_pool2d(grid(element, "image")[None, None], 2, 1)[0, 0]
    assert np.array_equal(grid(element, "pooled"), average.round(2))
    button = element.get_by_role("button", name="move the image down")
    button.focus()
    button.press("Enter")
    cell(element, "pooled", 1, 1).focus()
    element.page.keyboard.press("ArrowRight")
    assert readout(element).startswith("output row 1, column 2: mean of")
    fill(element, "padding", "3")
    assert "padding is 3; expected less than the window, 2" in alert(element)
    fill(element, "padding", "0")
    element.get_by_label("image, row 0, column 0").fill("x")
    assert "image holds “x”" in alert(element)
    element.get_by_label("image, row 0, column 0").fill("1")
    assert alert(element) == ""


def activation(element) -> None:
    """The point moved by keys and by pressing on the curve, a longer chain, another function."""
    element.get_by_label("activation", exact=True).select_option("tanh")
    slide(element, "x", "ArrowRight", 3)
    slide(element, "layers", "ArrowRight", 2)
    state = shape(element)
    x, slopes = np.array([state["x"]]), []
    for _ in range(state["depth"]):
        slopes.append(ops.tanh_backward(np.ones(1), state["weight"] * x)[0] * state["weight"])
        x = ops.tanh(state["weight"] * x)
    found = numbers(readout(element).split("arrives")[0])
    assert found[-1] == pytest.approx(np.prod(slopes), abs=1e-4)
    assert found[1] == pytest.approx(np.tanh(state["x"]), abs=1e-4)
    svg = element.get_by_role("img", name="the curve and its slope")
    box = svg.bounding_box()
    svg.click(position={"x": box["width"] * 0.25, "y": 40})
    assert shape(element)["x"] < 0


def norm(element) -> None:
    """A sample moved by keys and dragged, a training step, inference."""
    sample = element.get_by_role("slider", name="sample 1", exact=True)
    sample.focus()
    for _ in range(5):
        sample.press("ArrowLeft")
    x = np.array(shape(element)["samples"])
    y = ops.batch_norm(x[:, None], np.zeros(1), np.ones(1), training=True)[:, 0]
    assert numbers(readout(element).split("Out:")[1])[: len(x)] == pytest.approx(y, abs=0.006)
    sample.hover()  # which waits until the page stands still
    box, mouse = sample.bounding_box(), element.page.mouse
    mouse.down()
    mouse.move(box["x"] - 30, box["y"] + box["height"] / 2, steps=4)
    mouse.up()
    moved = np.array(shape(element)["samples"])
    assert moved[0] < x[0]
    assert np.array_equal(moved[1:], x[1:])
    element.get_by_role("button", name="one training step").click()
    mean, var = np.zeros(1), np.ones(1)
    ops.batch_norm(moved[:, None], mean, var, training=True)
    element.get_by_label("inference: use the running statistics").check()
    still = ops.batch_norm(moved[:, None], mean, var)[:, 0]
    shown = numbers(readout(element).split("Out:")[1])
    assert shown[: len(x)] == pytest.approx(still, abs=0.006)
    assert shown[-2:] == pytest.approx([mean[0], var[0]], abs=0.006)


def dropout(element) -> None:
    """Masks drawn by mouse and by keys, p moved under them."""
    element.get_by_role("button", name="draw 100").click()
    button = element.get_by_role("button", name="draw a mask")
    button.focus()
    button.press("Enter")
    slide(element, "p", "ArrowLeft", 4)
    state = shape(element)
    assert (state["count"], state["p"]) == (102, 0.3)
    units = np.array(state["units"], float)
    expected = ops.dropout(units, state["p"], mask=np.array(state["mask"]))
    shown = grid(element, "units with this mask").ravel()
    assert shown == pytest.approx(expected, abs=0.06)
    assert grid(element, "mean over all masks").mean() == pytest.approx(units.mean(), rel=0.15)
    assert np.array_equal(grid(element, "at inference").ravel(), units)
    assert readout(element).startswith("102 masks")


def network(element, weights) -> None:
    """A digit drawn with the mouse and one with keys; a map, a score and an erased kernel."""
    element.get_by_label("write a digit").select_option("3")
    assert shape(element)["label"] == 3
    element.get_by_role("button", name="clear").click()
    paper = element.get_by_role("application", name="paper")
    draw(element.page, paper, [[(0.5, 0.1), (0.5, 0.9)]])
    compare(element, weights)
    paper.focus()
    for key in [" ", *["ArrowRight"] * 4, *["ArrowDown"] * 3, " "]:
        element.page.keyboard.press(key)
    assert len(shape(element)["strokes"]) == 2
    compare(element, weights)
    before = shape(element)["scores"]
    element.get_by_label("erase 0", exact=True).check()
    assert shape(element)["scores"] != before
    compare(element, weights, erased=[0])
    element.get_by_role("button", name="what raises the score of 7").click()
    state = shape(element)
    score = numbers(element.locator(".sum").inner_text())[-1]
    assert score == pytest.approx(state["scores"][7], abs=0.006)
    place = element.get_by_role("application", name="map 2; arrow keys choose a place")
    place.focus()
    place.press("ArrowDown")
    assert "Map 2, row" in element.locator(".sum").inner_text()


def draw(page, paper, strokes) -> None:
    """Draw strokes with the mouse: lists of points from 0 to 1."""
    paper.hover()  # which waits until the page stands still
    box = paper.bounding_box()
    places = [
        [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        for stroke in strokes
    ]
    for stroke in places:
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*point, steps=max(1, 12 // len(stroke)))
        page.mouse.up()


def compare(element, weights, erased=()) -> None:
    """Every score that is shown is what Paddle computes for the pixels that are shown."""
    import paddle
    import paddle.nn.functional as F

    state = shape(element)
    kernels, biases = weights["kernels"].copy(), weights["biases"].copy()
    for kernel in erased:
        kernels[kernel], biases[kernel] = 0, 0
    tensor = paddle.to_tensor
    y = F.conv2d(
        tensor(np.array(state["pixels"])[None, None]),
        tensor(kernels[:, None]),
        tensor(biases),
        padding=1,
    )
    y = F.max_pool2d(F.relu(y), 2).flatten(1)
    for name, bend in (("first", F.relu), ("last", lambda scores: scores)):
        y = bend(F.linear(y, tensor(weights[name]["weight"]), tensor(weights[name]["bias"])))
    assert state["scores"] == pytest.approx(y.numpy()[0], abs=1e-9)
    assert state["label"] == int(y.numpy()[0].argmax())


DRIVERS = {
    "conv": conv,
    "geometry": geometry_of,
    "pooling": pooling,
    "activation": activation,
    "norm": norm,
    "dropout": dropout,
    "network": lambda element: network(element, read_weights()),
}
