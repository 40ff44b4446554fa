"""The explorer's module: one file without a page, how it writes numbers and what it refuses."""

import re

import numpy as np
import pytest

from helpers import geometry, ops
from tests import quick

SOURCE = quick.MODULE.read_text(encoding="utf-8")


def test_the_module_loads_without_a_page():
    assert quick.value("() => typeof globalThis.document") == "undefined"
    assert quick.value("() => typeof HTMLElement") == "undefined"
    assert quick.value("outputSize", 5, 3) == 3


def test_the_module_is_one_small_file():
    assert quick.MODULE.stat().st_size < 150_000
    assert not re.search(r"^\s*import\b|\bimport\s*\(|\bfrom\s+[\"']", SOURCE, re.MULTILINE)
    assert not re.search(r"XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bWorker\s*\(", SOURCE)


def test_the_module_names_no_address():
    # Names of kinds of drawings look like addresses, and nothing is fetched from them.
    named = set(re.findall(r"[a-z]+:\/\/[^\"'`\s)]*", SOURCE))
    assert named <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"}
    assert not re.search(r"[\"'`(]//\w", SOURCE)


def test_a_script_that_holds_the_module_does_not_end_early():
    assert not re.search(r"</script|<!--", SOURCE, re.IGNORECASE)


# ----------------------------------------------------------------------------- numbers as shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (-0.0, "0"),
        (3, "3"),
        (-3, "−3"),
        (2.5, "2.5"),
        (2.345678, "2.35"),
        (-2.345678, "−2.35"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.33"),
        (0.005, "0.01"),
        (0.0049, "4.9·10⁻³"),
        (-0.00001234, "−1.2·10⁻⁵"),
        (1e-300, "1.0·10⁻³⁰⁰"),
        (99999, "99999"),
        (123456, "1.2·10⁵"),
        (-1.5e21, "−1.5·10²¹"),
        (np.inf, "Infinity"),
        (-np.inf, "−Infinity"),
        (np.nan, "NaN"),
    ],
)
def test_numbers_as_they_are_shown(number, shown):
    assert quick.value("show", number) == shown


def test_shown_numbers_are_the_numbers_rounded():
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=2000) * 10 ** rng.uniform(-1, 4, 2000)
    digits = rng.integers(0, 6, 2000)
    for shown, number, places in zip(
        quick.values("show", list(zip(numbers.tolist(), digits.tolist(), strict=True))),
        numbers,
        digits,
        strict=True,
    ):
        assert "-" not in shown
        if "·" not in shown and abs(number) < 99_999:
            rounded = f"{number:.{places}f}"
            rounded = rounded.rstrip("0").rstrip(".") if places else rounded
            assert shown.replace("−", "-") == rounded


# -------------------------------------------------------------------------------- what is refused


def refusal(source, *arguments):
    (found,) = quick.outcomes(source, [arguments])
    assert isinstance(found, quick.Refused), found
    return str(found)


IMAGE, KERNEL = np.ones((4, 5)).tolist(), np.ones((2, 2)).tolist()
WHOLE = "expected a whole number of at least"


