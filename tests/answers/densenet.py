"""Answers to the exercises of chapter 18."""

import numpy as np

from helpers import geometry, models, nn, ops, reuse
from helpers.data import load_splits

from . import Answers


def by_geometry(channels, layers, growth):
    rng, block = np.random.default_rng(0), nn.Sequential()
    for index in range(min(layers, 3)):
        block = nn.Sequential(block, models.dense_layer(rng, channels + index * growth, growth))
    rows = geometry.summary(block, (channels, 4, 4))
    rest = [channels + index * growth for index in range(3, layers)]
    return np.float64(sum(row.parameters for row in rows) + sum((2 + 9 * growth) * c for c in rest))


def summed(channels, layers, growth, first=0, last=0, norm=2, kernel=9):
    reads = range(channels + first * growth, channels + (layers + last) * growth, growth)
    return sum(norm * read + kernel * read * growth for read in reads)


def solved(channels):
    unit = np.eye(channels)
    mixture = np.kron([[1, 1], [1, -1]], unit)
    return np.linalg.inv(mixture).reshape(2 * channels, 2 * channels, 1, 1).astype(np.float32)


def mixture(channels):
    return np.kron([[1, 1], [1, -1]], np.eye(channels))[:, :, None, None]


def loudness(net):
    """How loudly each of the six results is read by its loudest reader."""
    return np.nanmax(reuse.weights_by_source(net), axis=0)[1:]


def gradients(net, images, labels):
    net.backward(ops.cross_entropy_backward(net(images), labels))
    return [np.abs(layer.branches[1][2].weight.grad).max() for layer in net[1]]


def own_kernels(net, images, labels):
    return 1 + np.argmin([np.abs(layer.branches[1][2].weight.value).max() for layer in net[1]])


def share(width, growth, scale, power=2):
    """With eight other networks; the channels' means are taken away in place of a bias."""
    x = load_splits("digits", size=8).train[0][100:200].astype(float)
    found = []
    for seed in range(20, 28):
        rng = np.random.default_rng(seed)
        net = models.dense_rival(rng, width, growth, (4,), scale=scale).astype("float64")
        before = net[0](x)
        tables = [np.moveaxis(maps, 1, -1).reshape(-1, width) for maps in (before, net[1](before))]
        target, table = (table - table.mean(axis=0) for table in tables)
        errors = target - table @ (np.linalg.pinv(table.T @ table) @ (table.T @ target))
        found.append(1 - (np.abs(errors) ** power).sum() / (np.abs(target) ** power).sum())
    return float(np.mean(found))


def only_difference(width, growth, scale):
    """How much the block's output resembles its input, without a reader."""
    x = load_splits("digits", size=8).train[0][:50].astype(float)
    net = models.dense_rival(np.random.default_rng(0), width, growth, (4,), scale=scale)
    before = net.astype("float64")[0](x)
    return 1 - ((net[1](before) - before) ** 2).sum() / (before**2).sum()


ANSWERS = {
    "hit_target": Answers(
        second=(np.float64(64), 20),
        wrong=[
            ((64, 32), "the classifier reads 248"),
            ((64, 2.5), "a whole number"),
            ((158, 0), "at least 1"),
            ((64, 19), "and not 158"),
        ],
    ),
    "three_readers": Answers(
        second=np.array([10.0, 13.0]),
        wrong=[
            ([1, 1], "the output's part alone"),
            ([4, 1], "sends a gradient through it"),
            ([9, 12], "the output reads the channels"),
            ([8, 15], "layer 2 reads the two channels"),
            ([10, 13, 7, 2], "has shape (4,)"),
        ],
    ),
    "count_block": Answers(
        second=by_geometry,
        wrong=[
            (lambda c, n, k: summed(c, n, k, norm=0), "two parameters a channel"),
            (lambda c, n, k: summed(c, n, k, first=1, last=1), "no layer reads its own"),
            (lambda c, n, k: n * (2 + 9 * k) * c, "reads more channels"),
            (lambda c, n, k: summed(c, n, k) + n * k, "no bias"),
            (lambda c, n, k: summed(c, n, k, kernel=1), "nine weights"),
        ],
    ),
    "unmix": Answers(
        second=solved,
        wrong=[
            (mixture, "twice too large"),
            (lambda channels: np.roll(solved(channels), channels, axis=0), "are exchanged"),
            (lambda channels: np.eye(2 * channels)[:, :, None, None], "leaves the mixture"),
            (lambda channels: solved(channels)[..., 0, 0], "has shape (6, 6)"),
        ],
    ),
    "find_unread": Answers(
        second=lambda net, images, labels: np.argmin(loudness(net)) + 1.0,
        wrong=[
            (lambda *given: np.argmin(gradients(*given)), "count from 1"),
            (own_kernels, "small kernels"),
            (lambda net, x, y: np.argsort(loudness(net))[1] + 1, "with small weights"),
            (lambda net, x, y: np.argmax(loudness(net)) + 1, "somebody reads"),
            (lambda net, x, y: 7, "from 0 to 6"),
        ],
    ),
    "readable": Answers(
        second=(np.float32(0.5), share),
        wrong=[
            ((50, share), "from 0 to 1"),
            ((0.5, lambda *given: share(*given, power=1)), "are the errors squared"),
            ((0.5, lambda *given: share(*given) ** 3), "that is not right"),
            ((0.5, only_difference), "that is not right"),
            ((0.5, lambda *given: 1 - share(*given)), "each layer adds 0"),
        ],
    ),
}
