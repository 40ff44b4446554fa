"""Data sets from the network, end to end: a server on this machine sends small files of the form
of MNIST's and CIFAR-10's, whole or not, or sends nothing."""

import gzip
import hashlib
import io
import os
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from helpers.data import cifar, download, load_cifar10, load_mnist, mnist
from tools.loopback import has_loopback

NOWHERE = ("http://127.0.0.1:9/nothing",)  # a port at which nobody listens
RNG = np.random.default_rng(0)


def idx(array):
    sizes = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return gzip.compress(bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes(), mtime=0)


IMAGES = {"train": RNG.integers(0, 256, (5, 28, 28)), "t10k": RNG.integers(0, 256, (3, 28, 28))}
IMAGES = {name: images.astype(np.uint8) for name, images in IMAGES.items()}
LABELS = {"train": np.array([7, 0, 9, 1, 1], np.uint8), "t10k": np.array([3, 2, 9], np.uint8)}
MNIST = {}
for name in ("train", "t10k"):
    MNIST[f"{name}-images-idx3-ubyte.gz"] = idx(IMAGES[name])
    MNIST[f"{name}-labels-idx1-ubyte.gz"] = idx(LABELS[name])

RECORDS = RNG.integers(0, 256, (12, 3073)).astype(np.uint8)  # two a file
RECORDS[:, 0] %= 10


