"""Write the course folder that nbgrader works in: assignments to hand out, and the gradebook."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools import exercises
from tools.chapters import ChapterError, choose

# How every configuration of nbgrader begins.
COURSE = 'c = get_config()\nc.CourseDirectory.course_id = "cnn"'

# nbgrader would put its own words in place of what students write; the exercises have starters.
CONFIG = f"""\
{COURSE}
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""

# What a check cell begins with when it is graded: nbgrader counts whatever is written to stderr as
# a failure, a patched check would let everything pass.
GUARD = """\
### BEGIN HIDDEN TESTS
import sys

sys.stderr = sys.stdout
sys.modules["tools.grade.guard"].verify(check.{name}, {count})
### END HIDDEN TESTS
{source}"""


def release(course: Path, names: Sequence[str], sources: Path = exercises.EXERCISES) -> list[str]:
    """Make an assignment of each chapter's exercises; return their names.

    course: a folder, new or of an earlier release. nbgrader refuses to change an assignment that
    has been graded; it may be released again if its cells are the same.
    """
    course.mkdir(parents=True, exist_ok=True)
    (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    released = []
    for source in choose(names, sources):
        target = course / "source" / source.stem / f"{source.stem}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(assignment(source), target)
        nbgrader(course, "generate_assignment", source.stem, "--force")
        released.append(source.stem)
    return released


def assignment(source: Path) -> NotebookNode:
    """The edition for students with nbgrader's marks: answers free, all else locked."""
    notebook = exercises.student(source)
    calls = iter(exercises.calls(notebook))
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        marks = {"schema_version": 3, "grade_id": cell.id, "task": False}
        marks |= {"solution": "answer" in tags, "locked": "answer" not in tags, "grade": False}
        if "check" in tags:
            marks |= {"grade": True, "points": 1}
            call = next(calls)
            parts = {"name": call.func.attr, "count": len(call.args)}
            cell.source = GUARD.format(source=cell.source, **parts)
        cell.metadata["nbgrader"] = NotebookNode(marks)
    return notebook


def nbgrader(course: Path, *arguments: str, environment: dict | None = None) -> str:
    """Run nbgrader in a course folder and return what it says; raise ChapterError if it fails."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    variables = dict(os.environ if environment is None else environment)
    # It calls alembic, which lies beside Python.
    variables["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), variables["PATH"]])
    done = subprocess.run(
        command, cwd=course, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise ChapterError(f"nbgrader {' '.join(arguments)} failed:\n{words}")
    return done.stderr


def released(course: Path) -> dict[str, NotebookNode]:
    """The assignments of a course folder as they were handed out, by name."""
    found = {}
    for path in sorted((course / "release").glob("*/*.ipynb")):
        found[path.stem] = nbformat.read(path, as_version=4)
    if not found:
        raise ChapterError(f"{course} holds no release; make one: python -m tools.grade release")
    return found


def kernel_folder(folder: Path, command: Sequence[str], environment: dict[str, str]) -> Path:
    """Write a kernel specification called ``grading`` and return the path that finds it."""
    spec = folder / "kernels" / "grading"
    spec.mkdir(parents=True, exist_ok=True)
    text = {"argv": list(command), "display_name": "grading", "language": "python"}
    # A signal would reach the walls of the sandbox and end them.
    text["interrupt_mode"] = "message"
    (spec / "kernel.json").write_text(json.dumps(text | {"env": environment}), encoding="utf-8")
    return folder
