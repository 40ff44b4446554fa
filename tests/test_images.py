"""The photographs are the ones that SOURCES.md names, unchanged."""

import hashlib

import pytest
from PIL import Image

from helpers.data import IMAGES

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (IMAGES / "SOURCES.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|")
][2:]


def test_every_photograph_is_listed_and_every_listed_one_there():
    files = {path.name for path in IMAGES.iterdir()} - {"SOURCES.md"}
    assert files == {row[0] for row in ROWS}
    assert len(ROWS) == 8


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_checksum_size_and_licence(row):
    name, shows, author, licence, size, checksum = row
    assert hashlib.sha256((IMAGES / name).read_bytes()).hexdigest() == checksum
    with Image.open(IMAGES / name) as image:
        assert f"{image.width} × {image.height}" == size
    assert licence in ("CC0", "public domain")
    assert shows
    assert author
