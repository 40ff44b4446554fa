"""Do the checks of a notebook find the damage that tests.damage does to it?

    python -m tests.faults notebooks/02_convolution.ipynb

copies the notebook into a temporary folder, plants each fault in another cell of the copy (in
further copies where the cells do not suffice), runs the checks and prints which faults they caught.
It fails if one was missed, or if an untouched cell was faulted.
"""

import copy
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.damage import IN_A_CELL, IN_THE_NOTEBOOK
from tools.chapters import CHAPTERS, ROOT
from tools.drift import differences
from tools.outputs import problems

UNTOUCHED = "untouched"
FAULTS = [*IN_A_CELL, *IN_THE_NOTEBOOK]


def check_with_each_fault(
    notebook: Path, chapters: Path, folder: Path, *options: str
) -> dict[str, str]:
    """What the checks say of untouched cells and of each fault, "" if nothing.

    The copies stand in folders of their own beneath ``folder`` and go through one pytest run, with
    ``options``, because kernels start slowly. A fault that does not apply, to the picture of a
    notebook without pictures say, is left out.
    """
    original = nbformat.read(notebook, as_version=nbformat.NO_CONVERT)
    said = {UNTOUCHED: _say_without_running(original, chapters, notebook, folder / "check")}
    for name, plant in IN_THE_NOTEBOOK.items():
        damaged = copy.deepcopy(original)
        plant(damaged)
        said[name] = _say_without_running(damaged, chapters, notebook, folder / name)
    copies = [{}, *_plan(original)]
    for number, faults in enumerate(copies):
        damaged = copy.deepcopy(original)
        for index, name in faults.items():
            IN_A_CELL[name](_code(damaged)[index])
            said[name] = ""
        place = folder / f"copy-{number}" / "notebooks"
        place.mkdir(parents=True)
        nbformat.write(damaged, place / notebook.name)
        _bring(ROOT / "images", place.with_name("images"))  # lessons read ../images
    for number, index, message in _nbval_failures(folder, *options):
        said[copies[number].get(index, UNTOUCHED)] += f"{message}\n"
    return said


def _say_without_running(notebook: NotebookNode, chapters: Path, path: Path, folder: Path) -> str:
    folder.mkdir()
    nbformat.write(notebook, folder / path.name)
    found = [*problems(notebook), *differences(chapters, folder, [path.stem])]
    (folder / path.name).unlink()
    return "\n".join(found)


def _plan(notebook: NotebookNode) -> list[dict[int, str]]:
    """Which fault to plant in which code cell of each copy: as few copies as the cells allow."""
    copies: list[dict[int, str]] = []
    for name, plant in IN_A_CELL.items():
        fitting = []
        for index, cell in enumerate(_code(notebook)):
            try:
                plant(copy.deepcopy(cell))
                fitting.append(index)
            except LookupError:
                continue
        free = [(faults, index) for faults in copies for index in fitting if index not in faults]
        if free:
            faults, index = free[0]
            faults[index] = name
        elif fitting:
            copies.append({fitting[0]: name})
    return copies


def _bring(folder: Path, target: Path) -> None:
    try:
        target.symlink_to(folder, target_is_directory=True)
    except OSError:  # Windows lets not everybody make links
        shutil.copytree(folder, target)


def _nbval_failures(folder: Path, *options: str) -> Iterator[tuple[int, int, str]]:
    """Run all copies as the project's tests do: (copy, code cell, message) of each failure."""
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
            number = case.attrib["classname"].split(".")[0].removeprefix("copy-")
            yield int(number), int(case.attrib["name"].removeprefix("Cell ")), failure.text or ""


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


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
