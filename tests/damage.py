"""Faults as an engineer's slip leaves them in a notebook: tests.faults plants them."""

import base64
import io
import re
from collections.abc import Callable
from itertools import pairwise

import nbformat
import numpy as np
from nbformat import NotebookNode
from PIL import Image


def change_digit(cell: NotebookNode) -> None:
    """One digit of a printed number, or of a value shown."""
    for output in cell.outputs:
        holder, key = (output, "text") if "text" in output else (output.get("data", {}), None)
        key = key or next((kind for kind in holder if kind.startswith("text/")), None)
        found = re.search(r"\d", holder[key]) if key and "image/png" not in holder else None
        if found:
            text, place, digit = holder[key], found.start(), (int(found.group()) + 1) % 10
            holder[key] = f"{text[:place]}{digit}{text[place + 1 :]}"
            return
    raise LookupError("no text output holds a digit")


def invert_patch(cell: NotebookNode) -> None:
    """A patch of 12 × 12 pixels near the picture's corner, across tiles rather than on one."""
    levels = _picture(cell)
    levels[10:22, 10:22] = 255 - levels[10:22, 10:22]
    _store(cell, levels)


def shift(cell: NotebookNode) -> None:
    """The whole picture, three pixels to the right."""
    _store(cell, np.roll(_picture(cell), 3, axis=1))


def crop(cell: NotebookNode) -> None:
    """The last ten rows are gone."""
    _store(cell, _picture(cell)[:-10])


def delete_picture(cell: NotebookNode) -> None:
    """The picture is gone, the text that stands for it stays."""
    del _picture_output(cell).data["image/png"]


def add_picture(cell: NotebookNode) -> None:
    """A second picture, without any text that nbval could compare."""
    data = {"image/png": _picture_output(cell).data["image/png"]}
    cell.outputs.append(nbformat.v4.new_output("display_data", data=data))


def swap_names(cell: NotebookNode) -> None:
    """Two names in a trained picture's legend, at the ends of its lines or on an axis."""
    record = _record(cell)
    names = [row.split(" | ")[1] for row in record]
    for what in ("legend", "text", "line", "xtick", "ytick"):
        rows = [n for n, row in enumerate(record) if row.startswith(f"{what} ") and names[n]]
        for one, two in pairwise(rows):
            if names[one] != names[two]:
                for place, other in ((one, two), (two, one)):
                    parts = record[place].split(" | ")
                    record[place] = " | ".join([parts[0], names[other], *parts[2:]])
                return
    raise LookupError("the picture shows no two names")


def move_value(cell: NotebookNode) -> None:
    """A value drawn in a trained picture, by a twentieth of the axis."""
    record = _record(cell)
    for number, row in enumerate(record):
        what, *others, places = row.split(" | ")
        if what in ("line", "points", "bar") and places:
            x, y = places.split(", ")[0].split()
            moved = [f"{x} {float(y) + 0.05:g}", *places.split(", ")[1:]]
            record[number] = " | ".join([what, *others, ", ".join(moved)])
            return
    raise LookupError("the picture shows no values")


def forget_execution(notebook: NotebookNode) -> None:
    """A cell as if it never ran; nbval compares nothing of such a cell."""
    cell = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    cell.execution_count, cell.outputs = None, []


def edit_source(notebook: NotebookNode) -> None:
    """A word more in the prose, which only the chapter should have."""
    notebook.cells[0].source += " indeed"


Plant = Callable[[NotebookNode], None]

# Found by running the notebook. A fault that does not apply to a cell raises LookupError.
IN_A_CELL: dict[str, Plant] = {
    "digit-changed": change_digit,
    "patch-inverted": invert_patch,
    "picture-shifted": shift,
    "picture-cropped": crop,
    "picture-deleted": delete_picture,
    "picture-added": add_picture,
    "names-swapped": swap_names,
    "value-moved": move_value,
}
# Found without running it.
IN_THE_NOTEBOOK: dict[str, Plant] = {
    "execution-forgotten": forget_execution,
    "source-edited": edit_source,
}


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _picture_output(cell: NotebookNode) -> NotebookNode:
    for output in cell.outputs:
        if "image/png" in output.get("data", {}):
            return output
    raise LookupError("no output is a picture")


def _picture(cell: NotebookNode) -> np.ndarray:
    """The pixels of a picture whose pixels are compared."""
    stored = base64.b64decode(_picture_output(cell).data["image/png"])
    if {"picture-varies", "picture-trained"} & set(_tags(cell)):
        raise LookupError("the pixels are not compared")
    return np.array(Image.open(io.BytesIO(stored)).convert("RGB"))


def _record(cell: NotebookNode) -> list[str]:
    """What is recorded of a picture that is compared by it."""
    notes = _picture_output(cell).metadata.get("image/png", {})
    if "picture-trained" not in _tags(cell) or not notes.get("record"):
        raise LookupError("the picture is not compared by its record")
    return notes["record"]


def _store(cell: NotebookNode, levels: np.ndarray) -> None:
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "png")
    _picture_output(cell).data["image/png"] = base64.b64encode(file.getvalue()).decode()
