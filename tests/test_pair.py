"""Parts of a step, measured in processes that swap their gradients."""

import threading
from multiprocessing import Pipe

import numpy as np
import pytest

from helpers import models, nn, pair


def test_both_get_the_same_mean():
    ends, lists = Pipe(), np.random.default_rng(0).normal(size=(2, 100_000))
    found = {}

    def swap(rank):
        found[rank] = pair.mean_with(ends[rank], lists[rank], rank == 0)

    threads = [threading.Thread(target=swap, args=(rank,)) for rank in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.array_equal(found[0], found[1])
    assert np.allclose(found[0], lists.mean(axis=0))


def test_a_pair_takes_the_step_of_the_whole_batch():
    x = np.random.default_rng(0).random((6, 1, 32, 32))
    labels = np.arange(6)

    def stepped(rows, other=None, rank=0):
        model = models.lenet5(np.random.default_rng(0)).astype("float64")
        optimizer = nn.SGD(0.1, parameters=model.parameters())
        pair._step(model, optimizer, x[rows], labels[rows], other, rank)
        return [part.value for part in model.parameters()]

    ends, found = Pipe(), {}
    rows = [np.array([0, 2, 4]), np.array([1, 3, 5])]
    thread = threading.Thread(target=lambda: found.update(two=stepped(rows[1], ends[1], 1)))
    thread.start()
    found["one"] = stepped(rows[0], ends[0], 0)
    thread.join()
    for whole, one, two in zip(stepped(np.arange(6)), found["one"], found["two"], strict=True):
        assert np.allclose(one, whole, rtol=0, atol=1e-12)
        assert np.array_equal(one, two)


@pytest.mark.parametrize("processes", [1, 2])
def test_parts_are_seconds_of_each_size(processes):
    found = pair.step_parts([4, 6], processes, steps=2)
    assert list(found) == [4, 6]
    for parts in found.values():
        assert parts.compute > 0
        assert parts.rest > 0
        assert (parts.communicate > 0) == (processes == 2)


def test_a_process_that_fails_is_told(monkeypatch):
    monkeypatch.setattr(pair, "environment", lambda threads: {"PYTHONHOME": "nowhere"})
    with pytest.raises(RuntimeError, match="a process ended with 1"):
        pair.step_parts([4])


def test_impossible_measurements_are_refused():
    with pytest.raises(ValueError, match="processes is 3; expected 1 to 2"):
        pair.step_parts([4], processes=3)
    with pytest.raises(ValueError, match="batch_sizes is 1"):
        pair.step_parts([1])
    with pytest.raises(ValueError, match=r"batch_sizes is \[5\]; expected even ones"):
        pair.step_parts([5], processes=2)
    for sizes in (16, [], None):
        with pytest.raises(ValueError, match="expected a list of at least one"):
            pair.step_parts(sizes)
