"""Checks of the exercises of chapter 20."""

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

import numpy as np

from ._engine import call, cases, choice, equal, number, passed, require, whole, written

_FAULTS = ("factor", "sum", "rows", "weights")


class _PowerCut(BaseException):
    """The end of a process, which no `except Exception` notices."""


def sixteen_devices(speed_up, devices):
    """How many times as fast 16 devices are, and how many make it six times as fast."""
    speed_up, devices = number(speed_up, "speed_up", 0), whole(devices, "devices", 1)
    words = {
        80 / 5: "the rest and the communication take time, too",
        85 / 10: "sixteen devices have a rest to do, and they communicate",
        90 / 15: "one device communicates with nobody",
        85 / (85 / 16 + 5): "the rest is not shared; every process does it for itself",
        85 / (90 / 16): "only the computing is shared",
        15 / 85: "this is how much time is left; how many times as fast is it?",
    }
    close = [hint for wrong, hint in words.items() if abs(speed_up - wrong) < 0.005 * wrong]
    why = close[0] if close else "time of one device, divided by the time of sixteen"
    require(abs(speed_up - 85 / 15) < 0.02, f"speed_up is {speed_up:g}, which is not right: {why}")
    reached = 85 / (80 / devices + 10)
    words = f"{devices} devices are {reached:.2f} times as fast"
    require(reached >= 6, f"{words}, and not 6 times")
    require(85 / (80 / (devices - 1) + 10) < 6, f"{words}; fewer of them are enough")
    passed(f"5.67 times with 16 devices, and {words}; more than 8.5 times is never reached")


def seven_examples(factors):
    """The factors of the shares of seven examples in three processes."""
    hints = [
        (np.array([3, 2, 2]) / 7, "these add up to 1; their mean must be 1"),
        (np.array([3, 2, 2]), "these are the sizes of the shares"),
        (np.array([7, 7, 7]) / 3 / np.array([3, 2, 2]), "a larger share must count more, not less"),
        (np.array([2, 2, 3]) * 3 / 7, "process 0 gets a card first, and the seventh, too"),
        (np.ones(3), "equal factors fit equal shares"),
    ]
    equal(factors, np.array([9, 6, 6]) / 7, "factors", hints=hints, tolerance=5e-3)
    passed("their mean is 1, so a loss that is 1 for every example stays 1")


def pooled(function):
    """function(means, variances, sizes): the mean and the variance of all values together."""
    for place, rng in enumerate(cases()):
        sizes = np.array([3, 1, 5]) if place == 0 else rng.integers(1, 9, rng.integers(2, 6))
        parts = [rng.normal(rng.normal(0, 3), 2, size) for size in sizes]
        means = np.array([part.mean() for part in parts])
        variances = np.array([part.var() for part in parts])
        every = np.concatenate(parts)
        case = f"shares of {', '.join(map(str, sizes))} values"
        found = call(function, means, variances, sizes, name="pooled", case=case)
        pair = isinstance(found, tuple | list | np.ndarray) and len(found) == 2
        require(pair, "pooled must return two numbers, mean and variance")
        hints = [(means.mean(), "a large share must count more than a small one")]
        equal(found[0], every.mean(), "the mean", case, hints)
        weights = sizes / sizes.sum()
        plain = means - means.mean()
        hints = [
            ((weights * variances).sum(), "the means of the shares differ, and this counts, too"),
            (variances.mean() + means.var(), "a large share must count more than a small one"),
            (variances.mean(), "the means of the shares differ, and their sizes, too"),
            (
                (weights * variances).sum() + means.var(),
                "the distances of the means have factors, too",
            ),
            (
                (weights * (variances + plain**2)).sum(),
                "distances from the mean of all values count",
            ),
            (every.var(ddof=1), "divide by the number of values, not by one less"),
            (every.std(), "this is the deviation; the variance is its square"),
        ]
        equal(found[1], every.var(), "the variance", case, hints)
    passed("as from all values together, in 20 random batches")


def find_fault(function):
    """function(reported, inputs, wanted, weight): the rank and the fault of the wrong process."""
    for place, rng in enumerate(cases(16)):
        size = int(rng.integers(2, 5))
        count = size * int(rng.integers(3, 6)) + 1
        inputs, wanted = rng.normal(size=(count, 3)), rng.normal(size=count)
        weight = rng.normal(size=3)
        rank, fault = int(rng.integers(size)), _FAULTS[place % 4]
        reported = []
        for process in range(size):
            name = fault if process == rank else ""
            reported.append(_reported(process, size, inputs, wanted, weight, name, rng))
        given = np.array(reported), inputs, wanted, weight
        case = f"{size} processes and {count} examples"
        found = call(function, *given, name="find_fault", case=case)
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, "find_fault must return two things, the rank and the fault")
        named = whole(found[0], "the rank", 0, size - 1)
        require(named == rank, f"process {named} has no fault, for {case}")
        word = choice(found[1], _FAULTS, "the fault")
        require(word == fault, f"it is the right process, but its fault is not {word!r}")
    passed("16 teams, and in each the one that was wrong")


