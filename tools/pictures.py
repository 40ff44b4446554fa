"""Compare the pictures in a notebook with the ones that its cells draw now.

nbval compares every output but ``image/png`` and ``image/jpeg``. As a pytest plugin, which the root
``conftest.py`` loads, this module looks at those after each cell that nbval ran. Two tags on a cell
ask for something else than equal pixels: ``picture-trained``, for the results of a trained network,
which differ a little on another type of processor, compares the record of names and numbers that
`helpers.figures.record` keeps beside the picture; ``picture-varies``, for timings, demands no more
than as many pictures of the same size.
"""

import base64
import io
import re
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
# Of a trained network's record: parts of an Axes' height or width, so .03 for an accuracy on an
# axis from 0 to 1.
RECORD_LIMIT = 0.03


@dataclass(frozen=True)
class Difference:
    """One figure of a cell that is not as stored: which, why, and pictures to look at."""

    figure: int
    reason: str
    pictures: dict[str, Image.Image]


@dataclass(frozen=True)
class Figure:
    """A stored picture: its pixels as a reader sees them, and its record if there is one."""

    picture: Image.Image
    shown_width: int  # pixels on the page; the file holds more, for dense screens
    record: list[str] | None


def decode(outputs: Iterable[NotebookNode]) -> Iterator[Figure]:
    """The pictures in a list of outputs, in order."""
    for output in outputs:
        for kind in PICTURES:
            if kind in output.get("data", {}):
                picture = Image.open(io.BytesIO(base64.b64decode(output.data[kind])))
                # Transparent parts show the page, which is white.
                page = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(page, picture.convert("RGBA")).convert("RGB")
                notes = output.get("metadata", {}).get(kind, {})
                yield Figure(picture, notes.get("width", picture.width), notes.get("record"))


def compare(stored: Figure, new: Figure, tags: Iterable[str] = ()) -> str | None:
    """Say how a picture differs from the stored one by more than its cell's tags let pass."""
    sizes = [figure.picture.size for figure in (stored, new)]
    if sizes[0] != sizes[1]:
        was, now = (f"{width} × {height}" for width, height in sizes)
        return f"stored with {was} pixels, now {now}"
    if stored.shown_width != new.shown_width:
        return f"stored to be shown {stored.shown_width} pixels wide, now {new.shown_width}"
    if "picture-varies" in tags:
        return None
    if "picture-trained" in tags:
        return compare_records(stored.record, new.record)
    return _compare_pixels(stored.picture, new.picture)


def _compare_pixels(stored: Image.Image, new: Image.Image) -> str | None:
    squares = np.square(_levels(stored) - _levels(new)).mean(axis=2)
    height, width = squares.shape
    # Tiles that reach past the edge are filled up with pixels that agree.
    padded = np.pad(squares, ((0, -height % TILE), (0, -width % TILE)))
    tiles = padded.reshape(padded.shape[0] // TILE, TILE, -1, TILE).mean(axis=(1, 3))
    row, column = np.unravel_index(tiles.argmax(), tiles.shape)
    picture_rms, tile_rms = np.sqrt(squares.mean()), np.sqrt(tiles[row, column])
    if picture_rms <= PICTURE_LIMIT and tile_rms <= TILE_LIMIT:
        return None
    return (
        f"RMS of the difference {picture_rms:.2f} grey levels (limit {PICTURE_LIMIT}), "
        f"in the worst {TILE} × {TILE} pixels {tile_rms:.2f} (limit {TILE_LIMIT}), "
        f"at x={column * TILE} y={row * TILE}"
    )


def compare_records(stored: list[str] | None, new: list[str] | None) -> str | None:
    """Say which line of two records differs: words not at all, numbers by a little.

    Numbers that stand in a text may differ by as much as places, or by that share of themselves.
    Ticks may move, but not change their words.
    """
    if not stored or not new:
        return "there is no record of what it shows: draw it with a function of helpers.figures"
    for old_line, new_line in zip_longest(stored, new, fillvalue=""):
        exact = old_line.startswith(("xtick", "ytick"))
        (old_text, old_places), (new_text, new_places) = _split(old_line), _split(new_line)
        if (exact and old_text != new_text) or not _alike(old_text, new_text, own_share=True):
            return f"stored “{_shorten(old_line)}”, now “{_shorten(new_line)}”"
        if len(_numbers(old_places)) != len(_numbers(new_places)):
            return (
                f"“{_shorten(new_line)}” has another number of places than “{_shorten(old_line)}”"
            )
        if not _alike(old_places, new_places, own_share=False):
            pairs = zip(_numbers(old_places), _numbers(new_places), strict=True)
            worst = max(abs(old - new) for old, new in pairs)
            return f"“{_shorten(new_line)}” moved by {worst:.3f} of the axes (limit {RECORD_LIMIT})"
    return None


_NUMBER = re.compile(r"(?<![#\w.])[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])")


def _split(line: str) -> tuple[str, str]:
    text, _, places = line.rpartition(" | ")
    return text, places


def _numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in _NUMBER.findall(text)]


def _alike(old: str, new: str, own_share: bool) -> bool:
    if _NUMBER.sub("0", old) != _NUMBER.sub("0", new):
        return False
    pairs = zip(_numbers(old), _numbers(new), strict=True)
    return all(
        abs(a - b) <= RECORD_LIMIT * max(1, abs(a) if own_share else 1) + 1e-9 for a, b in pairs
    )


def _shorten(line: str, width: int = 90) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def differences(
    stored: Iterable[NotebookNode], new: Iterable[NotebookNode], tags: Iterable[str] = ()
) -> Iterator[Difference]:
    """Compare the pictures in two lists of outputs, in order; yield those that differ."""
    pairs = zip_longest(decode(stored), decode(new))
    for number, (old, now) in enumerate(pairs, start=1):
        if now is None:
            yield Difference(number, "missing: stored, not drawn now", {"stored": old.picture})
        elif old is None:
            yield Difference(number, "extra: drawn now, not stored", {"new": now.picture})
        elif reason := compare(old, now, tags):
            pictures = {"stored": old.picture, "new": now.picture}
            if old.picture.size == now.picture.size:
                pictures["difference"] = _difference(old.picture, now.picture)
            yield Difference(number, reason, pictures)


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
        tags = item.cell.metadata.get("tags", [])
        notebook = item.nodeid.split("::")[0]
        reports = [
            report(difference, notebook, item.cell.id, item.config.rootpath)
            for difference in differences(item.cell.outputs, item.test_outputs, tags)
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
