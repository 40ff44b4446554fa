"""CIFAR-10: 60,000 small colour photographs of ten kinds, fetched when they are first asked for."""

import tarfile
import zlib

import numpy as np

from .digits import Digits
from .download import RemoteFile, fetch

CIFAR10_CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_NAME = "cifar-10-binary.tar.gz"
FILE = RemoteFile(
    _NAME,
    170_052_171,
    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    (
        f"https://www.cs.toronto.edu/~kriz/{_NAME}",
        f"https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/{_NAME}",
    ),
)
_FOLDER = "cifar-10-batches-bin"
_TRAINING = [f"{_FOLDER}/data_batch_{number}.bin" for number in range(1, 6)]
_TEST = [f"{_FOLDER}/test_batch.bin"]
_PIXELS = 3 * 32 * 32


def load_cifar10(file=FILE):
    """Return CIFAR-10's photographs: 50,000 for training and 10,000 for test.

    Returns two pairs, `train` and `test`: x (N, 3, 32, 32) float32 from 0 to 1, channels red, green
    and blue, and labels (N,) int64, places in `CIFAR10_CLASSES`. The first call needs a network,
    and 360 MB on disk; the arrays take 740 MB. It reads the archive's binary edition; the common
    one is of Python pickles, which may run code.
    Raises OSError where the file can't be had (see `download.fetch`), and ValueError for an archive
    that is damaged or of another form.
    Krizhevsky 2009, "Learning multiple layers of features from tiny images".
    """
    archive = fetch(file)
    folder = archive.with_name(archive.name.removesuffix(".tar.gz") + f"-{file.sha256[:8]}")
    if not folder.exists():
        _extract(archive, folder)
    return Digits(*(_read([folder / name for name in names]) for names in (_TRAINING, _TEST)))


def _extract(archive, folder):
    """Unpack the six files into a folder that has its name only when it is whole."""
    unfinished = folder.with_name(folder.name + ".unfinished")
    try:
        with tarfile.open(archive) as content:
            members = [content.getmember(name) for name in [*_TRAINING, *_TEST]]
            content.extractall(unfinished, members, filter="data")
    except (tarfile.TarError, EOFError, zlib.error, KeyError) as error:
        raise ValueError(
            f"{archive.name} is damaged, or not the binary edition: {error}"
        ) from error
    unfinished.rename(folder)


def _read(paths):
    """Read records of a label and 3,072 pixels, red, then green, then blue."""
    content = b"".join(path.read_bytes() for path in paths)
    if not content or len(content) % (1 + _PIXELS):
        raise ValueError(
            f"{paths[0].name} and its like hold {len(content)} bytes; expected a multiple of "
            f"{1 + _PIXELS}: a label and {_PIXELS} pixels for each photograph"
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, 1 + _PIXELS)
    labels = records[:, 0].astype(np.int64)
    if labels.max() > 9:
        raise ValueError(
            f"{paths[0].name} and its like hold a label of {labels.max()}; expected 0 to 9"
        )
    x = np.empty((len(records), 3, 32, 32), np.float32)
    np.divide(records[:, 1:].reshape(x.shape), 255, out=x)
    return x, labels
