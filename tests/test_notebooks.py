"""What every committed notebook keeps to, seen without running it."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import find_comment_markers

from tools.build import SHOWN, tagged_pictures
from tools.chapters import CHAPTERS, NOTEBOOKS, ROOT, TAGS
from tools.drift import differences
from tools.outputs import problems
from tools.pictures import decode

each_notebook = pytest.mark.parametrize(
    "path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem
)


def read(path: Path):
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def code_cells(path: Path) -> list:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def test_notebooks_are_in_step_with_the_chapters():
    found = differences(CHAPTERS, NOTEBOOKS)
    assert not found, "\n".join(found)


@each_notebook
def test_notebook_is_valid(path):
    nbformat.validate(read(path))


@each_notebook
def test_outputs_are_complete_and_come_out_the_same_anywhere(path):
    found = problems(read(path))
    assert not found, "\n".join(found)


@each_notebook
def test_no_cell_is_exempt_from_the_checks(path):
    for cell in code_cells(path):
        assert set(cell.metadata.get("tags", [])) <= TAGS, cell.id
        assert not list(find_comment_markers(cell.source)), cell.id


@each_notebook
def test_code_cells_are_short(path):
    for cell in code_cells(path):
        assert len(cell.source.splitlines()) <= 15, cell.id


@each_notebook
def test_nothing_is_imported_by_star(path):
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom):
                assert node.names[0].name != "*", cell.id


@each_notebook
def test_prose_outweighs_code(path):
    prose = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    words = sum(len(re.findall(r"\S*\w\S*", source)) for source in prose)
    lines = sum(
        bool(line.strip()) and not line.strip().startswith("#")
        for cell in code_cells(path)
        for line in cell.source.splitlines()
    )
    assert 10 <= words / lines <= 40, f"{words} words of prose, {lines} lines of code"


@each_notebook
def test_printed_lines_fit_the_page(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            # A form with markup wraps, and hides the plain text that goes with it.
            data = output.get("data", {})
            text = output.get("text") or (data.get("text/plain", "") if len(data) == 1 else "")
            assert max(map(len, text.splitlines()), default=0) <= 100, cell.id


@each_notebook
def test_figures_fit_the_page(path):
    for cell in code_cells(path):
        for figure in decode(cell.outputs):
            assert figure.shown_width <= 900, cell.id


@pytest.mark.parametrize("tag", SHOWN)
def test_a_picture_in_the_readme_is_one_that_a_chapter_draws(tag):
    drawn = [
        picture
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for picture in tagged_pictures(read(path), tag)
    ]
    assert drawn == [(NOTEBOOKS / SHOWN[tag]).read_bytes()]
    assert f"(notebooks/{SHOWN[tag]})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_chapter_by_its_title():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = re.findall(
        r"^\| (\d\d) \| \[(.+)\]\(notebooks/(.+)\) \| ready \|$", readme, re.MULTILINE
    )
    found = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        title = read(path).cells[0].source.splitlines()[0].removeprefix("# ")
        found.append((path.stem[:2], title, path.name))
    assert listed == found
