"""The book's parts, and where its group is installed the whole of it."""

import ast
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import v4

from helpers import figures, nn, ops
from tests import lessons
from tools.book import api, check, gallery, katex, order, page, pictures
from tools.book.__main__ import LARGEST, main, missing
from tools.book.places import BookError, page_of, relink, slug
from tools.chapters import NOTEBOOKS, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CHAPTERS = order.chapters(README, NOTEBOOKS)
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^(\S.*)\n  (.+) See (\d\d), \[\]\((\w+)\.ipynb#(.+)\)\.$", GLOSSARY, re.M)
# One white pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTgDdwAAAABJRU5ErkJggg=="
)

needs_quickjs = pytest.mark.skipif(find_spec("quickjs") is None, reason="quickjs-ng is missing")


def prose(name):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_chapters_stand_in_the_order_and_the_parts_of_the_readme():
    assert [chapter.number for chapter in CHAPTERS] == [f"{n:02d}" for n in range(len(CHAPTERS))]
    parts = {chapter.number: chapter.part for chapter in CHAPTERS}
    assert [parts[n] for n in ("00", "01", "09", "10", "14", "15", "20")] == [
        *("Start", "I. See", "I. See", "II. Build", "II. Build", "III. Design", "III. Design")
    ]
    assert list(dict.fromkeys(parts.values()))[1:] == list(figures.course.PARTS)


def test_a_table_without_a_chapter_is_refused():
    with pytest.raises(BookError, match="02_convolution"):
        order.chapters(README.replace("02_convolution", "02_other"), NOTEBOOKS)


@pytest.mark.parametrize(
    ("path", "text", "made"),
    [
        ("notebooks/02_convolution.ipynb", "[11](06_pooling.ipynb)", "[11](06_pooling.ipynb)"),
        (
            "notebooks/02_convolution.ipynb",
            "[a](exercises/02_convolution.ipynb), [b](../README.md#two-commands)",
            "[a](exercises/02_convolution.ipynb), [b](README.md#two-commands)",
        ),
        (
            "notebooks/exercises/02_convolution.ipynb",
            "[a](../02_convolution.ipynb#Deeper:-the-convolution-theorem)",
            "[a](../02_convolution.ipynb#deeper-the-convolution-theorem)",
        ),
        (
            "notebooks/20_many_devices.ipynb",
            "[s](../scripts/train_lenet.py)",
            "[s](files/scripts/train_lenet.py.md)",
        ),
        ("README.md", "[all](notebooks/exercises)", "[all](exercises/index.md)"),
        ("README.md", "[MIT](LICENSE)", "[MIT](files/LICENSE.md)"),
        ("images/SOURCES.md", "[up](../README.md)", "[up](../../README.md)"),
        ("README.md", "[far](https://example.org/a.ipynb)", "[far](https://example.org/a.ipynb)"),
        ("README.md", "`rows[0](x)` and ![p](cover.png)", "`rows[0](x)` and ![p](cover.png)"),
        ("README.md", "[here](#Two-commands)", "[here](#two-commands)"),
    ],
)
def test_links_lead_to_pages_of_the_book(path, text, made):
    assert relink(text, path, lambda goal: (ROOT / goal).exists())[0] == made


def test_a_link_that_leads_nowhere_is_refused():
    with pytest.raises(BookError, match=r"README.md: the link \[x\]\(gone.md\) leads nowhere"):
        relink("[x](gone.md)", "README.md", lambda goal: False)


def test_every_link_of_every_chapter_has_a_page():
    for chapter in CHAPTERS:
        _, led = relink(
            prose(chapter.name),
            f"notebooks/{chapter.name}.ipynb",
            lambda goal: (ROOT / goal).exists(),
        )
        assert all(page_of(path).endswith((".md", ".ipynb")) for path in led)


def test_a_glossary_of_the_field_in_its_order():
    names = [name for name, *_ in TERMS]
    assert len(TERMS) >= 60
    assert len(TERMS) == len(re.findall(r"^  \S", GLOSSARY, re.M)), "an entry has another form"
    assert names == sorted(set(names), key=str.lower)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term[0])
def test_a_term_has_one_short_sentence_and_a_section_that_explains_it(term):
    _, sentence, number, chapter, fragment = term
    assert chapter.startswith(number)
    assert len(list(lessons.sentences(sentence))) == 1
    assert len(sentence.split()) <= 30
    headings = re.findall(r"^#+ (.+)$", prose(chapter), re.M)
    assert fragment in {slug(heading) for heading in headings}


def lesson(*outputs):
    cell = v4.new_code_cell("figures.pooled(x, 2)\nplt.show()", outputs=list(outputs))
    return v4.new_notebook(cells=[v4.new_markdown_cell("# A title\n\nWords.\n\n## A part"), cell])


