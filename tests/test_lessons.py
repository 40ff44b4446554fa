"""How a lesson reads: what it shows, how plain its code and its sentences are, where it links."""

import re
from pathlib import Path

import nbformat
import pytest

from tests import lessons
from tools.chapters import NOTEBOOKS, ROOT, name

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
LONGEST_SENTENCE = 30  # words
LONGEST_CORE = 50  # minutes
LARGEST = 3_000_000  # bytes

each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list:
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def prose(path: Path) -> str:
    return "\n\n".join(cell.source for cell in cells(path, "markdown"))


def title(path: Path) -> str:
    return next(text for kind, text in lessons.blocks(prose(path)) if kind == "heading1")


def planned() -> dict[str, str]:
    """The chapters of the README's table that are not written yet: number and title."""
    rows = re.findall(r"^\| (\d\d) \| (.+?) \| planned \|$", README, re.MULTILINE)
    return dict(rows)


@each_notebook
def test_three_code_cells_in_four_show_something(path):
    code = cells(path, "code")
    silent = [name(cell) for cell in code if not cell.outputs]
    found = "\n".join(silent)
    assert 4 * len(silent) <= len(code), f"{len(silent)} of {len(code)} show nothing:\n{found}"


@each_notebook
def test_code_is_plain(path):
    found = [
        f"{name(cell)}: {habit}"
        for cell in cells(path, "code")
        for habit in lessons.habits(cell.source)
    ]
    assert not found, "\n".join(found)


@each_notebook
def test_sentences_are_short(path):
    long = [
        f"{lessons.words(sentence)} words: {sentence}"
        for sentence in lessons.sentences(prose(path))
        if lessons.words(sentence) > LONGEST_SENTENCE
    ]
    assert not long, "\n".join(long)


@each_notebook
def test_every_mention_of_a_chapter_is_a_link(path):
    found = list(lessons.unlinked_chapters(prose(path)))
    assert not found, "\n".join(found)


@each_notebook
def test_links_lead_somewhere(path):
    wrong = [
        f"[{text}]({target})"
        for text, target in lessons.links(prose(path))
        if not leads_somewhere(path, target) or not leads_to_its_chapter(text, target)
    ]
    assert not wrong, "\n".join(wrong)


def leads_somewhere(path: Path, target: str) -> bool:
    """Whether a file and a heading are there; addresses in the network are not asked."""
    if re.match(r"[a-z]+:", target):
        return True
    file, _, fragment = target.partition("#")
    goal = (path.parent / file).resolve() if file else path
    if not goal.is_file():
        return False
    text = prose(goal) if goal.suffix == ".ipynb" else goal.read_text(encoding="utf-8")
    return not fragment or fragment in lessons.anchors(text)


def leads_to_its_chapter(text: str, target: str) -> bool:
    """Whether "chapter 05" leads to notebook 05, or to the README's table while it is planned."""
    mention = re.match(r"(?:[Cc]hapters?\s+)?(\d\d)\b", text)
    if not mention:
        return True
    if mention[1] in planned():
        return target == "../README.md#the-chapters"
    return Path(target).name.startswith(f"{mention[1]}_")


@each_notebook
def test_last_line_leads_to_the_neighbours(path):
    number = int(path.stem[:2])
    titles = {other.stem[:2]: (title(other), other.name) for other in PATHS}
    titles |= {key: (text, "../README.md#the-chapters") for key, text in planned().items()}
    expected = [
        f"{word}: [{key} {titles[key][0]}]({titles[key][1]})"
        for word, key in (("Previous", f"{number - 1:02d}"), ("Next", f"{number + 1:02d}"))
        if key in titles
    ]
    last = nbformat.read(path, as_version=nbformat.NO_CONVERT).cells[-1]
    assert last.cell_type == "markdown"
    assert last.source.rstrip().splitlines()[-1] == " · ".join(expected)


@each_notebook
def test_opening_tells_the_minutes(path):
    opening = cells(path, "markdown")[0].source
    minutes = [int(number) for number in re.findall(r"(\d+)\s+minutes", opening)]
    assert minutes, "the opening names no minutes"
    assert minutes[0] <= LONGEST_CORE, "the core comes first"
    if any("Deeper" in text for kind, text in lessons.blocks(prose(path)) if "heading" in kind):
        assert "Deeper" in opening, "the opening says how long the Deeper parts take"


@each_notebook
def test_deeper_sections_are_marked_alike(path):
    for kind, text in lessons.blocks(prose(path)):
        if kind.startswith("heading") and text.lower().startswith("deeper"):
            assert kind == "heading2", text
            assert re.match(r"Deeper: \S", text), text


@each_notebook
def test_notebook_is_no_larger_than_3_megabytes(path):
    assert path.stat().st_size <= LARGEST


