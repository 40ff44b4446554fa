"""Answers to the exercises of chapter 14."""

import numpy as np

from helpers import ops

from . import Answers


def by_places(table, channels, height, width):
    kernels = np.zeros((table.shape[1], channels, height, width), np.float32)
    for row, numbers in enumerate(table):
        pixel, channel = divmod(row, channels)
        kernels[:, channel, pixel // width, pixel % width] = numbers
    return kernels


def channel_first(table, channels, height, width):
    return table.T.reshape(-1, channels, height, width)


def not_turned(table, channels, height, width):
    return table.reshape(-1, channels, height, width)


def channel_at_the_end(table, channels, height, width):
    return table.T.reshape(-1, height, width, channels)


def table_by_kernel(kernel, height, width):
    rows, columns = height - kernel.shape[0] + 1, width - kernel.shape[1] + 1
    table = np.zeros((height, width, rows, columns))
    for i, j in np.ndindex(rows, columns):
        table[i : i + kernel.shape[0], j : j + kernel.shape[1], i, j] = kernel
    return table.reshape(height * width, -1).tolist()


def scaled_glyph(glyph):
    """Other weights of the right signs."""
    weight = np.where(glyph.ravel() == 1, 3, -7)
    return [weight[:, None].astype(np.float32), np.array([2.5 - 3 * glyph.sum()])]


def ink_only(glyph):
    return glyph.reshape(-1, 1), 0.5 - glyph.sum()


def no_bias(glyph):
    return (2 * glyph - 1).reshape(-1, 1), 0


def strict(glyph):
    return (2 * glyph - 1).reshape(-1, 1), -glyph.sum()


def by_single_windows(answer, page, jump):
    """Cut so much that each pass gives a first answer, and keep only this one."""
    rows = sum(len(answer(page[down:])) for down in range(jump))
    columns = sum(answer(page[:, across:]).shape[1] for across in range(jump))
    result = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        result[i, j] = answer(page[i:, j:])[0, 0]
    return result.tolist()


def repeated(answer, page, jump):
    rows, columns = np.shape(by_single_windows(answer, page, jump))
    return answer(page).repeat(jump, 0).repeat(jump, 1)[:rows, :columns]


def too_far(answer, page, jump):
    return answer(page[len(page) :])


def share(layers, size, compare=lambda found: found, shift=0):
    """With positive numbers, and a picture with much room around the window."""
    rng = np.random.default_rng()
    picture = rng.random((1, 1, size + 60, size + 60))
    kernels = [rng.uniform(1, 2, (1, 1, 3, 3)) for _ in range(layers)]
    inner = slice(30, 30 + size)
    window = np.ascontiguousarray(picture[:, :, inner, inner])
    for kernel in kernels:
        picture = ops.conv2d(picture, kernel, padding=1)
        window = ops.conv2d(window, kernel, padding=1)
    inner = slice(30 + shift, 30 + shift + size)
    return compare(float(1 - np.isclose(picture[:, :, inner, inner], window, rtol=1e-9).mean()))


ANSWERS = {
    "left": Answers(
        second={"h", "d", "c", "a", "e"},
        wrong=[
            ("EADH", "C is missing: B lies near it, but B is skipped"),
            (["E", "A", "C", "H"], "D is missing: near means"),
            ("EACDHG", "look at the threshold"),
            ("EABCDH", "B is left"),
            ([1, 2], "letters from A to H"),
        ],
    ),
    "by_hand": Answers(
        second=np.array([11, 21, 24, 40.0]),
        wrong=[
            ([10, 20, 24, 40], "the first window counts"),
            ([15, 25, 24, 40], "must fit, too"),
            ([11, 21, 3, 5], "in pixels of the picture"),
            ([11, 21, 120, 200], "how far apart"),
            ([11, 21], "four numbers"),
        ],
    ),
    "from_channel_last": Answers(
        second=by_places,
        wrong=[
            (channel_first, "the order channel, row, column"),
            (not_turned, "a column of the table"),
            (channel_at_the_end, "the channel comes before row and column"),
            (lambda table, *shape: table, "has shape"),
        ],
    ),
    "as_table": Answers(
        second=table_by_kernel,
        wrong=[
            (lambda *given: np.transpose(table_by_kernel(*given)), "a row for each pixel"),
            (lambda k, *size: table_by_kernel(k[::-1, ::-1], *size), "the kernel is turned"),
            (lambda kernel, height, width: kernel, "has shape"),
            (lambda k, *size: 2 * np.array(table_by_kernel(k, *size)), "and that is not right"),
        ],
    ),
    "glyph_layer": Answers(
        second=scaled_glyph,
        wrong=[
            (ink_only, "one pixel of ink too many"),
            (no_bias, "and it must not be above 0"),
            (strict, "the glyph itself gets 0"),
            (lambda glyph: (glyph, 0), "expected (25, 1)"),
            (lambda glyph: glyph, "must return weight, bias"),
        ],
    ),
    "every_window": Answers(
        second=by_single_windows,
        wrong=[
            (lambda answer, page, jump: answer(page), "other windows need shifted pages"),
            (repeated, "each answer is repeated"),
            (too_far, "no window fits"),
            (lambda answer, page, jump: None, "is not written yet"),
        ],
    ),
    "border": Answers(
        second=(0.4, share),
        wrong=[
            ((0.4, lambda n, size: share(n, size, lambda found: 1 - found)), "that are equal"),
            ((0.4, lambda n, size: share(n, size, shift=1)), "is the same place compared"),
            ((0.4, lambda n, size: 0), "sees zeros around it"),
            ((0.4, lambda n, size: 1 - (size - n) ** 2 / size**2), "two sides"),
            ((40, share), "from 0 to 1"),
        ],
    ),
}
