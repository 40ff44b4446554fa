"""Compare the pictures in a notebook with the ones that its cells draw now.

nbval compares every output but ``image/png`` and ``image/jpeg``. As a pytest plugin, which the root
``conftest.py`` loads, this module looks at those after each cell that nbval ran. Two tags on a cell
ask for less: ``picture-trained``, for the curves of a trained network, which end a little elsewhere
on another type of processor, and ``picture-varies``, for timings, which demands no more than as
many pictures of the same size.
"""

import base64
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pytest
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell
from PIL import Image, ImageChops, ImageOps

from tools.execute import connection, kernel_settings
from tools.outputs import PICTURES

FOLDER = Path("build", "pictures")

# Root mean squares, in grey levels of 255. The same matplotlib on another machine rounds a level up
# or down here and there, which gives 0.7, and 1.0 if every pixel did. The limit on the worst tile
# is what finds a small change, lost in the mean of a whole figure: measured on figures of 500 × 300
# pixels, 10 pt text that reads 6 for 8 gives 24 there (5.4 in a grey as pale as 0.8), and a half-
# point line in 0.9 grey, moved by 2 pixels, gives 6.3. The limits lie between noise and these.
PICTURE_LIMIT = 1.5
TILE_LIMIT = 4.0
TILE = 16
# For a trained network's curves: measured on one figure of 800 × 320 pixels, accuracies that differ
# by 0.005 give 11 and 66 in the worst tile, the whole figure moved by 1 pixel 18 and 85, a patch of
# 40 × 40 inverted 20 and 255.
TRAINED_LIMITS = (15.0, 140.0)


@dataclass(frozen=True)
class Difference:
    """One figure of a cell that is not as stored: which, why, and pictures to look at."""

    figure: int
    reason: str
    pictures: dict[str, Image.Image]


def decode(outputs: Iterable[NotebookNode]) -> Iterator[Image.Image]:
    """The pictures in a list of outputs, in order, as a reader sees them."""
    for output in outputs:
        for kind in PICTURES:
            if kind in output.get("data", {}):
                picture = Image.open(io.BytesIO(base64.b64decode(output.data[kind])))
                # Transparent parts show the page, which is white.
                page = Image.new("RGBA", picture.size, "white")
                yield Image.alpha_composite(page, picture.convert("RGBA")).convert("RGB")


Limits = tuple[float, float]  # on the RMS of the whole picture, and of its worst tile


def limits(tags: Iterable[str]) -> Limits | None:
    """What a cell's tags demand of its pictures; None where their content does not count."""
    if "picture-varies" in tags:
        return None
    return TRAINED_LIMITS if "picture-trained" in tags else (PICTURE_LIMIT, TILE_LIMIT)


def compare(
    stored: Image.Image, new: Image.Image, allowed: Limits | None = (PICTURE_LIMIT, TILE_LIMIT)
) -> str | None:
    """Why two pictures count as different, or None; without ``allowed``, only by their size."""
    if stored.size != new.size:
        return "stored with {} × {} pixels, now {} × {}".format(*stored.size, *new.size)
    if allowed is None:
        return None
    squares = np.square(_levels(stored) - _levels(new)).mean(axis=2)
    height, width = squares.shape
    # Tiles that reach past the edge are filled up with pixels that agree.
    padded = np.pad(squares, ((0, -height % TILE), (0, -width % TILE)))
    tiles = padded.reshape(padded.shape[0] // TILE, TILE, -1, TILE).mean(axis=(1, 3))
    row, column = np.unravel_index(tiles.argmax(), tiles.shape)
    picture_rms, tile_rms = np.sqrt(squares.mean()), np.sqrt(tiles[row, column])
    if picture_rms <= allowed[0] and tile_rms <= allowed[1]:
        return None
    return (
        f"RMS of the difference {picture_rms:.2f} grey levels (limit {allowed[0]}), "
        f"in the worst {TILE} × {TILE} pixels {tile_rms:.2f} (limit {allowed[1]}), "
        f"at x={column * TILE} y={row * TILE}"
    )


def differences(
    stored: Iterable[NotebookNode],
    new: Iterable[NotebookNode],
    allowed: Limits | None = (PICTURE_LIMIT, TILE_LIMIT),
) -> Iterator[Difference]:
    """Compare the pictures in two lists of outputs, in order; yield those that differ."""
    pairs = zip_longest(decode(stored), decode(new))
    for figure, (old_picture, new_picture) in enumerate(pairs, start=1):
        if new_picture is None:
            yield Difference(figure, "missing: stored, not drawn now", {"stored": old_picture})
        elif old_picture is None:
            yield Difference(figure, "extra: drawn now, not stored", {"new": new_picture})
        elif reason := compare(old_picture, new_picture, allowed):
            pictures = {"stored": old_picture, "new": new_picture}
            if old_picture.size == new_picture.size:
                pictures["difference"] = _difference(old_picture, new_picture)
            yield Difference(figure, reason, pictures)


def report(difference: Difference, notebook: str, cell: str, root: Path) -> str:
    """Save a difference's pictures under ``root`` and say in words what and where they are."""
    lines = [f"{notebook}, cell {cell}, figure {difference.figure}: {difference.reason}"]
    for name, picture in difference.pictures.items():
        path = FOLDER / Path(notebook).stem / f"{cell}-{difference.figure}-{name}.png"
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        picture.save(root / path)
        lines.append(f"    {name}: {path.as_posix()}")
    return "\n".join(lines)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Start nbval's kernels, at a notebook's first cell, with the settings of the build."""
    with pytest.MonkeyPatch.context() as environment:
        if isinstance(item, IPyNbCell):
            for name, value in kernel_settings().items():
                environment.setenv(name, value)
            manager = partial(KernelManager, **connection())
            environment.setattr("nbval.kernel.KernelManager", manager)
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """After nbval has run a cell and found its text the same, compare its pictures."""
    result = yield
    if isinstance(item, IPyNbCell):
        allowed = limits(item.cell.metadata.get("tags", []))
        notebook = item.nodeid.split("::")[0]
        reports = [
            report(difference, notebook, item.cell.id, item.config.rootpath)
            for difference in differences(item.cell.outputs, item.test_outputs, allowed)
        ]
        if reports:
            item.raise_cell_error("Pictures differ", "\n".join(reports))
    return result


def _levels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"), dtype=np.float64)


def _difference(stored: Image.Image, new: Image.Image) -> Image.Image:
    """Where they differ, white for the largest difference, so that a faint one shows too."""
    difference = ImageChops.difference(stored.convert("RGB"), new.convert("RGB"))
    return ImageOps.autocontrast(difference.convert("L"))
