"""A place to build small chapters in, for the tests of the builder."""

import base64
import io
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from tools.build import main
from tools.chapters import read

QUICK = """\
# %%
number = 1

# %%
print(number)
"""


def set_unhelpful_defaults(environment: pytest.MonkeyPatch, folder: Path) -> None:
    """Settings, as users have them, under which a kernel would draw no PNG at all."""
    profile = folder / "profile_default"
    profile.mkdir(parents=True)
    config = profile / "ipython_kernel_config.py"
    config.write_text('c.InlineBackend.figure_formats = ["svg"]\n', encoding="utf-8")
    environment.setenv("IPYTHONDIR", str(folder))
    environment.setenv("MPLBACKEND", "agg")


def redrawn(data: str, levels: int) -> str:
    """The same picture with one grey level more or less in every pixel, or with many."""
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"), np.int16)
    noise = np.random.default_rng(0).integers(-levels, levels + 1, size=picture.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(picture + noise, 0, 255).astype(np.uint8)).save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


class Workshop:
    """A folder with chapters and notebooks of its own."""

    def __init__(self, root: Path) -> None:
        self.chapters, self.notebooks = root / "chapters", root / "notebooks"
        self.chapters.mkdir()
        self.notebooks.mkdir()

    def write(self, stem: str, text: str) -> Path:
        path = self.chapters / f"{stem}.py"
        path.write_text(text, encoding="utf-8")
        return path

    def pretend_built(self, stem: str) -> Path:
        """A notebook as the build leaves it, but for the outputs."""
        path = self.notebooks / f"{stem}.ipynb"
        nbformat.write(read(self.chapters / f"{stem}.py"), path)
        return path

    def main(self, *arguments: str) -> int:
        return main(arguments, self.chapters, self.notebooks)
