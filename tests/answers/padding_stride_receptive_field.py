"""Answers to the exercises of chapter 03."""

import numpy as np

from helpers import geometry, ops

from . import Answers


def by_geometry(layers, index):
    stack = [geometry.conv(1, k, stride=s, padding=p, dilation=d) for k, s, p, d in layers]
    return list(geometry.receptive_field(stack)[-1].span(index))


def wrong_span(stride_first=False, dilated=True, padding="jump", more=0):
    """A function like `span`, with a mistake."""

    def span(layers, index):
        field, jump, first = 1, 1, 0
        for k, s, p, d in layers:
            first -= {"jump": p * jump, "one": p, "none": 0}[padding]
            jump, before = jump * s, jump
            field += (d if dilated else 1) * (k - 1) * (jump if stride_first else before)
        return first + index * jump, first + index * jump + field - 1 + more

    return span


def by_columns(layer):
    """What the outputs 8 and 9 read of 90 pixels."""
    outputs = [layer(row.tolist()) for row in np.eye(90)]
    reads = [[i for i, output in enumerate(outputs) if output[n] > 0] for n in (8, 9)]
    stride = reads[1][0] - reads[0][0]
    return [len(reads[0]), stride, 8 * stride - reads[0][0], reads[0][1] - reads[0][0]]


def spanned(layer):
    k, stride, padding, dilation = by_columns(layer)
    return dilation * (k - 1) + 1, stride, padding, dilation


def exchanged(layer):
    k, stride, padding, dilation = by_columns(layer)
    return k, dilation, padding, stride


def no_padding(layer):
    k, stride, _, dilation = by_columns(layer)
    return k, stride, 0, dilation


def against_a_larger_image(depth):
    larger = np.random.default_rng(1).uniform(size=(1, 1, 64, 64))
    image, kernel = larger[:, :, 16:48, 16:48], np.ones((1, 1, 3, 3))
    for _ in range(depth):
        larger = ops.conv2d(larger, kernel, padding=1)
        image = ops.conv2d(image, kernel, padding=1)
    return (np.abs(larger[:, :, 16:48, 16:48] - image) > 1e-9 * image.max()).mean()


def along_rows(depth):
    return 2 * depth / 32


ANSWERS = {
    "three_layers": Answers(
        second=([(2, 2, 0), (2, 2, 1), (4, 1, 1)],),
        wrong=[
            (([(3, 1, 1), (3, 2, 1), (3, 2, 1)],), "the field is 9"),
            (([(3, 2, 1), (3, 2, 1), (5, 1, 1)],), "6 outputs"),
            (([(1, 4, 0), (3, 1, 1), (3, 1, 1)],), "skips pixels"),
            (([(2, 2, 0), (2, 2, 0), (4, 1, 3)],), "at most half"),
            (([(3, 2, 1), (3, 2, 1)],), "shape (2, 3)"),
            (([(40, 4, 0), (3, 1, 1), (3, 1, 1)],), "does not fit"),
        ],
    ),
    "six_sizes": Answers(
        second=np.array([24.0, 28, 17, 112, 12, 33]),
        wrong=[
            ([24, 26, 17, 112, 12, 33], "both sides"),
            ([24, 28, 17, 113, 12, 33], "rounded down"),
            ([24, 28, 17, 112.5, 12, 33], "whole"),
            ([23, 28, 17, 112, 12, 33], "does not move counts"),
            ([24, 28, 17, 112, 18, 33], "makes the kernel longer"),
            ([24, 28, 17, 112, 9, 33], "k - 1 times"),
            ([24, 28, 17, 112, 12, 99], "remember the stride"),
            ([24, 28, 17, 112, 12], "shape (5,)"),
        ],
    ),
    "span": Answers(
        second=by_geometry,
        wrong=[
            (wrong_span(stride_first=True), "from the next one on"),
            (wrong_span(dilated=False), "remember the dilation"),
            (wrong_span(padding="none"), "to the left"),
            (wrong_span(padding="one"), "as long as the jump"),
            (wrong_span(more=1), "one too far"),
            (lambda layers, index: by_geometry(layers, 0), "output 0 looks"),
            (lambda layers, index: 3, "shape ()"),
        ],
    ),
    "four_numbers": Answers(
        second=by_columns,
        wrong=[
            (spanned, "counts weights"),
            (exchanged, "exchanged"),
            (no_padding, "the padding is not right"),
            (lambda layer: by_columns(layer)[:3], "must return four numbers"),
            (lambda layer: layer(np.ones(5)), "20 to 200"),
        ],
    ),
    "without_holes": Answers(
        second=np.array([27.0, 9, 3, 1]),
        wrong=[
            ([2, 2, 2, 2], "9 of the 17 rows"),
            ([1, 2, 4, 8], "31 rows without a hole"),
            ([1, 3, 9, 28], "there are holes"),
            ([0, 3, 9, 27], "from 1 to 1000"),
            ([1, 3, 9], "shape (3,)"),
        ],
    ),
    "frame": Answers(
        second=(np.float64(5), against_a_larger_image),
        wrong=[
            ((0.5, against_a_larger_image), "from 1 to 16"),
            ((5, along_rows), "outputs have columns, too"),
            ((5, lambda depth: 1 - against_a_larger_image(depth)), "not touched"),
            ((5, lambda depth: 0), "nothing differs"),
            ((5, lambda depth: 1024 * against_a_larger_image(depth)), "how many"),
        ],
    ),
}
