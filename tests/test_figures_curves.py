"""Curves and dots: each name beside its own numbers, and in their colour."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers import figures
from helpers.figures.style import DASHES, MARKERS, SERIES

RUNS = {"up": [0.1, 0.5, 0.9], "down": [0.8, 0.5, 0.2], "flat": [0.4, 0.4, 0.41]}


def test_curves_draw_the_mean_and_the_spread():
    ax = figures.curves({"a": [[0.1, 0.2], [0.3, 0.6]], "b": [5.12345, 0.12345]}, ylabel="accuracy")
    assert np.allclose(ax.lines[0].get_ydata(), [0.2, 0.4])
    assert np.allclose(ax.lines[1].get_ydata(), [5.123, 0.123])
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    for corner in ((1, 0.1), (1, 0.3), (2, 0.2), (2, 0.6)):
        assert np.isclose(corners, corner).all(axis=1).any()
    assert np.allclose(band.get_facecolor()[0, :3], to_rgb(ax.lines[0].get_color()))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "accuracy")


def test_curves_on_a_logarithmic_axis_round_to_significant_digits():
    ax = figures.curves({"a": [1.23456e-7, 0.0, 9876.5]}, log=True, x=[3, 5, 9])
    assert ax.get_yscale() == "log"
    assert np.allclose(ax.lines[0].get_xdata(), [3, 5, 9])
    assert np.allclose(ax.lines[0].get_ydata(), [1.23e-7, 0, 9880], rtol=1e-12)
    assert not ax.texts  # one curve needs no name
    runs = {"one": [1], "several": [[123.456], [0.0123456]]}
    (band,) = figures.curves(runs, log=True).collections
    assert band.get_facecolor()[0, :3] == pytest.approx(to_rgb(SERIES[1]))
    corners = band.get_paths()[0].vertices[:, 1]
    assert np.allclose([corners.min(), corners.max()], [0.0123, 123], rtol=1e-12)


def test_epochs_are_whole_and_other_places_need_not_be():
    assert np.all(figures.curves({"a": [1, 2, 3]}).get_xticks() % 1 == 0)
    assert np.any(figures.curves({"a": [1, 2]}, x=[0, 1], xlabel="rate").get_xticks() % 1)


@pytest.mark.parametrize("limits", [(0, 1), None])
def test_each_name_stands_at_the_end_of_its_curve_in_its_colour(limits):
    ax = figures.curves(RUNS, limits=limits)
    ax.figure.canvas.draw()
    names = {text.get_text(): text for text in ax.texts}
    assert set(names) == set(RUNS)
    looks = set()
    for line, (name, values) in zip(ax.lines, RUNS.items(), strict=True):
        assert line.get_label() == name
        assert np.allclose(line.get_ydata(), values)
        assert names[name].get_color() == line.get_color()
        assert names[name].xy[0] == 3
        end, box = ax.transData.transform((3, values[-1])), names[name].get_window_extent()
        assert end[0] < box.x0 < end[0] + 20
        assert abs((box.y0 + box.y1) / 2 - end[1]) < 6
        looks.add((line.get_color(), line.get_linestyle(), line.get_marker()))
    assert looks == set(zip(SERIES[:3], ["-", "--", "-."], MARKERS[:3], strict=True))
    assert limits is None or ax.get_ylim() == limits


def test_as_many_curves_as_there_are_looks_can_be_drawn():
    ax = figures.curves({str(i): [i] for i in range(len(DASHES))})
    assert [text.get_text() for text in ax.texts] == [*"01234"]


def test_names_stay_inside_the_axes_and_move_as_little_as_they_can():
    ax = figures.curves({"a": [0.5], "b": [0.5], "far": [7]}, limits=(0, 1))
    low, high, beyond = sorted(text.xy[1] for text in ax.texts)
    assert np.isclose((low + high) / 2, 0.5)
    assert beyond == 1


def test_names_of_curves_that_meet_do_not_overlap():
    ax = figures.curves({"a": [0, 0.5], "b": [1, 0.5], "c": [0.2, 0.51]}, limits=(0, 1))
    ax.figure.canvas.draw()
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert all(low.y1 <= high.y0 + 1 for low, high in itertools.pairwise(boxes))
    order = sorted(ax.texts, key=lambda text: text.xy[1])
    assert order[-1].get_text() == "c"


def test_names_stay_off_the_axis_below():
    ax = figures.curves({"a": [1, 0], "b": [0.5, 0]}, limits=(0, 1))
    ax.figure.canvas.draw()
    axis = ax.transAxes.transform((0, 0))[1]
    assert min(text.get_window_extent().y0 for text in ax.texts) > axis - 2


DOTS = {"with": {0.1: [0.9, 0.8, 1.0], 1.0: [0.7]}, "without": {0.1: [0.1, 0.2], 1.0: [0.3, 0.5]}}


@pytest.mark.parametrize("log", [False, True])
def test_every_result_is_a_dot_near_its_place_and_every_mean_a_line(log):
    ax = figures.dot_plot(DOTS, "rate", log=log, limits=(0, 1))
    dots = [line for line in ax.lines if line.get_linestyle() == "None"]
    means = [line for line in ax.lines if line.get_linestyle() == "-" and len(line.get_xdata())]
    groups = [(name, x, values) for name, of in DOTS.items() for x, values in of.items()]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    colors = [handle.get_color() for handle in ax.get_legend().legend_handles]
    assert labels == ["with", "without"]
    assert colors[0] != colors[1]
    marks = [handle.get_marker() for handle in ax.get_legend().legend_handles]
    assert marks == [dots[0].get_marker(), dots[2].get_marker()] == [*MARKERS[:2]]
    for line, mean, (name, x, values) in zip(dots, means, groups, strict=True):
        assert np.allclose(line.get_ydata(), sorted(values))
        assert np.allclose(mean.get_ydata(), np.mean(values))
        assert line.get_color() == mean.get_color() == colors[labels.index(name)]
        for places in (line.get_xdata(), mean.get_xdata()):
            distance = np.log10(np.array(places) / x) if log else np.array(places) - x
            assert abs(distance).max() < 0.3
        left, right = mean.get_xdata()
        assert len(set(line.get_xdata())) == len(values)
        assert left < min(line.get_xdata()) <= max(line.get_xdata()) < right
    assert max(dots[0].get_xdata()) < 0.1 < min(dots[2].get_xdata())
    assert ax.get_xscale() == ("log" if log else "linear")
    ax.figure.canvas.draw()
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0.1", "1" if log else "1.0"]
    assert not any(tick.get_text() for tick in ax.get_xticklabels(minor=True))
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_ylim()) == ("rate", "test accuracy", (0, 1))


@pytest.mark.parametrize("log", [False, True])
def test_dots_stay_by_their_own_place_however_far_apart_the_places_are(log):
    places = np.array([0.001, 0.01, 10])
    runs = {name: {place: [0.2, 0.12345] for place in places} for name in "ab"}
    ax = figures.dot_plot(runs, log=log)
    drawn = [line for line in ax.lines if len(line.get_xdata())]
    for line, place in zip(drawn, [0, 0, 1, 1, 2, 2] * 2, strict=True):
        assert set(abs(places[:, None] - line.get_xdata()).argmin(axis=0)) == {place}
        assert set(line.get_ydata()) in ({0.2, 0.123}, {0.162})


def test_a_single_result_stands_in_the_middle_of_its_group():
    ax = figures.dot_plot({"a": {1: 0.5, 2: [0.2, 0.4]}})
    assert [np.mean(line.get_xdata()) for line in ax.lines[:4]] == [1, 1, 2, 2]
    assert ax.get_ylim() == (0, 1)


def test_a_logarithmic_axis_names_the_places_of_results_alone():
    ax = figures.dot_plot({"a": {2: 0.5, 5: 0.6}}, log=True)
    ax.figure.canvas.draw()
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2", "5"]
    assert not any(tick.get_text() for tick in ax.get_xticklabels(minor=True))


def test_words_are_places_in_the_order_in_which_they_occur():
    runs = {"a": {"small": 0.2, "large": [0.6, 0.8]}, "b": {"medium": 0.5, "large": 0.9}}
    ax = figures.dot_plot(runs, chance=0.1)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["small", "large", "medium"]
    dots = [line for line in ax.lines if line.get_linestyle() == "None"]
    places = [round(float(np.mean(line.get_xdata()))) for line in dots]
    assert places == [0, 1, 2, 1]
    assert np.mean(dots[1].get_xdata()) < 1 < np.mean(dots[3].get_xdata())
    (chance,) = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert set(chance.get_ydata()) == {0.1}
    assert [text.get_text() for text in ax.texts] == ["chance"]
    ax.figure.canvas.draw()
    (chance,) = ax.transData.transform([(0, 0.1)])
    box = ax.texts[0].get_window_extent()
    assert box.y0 < chance[1] < box.y1
    assert 0 < box.x0 - ax.bbox.x1 < 20


def test_one_series_needs_no_legend():
    ax = figures.dot_plot({"a": {1: 0.5}})
    assert ax.get_legend() is None
    assert ax.get_ylabel() == "test accuracy"


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures.curves({str(i): [1, 2] for i in range(6)}), "runs has 6 names"),
        (lambda: figures.dot_plot({str(i): {1: 1} for i in range(6)}), "runs has 6 names"),
        (lambda: figures.dot_plot({"a": {"x": 1, 2: 1}}), "expected all words, or all numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
