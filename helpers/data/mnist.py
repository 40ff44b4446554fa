"""MNIST: 70,000 handwritten digits, fetched when they are first asked for."""

import gzip
import math
import zlib

import numpy as np

from ..ops._arguments import as_int
from .digits import Digits
from .download import RemoteFile, fetch

_SERVERS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
_FILES = {
    "train-images-idx3-ubyte.gz": (
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    "train-labels-idx1-ubyte.gz": (
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    "t10k-images-idx3-ubyte.gz": (
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
}
FILES = [
    RemoteFile(name, size, sha256, tuple(server + name for server in _SERVERS))
    for name, (size, sha256) in _FILES.items()
]


def load_mnist(size=28, files=FILES):
    """Return MNIST's digits: 60,000 for training and 10,000 for test.

    size: height and width in pixels, at least 28, which is what the data has; larger ones have
    more empty paper around. files: the four files, images and labels for training, then for test.
    Returns `Digits(train, test)`, each a pair: x (N, 1, size, size) float32 from 0 (paper) to 1
    (ink), and labels (N,) int64 from 0 to 9. The first call needs a network, and 12 MB on disk.
    Raises OSError where a file can't be had (see `download.fetch`), ValueError for a size below 28
    and for files of another form.
    LeCun and others 1998, "Gradient-based learning applied to document recognition".
    """
    as_int(size, "size", 28)
    paths = [fetch(file) for file in files]
    return Digits(_read_pair(*paths[:2], size), _read_pair(*paths[2:], size))


def _read_pair(image_path, label_path, size):
    images, labels = read_idx(image_path), read_idx(label_path)
    if images.shape[1:] != (28, 28) or labels.shape != images.shape[:1]:
        raise ValueError(
            f"{image_path.name} and {label_path.name} hold arrays {images.shape} and "
            f"{labels.shape}; expected images (N, 28, 28) and labels (N,)"
        )
    if labels.max(initial=0) > 9:
        raise ValueError(f"{label_path.name} holds a label of {labels.max()}; expected 0 to 9")
    before = (size - 28) // 2
    x = np.zeros((len(images), 1, size, size), np.float32)
    np.divide(images, 255, out=x[:, 0, before : before + 28, before : before + 28])
    return x, labels.astype(np.int64)


def read_idx(path):
    """Return the array of bytes that a gzipped file in the IDX format holds.

    Such a file begins with two zeros, 8 for bytes, the number of axes, and the length of each axis
    in four bytes. Raises ValueError for a damaged or cut-off file and for another format.
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path.name} is damaged or cut off: {error}") from error
    dims = content[3] if content[:3] == b"\0\0\x08" and len(content) > 3 else 0
    shape = tuple(np.frombuffer(content[4 : 4 + 4 * dims], ">u4").tolist())
    if not dims or len(shape) != dims or len(content) != 4 + 4 * dims + math.prod(shape):
        raise ValueError(f"{path.name} is no IDX file of bytes, or not a whole one")
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dims).reshape(shape)
