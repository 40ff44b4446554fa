"""Each check refuses starters and wrong answers in its own words, and takes right ones."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from helpers.checks import CheckFailed, canary
from tools.exercises import EXERCISES, calls, solved, student

SOURCES = sorted(EXERCISES.glob("*.py"))


def checks_of(path: Path) -> str:
    """The name of the module of `helpers.checks` that an exercise imports."""
    for cell in solved(path).cells:
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
            if isinstance(node, ast.ImportFrom) and node.module == "helpers.checks":
                return node.names[0].name
    raise AssertionError(f"{path.name} imports no checks")


CASES = [
    pytest.param(path, call, id=f"{path.stem[:2]}-{call.func.attr}")
    for path in SOURCES
    for call in calls(solved(path))
]
each_check = pytest.mark.parametrize(("path", "call"), CASES)
each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


def find(path, call):
    name = checks_of(path)
    check = getattr(importlib.import_module(f"helpers.checks.{name}"), call.func.attr)
    answers = importlib.import_module(f"tests.answers.{name}").ANSWERS[call.func.attr]
    return check, answers


def give(check, answer):
    check(*answer) if isinstance(answer, tuple) else check(answer)


@each_check
def test_the_starter_is_refused(path, call):
    check, _ = find(path, call)
    cells = [cell for cell in student(path).cells if cell.cell_type == "code"]
    namespace = {}
    for cell in cells:
        if "check" not in cell.metadata.get("tags", []) and "paddle" not in cell.source:
            exec(cell.source, namespace)
    given = [namespace[argument.id] for argument in call.args]
    with pytest.raises(CheckFailed, match="is not written yet"):
        check(*given)


@each_check
def test_a_second_right_answer_passes(path, call, capsys):
    check, answers = find(path, call)
    give(check, answers.second)
    said = capsys.readouterr().out
    assert said.startswith("✓ ")
    assert said.count("\n") == 1


@each_check
def test_wrong_answers_are_told_what_is_wrong(path, call, capsys):
    check, answers = find(path, call)
    assert len(answers.wrong) >= 2
    for answer, words in answers.wrong:
        with pytest.raises(CheckFailed) as refused:
            give(check, answer)
        assert words in str(refused.value)
        assert "\n" not in str(refused.value)
    assert not capsys.readouterr().out


@each_check
def test_nonsense_is_refused_and_a_patched_check_found_out(path, call):
    check, _ = find(path, call)
    canary(check, len(call.args))
    with pytest.raises(CheckFailed, match="no points"):
        canary(lambda *answers: None, len(call.args))


@each_source
def test_every_check_belongs_to_one_exercise(path):
    module = importlib.import_module(f"helpers.checks.{checks_of(path)}")
    functions = inspect.getmembers(module, inspect.isfunction)
    own = {name for name, function in functions if function.__module__ == module.__name__}
    used = [call.func.attr for call in calls(solved(path))]
    assert sorted(used) == sorted(name for name in own if not name.startswith("_"))
    assert 3 <= len(used) <= 6
