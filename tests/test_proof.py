"""`agree`: what it lets pass, what it refuses, and what the reader sees."""

import numpy as np
import pytest

from helpers import agree


def shown(capsys, *arguments, **values):
    agree(*arguments, **values)
    return capsys.readouterr().out


def test_three_ways_are_shown_once(capsys):
    import paddle

    expected = [[25, 31], [43, 49]]
    in_paddle = paddle.to_tensor(expected, dtype="float32")
    printed = shown(capsys, by_hand=expected, numpy=np.array(expected), paddle=in_paddle)
    assert printed == "by hand = NumPy = Paddle:\n[[25, 31],\n [43, 49]]\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (0.5, "0.5"),
        (-0.0, "0."),
        (1 / 3, "0.3333"),
        ([0.12345, 2], "[0.1234, 2.    ]"),
        ([True, False], "[ True, False]"),
        (float("nan"), "nan"),
        ([1e6 / 3], "[333333.3333]"),
        ([float("inf"), 1.5], "[inf, 1.5]"),
        (np.float16(0.5), "0.5"),
        (np.float32(0.0003497), "0.0003"),
    ],
)
def test_numbers_are_rounded_for_reading(capsys, value, text):
    assert shown(capsys, a=value, b=value) == f"a = b: {text}\n"


def test_the_last_bits_of_float32_do_not_show(capsys):
    value = np.float32(0.12345)
    for near in (value, np.nextafter(value, np.float32(1)), np.nextafter(value, np.float32(0))):
        assert shown(capsys, a=near, b=near) == "a = b: 0.1234\n"


@pytest.mark.parametrize("value", [np.float32(0.1234504), np.float64(0.12345 + 4e-11)])
def test_what_may_differ_does_not_decide_a_rounding(capsys, value):
    """Six digits count in float32 and ten in float64; one more would make it 0.1235."""
    assert shown(capsys, a=value, b=value) == "a = b: 0.1234\n"


def test_lines_are_as_long_as_the_page_allows(capsys):
    lines = shown(capsys, a=np.arange(30), b=np.arange(30)).splitlines()
    assert 90 < max(map(len, lines)) <= 96


def test_many_numbers_are_shown_as_their_shape(capsys):
    assert shown(capsys, a=np.zeros(30), b=np.zeros(30)).count("0.") == 30
    printed = shown(capsys, numpy=np.zeros((1, 31)), scipy=np.zeros((1, 31)))
    assert printed == "NumPy = SciPy: shape [1, 31]\n"


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.float64])
def test_a_difference_is_named_with_its_pair_and_place(kind):
    right, wrong = np.arange(6).reshape(2, 3).astype(kind), np.arange(6).reshape(2, 3).astype(kind)
    wrong[1, 0] += 2
    with pytest.raises(
        AssertionError, match=r"^by hand and Paddle differ at \[1, 0\]: 3 against 5"
    ):
        agree(by_hand=right, numpy=right.copy(), paddle=wrong)


def test_a_single_number_has_no_place():
    with pytest.raises(AssertionError, match=r"^a and b differ: 1 against 2"):
        agree(a=1, b=2)


def test_rounding_is_allowed_by_the_coarsest_dtype():
    third = np.float32(1 / 3)
    agree(a=1 / 3, b=third)
    agree(a=1 / 3, b=1 / 3 + 1e-11)
    agree(a=third, b=np.float32(third * (1 + 1e-5)))
    with pytest.raises(AssertionError, match="differ"):
        agree(a=1 / 3, b=1 / 3 + 1e-8)
    with pytest.raises(AssertionError, match="differ"):
        agree(a=third, b=np.float32(third * (1 + 1e-4)))


def test_cancelled_numbers_are_judged_by_the_largest():
    agree(a=[1000.0, 0.0], b=[1000.0, 1e-8])
    with pytest.raises(AssertionError, match=r"at \[1\]"):
        agree(a=[1.0, 0.0], b=[1.0, 1e-8])


def test_small_numbers_are_judged_by_the_largest_of_them():
    with pytest.raises(AssertionError, match="differ"):
        agree(a=1e-12, b=2e-12)


def test_half_floats_are_not_excused():
    with pytest.raises(AssertionError, match="differ"):
        agree(a=np.float16(1), b=np.float16(1.001))


def test_integers_agree_with_floats_that_rounding_explains():
    agree(by_hand=[3, 1], numpy=[3.0, 1 + 1e-12])
    agree(numpy=[3.0, 1 + 1e-12], by_hand=[3, 1])


def test_a_difference_as_large_as_the_tolerance_is_allowed():
    agree(0.5, a=1.0, b=1.5)


def test_tolerance_counts_in_both_directions():
    agree(0.005, by_hand=14.67, numpy=44 / 3)
    for value in (14.67, 14.663):
        with pytest.raises(AssertionError, match=r"allowed: 0\.003"):
            agree(0.003, by_hand=value, numpy=44 / 3)


def test_integers_agree_exactly_however_large():
    agree(a=2**60, b=np.int64(2**60))
    with pytest.raises(AssertionError, match="differ"):
        agree(a=2**60, b=2**60 + 1)
    with pytest.raises(AssertionError, match=r"\(allowed: 0\)"):
        agree(a=2, b=3)


def test_nan_and_infinity_agree_with_themselves_only():
    agree(a=[np.nan, np.inf, -np.inf], b=[np.nan, np.inf, -np.inf])
    for wrong in (0.0, np.inf):
        with pytest.raises(AssertionError, match="differ"):
            agree(a=np.nan, b=wrong)
    with pytest.raises(AssertionError, match="differ"):
        agree(a=np.inf, b=-np.inf)
    with pytest.raises(AssertionError, match="differ"):
        agree(0.1, a=[np.nan], b=[1.0])
    with pytest.raises(AssertionError, match="differ"):
        agree(0.1, a=[1.0], b=[np.nan])


@pytest.mark.parametrize("wrong", [np.zeros((2, 1)), np.zeros((1, 2)), 0.0, np.zeros(3)])
def test_shapes_must_be_equal(wrong):
    with pytest.raises(AssertionError, match=r"a has shape \(2,\), b has"):
        agree(a=np.zeros(2), b=wrong)


def test_empty_arrays_agree(capsys):
    assert shown(capsys, a=np.zeros((0, 3)), b=np.zeros((0, 3))) == "a = b: []\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"a": 1}, "values holds 1"),
        ({"a": "one", "b": 1}, "a is 'one'"),
        ({"a": 1, "b": None}, "b is None"),
        ({"a": 1, "b": 1, "tolerance": 0}, "tolerance is 0"),
        ({"a": 1, "b": 1, "tolerance": np.nan}, "tolerance is nan"),
        ({"a": 1, "b": 1, "tolerance": np.inf}, "tolerance is inf"),
    ],
)
def test_senseless_requests_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        agree(**arguments)