def picture():
    size = {"image/png": {"width": 8, "height": 4, "record": ["title | after pooling | | "]}}
    return v4.new_output("display_data", {"image/png": PIXEL, "text/plain": "<F>"}, metadata=size)


def laid_out(*outputs, path="notebooks/06_pooling.ipynb"):
    return page.lay_out(lesson(*outputs), path, lambda goal: True, {"pooled": "Draw windows."})


def test_a_picture_has_words_a_size_and_a_place():
    made, found, _ = laid_out(picture(), picture())
    shown = made.cells[1].outputs[1].data["text/html"]
    assert 'id="figure-2"' in shown
    assert 'width="8" height="4"' in shown
    assert 'alt="Windows. Written in it: after pooling."' in shown
    assert found[1][:3] == ("06_pooling-2", "06_pooling.html", "figure-2")
    assert found[1].heading == "A part"
    assert "image/png" not in made.cells[1].outputs[0].data


def test_pictures_of_solutions_are_found_from_their_folder():
    made, _, _ = laid_out(picture(), path="notebooks/solutions/06_pooling.ipynb")
    assert (
        'src="../pictures/solutions-06_pooling-1.webp"'
        in made.cells[1].outputs[0].data["text/html"]
    )


def test_an_output_of_html_stays_as_it_is():
    code = '<script type="module">\nconst a = "[x](y)";\n</script>'
    made, found, _ = laid_out(v4.new_output("display_data", {"text/html": code}))
    assert made.cells[1].outputs[0].data["text/html"] == code
    assert not found


def test_a_page_offers_its_notebook_without_outputs():
    made, _, _ = laid_out(picture())
    assert '<a href="notebooks/06_pooling.ipynb" download>' in made.cells[0].source
    bare = nbformat.reads(page.bare(lesson(picture())), as_version=4)
    assert not bare.cells[1].outputs


def test_files_of_a_picture_are_small_and_show_the_same(tmp_path):
    (tmp_path / "pictures" / "small").mkdir(parents=True)
    _, (found,), _ = laid_out(picture())
    found.write(tmp_path)
    assert pictures.decode([picture()]) is not None
    files = sorted(path.name for path in tmp_path.rglob("*.webp"))
    assert files == ["06_pooling-1.webp"] * 2


def test_every_stored_picture_is_put_into_words():
    drawers = api.drawers(ROOT / "helpers")
    for chapter in CHAPTERS:
        notebook = nbformat.read(NOTEBOOKS / f"{chapter.name}.ipynb", as_version=4)
        _, found, _ = page.lay_out(notebook, f"notebooks/{chapter.name}.ipynb", Path, drawers)
        assert all(len(shown.words) >= 20 for shown in found)
        assert all(len(shown.words) <= 300 for shown in found)


def test_the_gallery_leads_to_each_picture_of_a_chapter():
    _, found, _ = laid_out(picture(), picture())
    text = gallery.gallery(CHAPTERS, found)
    assert text.count("<li>") == 2
    assert '<a href="06_pooling.html#figure-2">' in text


def test_the_start_lists_every_chapter_once():
    text = gallery.start("# T\n\nCHAPTERS", CHAPTERS, {"02": 50}, {"More": {"G": "gallery"}})
    assert "- 02 [Slide a kernel over an image](02_convolution.ipynb), 50 minutes" in text
    assert all(text.count(f"({chapter.name}.ipynb)") == 1 for chapter in CHAPTERS)
    assert ":caption: II. Build" in text
    assert "G <gallery>" in text


def function(source):
    return ast.parse(source).body[0]


def test_a_docstring_becomes_a_list_of_arguments():
    text = api.documentation(
        function(
            "def f(x, kernel_size, *, p=1):\n"
            '    """Do it.\n\n    x: (N, C), a*b. kernel_size, p: as in `g`; else 1. '
            'Returns (N,).\n    Raises ValueError for more."""'
        )
    )
    assert text.split("\n\n") == [
        "Do it.",
        "- `x`: (N, C), a\\*b.",
        "- `kernel_size`, `p`: as in `g`; else 1.",
        "Returns (N,).",
        "Raises ValueError for more.",
    ]


def test_all_that_the_packages_hand_on_is_documented():
    pages = api.pages(ROOT / "helpers")
    for package in (ops, nn):
        text = pages[f"api/{package.__name__.removeprefix('helpers.')}.md"]
        missed = [name for name in package.__all__ if f"{package.__name__}.{name}(" not in text]
        assert not missed
    assert "{py:function} helpers.agree(" in pages["api/helpers.md"]
    assert "helpers.geometry.conv(" in pages["api/geometry.md"]
    assert "helpers.checks.pooling.max_pool(" in pages["api/checks.md"]
    assert "correlate(" not in pages["api/ops.md"]


