"""A rebuild keeps stored pictures that still agree, and nothing else."""

import base64
import copy
import io
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from tests.workshop import Workshop, redrawn
from tools.keep import keep_pictures

DRAWING = """\
# %%
import matplotlib.pyplot as plt
from helpers import figures

figures.curves({"one run": [1, 3, 2]})
plt.show()
figures.curves({"another run": [3, 1, 2]})
plt.show()
print("two figures")
"""

RECORD = ["title | A step | | 0 1", "line | sigmoid | #000000 - | 0.1 0.5"]


def picture(level: int = 255, size: tuple[int, int] = (40, 30), kind: str = "png") -> str:
    """A stored picture of one grey level."""
    levels = np.full(size[::-1], level, np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def shown(data: str, width: int = 40, record=None, kind: str = "image/png"):
    notes = {"width": width} | ({"record": record} if record else {})
    return new_output("display_data", data={kind: data, "text/plain": "a"}, metadata={kind: notes})


def cell(*outputs, identity: str = "01-a", tags=()):
    return new_code_cell("draw()", id=identity, outputs=list(outputs), metadata={"tags": [*tags]})


@pytest.fixture
def rebuilt(tmp_path: Path):
    """What stands in a notebook's cells after a rebuild over stored ones."""

    def rebuild(stored, new):
        path = tmp_path / "01_a.ipynb"
        nbformat.write(new_notebook(cells=stored), path)
        notebook = new_notebook(cells=copy.deepcopy(new))
        keep_pictures(notebook, path)
        return [output for cell in notebook.cells for output in cell.outputs]

    return rebuild


def test_a_picture_that_agrees_is_kept_with_its_notes(rebuilt):
    old, new = shown(picture(254), record=["old"]), shown(picture(), record=["new"])
    assert rebuilt([cell(old)], [cell(new)]) == [old]


def test_a_picture_that_changed_is_new(rebuilt):
    old, new = shown(picture(250)), shown(picture())
    assert rebuilt([cell(old)], [cell(new)]) == [new]


def test_each_picture_of_a_cell_is_asked_by_itself(rebuilt):
    olds = [shown(picture(254)), shown(picture(100)), shown(picture(254))]
    text = new_output("stream", text="between\n")
    news = [shown(picture()), text, shown(picture()), shown(picture())]
    found = rebuilt([cell(*olds)], [cell(*news)])
    assert found == [olds[0], text, shown(picture()), olds[2]]


def test_a_picture_more_or_less_leaves_the_others(rebuilt):
    old, new, other = shown(picture(254)), shown(picture()), shown(picture())
    assert rebuilt([cell(old)], [cell(new, other)]) == [old, other]
    assert rebuilt([cell(old, shown(picture(254)))], [cell(new)]) == [old]


def test_text_is_always_new(rebuilt):
    old = [new_output("stream", text="old\n"), shown(picture(254))]
    new = [new_output("stream", text="new\n"), shown(picture())]
    new[1].data["text/plain"] = "b"
    text, figure = rebuilt([cell(*old)], [cell(*new)])
    assert text.text == "new\n"
    assert figure.data == {"image/png": picture(254), "text/plain": "b"}


def test_cells_are_matched_by_id(rebuilt):
    stored = [cell(shown(picture(254)), identity="01-a"), cell(identity="01-b")]
    new = [cell(identity="01-b"), cell(shown(picture()), identity="01-c")]
    assert rebuilt(stored, new) == [shown(picture())]
    new = [cell(identity="01-b"), cell(shown(picture()), identity="01-a")]
    assert rebuilt(stored, new) == [shown(picture(254))]


def test_a_trained_picture_is_kept_where_its_record_agrees(rebuilt):
    old = shown(picture(0), record=RECORD)
    near = shown(picture(), record=[RECORD[0], RECORD[1].replace("0.5", "0.52")])
    far = shown(picture(), record=[RECORD[0], RECORD[1].replace("0.5", "0.6")])
    tags = ["picture-trained"]
    assert rebuilt([cell(old)], [cell(near, tags=tags)]) == [old]
    assert rebuilt([cell(old)], [cell(far, tags=tags)]) == [far]
    assert rebuilt([cell(old)], [cell(near)]) == [near]


@pytest.mark.parametrize(
    "new",
    [
        shown(picture(), width=20),
        shown(picture(size=(40, 31))),
        new_output("display_data", data={"image/jpeg": picture(kind="jpeg")}),
    ],
    ids=["shown smaller", "other size", "other kind"],
)
def test_a_picture_that_is_shown_otherwise_is_new(rebuilt, new):
    old = shown(picture(254))
    if "image/jpeg" in new.data:
        old.metadata = {}
    assert rebuilt([cell(old)], [cell(new)]) == [new]


def test_pictures_without_notes_are_kept_too(rebuilt):
    old, new = (
        new_output("display_data", data={"image/png": picture(level)}) for level in (254, 255)
    )
    assert rebuilt([cell(old)], [cell(new)]) == [old]


@pytest.mark.parametrize("content", [None, "<<<<<<<", '{"cells": []}', '{"nbformat": 4}'])
def test_a_notebook_that_cannot_be_read_keeps_nothing(tmp_path, content):
    path = tmp_path / "01_a.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    notebook = new_notebook(cells=[cell(shown(picture()))])
    keep_pictures(notebook, path)
    assert notebook.cells[0].outputs == [shown(picture())]


def test_a_rebuild_changes_no_bytes_where_nothing_changed(tmp_path):
    """As if another processor had drawn the first picture, and the second were another one."""
    workshop = Workshop(tmp_path)
    workshop.write("01_drawing", DRAWING)
    assert workshop.main() == 0
    path = workshop.notebooks / "01_drawing.ipynb"
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    first, second, _ = notebook.cells[0].outputs
    first.data["image/png"] = redrawn(first.data["image/png"], 1)
    expected = nbformat.writes(notebook) + "\n"
    second.data["image/png"] = redrawn(second.data["image/png"], 60)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    assert workshop.main("01") == 0
    assert path.read_text(encoding="utf-8") == expected
