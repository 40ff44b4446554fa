"""The training script for real: alone, killed and started again, and in two processes.

TRAINING_KILLS in the environment kills it more often.
"""

import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from helpers import launch
from helpers.checkpoint import read_arrays, write_arrays
from tools.loopback import obstacle

SCRIPT = launch.ROOT / "scripts" / "train_lenet.py"
KILLS = int(os.environ.get("TRAINING_KILLS", 1))
# A batch of 67 has a share of 34 and of 33, and the last of 24 digits is smaller.
OPTIONS = ["--batch-size", "67", "--epochs", "3"]


def command(path, *start):
    return [sys.executable, *start, str(SCRIPT), "--checkpoint", str(path), *OPTIONS]


def train(path, *start, folder):
    run = subprocess.run(
        command(path, *start),
        cwd=folder,
        env=launch.environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    said = train(folder / "lenet.npz", folder=folder)
    return said, *read_arrays(folder / "lenet.npz")


def test_it_learns_and_says_where(alone):
    said, _, notes = alone
    assert said.startswith("1 process(es), the first on cpu; epochs done: 0")
    assert [len(epoch) for epoch in notes["losses"]] == [20, 20, 20]
    assert notes["losses"][0][0] > 2
    assert np.mean(notes["losses"][2]) < 0.25
    assert float(said.split()[-1]) > 0.9


def killed(path, folder):
    """Start the training, kill it at a random moment between two epochs' ends, if it still runs."""
    process = subprocess.Popen(
        command(path),
        cwd=folder,
        env=launch.environment(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    process.stdout.readline()  # it has begun
    time.sleep(random.uniform(0, 2))
    process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()
    process.stdout.close()
    if path.exists():
        read_arrays(path)  # never half a file


def test_a_killed_training_goes_on_as_if_nothing_had_happened(alone, tmp_path):
    path = tmp_path / "lenet.npz"
    for _ in range(KILLS):
        killed(path, tmp_path)
    train(path, folder=tmp_path)
    arrays, notes = read_arrays(path)
    assert notes == alone[2]
    for name, array in arrays.items():
        assert np.array_equal(array, alone[1][name]), name


def test_another_training_is_not_continued(alone, tmp_path):
    _, arrays, notes = alone
    path = tmp_path / "lenet.npz"
    write_arrays(path, arrays, notes)
    more = [*command(path), "--rate", "0.2"]
    run = subprocess.run(
        more,
        cwd=tmp_path,
        env=launch.environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 1
    assert "'rate': 0.1" in run.stderr
    assert "'rate': 0.2" in run.stderr


@pytest.mark.skipif(obstacle() is not None, reason=str(obstacle()))
def test_two_processes_take_the_steps_of_one(alone, tmp_path):
    two = ["-m", "paddle.distributed.launch", "--nproc_per_node", "2", "--backend", "gloo"]
    two += ["--log_dir", str(tmp_path / "log")]
    said = train(tmp_path / "lenet.npz", *two, folder=tmp_path)
    assert "2 process(es)" in said
    _, notes = read_arrays(tmp_path / "lenet.npz")
    assert np.allclose(notes["losses"], alone[2]["losses"], rtol=1e-5, atol=0)