PAGE = '<a href="{}">x</a><h2 id="part">y</h2><img src="a.png" alt="z">'


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (PAGE.format("#part"), None),
        (PAGE.format("https://example.org/paper.pdf"), None),
        (PAGE.format("other.html"), "other.html leads nowhere"),
        (PAGE.format("index.html#gone"), "index.html#gone leads to no place on that page"),
        (PAGE.format("../outside.html"), "../outside.html leads nowhere"),
        ('<img src="a.png">', "a.png has no text in its place"),
        ('<img src="https://example.org/a.png" alt="z">', "fetches https://example.org/a.png"),
        ('<script src="//example.org/a.js"></script>', "fetches //example.org/a.js"),
        (
            '<link rel="stylesheet" href="https://example.org/a.css">',
            "fetches https://example.org/",
        ),
        ('<p style="background: url(http://example.org/a)">x</p>', "fetches http://example.org/a"),
    ],
)
def test_faults_of_a_page_are_found(tmp_path, body, fault):
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "index.html").write_text(body, encoding="utf-8")
    (tmp_path.parent / "outside.html").write_text("")
    found = check.faults(tmp_path)
    assert len(found) == bool(fault), found
    assert not fault or fault in found[0]


def test_styles_fetch_nothing_from_afar(tmp_path):
    style = "a { background: url(https://example.org/f.woff2) } b { background: url(gone.svg) }"
    (tmp_path / "a.css").write_text(style)
    assert [line.partition(": ")[2] for line in check.faults(tmp_path)] == [
        "fetches https://example.org/f.woff2",
        "gone.svg leads nowhere",
    ]


def test_script_styles_and_fonts_of_formulas_are_one_version():
    script = (katex.KATEX / "katex.min.js").read_text(encoding="utf-8")
    version = re.search(r'version[:=]"(\d+\.\d+\.\d+)"', script)[1]
    assert f"KaTeX {version}" in (ROOT / "docs" / "SOURCES.md").read_text(encoding="utf-8")
    style = (katex.KATEX / "katex.min.css").read_text(encoding="utf-8")
    assert f'content:"{version}"' in style
    assert {path.name for path in (katex.KATEX / "fonts").iterdir()} == set(
        re.findall(r"fonts/([\w-]+\.woff2)", style)
    )


def test_of_a_font_the_book_holds_one_form(tmp_path):
    katex.copy(tmp_path)
    style = (tmp_path / "katex.css").read_text(encoding="utf-8")
    assert set(re.findall(r"\.(woff2?|ttf)\)", style)) == {"woff2"}
    assert not check.faults(tmp_path)


@needs_quickjs
def test_formulas_are_set_without_a_script():
    shown = katex.render(r"\frac{a}{b}", display=True)
    assert shown.startswith('<span class="katex-display">')
    assert "<mfrac>" in shown
    assert "<script" not in shown


@needs_quickjs
def test_a_wrong_formula_is_named():
    with pytest.raises(ValueError, match=r"in the formula '\\\\frac\{a'"):
        katex.render(r"\frac{a")


def test_what_is_no_book_is_not_replaced(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main([str(tmp_path)]) == 1
    assert (tmp_path / "mine.txt").exists()
    assert "group" in capsys.readouterr().err or not missing()


def test_the_workflow_may_publish_pages_and_nothing_more():
    text = (ROOT / ".github" / "workflows" / "book.yml").read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    assert flow["permissions"] == {"contents": "read"}
    assert flow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    commands = [step.get("run", "") for step in flow["jobs"]["build"]["steps"]]
    assert any("uv run --group book python -m tools.book" in command for command in commands)
    assert "uv run --group book python -m tools.book" in README


@pytest.mark.skipif(missing(), reason="the group `book` is not installed")
def test_the_whole_book(tmp_path):
    folder = tmp_path / "book"
    command = [sys.executable, "-m", "tools.book", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert check.megabytes(folder) < LARGEST
    lesson_pages = {c: (folder / f"{c.name}.html").read_text("utf-8") for c in CHAPTERS}
    for chapter, text in lesson_pages.items():
        # Code may hold a dollar, and so may what KaTeX keeps for those who copy; prose may not.
        text = re.sub(r"<(pre|script|code|annotation)\b.*?</\1>", "", text, flags=re.S)
        assert "$" not in text, chapter.name
        assert (folder / "notebooks" / f"{chapter.name}.ipynb").is_file()
    count = "".join(lesson_pages.values()).count('<figure class="picture"')
    assert (folder / "gallery.html").read_text("utf-8").count("pictures/small/") == count > 200
    assert "<conv-explorer" in (folder / "explorer.html").read_text("utf-8")
