"""Chapter 04's figures: per-channel sums, stacks named with a layer's real shapes, and stamps."""

import numpy as np
import paddle
import pytest
from matplotlib.colors import to_rgb

from helpers import figures, ops
from helpers.figures.style import KERNEL, OUTPUT, WINDOW
from tests.common import texts, title
from tests.drawings import fills, frames, numbers_at, places


def test_channel_sum_shows_the_parts_and_their_sum():
    x, weight = np.arange(1, 28).reshape(3, 3, 3), np.arange(12).reshape(3, 2, 2)
    shown = texts(figures.channel_sum(x, weight))
    parts = [ops.corr2d(channel, kernel) for channel, kernel in zip(x, weight, strict=True)]
    for index, part in enumerate(parts):
        end = shown.index(f"sums of channel {index}")
        assert shown[end - 4 : end] == [f"{value:g}" for value in part.ravel()]
    output = ops.conv2d(x[None] * 1.0, weight[None] * 1.0)
    assert shown[-5:] == [*(f"{value:g}" for value in output.ravel()), "output"]
    assert {"one kernel", "Σ"} <= set(shown)


def test_channel_sum_lays_channel_kernel_and_sums_in_a_row_and_brackets_one_kernel():
    x, weight = np.arange(1, 25).reshape(2, 3, 4), np.arange(8).reshape(2, 2, 2)
    ax = figures.channel_sum(x, weight)
    place, numbers = places(ax), numbers_at(ax)
    for index, top in enumerate((0, 4.2)):
        names = [f"input, channel {index}", f"channel {index}", f"sums of channel {index}"]
        lefts = [place[name][0] - wide / 2 for name, wide in zip(names, (4, 2, 3), strict=True)]
        assert lefts == sorted(lefts)
        assert np.diff([*lefts, place["output"][0] - 1.5]).min() > 3
        parts = [x[index], weight[index], ops.corr2d(x[index], weight[index])]
        for left, values in zip(lefts, parts, strict=True):
            first = top + (3 - len(values)) / 2
            for (row, column), value in np.ndenumerate(values):
                found = [
                    number
                    for (y, across), number in numbers.items()
                    if np.allclose((y, across), (first + row, left + column))
                ]
                assert found == [value]
    assert frames(ax, WINDOW)[::2] == [(0, 0, 2, 2), (4.2, 0, 2, 2)]
    sums = place["sums of channel 0"][0] - 1.5
    assert np.allclose(frames(ax, WINDOW)[1::2], [(0.5, sums, 1, 1), (4.7, sums, 1, 1)])
    output = place["output"][0] - 1.5
    assert np.allclose(frames(ax, OUTPUT), [(3.6 - 1, output, 1, 1)])
    kernels = place["channel 0"][0] - 1
    assert np.allclose(fills(ax, KERNEL), [(0.5, kernels, 2, 2), (4.7, kernels, 2, 2)])
    assert place["one kernel"][0] == kernels + 1
    assert place["one kernel"][1] < place["channel 0"][1]
    assert sums + 3 < place["Σ"][0] < output
    assert place["Σ"][1] == 3.6
    left, right = (line.get_xydata() for line in ax.lines)
    for bracket, side in ((left, kernels), (right, kernels + 2)):
        assert bracket[:, 1].min() < 0 < 7.2 < bracket[:, 1].max()
        assert abs(bracket[:, 0] - side).max() < 1
    assert 4 < left[1, 0] < left[0, 0] < kernels
    assert kernels + 2 < right[0, 0] < right[1, 0] < sums
    assert {line.get_linestyle() for line in ax.lines} == {"-"}


def test_layer_stacks_names_the_shapes_of_the_layer():
    ax = figures.layer_stacks(2, 5, 10, (20, 3, 18))
    layer = paddle.nn.Conv2D(5, 10, 3)
    y = layer(paddle.zeros([2, 5, 20, 20]))
    shapes = [[2, 5, 20, 20], list(layer.weight.shape), list(y.shape)]
    expected = [" × ".join(map(str, shape)) for shape in shapes]
    assert [text.split("\n")[1] for text in texts(ax) if "\n" in text] == expected
    full = [patch for patch in ax.patches if patch.get_alpha() == 0.95]
    assert len(full) == 5 + 2  # the slices of one kernel, and its sheet of each image
    window = [patch for patch in ax.patches if patch.get_alpha() == 0.9]
    assert len(window) == 5
    assert len(ax.lines) == 10  # biases