def archive(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as content:
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            content.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


PATHS = [f"cifar-10-batches-bin/{name}.bin" for name in [f"data_batch_{i}" for i in range(1, 6)]]
PATHS.append("cifar-10-batches-bin/test_batch.bin")
BATCHES = {path: RECORDS[2 * i : 2 * i + 2].tobytes() for i, path in enumerate(PATHS)}
CIFAR = archive(BATCHES)


class Handler(BaseHTTPRequestHandler):
    """The first part of a path says what is wrong, the last is the file's name."""

    def do_GET(self):
        _, fault, name = self.path.split("/")
        content = self.server.files[name]
        self.server.asked.append(self.path)
        if fault == "silent":
            self.server.closing.wait()
            return
        if fault == "refusing":
            self.send_error(403)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if fault == "truncated":
            content = content[: len(content) // 2]
        elif fault == "wrong":
            content = bytes(len(content))
        self.wfile.write(content)

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def server():
    if not has_loopback():
        pytest.skip("this machine can't talk to itself over a network")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.files, server.asked, server.closing = (
        {**MNIST, cifar.FILE.name: CIFAR},
        [],
        threading.Event(),
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(download.FOLDER_VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TQDM_DISABLE", "1")
    return tmp_path / "kept"


def remote(server, name, *faults):
    content = server.files[name]
    address = f"http://127.0.0.1:{server.server_address[1]}"
    urls = tuple(f"{address}/{fault}/{name}" for fault in faults)
    return download.RemoteFile(name, len(content), hashlib.sha256(content).hexdigest(), urls)


def files(server, *faults):
    return [remote(server, file.name, *faults) for file in mnist.FILES]


def test_mnist_comes_whole(server, folder):
    digits = load_mnist(files=files(server, "good"))
    for (x, labels), name in zip(digits, ("train", "t10k"), strict=True):
        assert x.dtype == np.float32
        assert labels.dtype == np.int64
        assert np.array_equal(x[:, 0], IMAGES[name] / np.float32(255))
        assert np.array_equal(labels, LABELS[name])
    assert sorted(path.name for path in folder.iterdir()) == sorted(MNIST)


def test_larger_digits_stand_in_the_middle(server, folder):
    x, _ = load_mnist(32, files(server, "good")).test
    assert x.shape == (3, 1, 32, 32)
    assert np.array_equal(x[:, 0, 2:30, 2:30], IMAGES["t10k"] / np.float32(255))
    assert x.sum() == x[:, :, 2:30, 2:30].sum()


def test_the_second_call_needs_no_network(server, folder):
    wanted = files(server, "good")
    first = load_mnist(files=wanted)
    server.shutdown()
    server.server_close()
    asked = len(server.asked)
    assert np.array_equal(load_mnist(files=wanted).train[0], first.train[0])
    assert len(server.asked) == asked == 4


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("truncated", "IncompleteRead"),
        ("wrong", "what it sent has another checksum"),
        ("refusing", "403"),
        ("silent", "timed out"),
    ],
)
def test_a_fault_is_named_and_nothing_kept(server, folder, monkeypatch, fault, reason):
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    file = remote(server, cifar.FILE.name, fault)
    with pytest.raises(OSError, match=f"cifar-10-binary.*fetched:\n  {file.urls[0]}\n") as caught:
        load_cifar10(file)
    assert reason in str(caught.value)
    assert f"Put the file into {str(folder)!r} by hand" in str(caught.value)
    assert file.sha256 in str(caught.value)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("fault", ["truncated", "wrong", "refusing", "silent"])
def test_the_next_server_is_asked(server, folder, monkeypatch, fault):
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    name = cifar.FILE.name
    monkeypatch.setattr(download, "TIMEOUT", 0.5)
    path = download.fetch(remote(server, name, fault, "good"))
    assert path.read_bytes() == CIFAR
    assert server.asked == [f"/{fault}/{name}", f"/good/{name}"]


def test_a_file_damaged_on_the_disk_is_fetched_anew(server, folder):
    file = remote(server, cifar.FILE.name, "good")
    path = download.fetch(file)
    path.write_bytes(b"damaged")
    assert download.fetch(file).read_bytes() == CIFAR


def test_a_file_put_there_by_hand_will_do(folder):
    content = b"by hand"
    folder.mkdir()
    (folder / "data.bin").write_bytes(content)
    file = download.RemoteFile("data.bin", 7, hashlib.sha256(content).hexdigest(), NOWHERE)
    assert download.fetch(file) == folder / "data.bin"


def test_without_any_server_the_error_says_what_to_do(folder):
    file = download.RemoteFile("data.bin", 12345, "ab" * 32, ())
    with pytest.raises(OSError, match=r"data\.bin \(12,345 bytes\) could not be fetched"):
        download.fetch(file)


def test_a_folder_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(download.FOLDER_VARIABLE, str(tmp_path / "file" / "kept"))
    file = download.RemoteFile("data.bin", 1, "ab" * 32, ("http://127.0.0.1:9/data.bin",))
    with pytest.raises(OSError, match=rf"kept.* can't be used .*set {download.FOLDER_VARIABLE}"):
        download.fetch(file)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_for_reading_only_is_named(server, folder):
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(OSError, match=r"kept.* can't be used"):
        download.fetch(remote(server, cifar.FILE.name, "good"))


def test_cifar10_comes_whole_and_is_unpacked_once(server, folder, monkeypatch):
    file = remote(server, cifar.FILE.name, "good")
    train, test = load_cifar10(file)
    assert [array.shape for array in (*train, *test)] == [
        (10, 3, 32, 32),
        (10,),
        (2, 3, 32, 32),
        (2,),
    ]
    assert np.array_equal(train[1], RECORDS[:10, 0])
    assert np.array_equal(test[0].reshape(2, -1), RECORDS[10:, 1:] / np.float32(255))
    # Red, the first third, is the first channel.
    assert train[0][3, 0, 1, 2] == RECORDS[3, 1 + 34] / np.float32(255)
    monkeypatch.setattr(tarfile, "open", None)
    assert np.array_equal(load_cifar10(file).test[1], RECORDS[10:, 0])


def as_file(folder, name, content):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    return download.RemoteFile(name, len(content), hashlib.sha256(content).hexdigest(), NOWHERE)


@pytest.mark.parametrize(
    "content",
    [
        b"no archive",
        CIFAR[: len(CIFAR) // 2],
        archive({path: data for path, data in BATCHES.items() if "test" not in path}),
        archive(BATCHES | {PATHS[0]: b"\x03" * 3000}),
        archive(BATCHES | {PATHS[5]: b"\x0a" * 3073}),
    ],
    ids=["no archive", "cut off", "a file missing", "no whole record", "a label of 10"],
)
def test_an_archive_of_another_form_is_refused(folder, content):
    file = as_file(folder, cifar.FILE.name, content)
    for _ in range(2):  # what is left of the first try must not pass for an unpacked archive
        with pytest.raises(ValueError, match=r"cifar-10|data_batch|test_batch"):
            load_cifar10(file)


def test_an_archive_cannot_write_elsewhere(folder, tmp_path):
    escape = archive({**BATCHES, "../../escaped": b"x"})
    load_cifar10(as_file(folder, cifar.FILE.name, escape))
    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("train-images-idx3-ubyte.gz", b"no gzip"),
        ("train-images-idx3-ubyte.gz", MNIST["train-images-idx3-ubyte.gz"][:-20]),
        ("train-images-idx3-ubyte.gz", gzip.compress(b"\0\0\x08")),
        ("train-images-idx3-ubyte.gz", gzip.compress(b"\0\0\x0d\x01\0\0\0\x01abcd")),
        ("train-images-idx3-ubyte.gz", gzip.compress(b"\0\0\x08\x03\0\0\0\x01")),
        ("train-images-idx3-ubyte.gz", idx(np.zeros((5, 28, 27), np.uint8))),
        ("train-images-idx3-ubyte.gz", idx(np.zeros((4, 28, 28), np.uint8))),
        ("train-images-idx3-ubyte.gz", gzip.compress(gzip.decompress(idx(IMAGES["train"])) + b"x")),
        ("t10k-labels-idx1-ubyte.gz", idx(np.array([1, 2, 10], np.uint8))),
    ],
    ids=[
        *("no gzip", "cut off", "no header", "numbers that are no bytes", "a short header"),
        *("another width", "fewer images than labels", "a byte too many", "a label of 10"),
    ],
)
def test_an_mnist_file_of_another_form_is_refused(folder, name, content):
    wanted = [as_file(folder, key, {**MNIST, name: content}[key]) for key in MNIST]
    order = {file.name: file for file in wanted}
    with pytest.raises(ValueError, match=name[:5]):
        load_mnist(files=[order[file.name] for file in mnist.FILES])


@pytest.mark.parametrize("size", [27, 28.0, True])
def test_a_size_that_is_too_small_is_refused_before_the_network(size):
    with pytest.raises(ValueError, match=r"^size is"):
        load_mnist(size)


def test_every_file_has_a_mirror_and_a_checksum():
    for file in [*mnist.FILES, cifar.FILE]:
        assert len({url.split("/")[2] for url in file.urls}) == 2
        assert all(url.startswith("https://") and url.endswith(file.name) for url in file.urls)
        assert len(bytes.fromhex(file.sha256)) == 32
