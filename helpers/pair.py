"""Seconds of the parts of a training step: alone, with more threads, and in a pair of processes.

The processes are NumPy alone and swap their gradients over a pipe: they start in a second, where
Paddle takes several.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import numpy as np

from . import models, nn, ops
from .launch import environment
from .ops._arguments import as_int


class Parts(NamedTuple):
    """Seconds of one step: forward and backward; waiting and swapping; the optimiser and so on."""

    compute: float
    communicate: float
    rest: float


def step_parts(batch_sizes, processes=1, threads=1, steps=8):
    """Return {batch size: `Parts`} of LeNet-5, the fastest of so many steps, in the first process.

    batch_sizes: a list, of all processes together. processes: 1 or 2, which share each batch, an
    even one. threads: of each process. Raises ValueError for other counts, and RuntimeError if a
    process fails.
    """
    if not isinstance(batch_sizes, list | tuple) or len(batch_sizes) == 0:
        raise ValueError(f"batch_sizes is {batch_sizes!r}; expected a list of at least one")
    sizes = [as_int(size, "batch_sizes", 2) for size in batch_sizes]
    if as_int(processes, "processes", 1, 2) == 2 and any(size % 2 for size in sizes):
        raise ValueError(f"batch_sizes is {batch_sizes!r}; expected even ones for two processes")
    task = {"processes": processes, "sizes": sizes, "steps": as_int(steps, "steps", 1)}
    with tempfile.TemporaryDirectory() as folder:
        posix = os.name == "posix"
        task["address"] = str(Path(folder, "pair")) if posix else rf"\\.\pipe\{uuid4().hex}"
        started = [_start(rank, task, threads) for rank in range(processes)]
        try:
            said = [process.communicate(timeout=900) for process in started]
        finally:
            for process in started:
                process.kill()
    for process, (_, complaint) in zip(started, said, strict=True):
        if process.returncode:
            raise RuntimeError(f"a process ended with {process.returncode}:\n{complaint}")
    return {int(size): Parts(*parts) for size, parts in json.loads(said[0][0]).items()}


def _start(rank, task, threads):
    return subprocess.Popen(
        [sys.executable, "-m", "helpers.pair", json.dumps({**task, "rank": rank})],
        env=environment(threads),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def mean_with(other, vector, first):
    """Return the mean of this process's vector and the other's, which calls this as well.

    other: a Connection. first: whether this process speaks first; the other must not.
    """
    if first:
        other.send_bytes(vector)
    received = np.frombuffer(other.recv_bytes(), vector.dtype)
    if not first:
        other.send_bytes(vector)
    return (vector + received) / 2


def _work(rank, processes, address, sizes, steps):
    other = None
    if processes == 2:
        other = Listener(address).accept() if rank == 0 else _reach(address)
    model = models.lenet5(np.random.default_rng(0))
    optimizer = nn.SGD(0.01, parameters=model.parameters())
    found = {}
    for size in sizes:
        share = size // processes
        x = np.random.default_rng(rank).random((share, 1, 32, 32), np.float32)
        labels = np.arange(share) % 10
        times = [_step(model, optimizer, x, labels, other, rank) for _ in range(steps + 1)]
        # The first step asks the system for memory.
        found[size] = min(times[1:], key=sum)
    return found


def _step(model, optimizer, x, labels, other, rank):
    begin = time.perf_counter()
    model.backward(ops.cross_entropy_backward(model.forward(x), labels))
    computed = time.perf_counter()
    if other:
        parameters = model.parameters()
        own = np.concatenate([parameter.grad.ravel() for parameter in parameters])
        mean = mean_with(other, own, rank == 0)
        ends = np.cumsum([parameter.grad.size for parameter in parameters])[:-1]
        for parameter, grad in zip(parameters, np.split(mean, ends), strict=True):
            parameter.grad = grad.reshape(parameter.value.shape)
    told = time.perf_counter() if other else computed  # alone not even the time of asking
    optimizer.step()
    optimizer.clear_grad()
    return computed - begin, told - computed, time.perf_counter() - told


def _reach(address, patience=60):
    until = time.monotonic() + patience
    while True:
        try:
            return Client(address)
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


if __name__ == "__main__":
    print(json.dumps(_work(**json.loads(sys.argv[1]))))