def write_safely(function):
    """function(path, arrays): an .npz file that is whole at every moment."""
    written(function, "write_safely")
    rng = np.random.default_rng()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "state.npz")

        def store(arrays):
            call(function, path, arrays, name="write_safely")
            require(path.exists(), f"write_safely left no file {path.name}; which name has it got?")
            require(_holds(path, arrays), f"{path.name} does not hold the arrays that were given")
            others = [file.name for file in path.parent.iterdir() if file != path]
            require(not others, f"after a success {', '.join(others)} is left")

        old, new = ({"w": rng.normal(size=(4, 3)), "step": np.array(n)} for n in (1, 2))
        store(old)
        with patch.object(np, "savez", _half_a_file):
            require(
                _is_cut(function, path, new), "write_safely must store the arrays with np.savez"
            )
        words = "the power was cut in the middle of the writing, and the old file is"
        require(path.exists(), f"{words} gone")
        require(_holds(path, old), f"{words} damaged; write to a second name first")
        store(new)
        with patch.object(os, "replace", _stop), patch.object(os, "rename", _stop):
            renames = _is_cut(function, path, old)
        words = "the new file must be given the old name; to copy it is not atomic"
        require(renames, words)
        words = "the power was cut before the new file got its name, and"
        require(path.exists(), f"{words} there is no file: do not remove the old one yourself")
        require(_holds(path, new), f"{words} the old file is damaged: nothing may write into it")
        store(old)
    passed("two power cuts, and a whole file each time")


def nobody_waits(prediction, measure):
    """A predicted rate, and largest_rate(delay): up to which rate w goes to 0."""
    number(prediction, "prediction", 0, 2)
    written(measure, "largest_rate")
    measured = []
    for delay in (0, 1, 2, 4):
        found = number(call(measure, delay, name="largest_rate"), "what largest_rate returns")
        right, fewer, more = (_limit(n) for n in (delay, max(delay - 1, 0), delay + 1))
        words = f"largest_rate gives {found:.2f} for delay {delay}"
        if delay and abs(found - 2) < 0.05:
            require(False, f"{words}: is the gradient really that of an old weight?")
        near = abs(found - right) < 0.03
        hint = ", and that is not right"
        hint = ": the gradient is too old, by a step" if abs(found - more) < 0.01 else hint
        hint = ": the gradient is too new, by a step" if abs(found - fewer) < 0.01 else hint
        require(near, f"{words}{hint}")
        measured.append(found)
    said = ", ".join(f"{found:.2f}" for found in measured[2:])
    passed(
        f"your prediction was {prediction:g}, you measured {measured[1]:.2f}; for 2 and 4: {said}"
    )


def _reported(rank, size, inputs, wanted, weight, fault, rng):
    """What a process hands to the average, with a fault or without one."""
    count = len(inputs)
    rows = np.arange(rank, count, size)
    if fault == "rows":
        rows = np.array_split(np.arange(count), size)[rank]
    if fault == "weights":
        weight = weight + rng.choice([-1, 1], len(weight)) * rng.uniform(0.5, 1, len(weight))
    error = inputs[rows] @ weight - wanted[rows]
    gradient = (2 * error[:, None] * inputs[rows]).mean(axis=0)
    factor = len(rows) * size / count
    return gradient * {"factor": 1, "sum": factor * len(rows)}.get(fault, factor)


def _limit(delay):
    """Up to which rate w goes to 0: the root of the delayed step's equation on the unit circle."""
    return 2 * np.sin(np.pi / (2 * (2 * delay + 1)))


def _half_a_file(file, *arrays, **named):
    if hasattr(file, "write"):
        file.write(b"PK half of a file")
    else:
        name = str(file)
        Path(name if name.endswith(".npz") else f"{name}.npz").write_bytes(b"PK half of a file")
    raise _PowerCut


def _stop(*names, **options):
    raise _PowerCut


def _is_cut(function, path, arrays):
    """Call the function, and return whether it met the power cut."""
    try:
        call(function, path, arrays, name="write_safely")
    except _PowerCut:
        return True
    return False


def _holds(path, arrays):
    try:
        with open(path, "rb") as file, np.load(file) as content:
            names = set(content.files)
            same = [np.array_equal(content[name], arrays[name]) for name in names & set(arrays)]
    # zipfile and NumPy have many kinds of errors for a damaged file.
    except Exception:
        return False
    return names == set(arrays) and all(same)
