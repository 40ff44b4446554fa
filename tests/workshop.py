"""A place to build small chapters in, for the tests of the builder."""

from pathlib import Path

import nbformat
import pytest

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
