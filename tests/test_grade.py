"""Submissions are laid into the notebook that was handed out, however damaged they are."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from tests.students import NAMES, SOURCE, STUDENTS, answer
from tools import exercises
from tools.grade import preflight, sandbox
from tools.grade.release import assignment


@pytest.fixture
def released():
    """What a student gets; nbgrader takes the hidden lines out of the checks."""
    notebook = assignment(SOURCE)
    for cell in notebook.cells:
        cell.source = cell.source.split("### END HIDDEN TESTS\n")[-1]
    return notebook


@pytest.fixture
def submission(released):
    """Everything solved."""
    notebook = nbformat.from_dict(json.loads(json.dumps(released)))
    for number in range(len(NAMES)):
        answer(notebook, number).source = answer(exercises.solved(SOURCE), number).source
    return notebook


def answers(notebook):
    return [answer(notebook, number).source for number in range(len(NAMES))]


def test_an_assignment_locks_all_but_the_answers_and_guards_the_checks():
    notebook = assignment(SOURCE)
    marks = [cell.metadata["nbgrader"] for cell in notebook.cells]
    assert [mark["grade_id"] for mark in marks] == [cell.id for cell in notebook.cells]
    assert sum(mark["solution"] for mark in marks) == sum(mark["grade"] for mark in marks) == 5
    assert all(mark["locked"] != mark["solution"] for mark in marks)
    checks = [cell for cell in notebook.cells if cell.metadata["nbgrader"]["grade"]]
    assert ".verify(check.least_noise, 3)" in checks[-1].source
    assert checks[-1].source.endswith("\ncheck.least_noise(prediction, measure, best)")


DAMAGES = [
    "deleted-checks",
    "doubled-answer",
    "copied-everything",
    "reversed",
    "stripped-marks",
    "stripped-ids",
    "raised-points",
]


@pytest.mark.parametrize("name", DAMAGES)
def test_answers_survive_damage(released, submission, name):
    right = answers(submission)
    STUDENTS[name][0](submission)
    laid, words = preflight.laid_in(submission, released)
    assert answers(laid) == right
    known = {cell.id: cell for cell in released.cells}
    order = [cell.id for cell in laid.cells if cell.id in known]
    assert order == list(known)
    for cell in laid.cells:
        if cell.id in known:
            assert cell.metadata == known[cell.id].metadata
    assert bool(words) == (name in ("doubled-answer", "copied-everything"))
    nbformat.validate(laid)


def test_a_deleted_answer_is_told_and_stays_a_starter(released, submission):
    STUDENTS["deleted-answer"][0](submission)
    laid, words = preflight.laid_in(submission, released)
    assert words == ["kernel: the cell was missing"]
    assert answer(laid, 2).source == "kernel = ..."


def test_loosened_checks_are_the_released_ones_again(released, submission):
    STUDENTS["loosened-checks"][0](submission)
    laid, _ = preflight.laid_in(submission, released)
    assert [cell.source for cell in laid.cells if "check" in cell.metadata.get("tags", [])] == [
        cell.source for cell in released.cells if "check" in cell.metadata.get("tags", [])
    ]


def test_cells_of_a_students_own_stay_before_their_answer(released, submission):
    STUDENTS["own-cell"][0](submission)
    laid, words = preflight.laid_in(submission, released)
    sources = [cell.source for cell in laid.cells]
    place = next(i for i, source in enumerate(sources) if source.startswith("def slide"))
    assert sources[place + 1].startswith("def strided_correlation")
    assert words == ["1 added cell was kept"]
    assert len({cell.id for cell in laid.cells}) == len(laid.cells)


def test_a_cell_that_ended_the_kernel_is_left_out(released, submission):
    fatal = answer(submission, 1).id
    rest = preflight.without(submission, [fatal])
    assert answer(rest, 1).source.startswith("# This cell ended the kernel")
    assert answer(submission, 1).source.startswith("def strided_correlation")


def test_where_the_kernel_died_in_a_check_the_answer_is_to_blame(released, submission):
    checks = [cell.id for cell in released.cells if "check" in cell.metadata.get("tags", [])]
    assert preflight.to_blame(submission, checks[1]) == answer(released, 1).id
    assert preflight.to_blame(submission, answer(released, 1).id) == answer(released, 1).id


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '"x"', '{"cells": 3}', '{"cells": [], "nbformat": 99}', "\0\xff", "null"],
)
def test_what_is_no_notebook_is_none(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text, encoding="latin-1")
    assert preflight.load(path) is None
    assert preflight.load(tmp_path / "missing.ipynb") is None
    assert preflight.load(tmp_path) is None


def test_odd_cells_do_no_harm(released, submission):
    right = answers(submission)
    submission.cells.insert(0, new_code_cell("x ="))
    submission.cells.insert(0, 3)
    submission.cells.insert(0, nbformat.from_dict({"cell_type": "code", "source": ["a = 1", "\n"]}))
    submission.cells.insert(0, nbformat.from_dict({"cell_type": "code", "source": None}))
    submission.cells.insert(0, nbformat.from_dict({"cell_type": "code", "metadata": {}}))
    laid, words = preflight.laid_in(submission, released)
    assert answers(laid) == right
    assert words == ["2 added cells were kept"]
    assert preflight.similarity(submission, released) == len(released.cells)


def test_a_notebook_belongs_to_the_assignment_that_most_cells_come_from(released, submission):
    STUDENTS["stripped-ids"][0](submission)
    other = nbformat.v4.new_notebook(cells=[new_code_cell("y = 2")])
    assert preflight.similarity(submission, released) == len(released.cells)
    assert preflight.similarity(submission, other) == 0


def test_the_sandbox_shows_python_and_the_helpers_and_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "missing", list)
    command = sandbox.command(tmp_path, 20, 1000, "convolution")
    writable = [command[i + 1] for i, word in enumerate(command) if word == "--bind"]
    assert writable == [str(tmp_path)]
    assert "--unshare-all" in command
    shown = [command[i + 1] for i, word in enumerate(command) if word == "--ro-bind"]
    root = sandbox.ROOT
    hidden = ("exercises", "notebooks", "chapters", "tests", ".git")
    for name in hidden:
        assert not any((root / name).is_relative_to(path) for path in shown)
    assert command[-6:-2] == [str(root / "tools/grade/kernel.py"), "20", "1000", "convolution"]


def test_without_bubblewrap_it_says_what_is_not_held(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    assert "open the network" in sandbox.missing()[0]
    assert "bwrap" not in sandbox.command(tmp_path, 20, 1000, "convolution")
