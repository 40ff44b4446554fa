"""Checks of the exercises of chapter 14."""

import numpy as np

from .. import ops
from ._engine import call, cases, each, equal, number, numbers, passed, require, written

_MISTAKES = {
    "E": "it has the largest share of all",
    "A": "no place that was kept before lies near it",
    "C": "B lies near it, but B is skipped, so it pushes nothing out",
    "D": "near means less than 10 away in both directions",
    "H": "how far away are the places that were kept before?",
    "B": "a place that was kept before lies near it",
    "F": "a place that was kept before lies near it",
    "G": "look at the threshold",
}


def left(boxes):
    """The letters of the places that are left, in any order."""
    written(boxes, "my_boxes")
    letters = boxes if isinstance(boxes, list | tuple | set | str) else [boxes]
    fits = all(isinstance(letter, str) and letter.upper() in _MISTAKES for letter in letters)
    require(fits and len(letters), "my_boxes must hold letters from A to H")
    found = {letter.upper() for letter in letters}
    for letter in "EACDHBFG":
        kept = letter in found
        words = f"{letter} is {'left' if kept else 'missing'}: {_MISTAKES[letter]}"
        require(kept == (letter in "EACDH"), words)
    passed("five boxes, and a place that was skipped pushes nobody out")


def by_hand(answers):
    """Rows and columns of a grid of answers, and the corner of one of its windows."""
    hints = [
        [(10, "the first window counts, too"), (15, "the last windows must fit, too")],
        [(20, "the first window counts, too"), (25, "the last windows must fit, too")],
        [
            (16, "the grid is counted from 0, too"),
            (3, "in pixels of the picture"),
            (120, "windows overlap; how far apart are they?"),
        ],
        [
            (32, "the grid is counted from 0, too"),
            (5, "in pixels of the picture"),
            (200, "windows overlap; how far apart are they?"),
        ],
    ]
    each(answers, [11, 21, 24, 40], "answers", hints)
    passed("231 windows in one pass")


def from_channel_last(function):
    """function(table, channels, height, width): kernels (outputs, channels, height, width)."""
    for place, rng in enumerate(cases()):
        shape = (2, 3, 4, 5) if place == 0 else rng.integers(1, 5, 4)
        outputs, channels, height, width = (int(size) for size in shape)
        right = rng.normal(size=(outputs, channels, height, width))
        table = right.transpose(2, 3, 1, 0).reshape(-1, outputs)
        case = f"{channels} channels of {height}×{width} and {outputs} outputs"
        found = call(function, table, channels, height, width, name="from_channel_last", case=case)
        shape = right.shape
        hints = [
            (table.T.reshape(shape), "this is the order channel, row, column"),
            (table.reshape(shape), "each output is a column of the table"),
            (
                table.reshape(width, height, channels, outputs).transpose(3, 2, 1, 0),
                "rows and columns are exchanged",
            ),
            (right.transpose(0, 2, 3, 1), "the channel comes before row and column in a kernel"),
        ]
        equal(found, right, "from_channel_last", case, hints)
    passed("the same numbers in another order, in 20 random cases")


def as_table(function):
    """function(kernel, height, width): the table of the dense layer that does the same."""
    for place, rng in enumerate(cases()):
        k = (2, 3) if place == 0 else rng.integers(1, 4, 2)
        height, width = (int(n) for n in np.add(k, (3, 2) if place == 0 else rng.integers(0, 4, 2)))
        kernel = rng.normal(size=k)
        case = f"a kernel of {k[0]}×{k[1]} on a map of {height}×{width}"
        found = call(function, kernel, height, width, name="as_table", case=case)
        right = _table(kernel, height, width)
        hints = [
            (right.T, "it has a row for each pixel and a column for each answer"),
            (_table(kernel[::-1, ::-1], height, width), "the kernel is turned"),
        ]
        equal(found, right, "as_table", case, hints)
    passed("mostly zeros, and the kernel again and again")


