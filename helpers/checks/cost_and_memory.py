"""Checks of the exercises of chapter 19."""

from .. import geometry
from ._engine import call, cases, costs, equal, number, numbers, passed, require, whole, written

_SHAPE = (3, 32, 32)
_LIMITS = {"parameters": 100_000, "multiply-adds": 5_000_000, "KiB kept": 200}
_READS_INPUT = ("conv", "linear", "norm", "pool", "leaky")
_READS_OUTPUT = ("relu", "sigmoid", "tanh", "pool")
_KINDS = ("conv", "linear", "norm", "pool", "relu", "sigmoid", "tanh", "leaky")


def three_limits(layers):
    """A network within 100,000 parameters, 5 million multiply-adds and 200 KiB, each well used."""
    rows = costs(layers, _SHAPE, "the network")
    spent = {"parameters": sum(row.parameters for row in rows)}
    spent["multiply-adds"] = sum(row.multiply_adds for row in rows)
    spent["KiB kept"] = sum(row.bytes for row in geometry.kept(layers, _SHAPE)) / 1024
    shares = {name: spent[name] / limit for name, limit in _LIMITS.items()}
    said = []
    for name, share in shares.items():
        verdict = "over" if share > 1 else "under 60" if share < 0.6 else "good"
        said.append(f"{name} {100 * share:.1f} % ({verdict})")
    words = "spent: " + ", ".join(said)
    require(all(0.6 <= share <= 1 for share in shares.values()), words)
    passed(words)


def three_costs(found):
    """Parameters, multiply-adds and output bytes of a 5×5 convolution of stride 2."""
    hints = [
        ([32 * 400, 32 * 400 * 100, 12800], "a kernel has a bias, too"),
        ([32 * 401, 32 * 401 * 100, 12800], "the additions of a bias are left out"),
        ([32 * 401, 32 * 400 * 400, 4 * 12800], "with stride 2 there are fewer places"),
        ([32 * 401, 2 * 32 * 400 * 100, 12800], "a multiply-add is counted once, not as two"),
        ([32 * 401, 32 * 400 * 100, 3200], "these are numbers; a float32 takes 4 bytes"),
        ([32 * 26, 32 * 25 * 100, 12800], "a kernel reads all 16 maps"),
        ([32 * 401, 32 * 400 * 64, 4 * 32 * 64], "padding 2 keeps the border's places"),
        ([32 * 401, 32 * 400 * 81, 4 * 32 * 81], "does the window fit once more?"),
    ]
    equal(found, [32 * 401, 32 * 400 * 100, 4 * 32 * 100], "costs", hints=hints)
    passed("12,832 parameters, 1,280,000 multiply-adds and 12.5 KiB")


def count_kept(function):
    """function(kinds, sizes): how many numbers a training step keeps for one image."""
    for place, rng in enumerate(cases()):
        kinds = list(rng.choice(_KINDS, rng.integers(1, 9)))
        if place == 0:
            kinds = ["conv", "relu", "conv", "leaky", "pool", "norm", "tanh", "pool", "linear"]
        kinds = [str(kind) for kind in kinds]
        # Powers of two, so that every set of arrays has a sum of its own.
        sizes = [int(2**n) for n in rng.permutation(len(kinds) + 1)]
        found = call(function, list(kinds), list(sizes), name="count_kept", case=str(kinds))
        found = whole(found, "what count_kept returns")
        right = _kept(kinds, sizes)
        no_pool = tuple(kind for kind in _READS_OUTPUT if kind != "pool")
        no_input = tuple(kind for kind in _READS_INPUT if kind != "pool")
        inputs = sum(n for kind, n in zip(kinds, sizes, strict=False) if kind in _READS_INPUT)
        outputs = sum(n for kind, n in zip(kinds, sizes[1:], strict=True) if kind in _READS_OUTPUT)
        words = {
            sum(sizes): "this is every array; which of them does no backward read?",
            sum(sizes[1:]): "this is every output; which of them does no backward read?",
            inputs + outputs: "an array that two layers read is kept once",
            _kept(kinds, sizes, leaky=False): "the backward of a leaky ReLU reads its input",
            _kept(kinds, sizes, inputs=no_input): "a pooling reads its input, too",
            _kept(kinds, sizes, outputs=()): "ReLU, sigmoid and tanh read their output",
            _kept(kinds, sizes, outputs=no_pool): "a pooling reads its output, too",
            _kept(kinds, sizes, inputs=_KINDS): "ReLU, sigmoid and tanh do not read their input",
            right + sizes[0]: "nobody reads the image here, so it does not count",
            right - sizes[0]: "the image is kept for the first layer, too",
        }
        why = words.get(found, "and that is not right") if found != right else ""
        require(found == right, f"count_kept gives {found} for {kinds} and {sizes}: {why}")
    passed("in 20 random networks")