@pytest.mark.parametrize(
    ("source", "arguments", "message"),
    [
        ("outputSize", (5, 3, 0), f"stride is 0; {WHOLE} 1"),
        ("outputSize", (5, 3, 1.5), f"stride is 1.5; {WHOLE} 1"),
        ("outputSize", (5, 3, "2"), f"stride is “2”; {WHOLE} 1"),
        ("outputSize", (5, 3, np.nan), f"stride is NaN; {WHOLE} 1"),
        ("outputSize", (5, 3, np.inf), f"stride is Infinity; {WHOLE} 1"),
        ("outputSize", (5, 3, None), f"stride is null; {WHOLE} 1"),
        ("outputSize", (5, 3, True), f"stride is true; {WHOLE} 1"),
        ("outputSize", (0, 3), f"size is 0; {WHOLE} 1"),
        ("outputSize", (5, 0), f"kernel is 0; {WHOLE} 1"),
        ("outputSize", (5, 3, 1, -1), f"padding is -1; {WHOLE} 0"),
        ("outputSize", (5, 3, 1, 0, 0), f"dilation is 0; {WHOLE} 1"),
        ("outputSize", (3, 4), "kernel is 4; expected at most 3, the padded size"),
        (
            "outputSize",
            (3, 3, 1, 0, 2),
            "kernel is 3, with dilation 2 a span of 5; expected at most 3, the padded size",
        ),
        ("conv2d", (IMAGE, KERNEL, {"stride": 0}), f"stride is 0; {WHOLE} 1"),
        (
            "conv2d",
            (IMAGE, KERNEL, {"padding": 1, "mode": "mirror"}),
            "padding mode is “mirror”; expected one of zeros, reflect, replicate, circular",
        ),
        ("pad2d", (IMAGE, 4, "reflect"), "padding is 4; reflecting can add at most 3 here"),
        ("pool2d", (IMAGE, "most", 2), "kind is “most”; expected one of max, average, soft"),
        (
            "pool2d",
            (IMAGE, "max", 2, 2, 2),
            "padding is 2; expected less than the window, 2, or a window would hold nothing but "
            "padding",
        ),
        (
            "chain",
            (1, 1, 2, "step"),
            "activation is “step”; expected one of relu, leaky_relu, sigmoid, tanh, silu, gelu",
        ),
        ("dropout", ([1], [True], 1.5), "p is 1.5; expected a number from 0 to 1"),
        ("dropout", ([1], [True], -0.1), "p is -0.1; expected a number from 0 to 1"),
        ("dropout", ([1], [True], np.nan), "p is NaN; expected a number from 0 to 1"),
        ("dropout", ([1], [True], "0.5"), "p is “0.5”; expected a number from 0 to 1"),
        (
            "dropout",
            ([1], [True], 0.5, {"mode": "both"}),
            "mode is “both”; expected one of upscale_in_train, downscale_in_infer",
        ),
    ],
)
def test_refusals_name_the_argument_its_value_and_what_would_do(source, arguments, message):
    assert refusal(source, *arguments) == message


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[1, "a"]], "kernel holds “a” in row 0, column 1; expected a number"),
        ([[1, 2], [3, np.nan]], "kernel holds NaN in row 1, column 1; expected a number"),
        ([[-np.inf]], "kernel holds -Infinity in row 0, column 0; expected a number"),
        ([[1, None]], "kernel holds null in row 0, column 1; expected a number"),
        ([[1, True]], "kernel holds true in row 0, column 1; expected a number"),
        ([[1, 2], [3]], "kernel is no table; expected rows of numbers, all of one length"),
        ([[1], 2], "kernel is no table; expected rows of numbers, all of one length"),
        ([1, 2], "kernel is no table; expected rows of numbers, all of one length"),
        ([[]], "kernel is no table; expected rows of numbers, all of one length"),
        ([], "kernel is no table; expected rows of numbers, all of one length"),
        ("1 2", "kernel is no table; expected rows of numbers, all of one length"),
        (None, "kernel is no table; expected rows of numbers, all of one length"),
        (7, "kernel is no table; expected rows of numbers, all of one length"),
        ([[0] * 6], "kernel is 1×6; expected at most 5×5"),
        ([[0]] * 6, "kernel is 6×1; expected at most 5×5"),
    ],
)
def test_tables_of_something_else_are_refused(table, message):
    assert refusal("asTable", table, "kernel", 5) == message


def test_sound_tables_pass():
    for table in ([[0]], [[1, -2.5], [0, 1e300]], [[0] * 5] * 5):
        assert quick.value("asTable", table, "kernel", 5) == table


@pytest.mark.parametrize(("name", "value"), [("stride", 0), ("padding", -1), ("dilation", 1.5)])
def test_helpers_refuse_the_same(name, value):
    told = refusal("conv2d", IMAGE, KERNEL, {name: value})
    assert told.startswith(f"{name} is {value}; expected ")
    image, kernel = (np.array(table)[None, None] for table in (IMAGE, KERNEL))
    with pytest.raises(ValueError, match=f"^{name} is {value}; expected "):
        ops.conv2d(image, kernel, **{name: value})
    with pytest.raises(ValueError, match=f"^{name} is {value}; expected "):
        geometry.conv_output_size(5, 2, **{name: value})
