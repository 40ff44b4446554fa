"""Photograph each element of the explorer, for where its scripts do not run.

python -m tests.explorer_pictures writes explorer/pictures/*.png. It needs the group `browser` and
Chromium; it is run by hand when an element's look changes, since browsers draw letters differently.
"""

import io
import sys

from PIL import Image

from helpers.explore.elements import EXPLORER
from tests import browser

WIDTH = 760  # pixels: a page of text
ELEMENTS = ("conv", "geometry", "pooling", "activation", "norm", "dropout", "network")


def photograph(tab, name: str) -> bytes:
    """One element as it opens, the network with a digit: a PNG of at most 64 colours."""
    element = tab.locator(f"{name}-explorer")
    element.wait_for()
    if name == "network":
        element.locator("select").first.select_option("3")
    tab.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(element.screenshot())).convert("RGB")
    file = io.BytesIO()
    picture.quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def main() -> int:
    """Write the pictures; 1 where there is no browser."""
    lacking = browser.missing("browser")
    if lacking:
        print(f"no {lacking} here", file=sys.stderr)
        return 1
    folder = EXPLORER / "pictures"
    folder.mkdir(exist_ok=True)
    with browser.served(EXPLORER) as address, browser.page(WIDTH + 32, 900) as (tab, _):
        tab.goto(f"{address}/index.html")
        for name in ELEMENTS:
            (folder / f"{name}.png").write_bytes(photograph(tab, name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