def largest_batch(function):
    """function(layers, input_shape, arrays, limit): how many images fit in training."""
    for place, rng in enumerate(cases(8)):
        first, units = (16, 64) if place == 0 else (int(n) for n in rng.integers(4, 20, 2))
        shape = (3, 32, 32) if place == 0 else (int(rng.integers(1, 4)), 16, 16)
        layers = [geometry.conv(first, 3, padding=1), geometry.activation(), geometry.pool(2)]
        layers += [geometry.conv(2 * first, 3, padding=1), geometry.activation(), geometry.pool(2)]
        layers += [geometry.flatten(), geometry.linear(units), geometry.linear(10)]
        arrays = 3 if place == 0 else int(rng.integers(2, 5))
        batch = 40 if place == 0 else int(rng.integers(0, 50))
        if place == 2:  # a large gradient of weights, which is there once and not for each image
            layers[-2], batch = geometry.linear(1000), 10
        if place == 3:  # not even one image fits
            batch = 0
        least, more = (_need(layers, shape, arrays, batch + n) for n in (0, 1))
        # The first limit lies between two batches, the second one is met to the byte.
        limit = (least + more) // 2 if place != 1 else least
        case = f"{arrays} arrays and a limit of {limit:,} bytes"
        found = call(function, layers, shape, arrays, limit, name="largest_batch", case=case)
        found = whole(found, "what largest_batch returns")
        top = limit + arrays * _weights(layers, shape)
        words = {
            _search(layers, shape, arrays, top): "the parameters and what belongs to them count",
            _search(layers, shape, arrays, top - arrays * _weights(layers, shape) // 4): (
                "a parameter takes 4 bytes"
            ),
            _search(layers, shape, 0, limit - _weights(layers, shape)): (
                "gradients and optimiser state are there, too"
            ),
            _search(
                layers, shape, arrays, limit, sum
            ): "the rows are moments; the largest one counts",
            batch + 1: "this batch is one image too large",
            batch - 1: "one image more fits",
        }
        why = words.get(found, "and that is not right") if found != batch else ""
        require(found == batch, f"largest_batch gives {found} for {case}: {why}")
    passed("in 8 cases, one of them met to the byte")


def heavy_and_busy(heavy, busy):
    """Two networks: one has ten times the parameters, the other ten times the rest."""
    found = {}
    for name, layers in {"heavy": heavy, "busy": busy}.items():
        rows = costs(layers, _SHAPE, name)
        require(len(rows) > 0, f"{name} is empty")
        last = rows[-1].output_shape
        require(last == (10,), f"{name} ends with the shape {last}; ten scores are expected")
        kept = sum(row.bytes for row in geometry.kept(layers, _SHAPE)) / 1024
        sums = sum(row.parameters for row in rows), sum(row.multiply_adds for row in rows)
        found[name] = (*sums, kept)
    for place, what in enumerate(("parameters", "multiply-adds", "KiB kept")):
        more, less = ("heavy", "busy") if place == 0 else ("busy", "heavy")
        large, small = found[more][place], found[less][place]
        words = f"{more} has {large:,.0f} {what}, and {less} has {small:,.0f}"
        require(large >= 10 * small, f"{words}; ten times as many are expected")
    parameters = found["heavy"][0] / found["busy"][0]
    work, memory = (found["busy"][n] / found["heavy"][n] for n in (1, 2))
    passed(f"{parameters:.0f} times the parameters, against {work:.0f} and {memory:.0f} times")


def where_relu_stands(prediction, measure):
    """Two predicted numbers of volumes, and measure(kinds): what Paddle keeps for each image."""
    prediction = numbers(prediction, "prediction")
    require(prediction.shape == (2,), f"prediction has shape {prediction.shape}, expected (2,)")
    written(measure, "measure")
    measured = {}
    for kinds in ([], ["relu"], ["relu", "pool"], ["pool", "relu"], ["leaky", "pool"]):
        name = f"measure for {kinds}"
        found = number(call(measure, kinds, name="measure", case=str(kinds)), name)
        volumes = [1.0]
        for kind in kinds:
            volumes.append(volumes[-1] / 4 if kind == "pool" else volumes[-1])
        right = _kept([*kinds, "conv"], volumes)
        words = {
            right + volumes[-1]: "what the last convolution returns is not kept for the way back",
            0.0: "nothing; was no_grad switched on?",
            right + 3 / 16: "the images were there before",
            8 * right: "this is for 8 images",
            4 * right: "a number takes 4 bytes",
            right
            + 0.75 * volumes[-1]: "what the last convolution returns is in bytes, not numbers",
        }
        near = [hint for wrong, hint in words.items() if abs(found - wrong) < 0.02 * max(wrong, 1)]
        close = abs(found - right) < 0.02 * right
        hint = near[0] if near else "and that is not right"
        require(close, f"{name} gives {found:.2f} volumes: {hint}")
        measured[tuple(kinds)] = right
    first, second = (measured[kinds] for kinds in (("relu", "pool"), ("pool", "relu")))
    said = f"your prediction was {prediction[0]:g} and {prediction[1]:g}"
    leaky = measured[("leaky", "pool")]
    passed(f"{said}, you measured {first:.2f} and {second:.2f}; with leaky ReLU {leaky:.2f}")


def _kept(kinds, sizes, inputs=_READS_INPUT, outputs=_READS_OUTPUT, leaky=True):
    read = set()
    for place, kind in enumerate(kinds):
        kind = "relu" if kind == "leaky" and not leaky else kind
        read |= {place} if kind in inputs else set()
        read |= {place + 1} if kind in outputs else set()
    return sum(sizes[place] for place in read)


def _weights(layers, shape):
    """Bytes of the parameters."""
    return 4 * sum(row.parameters for row in geometry.summary(layers, shape))


def _need(layers, shape, arrays, batch):
    """Bytes for a batch in training; for no image, what is there all the time."""
    rows = geometry.way_back(layers, shape)
    step = max(row.of(batch) for row in rows) if batch else 0
    return arrays * _weights(layers, shape) + step


def _search(layers, shape, arrays, limit, together=max):
    """The largest batch within a limit, if the moments of a step count together like this."""
    rows = geometry.way_back(layers, shape)
    there, batch = arrays * _weights(layers, shape), 0
    while there + together(row.of(batch + 1) for row in rows) <= limit:
        batch += 1
    return batch
