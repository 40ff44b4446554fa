"""Each check refuses starters and wrong answers in its own words, and takes right ones."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from helpers.checks import CheckFailed, canary, tell
from tools.chapters import CHAPTERS, find, read
from tools.exercises import (
    EXERCISES,
    calls,
    hide_solutions,
    module_of,
    show_solutions,
    solved,
    student,
)

SOURCES = find(EXERCISES)


def code(notebook) -> list[ast.Module]:
    return [ast.parse(cell.source) for cell in notebook.cells if cell.cell_type == "code"]


def activities(path: Path) -> list[tuple[str, int]]:
    """The checks that a lesson calls by ``tell(check.NAME, …)``, with the number of answers."""
    return [
        (node.args[0].attr, len(node.args) - 1)
        for tree in code(read(path))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "tell"
    ]


def used(path: Path) -> set[str]:
    """The names after ``check.`` in an exercise and in its lesson."""
    return {
        node.attr
        for notebook in (solved(path), read(CHAPTERS / path.name))
        for tree in code(notebook)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "check"
    }


TASKS = [(path, call) for path in SOURCES.values() for call in calls(solved(path))]
CHECKS = [(path, call.func.attr, len(call.args)) for path, call in TASKS]
CHECKS += [
    (path, *check) for path in SOURCES.values() for check in activities(CHAPTERS / path.name)
]
each_check = pytest.mark.parametrize(
    ("path", "name", "count"), CHECKS, ids=[f"{path.stem[:2]}-{name}" for path, name, _ in CHECKS]
)
each_source = pytest.mark.parametrize("path", SOURCES.values(), ids=SOURCES.keys())


def find_check(path, name):
    module = module_of(solved(path))
    check = getattr(importlib.import_module(f"helpers.checks.{module}"), name)
    return check, importlib.import_module(f"tests.answers.{module}").ANSWERS[name]


def give(check, answer):
    check(*answer) if isinstance(answer, tuple) else check(answer)


@pytest.mark.parametrize(
    ("path", "call"), TASKS, ids=[f"{path.stem[:2]}-{call.func.attr}" for path, call in TASKS]
)
def test_the_starter_is_refused(path, call):
    check, _ = find_check(path, call.func.attr)
    cells = [cell for cell in student(path).cells if cell.cell_type == "code"]
    answers = [cell for cell in cells if "answer" in cell.metadata.get("tags", [])]
    namespace = {}
    for cell in [cells[0], *answers]:  # imports, then definitions and dots
        exec(cell.source, namespace)
    with pytest.raises(CheckFailed, match="is not written yet"):
        check(*[eval(ast.unparse(argument), namespace) for argument in call.args])


@each_check
def test_dots_are_no_answer(path, name, count, capsys):
    tell(find_check(path, name)[0], *[...] * count)
    said = capsys.readouterr().out
    assert said.startswith("✗ ")
    assert said.endswith("is not written yet\n")


@each_check
def test_a_second_right_answer_passes(path, name, count, capsys):
    check, answers = find_check(path, name)
    give(check, answers.second)
    said = capsys.readouterr().out
    assert said.startswith("✓ ")
    assert said.count("\n") == 1


@each_check
def test_wrong_answers_are_told_what_is_wrong(path, name, count, capsys):
    check, answers = find_check(path, name)
    assert len(answers.wrong) >= 2
    for answer, words in answers.wrong:
        with pytest.raises(CheckFailed) as refused:
            give(check, answer)
        assert words in str(refused.value)
        assert "\n" not in str(refused.value)
    assert not capsys.readouterr().out


@each_check
def test_nonsense_is_refused_and_a_patched_check_found_out(path, name, count):
    canary(find_check(path, name)[0], count)
    with pytest.raises(CheckFailed, match="no points"):
        canary(lambda *answers: None, count)


@each_source
def test_every_chapter_has_tasks_and_an_activity(path):
    assert 3 <= len(calls(solved(path))) <= 6
    assert activities(CHAPTERS / path.name)


@each_source
def test_every_function_of_a_module_of_checks_is_used(path):
    module = importlib.import_module(f"helpers.checks.{module_of(solved(path))}")
    functions = inspect.getmembers(module, inspect.isfunction)
    own = {name for name, function in functions if function.__module__ == module.__name__}
    assert {name for name in own if not name.startswith("_")} == used(path)


def test_failed_checks_show_one_line_and_no_stack():
    assert CheckFailed("no")._render_traceback_() == ["✗ no"]


MARKED = """\
# solution: it is even
side = 28  # solution


def half(x):
    \"\"\"Half of x.\"\"\"
    # begin solution
    y = x / 2
    return y
    # end solution


a = half(1)  # solution"""


def test_students_get_dots_and_solutions_no_marks():
    assert hide_solutions(MARKED) == (
        'side = ...\n\n\ndef half(x):\n    """Half of x."""\n    ...\n\n\na = ...'
    )
    assert show_solutions(MARKED) == (
        '# it is even\nside = 28\n\n\ndef half(x):\n    """Half of x."""\n    y = x / 2\n'
        "    return y\n\n\na = half(1)"
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# begin solution", "has no partner"),
        ("# end solution", "has no partner"),
        ("# begin solution\n# begin solution", "has no partner"),
        ("a, b = 1, 2  # solution", "is no assignment to one name"),
        ("a = 1 # solution", "is no assignment to one name"),
    ],
)
def test_marks_that_would_show_a_solution_are_refused(source, words):
    with pytest.raises(ValueError, match=words):
        hide_solutions(source)
