"""Damage that the checks of a notebook must find, and a command that plants it in a real one.

    python -m tests.faults notebooks/02_convolution.ipynb

copies the notebook once for each fault into a temporary folder, runs the checks on every copy and
prints which faults they caught. It fails if one was missed, or if the untouched copy was faulted.
"""

import base64
import io
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import numpy as np
from nbformat import NotebookNode
from PIL import Image

from tools.chapters import CHAPTERS, ROOT
from tools.drift import differences
from tools.outputs import problems

UNTOUCHED = "untouched"


def change_digit(notebook: NotebookNode) -> None:
    """One digit of a printed number, or of a value shown."""
    for _, output in _outputs(notebook):
        holder, key = (output, "text") if "text" in output else (output.get("data", {}), None)
        key = key or next((kind for kind in holder if kind.startswith("text/")), None)
        found = re.search(r"\d", holder[key]) if key and "image/png" not in holder else None
        if found:
            text, place, digit = holder[key], found.start(), (int(found.group()) + 1) % 10
            holder[key] = f"{text[:place]}{digit}{text[place + 1 :]}"
            return
    raise LookupError("no text output holds a digit")


def invert_patch(notebook: NotebookNode) -> None:
    """A patch of 12 × 12 pixels near the picture's corner, across tiles rather than on one."""
    levels = _picture(notebook)
    levels[10:22, 10:22] = 255 - levels[10:22, 10:22]
    _store(notebook, levels)


def shift(notebook: NotebookNode) -> None:
    """The whole picture, three pixels to the right."""
    _store(notebook, np.roll(_picture(notebook), 3, axis=1))


def crop(notebook: NotebookNode) -> None:
    """The last ten rows are gone."""
    _store(notebook, _picture(notebook)[:-10])


def delete_picture(notebook: NotebookNode) -> None:
    """The picture is gone, the text that stands for it stays."""
    del _picture_output(notebook)[1].data["image/png"]


def add_picture(notebook: NotebookNode) -> None:
    """A second picture, without any text that nbval could compare."""
    cell, output = _picture_output(notebook)
    data = {"image/png": output.data["image/png"]}
    cell.outputs.append(nbformat.v4.new_output("display_data", data=data))


def forget_execution(notebook: NotebookNode) -> None:
    """A cell as if it never ran; nbval compares nothing of such a cell."""
    cell = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    cell.execution_count, cell.outputs = None, []


def edit_source(notebook: NotebookNode) -> None:
    """A word more in the prose, which only the chapter should have."""
    notebook.cells[0].source += " indeed"


FAULTS: dict[str, Callable[[NotebookNode], None]] = {
    "digit-changed": change_digit,
    "patch-inverted": invert_patch,
    "picture-shifted": shift,
    "picture-cropped": crop,
    "picture-deleted": delete_picture,
    "picture-added": add_picture,
    "execution-forgotten": forget_execution,
    "source-edited": edit_source,
}


def check_with_each_fault(
    notebook: Path, chapters: Path, folder: Path, *options: str
) -> dict[str, str]:
    """What the checks say of the untouched notebook and of a copy for each fault, "" if nothing.

    All copies go through one pytest run, in folders of their own beneath ``folder``, because
    kernels start slowly. ``options`` are for that run. A fault that does not apply, to the picture
    of a notebook without pictures say, is left out.
    """
    said = {}
    for name, plant in {UNTOUCHED: lambda _: None, **FAULTS}.items():
        damaged = nbformat.read(notebook, as_version=nbformat.NO_CONVERT)
        try:
            plant(damaged)
        except LookupError:
            continue
        copy = folder / name / "notebooks" / notebook.name
        copy.parent.mkdir(parents=True)
        nbformat.write(damaged, copy)
        found = [*problems(damaged), *differences(chapters, copy.parent, [notebook.stem])]
        said[name] = "\n".join(found)
        if said[UNTOUCHED]:
            return said  # faulty before any fault is planted
        if found:
            copy.unlink()  # caught without running it
        else:
            # Lessons read ../images.
            copy.parent.with_name("images").symlink_to(ROOT / "images", target_is_directory=True)
    for name, message in _nbval_failures(folder, *options):
        said[name] += f"{message}\n"
    return said


def _nbval_failures(folder: Path, *options: str) -> Iterator[tuple[str, str]]:
    """Run every notebook beneath a folder as the project's tests do: (subfolder, message)."""
    results = folder / "results.xml"
    command = [sys.executable, "-m", "pytest", folder, f"--rootdir={folder}", "--color=no"]
    command += [f"--config-file={ROOT / 'pyproject.toml'}", "-p", "tools.pictures"]
    command += ["-p", "no:cacheprovider", f"--junitxml={results}", *options]
    # A run inside a test must not take itself for that test's worker.
    environment = {key: value for key, value in os.environ.items() if "PYTEST" not in key}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode not in (0, 1):  # neither "all passed" nor "some failed": no tests at all
        raise RuntimeError(run.stdout + run.stderr)
    for case in ET.parse(results).iter("testcase"):
        for failure in [*case.iter("failure"), *case.iter("error")]:
            yield case.attrib["classname"].split(".")[0], failure.text or ""


def _outputs(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, NotebookNode]]:
    for cell in notebook.cells:
        if "picture-varies" not in cell.metadata.get("tags", []):
            yield from ((cell, output) for output in cell.get("outputs", []))


def _picture_output(notebook: NotebookNode) -> tuple[NotebookNode, NotebookNode]:
    for cell, output in _outputs(notebook):
        if "image/png" in output.get("data", {}):
            return cell, output
    raise LookupError("no output is a picture")


def _picture(notebook: NotebookNode) -> np.ndarray:
    stored = base64.b64decode(_picture_output(notebook)[1].data["image/png"])
    return np.array(Image.open(io.BytesIO(stored)).convert("RGB"))


def _store(notebook: NotebookNode, levels: np.ndarray) -> None:
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "png")
    _picture_output(notebook)[1].data["image/png"] = base64.b64encode(file.getvalue()).decode()


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        said = check_with_each_fault(Path(sys.argv[1]), CHAPTERS, Path(folder))
    alarm = said.pop(UNTOUCHED)
    if alarm:
        print(f"the checks fault the {UNTOUCHED} notebook:\n{alarm}")
        return 1
    print(f"{UNTOUCHED:20}  passes")
    for name in FAULTS:
        verdict = "caught" if said.get(name) else "MISSED" if name in said else "does not apply"
        print(f"{name:20}  {verdict}")
    return 0 if all(said.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
