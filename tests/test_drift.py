"""Each way in which chapters and notebooks fall out of step is found, named and its repair told."""

from pathlib import Path

import pytest

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
        ("number = 1", "number = 2", "01_first-01: its source differs"),
        ('"01_first-02"', '"01_first-03"', "01_first-02: the notebook's cell has the id"),
        ('"metadata": {}', '"metadata": {"tags": ["solution"]}', "01_first-01: metadata {}"),
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
    assert complaint in message
    assert "repair: python -m tools.build 01_first" in message


def test_finds_an_edited_chapter(workshop, capsys):
    workshop.write("01_first", QUICK)
    workshop.pretend_built("01_first")
    workshop.write("01_first", QUICK + "\n# %%\nnumber + 1\n")
    assert workshop.main("--check", "01") == 1
    assert "01_first: the chapter has 3 cells, the notebook 2" in capsys.readouterr().out


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
