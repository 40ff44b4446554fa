"""Checks of the exercises of chapter 15."""

import numpy as np

from .. import ops
from ._engine import call, cases, choice, costs, equal, number, numbers, passed, require, written

_RIGHT = 0.97  # the probability with which a setting reads a digit
_PLACES = np.array([28 * 28, 14 * 14, 10 * 10, 5 * 5, 1, 1])
_USED = np.array([156, 6 * 5, 60 * 25 + 16, 16 * 5, 48120, 10164])  # at each place
_BIASES = np.array([6, 6, 16, 16, 120, 84])


def bet(winner, pair):
    """A bet on the test: "LeNet-5" or "SVM", and the two digits that LeNet-5 confuses most."""
    choice(winner, ("LeNet-5", "SVM"), "winner")
    pair = numbers(pair, "pair")
    require(pair.shape == (2,), f"pair has shape {pair.shape}; two digits are expected")
    for digit in pair:
        require(digit in range(10), f"pair holds {digit:g}; digits from 0 to 9 are expected")
    require(pair[0] != pair[1], f"pair holds {pair[0]:g} twice; two different digits are expected")
    low, high = sorted(pair.astype(int))
    passed(f"noted: {winner} reads more test digits, and {low} and {high} are confused most often")


def connections(found):
    """The connections of C1, S2, C3, S4, C5 and F6 in the network of 1998."""
    full = np.where(np.arange(6) == 2, 100 * 2416, _PLACES * _USED)
    two = np.array([6 * 2, 16 * 2])
    trained = (_PLACES * _USED).copy()
    trained[[1, 3]] = _PLACES[[1, 3]] * two
    one_map = (_PLACES * _USED).copy()
    one_map[[1, 3]] = _PLACES[[1, 3]] * 5
    hints = [
        (_PLACES * (_USED - _BIASES), "the biases are missing, and each use of one counts, too"),
        (np.array([156, 12, 1516, 32, 48120, 10164]), "these are parameters; count every use"),
        (full, "C3 has the full table here; in 1998 it had 60 kernels"),
        (trained, "S2 and S4 have two parameters a map, but five connections at a place"),
        (one_map, "this is one map of S2 and one of S4; they have 6 and 16"),
    ]
    equal(found, _PLACES * _USED, "connections", hints=hints)
    passed(f"{int((_PLACES * _USED).sum()):,} connections, and 60,000 parameters")


def as_sigmoids(function):
    """function(weight, bias): the same dense layer between sigmoids in place of tanh."""
    name = "as_sigmoids"
    for place, rng in enumerate(cases()):
        # As many inputs as units in the first case, where the sum over the wrong axis fits, too.
        inputs, units = (3, 3) if place == 0 else rng.integers(1, 6, 2)
        weight, bias = rng.normal(size=(inputs, units)), rng.normal(size=units)
        case = f"{inputs} inputs and {units} units"
        found = call(function, weight, bias, name=name, case=case)
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, f"{name} must return two things, weight and bias")
        sums = weight.sum(axis=0)
        across = weight.sum(axis=1)
        hints = [
            (2 * weight, "only twice the old one; both steps double it"),
            (weight, "it is still the old one"),
            (weight / 4, "four times smaller, and sigmoids need larger weights"),
        ]
        equal(found[0], 4 * weight, "the new weight", case, hints)
        hints = [
            (bias - sums, "the sum is subtracted, and the sigmoid behind asks for twice of it"),
            (2 * bias - 4 * sums, "subtract the sum of the old weights, not of the new ones"),
            (2 * bias - 8 * sums, "subtract the sum of the old weights, not of the new ones"),
            (2 * bias, "the inputs lie around ½ now, and nothing makes up for it"),
            (2 * (bias + sums), "the sum of the weights is added; the sign is wrong"),
            (2 * bias - sums, "the sum of the weights is doubled, too"),
        ]
        if inputs == units:
            wrong_axis = "each unit has the weights of a column; sum over the inputs"
            hints.append((2 * (bias - across), wrong_axis))
        equal(found[1], 2 * (bias - sums), "the new bias", case, hints)
    passed("the same function in other numbers, in 20 random cases")


