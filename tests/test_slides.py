"""The rule by which lessons become slides, on small lessons and on every chapter."""

from collections import Counter

import nbformat
import pytest
from nbformat import v4

from tools.chapters import NOTEBOOKS
from tools.slides import measure
from tools.slides.__main__ import lessons, main, slides
from tools.slides.rule import CLOSING, RECALL, cut

NAMES = [path.stem for path in lessons([])]

START = "# Slide a kernel\n\nThe idea of it."


def picture(width=800, height=300):
    size = {"image/png": {"width": width, "height": height}}
    output = v4.new_output(
        "display_data", {"image/png": "", "text/plain": "<Figure>"}, metadata=size
    )
    return v4.new_code_cell("figures.draw()", outputs=[output])


def printed(text="NumPy = Paddle: 4\n"):
    return v4.new_code_cell("agree()", outputs=[v4.new_output("stream", text=text)])


def deck(*cells):
    lesson = v4.new_notebook(
        cells=[v4.new_markdown_cell(c) if isinstance(c, str) else c for c in cells]
    )
    return cut(lesson)


def seen(slide):
    """What a slide shows: markdown as it is, and a word for code."""
    return [
        "output" if cell.cell_type == "code" else cell.source
        for cell in slide.cells
        if cell.metadata.slideshow.slide_type not in ("skip", "notes")
    ]


def words(notebook):
    """How often each word stands in a notebook's prose."""
    texts = [measure.plain(cell.source) for cell in notebook.cells if cell.cell_type != "code"]
    return Counter(word for text in texts for word in text.replace("#", " ").split())


@pytest.fixture(scope="module", params=NAMES)
def lesson(request):
    return nbformat.read(NOTEBOOKS / f"{request.param}.ipynb", as_version=4)


def test_every_slide_of_every_chapter_tells_something_and_fits(lesson):
    made = cut(lesson)
    assert made[0].kind == "slide"
    assert len(made) >= 15
    for slide in made:
        assert slide.height <= measure.HEIGHT, seen(slide)
        shown = seen(slide)
        assert (
            "output" in shown
            or shown[0].startswith("# ")
            or any(mark in " ".join(shown[1:]) for mark in "0123456789?")
        ), shown
        for cell in slide.cells:
            for output in cell.get("outputs", []):
                size = output.get("metadata", {}).get("image/png", {"width": 0, "height": 0})
                assert size["width"] <= measure.WIDTH
                assert size["height"] <= measure.HEIGHT


def test_slides_leave_out_nothing_and_run_like_the_lesson(lesson):
    made = slides(lesson)
    nbformat.validate(made)
    code = [[c.source for c in n.cells if c.cell_type == "code"] for n in (made, lesson)]
    assert code[0] == code[1]
    told, lost = words(made), words(lesson)
    lost.subtract(told)
    assert not +lost


def test_the_lesson_itself_is_not_changed(lesson):
    before = nbformat.writes(lesson)
    slides(lesson)
    assert nbformat.writes(lesson) == before


def test_a_heading_its_first_sentences_and_the_first_picture_are_a_slide():
    long = "One sentence. " + "Then a long one of many words " * 8 + "ends."
    made = deck(START, f"## A section\n\n{long}\n\nAnother paragraph.", printed(), picture())
    assert [slide.kind for slide in made] == ["slide", "slide"]
    assert seen(made[1]) == ["## A section", "One sentence.", "output"]
    assert "Another paragraph." in made[1].notes


def test_prose_that_tells_something_does_without_printed_numbers():
    made = deck(START, "## A section\n\nFive of 7.", printed(), "More.", picture())
    assert seen(made[1]) == ["## A section", "Five of 7.", "output"]
    types = [c.metadata.slideshow.slide_type for c in made[1].cells if c.cell_type == "code"]
    assert types == ["skip", "-"]


def test_without_a_picture_the_first_numbers_are_shown():
    made = deck(START, "## A section\n\nWords only.", printed(), printed())
    assert seen(made[1]) == ["## A section", "Words only.", "output"]


def test_a_question_hides_what_comes_next():
    question = (
        "> **Think.** How many?\n>\n> <details><summary>Answer</summary>\n>\n> 4.\n>\n> </details>"
    )
    made = deck(START, f"## A section\n\nWords.\n\n{question}", printed(), picture())
    assert seen(made[1]) == ["## A section", "Words.", question]
    assert seen(made[2]) == ["### A section", "output"]
    assert [slide.kind for slide in made] == ["slide", "slide", "subslide"]


