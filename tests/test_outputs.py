"""Which outputs are refused because they would not come out the same again."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.outputs import problems


def said_of(*outputs, tags=(), execution_count=1) -> list[str]:
    cell = new_code_cell(
        "x", id="a-1", outputs=list(outputs), execution_count=execution_count, metadata={}
    )
    cell.metadata.tags = list(tags)
    return problems(new_notebook(cells=[cell]))


@pytest.mark.parametrize(
    "text",
    [
        "3/4 of 224 / 32, at 5 m/s or 1/(1+e)",
        "<table><tr><td>1</td></tr></table><br/>",
        "https://example.org/pages/one and ../images/cat.png",
        "float32 bits 0x3f800000",
        "version 3.11.7, shape (1, 64, 112, 112), 12:30",
        "May 2012 (year), 2012-2014, 1999-99-99",
        "~0.5 and ~ 1/2",
    ],
)
def test_lasting_text_passes(text):
    assert said_of(new_output("stream", text=text)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("/home/someone/course/cat.png", "an absolute path"),
        ("saved to '/tmp/x1y2/cat.png'", "an absolute path"),
        ("file:/usr/lib/python3", "an absolute path"),
        ("~/course/cat.png", "an absolute path"),
        (r"C:\course\cat.png", "an absolute path"),
        ("\x1b[32m/opt/course\x1b[0m/cat.png", "an absolute path"),
        ("<__main__.Layer object at 0x7f5c2a>", "a memory address"),
        ("0x7f5c2a10b6d0", "a memory address"),
        ("2024-05-17", "a date or a time of day"),
        ("built at 14:05:59", "a date or a time of day"),
        ("17 May 2024", "a date or a time of day"),
        ("Sept. 3, 2024", "a date or a time of day"),
    ],
)
def test_passing_text_is_refused(text, problem):
    (found,) = said_of(new_output("stream", text=text))
    assert found.startswith(f"a-1 (x): shows {problem}: ")


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": "<img src='/home/someone/cat.png'>"},
        {"image/svg+xml": "<dc:date>2024-05-17T10:00:00</dc:date>"},
        {"application/json": {"path": ["/home/someone/cat.png"]}},
        {"text/plain": "a cat", "text/latex": "/home/someone/cat"},
        {"text/plain": "a cat\n/home/someone/cat"},
    ],
    ids=lambda data: list(data)[-1],
)
def test_every_form_of_a_display_is_searched(data):
    assert len(said_of(new_output("display_data", data=data))) == 1


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_picture_data_is_no_text(kind):
    picture = new_output("display_data", data={kind: "/home/someone/2024-05-17"})
    assert said_of(picture) == []


def test_an_errors_message_is_searched():
    error = new_output("error", ename="OSError", evalue="no", traceback=["in /home/someone/cat"])
    assert said_of(error, tags=["raises-exception"]) == [
        "a-1 (x): shows an absolute path: OSError no in /home/someone/cat"
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 29 + " /b/c " + "d" * 80, "a" * 29 + " /b/c " + "d" * 59),
        ("a" * 40 + " /b/c", "a" * 29 + " /b/c"),
        ("é /b/c  é\né", "é /b/c é é"),
        ({"path": "é /b/c"}, '{"path": "é /b/c"}'),
    ],
)
def test_the_place_is_shown_with_what_stands_around_it(text, shown):
    kind = "text/plain" if isinstance(text, str) else "application/json"
    output = new_output("display_data", data={kind: text})
    assert said_of(output) == [f"a-1 (x): shows an absolute path: {shown}"]


def test_prose_has_no_outputs_to_look_at():
    code = new_code_cell("x", execution_count=1)
    assert problems(new_notebook(cells=[new_markdown_cell("Text."), code])) == []


def test_widget_is_refused():
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "a1"}, "text/plain": "50 %"}
    (found,) = said_of(new_output("display_data", data=view))
    assert found.startswith("a-1 (x): shows a widget")


def test_stderr_is_refused_whatever_it_says():
    assert said_of(new_output("stream", name="stderr", text="careful\n")) == [
        "a-1 (x): writes to stderr: careful"
    ]


def test_long_text_is_cut():
    longest = "x" * 100
    for text, shown in ((longest, longest), (longest + "y", "x" * 99 + "…")):
        found = said_of(new_output("stream", name="stderr", text=text))
        assert found == [f"a-1 (x): writes to stderr: {shown}"]


def test_error_needs_its_tag():
    error = new_output("error", ename="ValueError", evalue="too small", traceback=[])
    assert said_of(error) == ["a-1 (x): raises ValueError without the tag raises-exception"]
    assert said_of(error, tags=["raises-exception"]) == []


@pytest.mark.parametrize("count", [None, 0, 2])
def test_cells_must_have_run_in_order(count):
    assert said_of(execution_count=count) == [f"a-1 (x): execution count {count}, 1 expected"]