def smaller_pictures(layers):
    """Layers like those of LeNet-5 for pictures of 28×28, at most 45,000 parameters."""
    rows = costs(layers, (1, 28, 28), "layers")
    require(isinstance(layers, tuple | list), "layers must be a list of what geometry.conv returns")
    kinds = [layer.kind for layer in layers if layer.kind != "activation"]
    order = ["conv", "pool", "conv", "pool", "conv", "flatten", "linear", "linear"]
    for place, (kind, expected) in enumerate(zip(kinds, order, strict=False)):
        require(kind == expected, f"layer {place} is a {kind}; LeNet-5 has a {expected} there")
    require(len(kinds) == len(order), f"there are {len(kinds)} layers; {len(order)} are expected")
    pairs = [pair for pair in zip(layers, rows, strict=True) if pair[0].kind != "activation"]
    for layer, _ in pairs:
        word = isinstance(layer.padding, str)
        none = layer.padding == "valid" if word else not np.any(layer.padding)
        require(none, f"a {layer.kind} has padding {layer.padding}; none is expected")
    shape = pairs[4][1].output_shape
    words = f"the third convolution makes {_size(shape)}; 120 × 1 × 1 is expected"
    smaller = "; how large is the map that it reads?" if shape[1:] != (1, 1) else ""
    require(shape == (120, 1, 1), words + smaller)
    for place, units in ((6, 84), (7, 10)):
        made = pairs[place][1].output_shape
        require(made == (units,), f"layer {place} has {made[0]} units, expected {units}")
    total = sum(row.parameters for row in rows)
    require(total <= 45_000, f"these are {total:,} parameters; at most 45,000 are allowed")
    passed(f"{total:,} parameters; LeNet-5 has 61,706, for pictures of 32×32")


def find_table(function):
    """function(layer): which of six maps each of 16 outputs of a hidden convolution sees."""
    for rng in cases(5):
        table = rng.random((6, 16)) < 0.6
        table[rng.integers(6, size=16), np.arange(16)] = True
        weight, flat = _hidden(table, rng)
        bias = rng.integers(1, 5, 16).astype(float)

        def layer(x, weight=weight, bias=bias):
            x = numbers(x, "what the layer gets").astype(float)
            fits = x.ndim == 4 and x.shape[1:] == (6, 14, 14)
            require(fits, f"the layer gets shape {x.shape}; it takes (N, 6, 14, 14)")
            return ops.conv2d(x, weight, bias)

        found = call(function, layer, name="find_table")
        hints = [
            (table.T, "rows and columns are exchanged; the input maps are the rows"),
            (~table, "True and False are exchanged"),
            (np.ones((6, 16)), "a bias answers also where nothing is connected"),
            (table & ~flat, "a kernel whose weights add up to 0 does not see a flat picture"),
        ]
        equal(found, table, "the table", hints=hints)
    passed("the tables of 5 hidden layers found")


def luckiest(prediction, measure):
    """A prediction, and measure(settings, digits): the best of many shares minus 0.97."""
    number(prediction, "prediction", 0, 0.03)
    written(measure, "measure")
    measured = []
    for settings, digits in ((20, 500), (1, 500), (500, 500), (20, 50)):
        case = f"{settings} settings and {digits} digits"
        found = call(measure, settings, digits, name="measure", case=case)
        found = number(found, "what measure returns")
        right = _excess(settings, digits)
        spread = np.sqrt(_RIGHT * (1 - _RIGHT) / digits)
        near = 0.15 * spread
        counted = abs(found - digits * right) < digits * near and found > 0.1
        require(not counted, f"{found:g} digits, for {case}; shares of all digits are expected")
        above = abs(found - right - _RIGHT) < near
        require(not above, "this is the best share itself; by how much is it above 0.97?")
        mean = settings > 1 and abs(found) < near
        require(not mean, f"almost 0 for {case}; take the best share, then the mean over stories")
        largest = settings > 1 and found > right + 4 * near
        all_of_them = "; take the best of each story, and the mean of these" if largest else ""
        words = f"measure gives {found:.4f} for {case}, which is not right{all_of_them}"
        require(abs(found - right) < near, words)
        measured.append(found)
    words = f"with 500 settings it is {measured[2]:.2%}, with 50 digits {measured[3]:.2%}"
    passed(f"your prediction was {prediction:.2%}, you measured {measured[0]:.2%}; {words}")


def _size(shape):
    return " × ".join(map(str, shape))


def _hidden(table, rng):
    """Whole weights (16, 6, 5, 5), 0 outside the table; which kernels add up to 0, (6, 16)."""
    flat = table & (rng.random(table.shape) < 0.3)
    flat[:, 0] |= table[:, 0]  # at least one such kernel
    weight = rng.integers(1, 4, (6, 16, 5, 5)).astype(float)
    edges = rng.integers(1, 4, (6, 16, 5, 2))
    ups_and_downs = np.concatenate([edges, np.zeros((6, 16, 5, 1)), -edges[..., ::-1]], axis=3)
    weight[flat] = ups_and_downs[flat]
    weight *= rng.choice([-1, 1], (6, 16, 1, 1))
    return (weight * table[:, :, None, None]).transpose(1, 0, 2, 3), flat


def _excess(settings, digits):
    """The mean of the best of so many shares, minus 0.97: exact, from the binomial law."""
    from scipy.stats import binom

    counts = np.arange(digits)
    below = binom.cdf(counts, digits, _RIGHT) ** settings
    return (digits - below.sum()) / digits - _RIGHT
