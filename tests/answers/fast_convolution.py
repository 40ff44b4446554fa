"""Answers to the exercises of chapter 12."""

import numpy as np

from helpers import ops

from . import Answers


def by_ops(image, kernel, dilation):
    return ops.conv2d(image[None, None], kernel[None, None], dilation=dilation)[0, 0].tolist()


def uncut(image, kernel, dilation):
    reach = dilation * (len(kernel) - 1)
    wide = np.pad(image, ((0, 0), (0, reach)))
    return by_ops(wide, kernel, dilation)


def cut_by_k(image, kernel, dilation):
    wide = np.pad(image, ((0, 0), (0, (dilation - 1) * (len(kernel) - 1))))
    return by_ops(wide, kernel, dilation)


def pool(image, k):
    windows = np.lib.stride_tricks.sliding_window_view(image, (k, k))
    return windows.max(axis=(2, 3)).astype(np.float32)


def pool_uncut(image, k):
    return pool(np.pad(image, ((0, 0), (0, k - 1))), k)


def by_rows(x, weight, limit):
    """One row of windows at a time, so that hardly any memory is needed."""
    kernels, _, k, _ = weight.shape
    y = np.empty((kernels, x.shape[1] - k + 1, x.shape[2] - k + 1), x.dtype)
    for i in range(y.shape[1]):
        row = [x[:, i + u : i + u + 1] for u in range(k)]
        y[:, i] = ops.conv2d(np.concatenate(row, axis=1)[None], weight)[0, :, 0]
    return y


def turned(x, weight, limit):
    return by_rows(x, weight[:, :, ::-1, ::-1].copy(), limit)


def in_one_go(x, weight, limit):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], (1, 2))
    columns = windows.transpose(0, 3, 4, 1, 2).reshape(weight[0].size, -1)
    return (weight.reshape(len(weight), -1) @ columns).reshape(len(weight), *windows.shape[1:3])


def by_stamps(addresses, capacity):
    """Keep the time of last use of each line in a dictionary."""
    last, count = {}, 0
    for time, line in enumerate(np.asarray(addresses) // 64):
        if line not in last:
            count += 1
            if len(last) == capacity:
                del last[min(last, key=last.get)]
        last[line] = time
    return np.int64(count)


def first_in_first_out(addresses, capacity):
    kept, count = [], 0
    for line in addresses // 64:
        if line not in kept:
            count += 1
            kept = [*kept, line][-capacity:]
    return count


ANSWERS = {
    "lost_width": Answers(
        second=np.int64(83),
        wrong=[
            (84, "very near"),
            (166, "several rows, side by side"),
            (50, "did not in the photograph"),
            (83.5, "a whole number"),
        ],
    ),
    "by_hand": Answers(
        second=np.array([13.0, 18, 6, 2]),
        wrong=[
            ([11, 18, 6, 2], "the image's width"),
            ([13, 12, 6, 2], "the wrapped windows, too"),
            ([13, 18, 2, 2], "in each row of windows"),
            ([13, 18, 6, 3], "is it on the tape"),
            ([13, 18, 6], "four numbers"),
        ],
    ),
    "dilated": Answers(
        second=by_ops,
        wrong=[
            (lambda image, kernel, dilation: by_ops(image, kernel, 1), "the dilation is missing"),
            (lambda image, kernel, d: by_ops(image, kernel, (d, 1)), "the columns not"),
            (uncut, "wrapped windows are still in it"),
            (cut_by_k, "has shape (3, 7), expected (3, 5)"),
            (
                lambda image, kernel, d: by_ops(image, kernel[::-1].copy(), d),
                "and that is not right",
            ),
        ],
    ),
    "max_pool": Answers(
        second=pool,
        wrong=[
            (lambda image, k: np.maximum(pool(image, k), 0), "where does the 0 come from"),
            (lambda image, k: -pool(-image, k), "the smallest number"),
            (pool_uncut, "wrapped windows are still in it"),
            (lambda image, k: pool(image, k)[::k, ::k], "here the stride is 1"),
            (lambda image, k: np.negative(image, out=image), "changes its argument"),
        ],
    ),
    "within": Answers(
        second=by_rows,
        wrong=[
            (in_one_go, "are allowed"),
            (turned, "the kernel is turned"),
            (lambda x, weight, limit: by_rows(x, weight, limit)[:2], "has shape"),
            (lambda x, weight: x, "raised TypeError"),
        ],
    ),
    "cache": Answers(
        second=(1, 16.0, by_stamps),
        wrong=[
            ((1, 16, first_in_first_out), "becomes the newest"),
            ((1, 16, lambda addresses, capacity: len(set(addresses // 64))), "fetched again"),
            ((1, 16, lambda addresses, capacity: by_stamps(addresses, 1)), "more than one line"),
            ((1, 16, lambda addresses, capacity: len(addresses)), "need not be fetched"),
            ((1, 16, lambda addresses, capacity: by_stamps(addresses * 64, capacity)), "64 bytes"),
            ((-1, 16, by_stamps), "from 0 to"),
        ],
    ),
}
