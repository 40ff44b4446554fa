"""What a stored output may not hold, because it would differ on the next machine or the next day.

The build refuses such outputs and the tests look for them in the committed notebooks; both ask
here.
"""

import json
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from tools.chapters import name

# Pictures are bytes in base 64: no text to search, and tools.pictures compares them.
PICTURES = ("image/png", "image/jpeg")

WIDGET = "application/vnd.jupyter.widget-view+json"

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"

UNSTABLE = {
    # A path starts a word and has two parts at least, which leaves alone 3/4, m/s, </td> and the
    # slashes of https://example.org/page; ~/ is how IPython shortens a home folder.
    "an absolute path": re.compile(
        r"""(?:(?<![^\s"'`(\[{<>=:,;|])/[A-Za-z_.][\w.+@-]*/[\w.+@-]"""
        r"""|(?<![\w.])~/\w"""
        r"""|\b[A-Za-z]:\\\w)""",
    ),
    # Nine digits or more: the bits of a float32, 0x3f800000, are a fair thing to print.
    "a memory address": re.compile(r"\bat 0x[0-9a-fA-F]+|\b0x[0-9a-fA-F]{9,}"),
    "a date or a time of day": re.compile(
        r"\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
        r"|\b(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\b"
        rf"|\b{MONTH}\.? \d{{1,2}},? (?:19|20)\d\d\b|\b\d{{1,2}} {MONTH}\.? (?:19|20)\d\d\b",
    ),
}


def texts(output: NotebookNode) -> Iterator[str]:
    """Every piece of text in one output: a stream, an error, or each form of a display."""
    if output.output_type == "stream":
        yield output.text
    elif output.output_type == "error":
        yield "\n".join([output.ename, output.evalue, *output.traceback])
    else:
        for kind, value in output.data.items():
            if kind not in PICTURES:
                yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def problems(notebook: NotebookNode) -> list[str]:
    """What stops a notebook's outputs from being compared, a line for each, the cell first."""
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(code, start=1):
        if cell.execution_count != count:
            found.append(f"{name(cell)}: execution count {cell.execution_count}, {count} expected")
        for output in cell.outputs:
            found += [f"{name(cell)}: {problem}" for problem in _output_problems(cell, output)]
    return found


def _output_problems(cell: NotebookNode, output: NotebookNode) -> Iterator[str]:
    if output.output_type == "stream" and output.name == "stderr":
        yield f"writes to stderr: {_shorten(output.text)}"
    if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
        yield f"raises {output.ename} without the tag raises-exception"
    if WIDGET in output.get("data", {}):
        yield "shows a widget, which is blank where no kernel runs and which nbval does not compare"
    for text in texts(output):
        for what, pattern in UNSTABLE.items():
            match = pattern.search(ANSI.sub("", text))
            if match:
                start = max(0, match.start() - 30)
                yield f"shows {what}: {_shorten(match.string[start : match.end() + 60])}"


def _shorten(text: str, width: int = 100) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