def test_layer_stacks_follow_one_kernel_from_its_window_to_its_sheets():
    ax = figures.layer_stacks(2, 3, 4, (20, 5, 16))
    colored = {
        color: [
            (*p.get_xy(), p.get_width(), p.get_alpha()) for p in ax.patches if painted(p, color)
        ]
        for color in (WINDOW, KERNEL, OUTPUT)
    }
    counts = {color: len(sheets) for color, sheets in colored.items()}
    assert counts == {WINDOW: 2 * 3, KERNEL: 4 * 3 + 3, OUTPUT: 2 * 4}
    sizes = [sheets[0][2] for sheets in colored.values()]
    assert np.allclose(np.divide(sizes, sizes[0]), [1, 5 / 20, 16 / 20])
    place = places(ax)
    words = [text for text in texts(ax) if "×" in text]
    window = colored[KERNEL].pop()
    colored[KERNEL] = colored[KERNEL][:12]
    fronts = {color: sheets[2::3] for color, sheets in colored.items()}
    fronts[OUTPUT] = colored[OUTPUT][3::4]
    for word, color, size in zip(words, colored, sizes, strict=True):
        assert np.allclose([x + size / 2 for x, *_ in fronts[color][:2]], place[word][0])
        assert place[word][1] < fronts[color][0][1]  # above, for y grows downwards
        tops = [y for _, y, *_ in fronts[color]]
        assert tops == sorted(tops)
    assert [sheet[3] for sheet in colored[OUTPUT]] == [0.25, 0.25, 0.25, 0.95] * 2
    assert [sheet[3] for sheet in colored[KERNEL]] == [0.95] * 3 + [0.25] * 9
    assert {sheet[3] for sheet in colored[WINDOW]} == {0.25}
    assert window[3] == 0.9
    third, _, first = colored[WINDOW][:3]  # one behind the other: to the right and up
    assert first[0] < third[0] < first[0] + 1
    assert first[1] - 1 < third[1] < first[1]
    image = first
    inside = [image[i] < window[i] < window[i] + window[2] < image[i] + image[2] for i in (0, 1)]
    assert inside == [True, True]
    kernel, output = fronts[KERNEL][0], fronts[OUTPUT][0]
    biases = [line.get_xydata()[0] for line in ax.lines]
    middles = [y + sizes[1] / 2 for _, y, *_ in fronts[KERNEL]]
    assert np.allclose([y for _, y in biases], middles)
    assert all(kernel[0] + sizes[1] < x < output[0] for x, _ in biases)
    into, out = [(*text.xyann, *text.xy) for text in ax.texts if not text.get_text()]
    assert window[0] + window[2] < into[0] < into[2] < kernel[0]
    assert np.allclose([into[1], into[3]], [window[1] + window[2] / 2, middles[0]])
    assert biases[0][0] < out[0] < out[2] < output[0] + sizes[2]
    assert np.allclose([out[1], out[3]], [middles[0], output[1] + sizes[2] / 2])
    assert "● one bias for each kernel" in place
    # White paper, the colour, and the outline, which hides neither.
    assert [patch.get_fill() for patch in ax.patches] == [True, True, False] * (6 + 12 + 8 + 3)


def painted(patch, color):
    return patch.get_fill() and patch.get_facecolor()[:3] == to_rgb(color)


@pytest.mark.parametrize(
    ("values", "kernel", "total", "overlaps"),
    [
        ([1, 2], [1, 1, 1], [1, 1, 3, 2, 2], [2]),
        ([1] * 5, [1, 1, 1], [1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1], [2, 4, 6, 8]),
        ([1] * 5, [1] * 4, [1, 1, *[2] * 8, 1, 1], [2, 3, 4, 5, 6, 7, 8, 9]),
        ([2, 3], [4, 5], [8, 10, 12, 15], []),
    ],
)
def test_stamps_add_up(values, kernel, total, overlaps):
    (ax,) = figures.stamps(values, {"a kernel": kernel}, stride=2).flat
    assert title(ax) == "a kernel"
    shown = texts(ax)
    assert shown[-1 - len(total) :] == [*map(str, total), "sum"]
    hatched = sorted(patch.get_x() for patch in ax.patches if patch.get_hatch())
    assert hatched == overlaps
    top = len(values) + 0.5
    assert {patch.get_y() for patch in ax.patches if patch.get_hatch()} <= {top}
    hatches = [patch for patch in ax.patches if patch.get_hatch()]
    assert {(p.get_width(), p.get_height(), p.get_fill()) for p in hatches} <= {(1, 1, False)}
    numbers = {
        (row, 2 * row + i): v * w for row, v in enumerate(values) for i, w in enumerate(kernel)
    }
    assert numbers_at(ax) == numbers | {(top, place): value for place, value in enumerate(total)}
    rows = [(row, 2 * row, 1, len(kernel)) for row in range(len(values))]
    assert (fills(ax, WINDOW), fills(ax, OUTPUT)) == (rows, [(top, 0, 1, len(total))])
    sides = [text.get_position() for text in ax.texts if text.get_ha() == "right"]
    assert [y for _, y in sides] == [*(np.arange(len(values)) + 0.5), top + 0.5]
    assert {x for x, _ in sides} == {-0.3}
    for value in values:
        end = shown.index(f"{value} ·")
        stamp = [str(value * weight) for weight in kernel]
        assert shown[end - len(kernel) : end] == stamp
        shown = shown[end + 1 :]


def test_stamps_of_several_kernels_have_one_scale():
    grid = figures.stamps([1, 2], {"a": [1, 1], "b": [1, 2, 3]}, stride=3)
    assert [title(ax) for ax in grid.flat] == ["a", "b"]
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in grid.flat}) == 1
    assert grid[0, 0].get_xlim()[1] > 6