def test_a_correction_shows_what_comes_next():
    correction = "> **Correction.** *Commonly written:* all. *True:* none."
    made = deck(START, "## A section\n\nWords.", picture(), correction, printed())
    assert seen(made[2]) == ["### A section", correction, "output"]


def test_later_pictures_are_slides_below():
    made = deck(START, "## A section\n\nWords.", picture(), picture(), picture())
    assert [slide.kind for slide in made] == ["slide", "slide", "subslide", "subslide"]


def test_a_large_picture_takes_the_place_of_prose_that_tells_nothing():
    made = deck(START, "## A section\n\nWords.", picture(800, 600))
    assert seen(made[1]) == ["## A section", "output"]
    assert made[1].notes == ["Words."]
    made = deck(START, "## A section\n\nSeven of 7.", picture(800, 600))
    assert [seen(slide)[-1] for slide in made[1:]] == ["Seven of 7.", "output"]


def test_pictures_are_enlarged_up_to_what_they_hold():
    def size(*cells):
        return measure.sizes(deck(START, *cells)[-1].cells[-1])[0]

    assert size("## A", picture(400, 100)) == {"width": 580, "height": 145}
    assert size("## A", picture(800, 100))["width"] == 1160
    assert (
        size("## A", picture(800, 800))["height"]
        == measure.HEIGHT - measure.HEADING["##"] - measure.GAP
    )


def test_a_section_that_tells_nothing_becomes_notes():
    made = deck(
        START, "## A section\n\nOf 9 words.", "## Another\n\nWords.", v4.new_code_cell("x = 1")
    )
    assert len(made) == 2
    assert made[1].notes == ["## Another", "Words."]


def test_what_a_paragraph_announces_is_shown_with_it():
    made = deck(START, "## A section\n\nThere are two:\n\n- one\n- two of 2\n\nThat is all.")
    assert seen(made[1]) == ["## A section", "There are two:", "- one\n- two of 2"]
    assert made[1].notes == ["That is all."]


def test_the_end_is_short_and_asks_to_recall():
    end = f"## {CLOSING}\n\n- **One** is 1. It is long.\n- **Two** is 2."
    made = deck(
        START, end, "## Exercises\n\nThere are 5.", "## Further reading\n\n- A paper of 1998."
    )
    assert seen(made[1]) == [
        f"## {CLOSING}",
        "- **One** is 1.\n- **Two** is 2.",
        RECALL,
    ]
    assert len(made) == 2


def test_a_box_that_is_too_high_goes_on_on_the_next_slide():
    points = "\n".join(
        f"> {n}. **Point {n}.** " + "Many words that fill a line. " * 12 for n in (1, 2, 3, 4)
    )
    made = deck(START, f"## A section\n\n> **Correction.** Four things differ.\n>\n{points}")
    assert len(made) > 2
    assert all(slide.height <= measure.HEIGHT for slide in made)
    shown = "\n".join(text for slide in made for text in seen(slide))
    assert all(line.strip() in shown for line in points.splitlines())


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two is longer here.", "One."),
        ("One of many words, and no more", "One of many words, and no more"),
        ("**One bold. Another bold.** Then more.", "**One bold. Another bold.**"),
        ("By *e.g.* a name. `code` next.", "By *e.g.* a name."),
        ("The price is 3.5 and more. End.", "The price is 3.5 and more."),
    ],
)
def test_paragraphs_are_cut_between_sentences(text, first):
    assert measure.opening(text, words=1) == (first, text.removeprefix(first).strip())


def test_slides_are_written_from_the_command_line(tmp_path, capsys):
    assert main(["02", "05"], folder=tmp_path) == 0
    names = ["02_convolution.ipynb", "05_edges_and_blur.ipynb", "rise.css"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert nbformat.read(tmp_path / names[0], as_version=4).metadata.rise.theme == "white"
    assert "02_convolution.ipynb written" in capsys.readouterr().out


def test_what_is_not_there_is_named(tmp_path, capsys):
    assert main(["77"], folder=tmp_path) == 1
    assert "there is no chapter '77'" in capsys.readouterr().err
    assert main(["02"], notebooks=tmp_path, folder=tmp_path) == 1
    assert "02_convolution.ipynb is not built; run python -m tools.build" in capsys.readouterr().err
