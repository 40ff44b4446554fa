"""Grade one submission: preflight, nbgrader in a folder of its own, again after a dead kernel."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools import exercises
from tools.chapters import ROOT, ChapterError
from tools.grade import preflight, sandbox
from tools.grade.execute import FATAL
from tools.grade.release import COURSE, kernel_folder, nbgrader

CONFIG = f"""\
{COURSE}
c.Autograde.autograde_preprocessors = [
    "tools.grade.execute.Execute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.ClearMetadataPreprocessor.clear_notebook_metadata = False
c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = [("nbgrader",)]
c.ExecutePreprocessor.kernel_name = "grading"
c.ExecutePreprocessor.timeout = {{wall}}
c.KernelManager.transport = "ipc"
c.KernelManager.ip = "{{runtime}}/k"
c.KernelManager.connection_file = "{{runtime}}/kernel.json"
c.LimitOutput.max_lines = 200
"""

TRIES = 4  # a submission may hold so many fatal cells less one


@dataclass
class Limits:
    """seconds of processor time and megabytes that a notebook may use; tests make them small."""

    seconds: int = 120
    megabytes: int = 4096


@dataclass
class Graded:
    """What became of one submission: its folder with nbgrader's gradebook, and words."""

    folder: Path
    words: list[str] = field(default_factory=list)


def grade(
    course: Path,
    folder: Path,
    student: str,
    assignment: str,
    submission: NotebookNode,
    released: NotebookNode,
    limits: Limits,
) -> Graded:
    """Grade a notebook in ``folder``, which is made anew; the course's own folder is only read."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    laid, words = preflight.laid_in(submission, released)
    shutil.copy(course / "gradebook.db", folder / "gradebook.db")
    # Notebooks have a time by the clock as well, for what sleeps; ten times as long.
    config = CONFIG.format(wall=10 * limits.seconds, runtime=folder / "run")
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    (folder / "source" / assignment).mkdir(parents=True)
    runtime = folder / "run"
    checks = exercises.module_of(released)
    command = sandbox.command(runtime, limits.seconds, limits.megabytes, checks)
    spec = kernel_folder(folder / "jupyter", command, sandbox.environment())
    environment = os.environ | {
        "JUPYTER_PATH": str(spec),
        "PYTHONPATH": str(ROOT),
        FATAL: str(folder / "fatal"),
    }
    target = folder / "submitted" / student / assignment / f"{assignment}.ipynb"
    target.parent.mkdir(parents=True)
    fatal = []
    for _ in range(TRIES):
        nbformat.write(preflight.without(laid, fatal), target)
        shutil.rmtree(runtime, ignore_errors=True)
        runtime.mkdir()
        (folder / "fatal").unlink(missing_ok=True)
        options = ["--assignment", assignment, "--student", student, "--force"]
        try:
            nbgrader(folder, "autograde", *options, environment=environment)
        except ChapterError as error:
            if not (folder / "fatal").exists():
                words.append(f"nbgrader could not grade it: {error}")
                break
            died_in = (folder / "fatal").read_text(encoding="utf-8")
            fatal.append(preflight.to_blame(laid, died_in))
            words.append(
                f"cell {fatal[-1]} ended the kernel (time, memory, or by itself): left out"
            )
        else:
            break
    return Graded(folder, words)