def glyph_layer(function):
    """function(glyph): weight and bias of a layer that answers above 0 for the glyph only."""
    for place, rng in enumerate(cases()):
        shape = (5, 5) if place == 0 else tuple(int(n) for n in rng.integers(2, 6, 2))
        glyph = rng.integers(0, 2, shape).astype(float)
        glyph[0, 0], glyph[-1, -1] = 1, 0
        found = call(function, glyph, name="glyph_layer")
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, "glyph_layer must return weight, bias")
        weight = numbers(found[0], "weight").astype(float)
        expected = (glyph.size, 1)
        shapes = f"weight has shape {weight.shape}, expected {expected} for a glyph of {shape}"
        require(weight.shape == expected, shapes)
        bias = number(np.squeeze(numbers(found[1], "bias")), "bias")
        answer = float(glyph.ravel() @ weight[:, 0] + bias)
        require(answer > 0, f"the glyph itself gets {answer:g}, and it must be above 0")
        _check_others(weight[:, 0], bias, glyph)
        page = rng.integers(0, 2, (30, 30)).astype(float)
        page[7 : 7 + shape[0], 11 : 11 + shape[1]] = glyph
        answers = ops.corr2d(page, weight.reshape(shape)) + bias
        windows = np.lib.stride_tricks.sliding_window_view(page, shape)
        same = (windows == glyph).all(axis=(2, 3))
        require(np.array_equal(answers > 0, same), "on a page other windows get more than 0, too")
    passed("20 glyphs found on their pages, and nothing else")


def every_window(function):
    """function(answer, page, jump): the answers of all windows, from shifted pages."""
    for place, rng in enumerate(cases()):
        jump, window = (3, 5) if place == 0 else (int(n) for n in rng.integers(1, 5, 2))
        extra = (4, 6) if place == 0 else rng.integers(0, 8, 2)
        page = rng.normal(size=[window + jump - 1 + int(n) for n in extra])
        kernel = rng.normal(size=(window, window))

        def answer(page, kernel=kernel, jump=jump):
            page = numbers(page, "the page for answer").astype(float)
            fits = page.ndim == 2 and min(page.shape) >= len(kernel)
            require(fits, f"answer got a page of shape {page.shape}; no window fits")
            return ops.corr2d(page, kernel)[::jump, ::jump]

        case = f"a page of {page.shape[0]}×{page.shape[1]} and a jump of {jump}"
        found = call(function, answer, page, jump, name="every_window", case=case)
        right = ops.corr2d(page, kernel)
        grid = right[::jump, ::jump]
        hints = [(grid, "this is the grid of one page; other windows need shifted pages")]
        repeated = grid.repeat(jump, 0).repeat(jump, 1)[: right.shape[0], : right.shape[1]]
        hints.append((repeated, "each answer is repeated; shifted pages have answers of their own"))
        equal(found, right, "every_window", case, hints)
    passed("every window, from jump² passes, in 20 random cases")


def border(prediction, measure):
    """A predicted share, and measure(layers, size), the share of places that differ."""
    prediction = number(prediction, "prediction", 0, 1)
    for layers, size in ((1, 32), (3, 10), (4, 32)):
        name = f"measure({layers}, {size})"
        found = number(call(measure, layers, size, name="measure"), name, 0, 1)
        right = 1 - max(size - 2 * layers, 0) ** 2 / size**2
        hints = [
            (1 - right, "this is the share of places that are equal"),
            (1 - max(size - layers, 0) ** 2 / size**2, "the border has two sides"),
            (2 * layers / size, "the border goes round, and the window has two directions"),
            (1, "is the same place compared, and is rounding allowed for?"),
            (0, "with padding 1 the cut-out window sees zeros around it"),
        ]
        equal(found, right, name, hints=hints, tolerance=0.002)
    passed(f"four layers on 32×32: you said {prediction:g}, and you measured {found:.2f}")


def _table(kernel, height, width):
    pixels = np.eye(height * width).reshape(-1, 1, height, width)
    weight = np.ascontiguousarray(kernel)[None, None]
    return ops.conv2d(pixels, weight).reshape(height * width, -1)


def _check_others(weight, bias, glyph):
    """Each window that differs in one pixel must get at most 0."""
    for index in range(glyph.size):
        other = glyph.ravel().copy()
        other[index] = 1 - other[index]
        more = "with one pixel of ink too many" if other[index] else "with one pixel of ink missing"
        answer = float(other @ weight + bias)
        require(answer <= 0, f"a window {more} gets {answer:g}, and it must not be above 0")
