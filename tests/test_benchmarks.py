"""The benchmarks measure the same operation for every library; what they print is arithmetic."""

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.backends import Ours, Paddle, SciPy
from benchmarks.cases import CASES, CONVOLUTIONS, Case
from benchmarks.growth import by_fft
from benchmarks.worker import peak_bytes, shortest
from helpers import ops
from tests.common import assert_same

SMALL = {
    "conv2d": Case("a", "conv2d", (2, 3, 6, 5), (4, 3, 3, 3), {"padding": 1}),
    "max_pool2d": Case("b", "max_pool2d", (2, 3, 6, 4), options={"kernel_size": 2}),
    "avg_pool2d": Case("c", "avg_pool2d", (2, 3, 6, 4), options={"kernel_size": 2}),
    "batch_norm": Case("d", "batch_norm", (4, 3, 6, 4)),
    "linear": Case("e", "linear", (4, 3), (3, 5)),
    "blur": Case("f", "blur", (9, 8), (5, 5)),
}


def results(backend, case):
    return [np.asarray(array) for array in getattr(backend, case.kind)(case, *case.arrays())()]


def test_every_kind_is_compared():
    assert {case.kind for case in CASES} == {*SMALL, "lenet"}
    assert CASES[: len(CONVOLUTIONS)] == CONVOLUTIONS
    for case in CASES:
        assert all(hasattr(backend, case.kind) for backend in (Ours, Paddle))


@pytest.mark.parametrize("kind", SMALL)
def test_libraries_compute_the_same(kind):
    expected = results(Ours(), SMALL[kind])
    others = [Paddle()] + [SciPy()] * hasattr(SciPy, kind)
    for other in others:
        found = results(other, SMALL[kind])
        assert len(found) == len(expected)
        for one, array in zip(found, expected, strict=True):
            assert_same(array, one, slack=100)


def test_multiply_adds_are_counted_in_both_directions():
    assert SMALL["conv2d"].multiply_adds == 3 * 2 * 6 * 5 * 4 * 3 * 9
    assert SMALL["linear"].multiply_adds == 3 * 4 * 3 * 5
    assert SMALL["blur"].multiply_adds == 9 * 8 * 25
    assert SMALL["batch_norm"].multiply_adds == 0


def test_the_fft_computes_the_same_convolution():
    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(2, 3, 9, 8)), rng.normal(size=(4, 3, 3, 2))
    np.testing.assert_allclose(by_fft(x, weight), ops.conv2d(x, weight), atol=1e-12)


def test_a_call_is_repeated_and_the_shortest_time_counts(monkeypatch):
    @dataclass
    class Clock:
        now: float = 0.0
        steps: tuple = (5.0, 2.0, 3.0)
        calls: int = 0

        def call(self):
            self.now += self.steps[self.calls]
            self.calls += 1

        def perf_counter(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr("benchmarks.worker.time", clock)
    assert shortest(clock.call, 6.0) == 2.0
    assert clock.calls == 2


def test_memory_is_what_a_call_needs_or_unknown():
    found = peak_bytes(lambda: np.ones(2**22).sum())
    assert found is None or found > 2**24


def test_the_table_holds_ratios_and_their_geometric_mean():
    best = {"helpers": {"product": {"case": "product", "rate": 1e9}}, "Paddle": {}, "SciPy": {}}
    for index, case in enumerate(CASES):
        best["helpers"][case.name] = {"case": case.name, "seconds": 0.5, "bytes": 2**20}
        seconds = 0.5 * 4 ** (index % 2)
        best["Paddle"][case.name] = {"case": case.name, "seconds": seconds, "bytes": None}
    lines = benchmarks.table(best).splitlines()
    assert len(lines) == 2 + len(CASES)
    assert lines[1].split()[-4:] == ["500.00", "1.00", "0.09", "1"]
    assert lines[2].split()[-4:] == ["500.00", "0.25", "1.81", "1"]
    assert lines[-1].split()[-1] == "0.50"


def test_the_best_of_all_rounds_counts(monkeypatch):
    rounds = iter([2.0, 1.0, 3.0])

    def run_worker(backend, seconds, threads):
        value = next(rounds)
        return {
            "a": {"case": "a", "seconds": value, "bytes": 1},
            "product": {"case": "product", "rate": value},
        }

    monkeypatch.setattr(benchmarks, "run_worker", run_worker)
    monkeypatch.setattr(benchmarks, "BACKENDS", {"helpers": Ours})
    best = benchmarks.measure(3, 0.1, 1)["helpers"]
    assert best["a"]["seconds"] == 1.0
    assert best["product"]["rate"] == 3.0
