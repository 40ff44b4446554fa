"""Maps over rate and scale, results along a logarithmic axis, and paths through ravines."""

import numpy as np
import pytest

from helpers import figures

MAPS = {"3 layers": [[0.1, 0.9], [0.896, 1.0], [0.2, 0.3]], "5 layers": np.full((3, 2), 0.5)}
RATES, SCALES = [0.01, 0.1, 1], [0.25, 0.5]


def test_a_map_has_a_square_for_each_pair_and_a_dot_where_it_works():
    grid = figures.rate_maps(MAPS, RATES, SCALES, xlabel="deviation")
    assert grid.shape == (1, 2)
    first, second = grid[0]
    assert np.allclose(first.images[0].get_array(), [[0.1, 0.9], [0.9, 1.0], [0.2, 0.3]])
    dots = set(map(tuple, first.lines[0].get_xydata().astype(int).tolist()))
    assert dots == {(1, 0), (0, 1), (1, 1)}  # scale, rate
    assert not len(second.lines[0].get_xdata())
    assert [ax.get_title(loc="left") for ax in grid[0]] == ["3 layers: 3 dots", "5 layers: 0 dots"]
    assert [text.get_text() for text in first.get_xticklabels()] == ["0.25", "0.5"]
    assert [text.get_text() for text in first.get_yticklabels()] == ["0.01", "0.1", "1"]
    assert (first.get_xlabel(), first.get_ylabel()) == ("deviation", "learning rate")
    assert first.get_ylim()[0] < first.get_ylim()[1]  # larger rates stand higher


def test_all_maps_share_the_colours_of_0_to_1():
    grid = figures.rate_maps(MAPS | {"9 layers": np.zeros((3, 2))}, RATES, SCALES, least=0.5)
    drawn = [ax for ax in grid.flat if ax.images]
    assert len(drawn) == 3
    assert {ax.images[0].get_clim() for ax in drawn} == {(0, 1)}
    assert not grid[1, 1].axison
    assert len(grid[0, 1].lines[0].get_xdata()) == 6


RUNS = {"SGD": {0.1: [0.2, 0.4], 0.01: [0.5, 0.7]}, "Adam": {0.01: [0.9, 0.9], 0.1: [0.1, 0.3]}}


def test_results_stand_in_order_with_their_spread_and_the_best_ringed():
    ax = figures.along(RUNS, "rate", "accuracy", (0, 1), best=max)
    assert ax.get_xscale() == "log"
    lines = {line.get_label(): line for line in ax.lines if line.get_label() in RUNS}
    assert np.allclose(lines["SGD"].get_xydata(), [[0.01, 0.6], [0.1, 0.3]])
    assert np.allclose(lines["Adam"].get_xydata(), [[0.01, 0.9], [0.1, 0.2]])
    rings = [line for line in ax.lines if line.get_label() not in RUNS]
    assert [line.get_xydata().tolist() for line in rings] == [[[0.01, 0.6]], [[0.01, 0.9]]]
    assert [ring.get_markeredgecolor() for ring in rings] == [
        lines[name].get_color() for name in RUNS
    ]
    corners = ax.collections[0].get_paths()[0].vertices
    for corner in ((0.01, 0.5), (0.01, 0.7), (0.1, 0.2), (0.1, 0.4)):
        assert np.isclose(corners, corner).all(axis=1).any()
    assert {text.get_text(): text.get_color() for text in ax.texts} == {
        name: lines[name].get_color() for name in RUNS
    }
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_ylim()) == ("rate", "accuracy", (0, 1))


def test_single_results_have_no_band_and_close_ticks_are_left_out():
    ax = figures.along({"a": {1: 0.123, 1.5: 0.5, 4: 12.34}}, log=True)
    assert not ax.collections
    assert not ax.texts
    assert np.allclose(ax.lines[0].get_ydata(), [0.12, 0.5, 12])
    assert ax.get_yscale() == "log"
    ax.figure.canvas.draw()
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "4"]


def test_dots_have_no_line_and_the_others_no_marks():
    runs = {"measured": {1: 4, 4: 2, 16: 1}, "rule": {1: 4, 4: 2, 16: 1.1}}
    ax = figures.along(runs, log=True, dots=["measured"])
    lines = {line.get_label(): line for line in ax.lines}
    looks = {name: (line.get_linestyle(), line.get_marker()) for name, line in lines.items()}
    assert looks["measured"] == ("None", "o")
    assert looks["rule"][0] != "None"
    assert looks["rule"][1] == ""
    assert lines["measured"].get_zorder() > lines["rule"].get_zorder()
    assert np.allclose(lines["rule"].get_ydata(), [4, 2, 1.1])
    assert {text.get_text() for text in ax.texts} == set(runs)


PATH = np.array([[10.0, 2.0], [5.0, -1.0]] + [[0.3, 0.4]] * 10)


def test_a_path_goes_from_its_start_and_its_last_steps_are_measured():
    curvature = np.diag([1.0, 100.0])
    rows = {"along": (curvature, {"SGD": PATH, "Adam": PATH / 1000}), "turned": (curvature, {})}
    rows["turned"] = (curvature, {"SGD": PATH * [[1e4, 1]], "Adam": PATH})
    grid = figures.ravines(rows)
    assert grid.shape == (2, 2)
    assert np.allclose(grid[0, 0].lines[0].get_xydata(), PATH)
    assert np.allclose(grid[0, 0].lines[1].get_xydata(), [[10, 2]])
    assert np.allclose(grid[0, 0].lines[2].get_xydata(), [[0, 0]])
    notes = [[ax.texts[0].get_text() for ax in row] for row in grid]
    assert notes == [["0.5 away", "below 0.01 away"], ["gone", "0.5 away"]]
    assert [ax.get_title(loc="left") for ax in grid[0]] == ["SGD", "Adam"]
    assert [row[0].get_ylabel() for row in grid] == ["along", "turned"]
    assert {(ax.get_xlim(), ax.get_ylim()) for ax in grid.flat} == {((-6, 11), (-6, 11))}


def test_the_contours_are_those_of_the_ravine():
    grid = figures.ravines({"": (np.array([[2.0, 1.0], [1.0, 2.0]]), {"SGD": PATH})})
    (contours,) = grid[0, 0].collections
    assert np.allclose(contours.levels, [0.5, 4.5, 18, 50])
    for path, level in zip(contours.get_paths(), contours.levels, strict=True):
        x, y = path.vertices.T
        assert np.allclose((2 * x**2 + 2 * x * y + 2 * y**2) / 2, level, rtol=0.1)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (
            lambda: figures.rate_maps({"a": [[1.0]]}, RATES, SCALES),
            r"maps\['a'\] has shape \(1, 1\)",
        ),
        (lambda: figures.along({str(i): {1: 1} for i in range(6)}), "runs has 6 names"),
        (lambda: figures.along({"a": {1: 1}}, dots=["b"]), r"dots is \['b'\]"),
        (lambda: figures.ravines({"": (np.eye(2), {"SGD": [1.0]})}), r"SGD has shape \(1,\)"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
