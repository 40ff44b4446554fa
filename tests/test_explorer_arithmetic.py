"""The explorer slides, pools and counts as `helpers` does: 2,000 random cases for each element."""

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from helpers import geometry, ops
from helpers.probe import responses
from tests import quick

CASES = 2000  # for an element of the explorer; a part of one is tried in a fourth of them
MODES = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "replicate",
    "circular": "circular",
}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def image(rng, largest=12, smallest=1):
    return rng.normal(size=rng.integers(smallest, largest + 1, 2))


def batch(picture):
    return np.asarray(picture, float)[None, None]


# ------------------------------------------------------------------------ convolution and pooling


def windows(rng):
    """An image, a kernel and how to slide it; impossible ones are among them."""
    options = {
        "stride": int(rng.integers(1, 5)),
        "padding": int(rng.integers(0, 5)),
        "dilation": int(rng.integers(1, 4)),
        "mode": str(rng.choice(list(MODES))),
        "flip": bool(rng.integers(2)),
    }
    return image(rng), image(rng, 5), options


def slid(picture, kernel, options):
    weight = kernel[::-1, ::-1] if options["flip"] else kernel
    sliding = {name: options[name] for name in ("stride", "padding", "dilation")}
    return ops.conv2d(batch(picture), batch(weight), padding_mode=options["mode"], **sliding)[0, 0]


def test_convolution_and_what_it_refuses(rng):
    cases = [windows(rng) for _ in range(CASES)]
    refused = quick.compare("conv2d", cases, slid)
    assert 0.1 * CASES < refused < 0.5 * CASES


