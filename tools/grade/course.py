"""Grade a whole class: find the submissions, several at a time, into one gradebook."""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from nbformat import NotebookNode, writes
from nbgrader.api import Gradebook
from tqdm import tqdm

from tools.chapters import ChapterError
from tools.grade import preflight
from tools.grade.release import nbgrader, released
from tools.grade.student import Graded, Limits, grade

REPORT = "report.csv"


@dataclass
class Handed:
    """A student's notebook for one assignment; None where there was none to be read."""

    student: str
    assignment: str
    notebook: NotebookNode | None
    words: list[str]


def grade_all(
    course: Path, submissions: Sequence[Path], jobs: int = 1, limits: Limits | None = None
) -> list[dict]:
    """Grade what students handed in, and return a row of the report for each submission.

    submissions: folders that hold a folder for each student. jobs: how many are graded at once.
    What was graded before and has not changed since is not graded again. The scores stand in the
    course's gradebook, which nbgrader's own programs read; a score that was given by hand stays.
    """
    limits = limits or Limits()
    assignments = released(course)
    handed = find(submissions, assignments)
    with ThreadPoolExecutor(jobs) as pool:
        waiting = {
            pool.submit(_grade_one, course, one, assignments[one.assignment], limits): one
            for one in handed
        }
        try:
            for done in tqdm(as_completed(waiting), total=len(waiting), unit="submission"):
                merge(course, waiting[done], done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    rows = report(course, handed)
    for assignment in sorted({one.assignment for one in handed}):
        nbgrader(course, "generate_feedback", assignment, "--force")
    nbgrader(course, "export")
    return rows


def find(folders: Iterable[Path], assignments: dict[str, NotebookNode]) -> list[Handed]:
    """The submissions in some folders, a student's notebook for each assignment.

    A notebook belongs to the assignment that most of its cells come from, whatever its name.
    """
    found = []
    for folder in folders:
        if not folder.is_dir():
            raise ChapterError(f"{folder} is no folder; expected one with a folder a student")
        for home in sorted(path for path in folder.iterdir() if path.is_dir()):
            found += _of_student(home, assignments)
    twice = {(one.student, one.assignment) for one in found}
    if len(twice) < len(found):
        raise ChapterError("a student stands in two of the folders; name them apart")
    return found


def _of_student(home: Path, assignments: dict[str, NotebookNode]) -> list[Handed]:
    best: dict[str, tuple[int, Handed]] = {}
    for path in sorted(home.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        notebook, words = preflight.load(path), []
        if notebook is None:
            words.append(f"{path.name} is no notebook, or a damaged one")
            likeness = {name: int(name in path.stem) for name in assignments}
        else:
            likeness = {
                name: preflight.similarity(notebook, other) for name, other in assignments.items()
            }
        name = max(likeness, key=likeness.get)
        if likeness[name] == 0:
            continue
        if path.stem != name:
            words.append(f"the file was called {path.name}")
        one = Handed(home.name, name, notebook, words)
        if name not in best or likeness[name] > best[name][0]:
            best[name] = likeness[name], one
    for name in assignments:
        empty = Handed(home.name, name, None, ["nothing was handed in"])
        best.setdefault(name, (0, empty))
    return [one for _, one in best.values()]


def _grade_one(course: Path, one: Handed, template: NotebookNode, limits: Limits) -> Graded:
    folder = course / "work" / one.assignment / one.student
    if one.notebook is None:
        return Graded(folder, one.words)
    text = writes(one.notebook) + writes(template) + json.dumps(asdict(limits))
    key = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    note = folder / "done.json"
    if note.exists():
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["key"] == key:
            return Graded(folder, known["words"])
    graded = grade(course, folder, one.student, one.assignment, one.notebook, template, limits)
    graded.words = one.words + graded.words
    # Written last: a folder without it was interrupted.
    note.write_text(json.dumps({"key": key, "words": graded.words}), encoding="utf-8")
    return graded


def merge(course: Path, one: Handed, graded: Graded) -> None:
    """Take a student's scores and graded notebook over into the course."""
    scores = _scores(one, graded)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.update_or_create_student(one.student)
        submission = book.update_or_create_submission(one.assignment, one.student)
        for notebook in submission.notebooks:
            for entry in notebook.grades:
                # No answer that could be graded is 0, and not a place for a grade by hand.
                entry.auto_score = scores.get(entry.name) or 0.0
                entry.needs_manual_grade = entry.manual_score is not None
        book.db.commit()
    graded_notebook = graded.folder / "autograded" / one.student / one.assignment
    target = course / "autograded" / one.student / one.assignment
    if graded_notebook.exists():
        shutil.copytree(graded_notebook, target, dirs_exist_ok=True)
    one.words = graded.words


def _scores(one: Handed, graded: Graded) -> dict[str, float]:
    path = graded.folder / "gradebook.db"
    if one.notebook is None or not path.exists():
        return {}
    with Gradebook(f"sqlite:///{path}") as book:
        submission = book.find_submission(one.assignment, one.student)
        return {
            entry.name: entry.auto_score
            for notebook in submission.notebooks
            for entry in notebook.grades
        }


def report(course: Path, handed: Sequence[Handed]) -> list[dict]:
    """Write and return a row for each submission: the score, the most, and what was wrong."""
    rows = []
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for one in handed:
            submission = book.find_submission(one.assignment, one.student)
            row = {"student": one.student, "assignment": one.assignment}
            row |= {"score": submission.score, "of": submission.max_score}
            rows.append(row | {"words": "; ".join(one.words)})
    with (course / REPORT).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["student", "assignment", "score", "of", "words"])
        writer.writeheader()
        writer.writerows(rows)
    return rows
