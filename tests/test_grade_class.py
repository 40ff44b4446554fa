"""A small class is graded by nbgrader for real, each student in a sandbox of their own."""

import csv
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.students import ASSIGNMENT, STUDENTS
from tools.chapters import ROOT
from tools.grade import sandbox

pytestmark = [
    pytest.mark.skipif(find_spec("nbgrader") is None, reason="the group `class` is not installed"),
    pytest.mark.skipif(bool(sandbox.missing()), reason="there is no sandbox here"),
]

# One for each way of going wrong; all of them: python -m tests.cohort
CLASS = [
    "perfect",
    "partly-right",
    "broken-json",
    "copied-everything",
    "stripped-ids",
    "own-cell",
    "endless-function",
    "os-exit",
    "fork-bomb",
    "memory-bomb",
    "prints-endlessly",
    "reads-solutions",
    "writes-gradebook",
    "opens-network",
    "patches-modules",
    "patches-reference",
]


def run(folder, *names):
    command = [sys.executable, "-m", "tests.cohort", str(folder), "--only", *names]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    return folder, run(folder, *CLASS)


def test_each_student_gets_what_is_due(graded):
    _, said = graded
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"{len(CLASS)} submissions" in said.stdout


def test_the_report_says_what_was_wrong_and_nbgrader_has_the_scores(graded):
    folder, _ = graded
    with (folder / "course" / "report.csv").open(encoding="utf-8") as file:
        words = {row["student"]: row["words"] for row in csv.DictReader(file)}
    assert words["perfect"] == ""
    assert "damaged" in words["broken-json"]
    assert "ended the kernel" in words["os-exit"]
    with (folder / "course" / "grades.csv").open(encoding="utf-8") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {name: STUDENTS[name][1] for name in CLASS}
    feedback = folder / "course" / "feedback" / "perfect" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    assert "20 random cases" in feedback.read_text(encoding="utf-8")


def test_who_was_graded_is_not_graded_again(graded):
    folder, _ = graded
    notes = {path: path.stat().st_mtime_ns for path in (folder / "course/work").rglob("done.json")}
    assert len(notes) == len(CLASS) - 1  # there was nothing to grade in broken JSON
    again = run(folder, *CLASS)
    assert again.returncode == 0, again.stdout + again.stderr
    # Doubled ids are drawn anew whenever such a notebook is read, so it is another one each time.
    same = [path for path in notes if path.parent.name != "copied-everything"]
    assert [notes[path] for path in same] == [path.stat().st_mtime_ns for path in same]