def test_a_flipped_kernel_is_a_convolution_proper(rng):
    cases = [(image(rng, 8, 5), image(rng, 5), {"flip": True}) for _ in range(CASES // 4)]
    quick.compare("conv2d", cases, lambda picture, kernel, _: ops.convolve2d(picture, kernel))


def test_the_terms_of_an_output_are_its_products(rng):
    cases, expected = [], []
    while len(cases) < CASES // 4:
        picture, kernel, options = windows(rng)
        try:
            y = slid(picture, kernel, options)
        except ValueError:
            continue
        i, j = (int(rng.integers(size)) for size in y.shape)
        cases.append((picture, kernel, i, j, options))
        expected.append(y[i, j])
    found = quick.values("windowTerms", cases)
    for terms, case, output in zip(found, cases, expected, strict=True):
        picture, kernel, i, j, options = case
        quick.close(sum(term["product"] for term in terms), output)
        weights = (kernel[::-1, ::-1] if options["flip"] else kernel).ravel().tolist()
        assert [term["weight"] for term in terms] == weights
        padded = ops.pad2d(batch(picture), options["padding"], MODES[options["mode"]])[0, 0]
        for term in terms:
            assert term["value"] == padded[term["row"], term["column"]]
            assert term["product"] == term["value"] * term["weight"]
        places = np.array([(term["row"], term["column"]) for term in terms])
        taps = np.indices(kernel.shape).reshape(2, -1).T * options["dilation"]
        assert (places == np.array([i, j]) * options["stride"] + taps).all()


def test_output_sizes(rng):
    draws = rng.integers([1, 1, 1, 0, 1], [40, 12, 6, 6, 5], (CASES, 5)).tolist()
    assert quick.compare("outputSize", draws, geometry.conv_output_size) > 100


def test_padding(rng):
    pairs = zip(rng.integers(0, 8, CASES).tolist(), rng.choice(list(MODES), CASES), strict=True)
    cases = [(image(rng, 6), padding, str(mode)) for padding, mode in pairs]

    def padded(picture, padding, mode):
        return ops.pad2d(batch(picture), padding, MODES[mode])[0, 0]

    assert quick.compare("pad2d", cases, padded) > 100


POOLS = {"max": ops.max_pool2d, "average": ops.avg_pool2d, "soft": ops.soft_pool2d}


def pooled(picture, kind, *window):
    return POOLS[kind](batch(picture), *window)[0, 0]


def pooling(rng, kind):
    """An image and a window; the one in `helpers` that averages softly knows no padding."""
    most = 1 if kind == "soft" else 4
    window = [int(rng.integers(*span)) for span in ((1, 6), (1, 5), (0, most))]
    # The stride is the window's size, and the padding 0, unless they are told.
    told = int(rng.integers(1, 3 if kind == "soft" else 4))
    return 9 * image(rng), kind, *window[:told]


def test_pooling_and_what_it_refuses(rng):
    cases = [pooling(rng, kind) for kind in rng.choice(list(POOLS), CASES).tolist()]
    assert quick.compare("pool2d", cases, pooled) > 100


def test_the_pixels_of_a_pooling_window(rng):
    cases = []
    while len(cases) < CASES // 4:
        picture, _, kernel, stride, padding = (*pooling(rng, "max"), 1, 0)[:5]
        try:
            y = pooled(picture, "max", kernel, stride, padding)
        except ValueError:
            continue
        i, j = (int(rng.integers(size)) for size in y.shape)
        cases.append((picture, i, j, kernel, stride, padding))
    for places, case in zip(quick.values("poolWindow", cases), cases, strict=True):
        picture, i, j, kernel, stride, padding = case
        top, left = i * stride - padding, j * stride - padding
        inside = picture[max(top, 0) : top + kernel, max(left, 0) : left + kernel]
        assert [place["value"] for place in places] == inside.ravel().tolist()
        assert all(picture[place["row"], place["column"]] == place["value"] for place in places)


def test_shifts(rng):
    cases = [(image(rng, 8), *rng.integers(-9, 10, 2).tolist()) for _ in range(CASES // 4)]

    def moved(picture, down, right):
        height, width = picture.shape
        return np.pad(picture, 9)[9 - down : 9 - down + height, 9 - right : 9 - right + width]

    quick.compare("shifted", cases, moved)


# ------------------------------------------------------------------------------------- geometry


def stack(rng, most):
    names = ("kernel", "stride", "padding", "dilation")
    draws = rng.integers([1, 1, 0, 1], [5, 4, 3, 4], (rng.integers(1, most + 1), 4))
    return [dict(zip(names, draw, strict=True)) for draw in draws.tolist()]


def along(layers, size):
    described = [geometry.conv(1, *layer.values()) for layer in layers]
    return geometry.receptive_field(described, size)


def test_receptive_fields(rng):
    cases = [(stack(rng, 4), int(rng.integers(1, 60))) for _ in range(CASES)]

    def rows(layers, size):
        above = [vars(field) for field in along(layers, size)]
        return [{"size": size, "jump": 1, "field": 1, "start": 0}] + [
            {name: row[name] for name in ("size", "jump", "field", "start")} for row in above
        ]

    def same(found, expected):
        assert found == expected

    assert quick.compare("receptiveField", cases, rows, same) > 100


def strip(layers):
    """The same layers as convolutions along one row, whose weights cannot cancel."""

    def function(x):
        for layer in layers:
            weight = np.linspace(0.5, 1, layer["kernel"]).reshape(1, 1, 1, -1)
            stride, dilation = (1, layer["stride"]), (1, layer["dilation"])
            x = ops.conv2d(x, weight, None, stride, (0, layer["padding"]), dilation)
        return x

    return function


@cache
def experiments():
    """Stacks that fit their input, with what reaches what: {(below, above): a table of bools}."""
    rng, found = np.random.default_rng(0), []
    while len(found) < CASES // 4:
        layers, size = stack(rng, 3), int(rng.integers(4, 16))
        try:
            sizes = [size, *(row.size for row in along(layers, size))]
        except ValueError:
            continue
        reached = {(level, level): np.eye(count, dtype=bool) for level, count in enumerate(sizes)}
        for low, high in combinations(range(len(sizes)), 2):
            shown = responses(strip(layers[low:high]), (1, 1, sizes[low]))
            reached[low, high] = shown[0, :, 0, :]
        found.append((layers, sizes, reached))
    return found


def places(flags):
    return np.flatnonzero(flags).tolist()


def test_connections_are_what_an_experiment_finds(rng):
    cases, expected = [], []
    for layers, sizes, reached in experiments():
        for level in rng.integers(len(sizes), size=4).tolist():
            index = int(rng.integers(sizes[level]))
            cases.append((layers, sizes[0], level, index))
            seen = [reached[low, level][:, index] for low in range(level)]
            touched = [reached[level, high][index] for high in range(level, len(sizes))]
            expected.append([places(flags) for flags in seen + touched])
    assert len(cases) == CASES
    assert quick.values("connections", cases) == expected


def test_what_no_output_reads_is_what_an_experiment_finds():
    cases = [(layers, sizes[0]) for layers, sizes, _ in experiments()]
    expected = [
        [places(~reached[level, len(sizes) - 1].any(axis=1)) for level in range(len(sizes))]
        for _, sizes, reached in experiments()
    ]
    assert sum(bool(levels[0]) for levels in expected) > 50
    assert quick.values("unread", cases) == expected