# The checks themselves.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two. Three? Four … Five!", ["One two.", "Three?", "Four …", "Five!"]),
        ("It is 1.5 times e.g. this, by K. He and others. No more.", 2),
        ("See fig. 3 (or 4.) Then go.", 2),
        (
            "# A heading. Not counted\n\nA paragraph\nover two lines.",
            ["A paragraph over two lines."],
        ),
        ("- an item\n- another. Twice.", ["an item", "another.", "Twice."]),
        ("| a. B | c |\n|---|---|\n| d | e |", ["a.", "B", "c", "d", "e"]),
        ("```\nprint(1). Two\n```\nText.", ["Text."]),
        ("Take $a. B = c$ and `x. Y`. $Z$ ends.", ["Take FORMULA and CODE.", "FORMULA ends."]),
        ("$$\na_1 = 3. \\\\ B\n$$", ["FORMULA"]),
        ("A **bold** [link. To](x_(y).html) *here*.", ["A bold link.", "To here."]),
        (
            "> **Think.** Why?\n>\n> <details><summary>Answer</summary>\n>\n> So.\n>\n> </details>",
            4,
        ),
        ("## Further reading\n\n- A. Who, *What. Where*.\n\n## Next\n\nText.", ["Text."]),
        ("He said “stop.” Then (he went.) And so on", 3),
    ],
)
def test_sentences(text, expected):
    found = list(lessons.sentences(text))
    assert (found if isinstance(expected, list) else len(found)) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two – and a 3×3 kernel, isn't it?", 7),
        ("The sum is (0·1 + 1·2.5)/2.5 ≈ 1.0. ", 4),
        ("It holds 13, 19 and 12, or 5 – 7.", 9),
        ("So [0, 1, −1] becomes [[0.5, 1], [2, 3]].", 4),
        ("From 1/2 to 3 × 4 = 12, and x = 3", 7),
        ("$a = b$ `c + d` <br>", 2),
    ],
)
def test_words(text, count):
    (sentence,) = lessons.sentences(text)
    assert lessons.words(sentence) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("as chapter 05 shows", 1),
        ("Chapters 05 and 07 show", 2),
        ("chapters [05](a.ipynb) and 07", 1),
        ("[chapter 05](a.ipynb), 06 and so on", 1),
        ("[chapter 05](a.ipynb) and [07](b.ipynb)", 0),
        ("> **Think.** In [chapter 05](a.ipynb) 10 of 12 were right. This chapter is long", 0),
        ("[links](a.ipynb) and 10 others, `chapter 05`", 0),
        ("## As in chapter 05", 1),
    ],
)
def test_unlinked_chapters(text, count):
    assert len(list(lessons.unlinked_chapters(text))) == count


def test_links():
    text = "A [`b` *c*](d.ipynb#e), ![f](g.png) and\n- [h](https://i.org/j_(k))"
    assert list(lessons.links(text)) == [("b c", "d.ipynb#e"), ("h", "https://i.org/j_(k)")]


def test_anchors():
    found = lessons.anchors("# The chapters\n\n## Deeper: why $x$?\n\nText")
    assert {"the-chapters", "The-chapters", "deeper-why-formula"} <= found
    assert len(found) == 4


@pytest.mark.parametrize(
    "code",
    [
        "total = sum(x for x in values)",
        "a, b = f()",
        "for a, b in pairs:\n    pass",
        "a, b = b, a",
        "[f(x) for x in range(3) if x]",
        "[*a, *b]",
        "from helpers import agree, figures, ops",
        "import matplotlib.pyplot as plt\nplt.show()",
        "np.lib",
        "a = 0\nb = 0",
        "layer.figure(3)",
    ],
)
def test_plain_code_passes(code):
    assert list(lessons.habits(code)) == []


@pytest.mark.parametrize(
    ("code", "habit"),
    [
        ("[[a for a in b] for b in c]", "a nested comprehension"),
        ("[a for b in c for a in b]", "a nested comprehension"),
        ("x = 1\nprint(*x)", "a star in a call"),
        ("f(a, **b)", "two stars in a call"),
        ("x[np.s_[1:2]]", "np.s_"),
        ("getattr(F, 'relu')", "getattr"),
        ("print(n := 3)", "an assignment within an expression"),
        ("a = b = 0", "a chained assignment"),
        ("a, b = f(), g()", "a double assignment"),
        ("(a, b) = [1, 'x']", "a double assignment"),
        ("np.lib.stride_tricks.as_strided(x)", "stride tricks"),
        ("from numpy.lib.stride_tricks import sliding_window_view", "stride tricks"),
        ("from helpers.figures.curves import curves", "figures are imported by"),
        ("from helpers.figures import curves", "figures are imported by"),
        ("import helpers.figures.curves as draw", "figures are imported by"),
        ("from helpers import figures as draw", "figures have no other name"),
        ("figure, ax = plt.subplots()", "plt.subplots; figures are drawn by helpers.figures"),
        ("plt.figure()", "plt.figure; figures are drawn by helpers.figures"),
    ],
)
def test_clever_code_is_found(code, habit):
    line = len(code.splitlines())
    assert any(found.startswith(f"line {line}: {habit}") for found in lessons.habits(code))
