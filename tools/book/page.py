"""A notebook as a page of the book: links, pictures with words, and the notebook to take away."""

import copy
import re
from collections.abc import Callable

import nbformat
from nbformat import NotebookNode, v4

from tools.book.pictures import Picture, describe, size
from tools.book.places import html, page_of, relink

DOWNLOADS = "notebooks"


def lay_out(
    notebook: NotebookNode,
    path: str,
    exists: Callable[[str], bool],
    drawers: dict[str, str],
    below: str = "",
) -> tuple[NotebookNode, list[Picture], set[str]]:
    """The page of a notebook, its pictures, and the files of the repository that it leads to.

    path: of the notebook in the repository. exists: whether the repository has a path. drawers:
    what each function of helpers.figures draws. below: Markdown that is put under the title.
    """
    page, found, pictures = copy.deepcopy(notebook), set(), []
    source = page_of(path)
    up = "../" * source.count("/")
    heading, first = "", True
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source, led = relink(cell.source, path, exists)
            found |= led
            heading = ([heading, *re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE)])[-1]
            if first:
                cell.source = _opening(cell.source, source, f"{_away(path, up)}{below}")
            first = False
        for output in cell.get("outputs", []):
            if "image/png" not in output.get("data", {}):
                continue
            number = len(pictures) + 1
            picture = Picture(
                name=f"{re.sub(r'[/.]', '-', source.removesuffix('.ipynb'))}-{number}",
                page=html(source),
                anchor=f"figure-{number}",
                width=size(output)[0],
                height=size(output)[1],
                heading=heading,
                words=describe(cell.source, _record(output), drawers) or heading,
                output=copy.deepcopy(output),
            )
            pictures.append(picture)
            output.data = NotebookNode({"text/html": picture.shown(up)})
            output.metadata = NotebookNode()
    return page, pictures, found


def bare(notebook: NotebookNode) -> str:
    """The notebook without outputs, as a file."""
    copied = copy.deepcopy(notebook)
    for cell in copied.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nbformat.writes(copied) + "\n"


def hidden(notebook: NotebookNode, names: dict[str, str]) -> None:
    """Let pages follow a page in the book's order. names: {title in the list: page}."""
    entries = "\n".join(f"{title} <{name}>" for title, name in names.items())
    notebook.cells.append(v4.new_markdown_cell(f"```{{toctree}}\n:hidden:\n\n{entries}\n```"))


def _opening(text: str, source: str, line: str) -> str:
    """The first cell, with a line under its title. Solutions are not called exercises."""
    title, _, rest = text.partition("\n")
    if source.startswith("solutions/"):
        title = title.replace("# Exercises", "# Solutions")
    return f"{title}\n\n{line}\n{rest}"


def _away(path: str, up: str) -> str:
    file = f"{up}{DOWNLOADS}/{path.removeprefix('notebooks/')}"
    return (
        f'<a href="{file}" download>Download the notebook</a>, without outputs, to '
        f"[run it]({up}README.md#two-commands)."
    )


def _record(output: NotebookNode) -> list[str]:
    return output.metadata.get("image/png", {}).get("record") or []
