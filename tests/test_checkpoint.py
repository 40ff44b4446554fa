"""What is written comes back; what is damaged or cut off is refused, and the old file stays."""

import json
import multiprocessing
import os
import zipfile

import numpy as np
import pytest

from helpers import checkpoint
from helpers.checkpoint import read_arrays, write_arrays

ARRAYS = {"model.0.weight": np.arange(6.0).reshape(2, 3), "empty": np.zeros((0, 2), np.float32)}


def test_arrays_and_notes_come_back(tmp_path):
    write_arrays(tmp_path / "a.npz", ARRAYS, {"epoch": 3, "losses": [[0.1, 1e-300]]})
    arrays, notes = read_arrays(str(tmp_path / "a.npz"))
    assert notes == {"epoch": 3, "losses": [[0.1, 1e-300]]}
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        assert array.dtype == ARRAYS[name].dtype
        assert np.array_equal(array, ARRAYS[name])
    assert os.listdir(tmp_path) == ["a.npz"]


def test_a_file_without_notes_is_read_too(tmp_path):
    np.savez(tmp_path / "plain.npz", x=np.ones(2))
    arrays, notes = read_arrays(tmp_path / "plain.npz")
    assert arrays["x"].tolist() == [1, 1]
    assert notes is None


def test_what_json_cannot_hold_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.npz"
    write_arrays(path, ARRAYS, 1)
    with pytest.raises(TypeError):
        write_arrays(path, ARRAYS, {"x": object()})
    assert read_arrays(path)[1] == 1


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.npz"
    write_arrays(path, ARRAYS, 1)

    def full(file, **arrays):
        file.write(b"the first half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        write_arrays(path, ARRAYS, 2)
    assert read_arrays(path)[1] == 1


def test_every_cut_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    write_arrays(path, ARRAYS, {"epoch": 3})
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="holds no arrays, or damaged ones"):
            read_arrays(path)


def test_a_changed_byte_never_passes_unseen(tmp_path):
    path = tmp_path / "a.npz"
    write_arrays(path, ARRAYS, {"epoch": 3})
    whole = path.read_bytes()
    for place in range(0, len(whole), 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            arrays, notes = read_arrays(path)
        except ValueError:
            continue
        if notes is None or arrays.keys() != ARRAYS.keys():
            continue  # a name has changed, which whoever asks for the names will see
        # What is left are bytes that nobody reads, such as the hour of the file.
        assert notes == {"epoch": 3}
        assert np.array_equal(arrays["model.0.weight"], ARRAYS["model.0.weight"])


def test_no_pickle_is_read(tmp_path):
    np.savez(tmp_path / "evil.npz", x=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="holds no arrays, or damaged ones"):
        read_arrays(tmp_path / "evil.npz")


def test_notes_that_are_no_json_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", **{"notes as JSON": np.frombuffer(b"{", np.uint8)})
    with pytest.raises(ValueError, match="holds no arrays, or damaged ones"):
        read_arrays(tmp_path / "a.npz")


def test_names_are_checked(tmp_path):
    with pytest.raises(ValueError, match=r"a\.npy'; expected a name that ends in \.npz"):
        write_arrays(tmp_path / "a.npy", ARRAYS)
    with pytest.raises(FileNotFoundError, match=r"none\.npz"):
        read_arrays(tmp_path / "none.npz")


def write_for_ever(path):
    number = 0
    while True:
        write_arrays(path, {"x": np.full(20_000, number)}, number)
        number += 1


@pytest.mark.parametrize("delay", [0.02, 0.05, 0.11])
def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path, delay):
    path = tmp_path / "a.npz"
    write_arrays(path, {"x": np.full(20_000, -1)}, -1)
    writer = multiprocessing.get_context("spawn").Process(target=write_for_ever, args=(path,))
    writer.start()
    while read_arrays(path)[1] < 0:
        assert writer.is_alive()
    writer.join(delay)
    writer.kill()
    writer.join()
    arrays, notes = read_arrays(path)
    assert (arrays["x"] == notes).all()
    assert zipfile.ZipFile(path).testzip() is None
    assert json.dumps(notes)
