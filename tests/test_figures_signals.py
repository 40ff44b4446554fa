"""A convolution as an area: the flip, the shaded product and the curve beneath."""

import matplotlib as mpl
import numpy as np
import pytest

from helpers import figures
from helpers.figures import signals, style


def box(t):
    return np.where((t >= 0) & (t < 1), 1.0, 0.0)


def ramp(t):
    """From 0 up to 1 within a second, then 0: not symmetric, so that a missing flip shows."""
    return np.where((t >= 0) & (t < 1), t, 0.0)


def step(t):
    return np.where(t >= 0, 1.0, 0.0)


def decay(t):
    return np.where(t >= 0, np.exp(-np.abs(t)), 0.0)


def lines(ax):
    return {line.get_label(): line for line in ax.lines}


def test_the_area_of_two_boxes_is_a_triangle():
    areas = [signals.area_at(box, box, shift) for shift in (0, 0.25, 1, 1.5, 2, 3)]
    assert np.allclose(areas, [0, 0.25, 1, 0.5, 0, 0])


def test_the_area_of_a_step_and_a_decay_is_the_climb():
    for shift in (0.5, 2, 3.5):
        assert np.isclose(signals.area_at(step, decay, shift), 1 - np.exp(-shift), atol=1e-4)


def test_the_area_of_a_box_and_a_ramp_is_its_integral():
    assert np.isclose(signals.area_at(box, ramp, 0.5), 0.125)  # ½·½², not ½ − ½·½² = 0.375
    assert np.isclose(signals.area_at(box, ramp, 1.5), 0.375)


def test_marks_lie_on_the_curve():
    grid = figures.sliding_area(box, box, shifts=[0, 0.5, 1, 1.5])
    marks = [line.get_xydata()[0] for line in grid["all"].lines if line.get_marker() == "o"]
    assert np.allclose(marks, [(0, 0), (0.5, 0.5), (1, 1), (1.5, 0.5)])
    (curve,) = [line for line in grid["all"].lines if line.get_marker() != "o"]
    for time, area in marks:
        assert np.isclose(np.interp(time, *curve.get_data()), area)
    assert curve.get_xdata()[-1] == 4
    assert (grid["all"].get_xlabel(), grid["all"].get_ylabel()) == ("t in seconds", "area")
    assert grid["all"].get_ylim() == (-0.05, 1.1)
    assert curve.get_color() == style.OUTPUT
    name = "The area under the product at every t: f ∗ g"
    assert grid["all"].get_title(loc="left") == name
    slow = figures.sliding_area(step, decay, shifts=[2])["all"]
    assert np.allclose(slow.lines[0].get_xydata(), [[2, 1 - np.exp(-2)]], atol=1e-4)


def test_the_second_signal_is_flipped_and_slid_and_the_first_stays():
    grid = figures.sliding_area(box, ramp, shifts=[0.5, 2], names=("a", "b"))
    for panel, shift in enumerate([0.5, 2]):
        drawn = lines(grid[panel])
        still, slid = drawn["a(τ)"], drawn["b(t − τ)"]
        assert still.get_color() == style.WINDOW
        assert slid.get_color() == style.KERNEL
        assert np.allclose(still.get_ydata(), box(still.get_xdata()))
        assert np.allclose(slid.get_ydata(), ramp(shift - slid.get_xdata()))
        assert slid.get_ydata()[np.argmin(np.abs(slid.get_xdata() - (shift - 0.9)))] > 0.85
        assert (still.get_linestyle(), slid.get_linestyle()) == ("--", "-")
        assert np.allclose(slid.get_xdata()[[0, -1]], [-1.995, 3.995])  # the middle of each piece
        assert grid[panel].get_ylim() == (-0.05, 1.1)
        assert grid[panel].get_xlabel() == "τ in seconds"
        assert np.all(grid[panel].get_xticks() % 1 == 0)
    (legend,) = grid[0].figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a(τ)", "b(t − τ)", "product"]


def test_the_product_is_shaded_and_its_area_is_in_the_title():
    grid = figures.sliding_area(box, ramp, shifts=[0.4])
    (shade,) = grid[0].collections
    x, y = shade.get_paths()[0].vertices.T
    assert np.isclose(y.max(), 0.4, atol=0.01)
    assert np.isclose(x[np.argmax(y)], 0, atol=0.01)  # the ramp's high end comes last, at τ = 0
    assert grid[0].get_title(loc="left") == "t = 0.4 s: area 0.08"
    assert mpl.colors.to_hex(shade.get_facecolor()[0]) == style.OUTPUT.lower()
    late = figures.sliding_area(step, decay, shifts=[2])[0]
    assert late.get_title(loc="left") == "t = 2 s: area 0.86"


def test_a_long_answer_is_not_cut_off():
    """A decay that is still high at the left edge reaches it without a step to 0."""
    slid = lines(figures.sliding_area(step, decay, shifts=[0.5])[0])["g(t − τ)"]
    seen = slid.get_ydata()[slid.get_xdata() < 0.5]
    assert np.diff(seen).min() > 0


@pytest.mark.parametrize("shifts", [[], [-0.5], [1, 4.5]])
def test_shifts_outside_the_drawing_are_refused(shifts):
    with pytest.raises(ValueError, match="expected times from 0 to until, 4"):
        figures.sliding_area(box, box, shifts=shifts)
