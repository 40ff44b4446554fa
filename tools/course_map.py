"""Draw the map of the course that the README shows, from what the notebooks say that they need.

python -m tools.course_map     draws it anew where it no longer agrees
"""

import io
import sys
from pathlib import Path

from PIL import Image

from helpers import course, figures
from helpers.figures.style import stored
from tools.chapters import NOTEBOOKS
from tools.execute import replace
from tools.pictures import Figure, compare

MAP = "map.png"  # beside the notebooks, where the README finds it


def draw(notebooks: Path = NOTEBOOKS) -> bytes:
    """The map as a PNG file, with twice the pixels at which it is shown."""
    picture, _ = stored(figures.course_map(course.read_chapters(notebooks)).figure)
    return picture


def difference(new: bytes, notebooks: Path = NOTEBOOKS) -> str | None:
    """Say how the stored map differs from a new one, as the picture check would."""
    path = notebooks / MAP
    if not path.exists():
        return f"there is no {path.name}"
    old, drawn = (_decode(data) for data in (path.read_bytes(), new))
    return compare(old, drawn)


def main(notebooks: Path = NOTEBOOKS) -> int:
    new = draw(notebooks)
    reason = difference(new, notebooks)
    if reason:
        replace(notebooks / MAP, new)
    print(f"{MAP} drawn anew: {reason}" if reason else f"{MAP} is as the notebooks say")
    return 0


def _decode(data: bytes) -> Figure:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    return Figure(picture, picture.width, None)


if __name__ == "__main__":
    sys.exit(main())
