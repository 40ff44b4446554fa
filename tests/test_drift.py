"""Each way in which chapters and notebooks fall out of step is found, named and its repair told."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from tests.workshop import QUICK, Workshop


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_passes_when_in_step(workshop, capsys):
    workshop.write("01_first", QUICK)
    workshop.pretend_built("01_first")
    assert workshop.main("--check") == 0
    assert capsys.readouterr().out == "notebooks/ is in step with chapters/\n"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("number = 1", "number = 2", "01-af1bf531 (number = 1): its source differs"),
        ('"01-8dfcac0f"', '"01-00000000"', "01-8dfcac0f (print(number)): the notebook's cell has"),
        (
            '"metadata": {}',
            '"metadata": {"tags": ["check"]}',
            "01-af1bf531 (number = 1): metadata {}, in the notebook {'tags': ['check']}\n",
        ),
        ('"name": "python3"', '"name": "mine"', "the notebook's own metadata differs"),
    ],
    ids=["source", "id", "tags", "kernel"],
)
def test_finds_an_edited_notebook(workshop, capsys, old, new, complaint):
    workshop.write("01_first", QUICK)
    notebook = workshop.pretend_built("01_first")
    text = notebook.read_text(encoding="utf-8")
    assert old in text
    notebook.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert workshop.main("--check") == 1
    message = capsys.readouterr().out
    assert message.startswith(f"01_first: {complaint}" if "own" in complaint else complaint)
    assert message.splitlines()[-1] == "  repair: python -m tools.build 01_first"


def edit(workshop: Workshop, capsys, old: str, new: str) -> list[str]:
    """What the check says after an edit of the chapter, but for the last line."""
    workshop.write("01_first", QUICK)
    workshop.pretend_built("01_first")
    assert old in QUICK
    workshop.write("01_first", QUICK.replace(old, new, 1))
    assert workshop.main("--check", "01") == 1
    return capsys.readouterr().out.splitlines()[:-1]


def test_tells_what_was_edited(workshop, capsys):
    first, *lines = edit(workshop, capsys, "number = 1", "number = 2\nx = 0")
    assert first.endswith(" (number = 2): its source differs, - in the notebook, + here")
    assert lines == ["    - number = 1", "    + number = 2", "    + x = 0"]


def test_names_the_cell_that_was_added_and_no_other(workshop, capsys):
    (line,) = edit(workshop, capsys, "# %%\n", "# %%\nx = 0\n\n# %%\n")
    assert line.endswith(" (x = 0): only in the chapter")


def test_names_the_cell_that_was_removed_and_no_other(workshop, capsys):
    (line,) = edit(workshop, capsys, "# %%\nnumber = 1\n\n", "")
    assert line == "01-af1bf531 (number = 1): only in the notebook"


def test_tells_that_prose_became_code(workshop, capsys):
    (line,) = edit(workshop, capsys, "# %%\nnumber = 1", "# %% [markdown]\n# number = 1")
    assert line.endswith(" (number = 1): a markdown cell, in the notebook a code cell")


def test_finds_a_missing_notebook(workshop, capsys):
    workshop.write("01_first", QUICK)
    assert workshop.main("--check") == 1
    message = capsys.readouterr().out
    assert "01_first: there is no notebook notebooks/01_first.ipynb" in message
    assert "repair: python -m tools.build 01_first" in message


def test_finds_a_notebook_without_a_chapter(workshop, capsys):
    workshop.write("07_gone", QUICK)
    workshop.pretend_built("07_gone")
    (workshop.chapters / "07_gone.py").unlink()
    assert workshop.main("--check") == 1
    message = capsys.readouterr().out
    assert "07_gone: the notebook has no chapter chapters/07_gone.py" in message
    assert "repair: rm notebooks/07_gone.ipynb" in message


def test_lists_notebooks_without_a_chapter_in_order(workshop, capsys):
    stems = ["07_d", "03_b", "09_e", "01_a", "05_c"]
    for stem in stems:
        workshop.write(stem, QUICK)
        workshop.pretend_built(stem)
        (workshop.chapters / f"{stem}.py").unlink()
    assert workshop.main("--check") == 1
    named = [line[:4] for line in capsys.readouterr().out.splitlines() if line[0].isdigit()]
    assert named == sorted(stems)


def test_a_named_chapter_is_looked_at_alone(workshop, capsys):
    for stem in ("01_first", "02_second", "07_gone"):
        workshop.write(stem, QUICK)
        workshop.pretend_built(stem)
    workshop.write("02_second", QUICK + "\n# %%\nnumber + 1\n")
    (workshop.chapters / "07_gone.py").unlink()
    assert workshop.main("--check", "01") == 0
    assert workshop.main("--check", "02") == 1
    message = capsys.readouterr().out
    assert "(number + 1): only in the chapter\n  repair: python -m tools.build 02_second" in message
    assert "07_gone" not in message


def test_finds_code_that_was_made_prose_by_hand(workshop, capsys):
    workshop.write("01_first", QUICK)
    path = workshop.pretend_built("01_first")
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    notebook.cells[1] = new_markdown_cell("print(number)", id=notebook.cells[1].id)
    nbformat.write(notebook, path)
    assert workshop.main("--check") == 1
    expected = "01-8dfcac0f (print(number)): a code cell, in the notebook a markdown cell\n"
    assert capsys.readouterr().out.startswith(expected)
