"""Building notebooks from chapters: the same bytes every time, or a refusal that says why."""

import base64
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from tests.workshop import QUICK, Workshop, redrawn, set_unhelpful_defaults
from tools.build import SHOWN, build
from tools.chapters import ChapterError, choose, name, read, select
from tools.execute import (
    CELL_TIMEOUT,
    connection,
    kernel_environment,
    kernel_settings,
    replace,
)

LESSON = '''\
# %% [markdown]
r"""
# Draw $\\alpha \\times 2$
"""

# %% [markdown] lang="zh"
r"""
# 画图
"""

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
from helpers import figures

# %%
_ = os.system("echo past Python")
print("one")
print("two", flush=True)
np.arange(3)

# %% tags=["picture-trained"]
figures.curves({"one run": [1, 3, 2], "another": [2, 1, 3]})
plt.show()

# %% tags=["raises-exception"]
np.load("nowhere.npy")
'''


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """The lesson, built twice, where the user's settings would take its picture away."""
    workshop = Workshop(tmp_path_factory.mktemp("lesson"))
    chapter = workshop.write("02_lesson", LESSON)
    with pytest.MonkeyPatch.context() as environment:
        set_unhelpful_defaults(environment, tmp_path_factory.mktemp("settings"))
        path = build(chapter, workshop.notebooks)
        first = path.read_bytes()
        notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        data = notebook.cells[3].outputs[0].data
        data["image/png"] = redrawn(data["image/png"], 1)  # it would be kept
        nbformat.write(notebook, path)
        again = build(chapter, workshop.notebooks, redraw=True)
    assert again.read_bytes() == first
    assert first.endswith(b"}\n")
    assert list(workshop.notebooks.iterdir()) == [again]
    return nbformat.read(again, as_version=nbformat.NO_CONVERT)


def test_ids_follow_from_the_chapters_number_and_the_cells_text(workshop):
    cells = read(workshop.write("02_lesson", QUICK)).cells
    assert [cell.id for cell in cells] == ["02-af1bf531", "02-8dfcac0f"]
    prose = '# %% [markdown]\nr"""\nnumber = 1\n"""\n'
    inserted = read(workshop.write("03_lesson", f"{prose}\n{QUICK}")).cells
    assert [cell.id for cell in inserted[1:]] == ["03-af1bf531", "03-8dfcac0f"]
    assert inserted[0].id not in ("03-af1bf531", "03-8dfcac0f")  # its text alone is the same


def test_ids_of_texts_that_repeat_are_numbered(workshop):
    cells = read(workshop.write("03_long", "# %%\nprint()\n\n" * 3)).cells
    first = cells[0].id
    assert [cell.id for cell in cells] == [first, f"{first}-2", f"{first}-3"]


def test_a_cell_has_one_id_in_every_edition(workshop):
    chapter = workshop.write("02_lesson", LESSON + "\n# %%\nnp.arange(4)\n")
    english, chinese = (
        {cell.id: cell.source for cell in notebook.cells}
        for notebook in (read(chapter), read(chapter, "zh"))
    )
    assert len(english) == len(chinese) == 6
    assert len(english.items() & chinese.items()) == 5


def test_a_cell_is_named_by_its_first_line(workshop):
    long = "x = 1" + " + 1" * 20
    short, cut = read(workshop.write("02_lesson", f"# %%\ny = 2\nz = 3\n\n# %%\n{long}\n")).cells
    assert name(short) == f"{short.id} (y = 2)"
    assert name(cut) == f"{cut.id} ({long[:59]}…)"
    assert name(new_code_cell("x" * 60, id="a-1")) == f"a-1 ({'x' * 60})"
    assert name(new_code_cell("x" * 61, id="a-1")) == f"a-1 ({'x' * 59}…)"
    assert name(new_code_cell(" \n", id="a-1")) == "a-1 (empty)"


def test_metadata_says_nothing_of_this_machine(lesson):
    assert lesson.metadata.kernelspec.name == "python3"
    assert "version" not in lesson.metadata.language_info
    assert [dict(cell.metadata) for cell in lesson.cells] == [
        {},
        {},
        {},
        {"tags": ["picture-trained"]},
        {"tags": ["raises-exception"]},
    ]


def test_outputs_are_stored(lesson):
    _, imports, text, figure, _ = lesson.cells
    assert [cell.execution_count for cell in lesson.cells[1:]] == [1, 2, 3, 4]
    assert imports.outputs == []
    assert [output.output_type for output in text.outputs] == ["stream", "execute_result"]
    assert text.outputs[0].text == "one\ntwo\n"
    assert "image/png" in figure.outputs[0].data


def test_intended_error_is_stored_without_folders(lesson):
    (output,) = lesson.cells[-1].outputs
    assert output.traceback == [f"FileNotFoundError: {output.evalue}"]


@pytest.mark.parametrize(
    ("line", "error"),
    [("1 / 0", "ZeroDivisionError: division by zero"), ("import os; os._exit(1)", "Kernel died")],
    ids=["exception", "death"],
)
def test_failing_cell_is_shown_and_the_old_notebook_kept(workshop, capsys, line, error):
    workshop.write("04_failing", f"{QUICK}\n# %%\n{line}\n")
    old = workshop.notebooks / "04_failing.ipynb"
    old.write_text("the last good build", encoding="utf-8")
    assert workshop.main("04") == 1
    message = capsys.readouterr().err
    assert re.search(r"^04_failing was not built: 04-[0-9a-f]{8} failed$", message, re.MULTILINE)
    assert f"    {line}\n" in message
    assert error in message
    assert "\x1b" not in message
    assert old.read_text(encoding="utf-8") == "the last good build"
    assert list(workshop.notebooks.iterdir()) == [old]


def test_outputs_that_would_change_are_refused(workshop, capsys):
    lines = [
        "import sys; print('careful', file=sys.stderr)",
        "print('/home/someone/data')",
        "object()",
        "import datetime; datetime.date(2024, 5, 17).isoformat()",
    ]
    workshop.write("05_unstable", "".join(f"# %%\n{line}\n\n" for line in lines))
    assert workshop.main("05") == 1
    message = capsys.readouterr().err
    assert "(import sys; print('careful', file=sys.stderr)): writes to stderr: careful" in message
    assert "): shows an absolute path: /home/someone/data" in message
    assert "(object()): shows a memory address: <object at 0x" in message
    assert "): shows a date or a time of day: '2024-05-17'" in message
    assert list(workshop.notebooks.iterdir()) == []


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


@pytest.fixture
def without_kernel(monkeypatch):
    """A build that runs nothing: every code cell prints one line and draws one pixel."""

    def pretend(notebook, folder):
        assert folder.is_dir()
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in enumerate(cells, start=1):
            cell.execution_count = count
            cell.outputs = [
                new_output("stream", text="a line\n"),
                new_output("display_data", data={"image/png": base64.b64encode(PIXEL).decode()}),
            ]

    monkeypatch.setattr("tools.build.execute", pretend)


def test_a_build_is_told_with_its_seconds(workshop, without_kernel, capsys):
    workshop.write("02_lesson", QUICK)
    workshop.write("03_lesson", QUICK)
    assert workshop.main("03") == 0
    assert re.fullmatch(r"03_lesson built in \d\.\d s\n", capsys.readouterr().out)
    assert workshop.main() == 0
    assert [line[:15] for line in capsys.readouterr().out.splitlines()] == [
        "02_lesson built",
        "03_lesson built",
    ]


def test_the_folder_of_the_notebooks_is_made(workshop, without_kernel, tmp_path):
    chapter = workshop.write("02_lesson", QUICK)
    for _ in range(2):
        path = build(chapter, tmp_path / "new" / "notebooks")
    assert path == tmp_path / "new" / "notebooks" / "02_lesson.ipynb"
    assert path.is_file()
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("tag", SHOWN)
def test_the_picture_of_a_tagged_cell_stands_beside_the_notebooks(tag, workshop, without_kernel):
    build(workshop.write("02_lesson", f'{QUICK}\n# %% tags=["{tag}"]\nx = 1\n'), workshop.notebooks)
    assert (workshop.notebooks / SHOWN[tag]).read_bytes() == PIXEL


@pytest.mark.parametrize(("option", "kept"), [((), True), (("--redraw",), False)])
def test_stored_pictures_are_kept_unless_they_are_to_be_redrawn(
    workshop, without_kernel, monkeypatch, option, kept
):
    asked = []
    monkeypatch.setattr("tools.build.keep_pictures", lambda notebook, path: asked.append(path))
    workshop.write("02_lesson", QUICK)
    assert workshop.main("02", *option) == 0
    assert asked == [workshop.notebooks / "02_lesson.ipynb"] * kept


def test_unknown_name_is_answered_with_the_known_ones(workshop, capsys):
    workshop.write("01_first", QUICK)
    workshop.write("02_second", QUICK)
    assert workshop.main("09") == 1
    message = capsys.readouterr().err
    assert message == "there is no chapter '09'; the chapters are: 01_first, 02_second\n"


@pytest.mark.parametrize("name", ["02", "02_second", "chapters/02_second.py"])
def test_a_chapter_has_three_names(workshop, name):
    workshop.write("01_first", QUICK)
    second = workshop.write("02_second", QUICK)
    assert choose([name], workshop.chapters) == [second]
    assert choose([name, "02"], workshop.chapters) == [second]


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ('# %% tag=["check"]\nx = 1\n', "not: tag"),
        ('# %% lang="zh"\nx = 1\n', "`lang` is for prose"),
        (
            '# %% tags=["solutoin"]\nx = 1\n',
            "cell 1: there is no tag solutoin; the tags are: answer, check, cover,",
        ),
        ('# %% [markdown] tags=["nbval-skip"]\nProse.\n', "there is no tag nbval-skip"),
        ('# %% tags="check"\nx = 1\n', "06_doubtful.py: 'check' is not of type"),
        (
            '# %% [markdown] lang="zn"\nProse.\n',
            "lang='zn' is not known; the languages are: en, zh",
        ),
        ("# %%\n\n# %%\nx = 1\n", "the cell is empty"),
        ("", "has no cells"),
    ],
    ids=[
        "misspelt key",
        "language of code",
        "misspelt tag",
        "tag on prose",
        "no list",
        "misspelt language",
        "empty cell",
        "no cells",
    ],
)
def test_doubtful_chapter_is_refused(workshop, cell, complaint):
    chapter = workshop.write("06_doubtful", cell)
    with pytest.raises(ChapterError, match=complaint):
        read(chapter)


def test_unknown_edition_is_refused(workshop):
    chapter = workshop.write("02_lesson", LESSON)
    with pytest.raises(ChapterError, match="there is no language 'zn'; the languages are: en, zh"):
        read(chapter, "zn")


def test_where_there_are_no_chapters_that_is_said(workshop):
    assert choose([], workshop.chapters) == []
    with pytest.raises(ChapterError, match="'01'; the chapters are: none, chapters/ is empty"):
        choose(["01"], workshop.chapters)


def test_all_chapters_are_meant_where_none_is_named(workshop):
    second, first = workshop.write("02_b", QUICK), workshop.write("01_a", QUICK)
    assert choose([], workshop.chapters) == [first, second]
    assert read(first).nbformat_minor == 5


@pytest.mark.parametrize("stem", ["01_" + "a" * 51, "01_", "1_a", "01_A", "01-a"])
def test_names_of_chapters_are_short_and_plain(workshop, stem):
    longest = workshop.write("01_" + "a" * 50, QUICK)
    assert choose([], workshop.chapters) == [longest]
    workshop.write(stem, QUICK)
    with pytest.raises(ChapterError, match=rf"^{stem}\.py: a chapter is called like"):
        choose([], workshop.chapters)


def test_misnamed_chapter_is_refused(workshop, capsys):
    workshop.write("two-convolution", QUICK)
    assert workshop.main() == 1
    assert capsys.readouterr().err.startswith("two-convolution.py: a chapter is called like")


def test_build_waits_for_a_cell_as_long_as_nbval(pytestconfig):
    assert pytestconfig.getoption("nbval_cell_timeout") == CELL_TIMEOUT


def test_editions_share_code_and_differ_in_prose(workshop):
    chapter = workshop.write("02_lesson", LESSON)
    english, chinese = (
        [cell.source.splitlines()[-1] for cell in notebook.cells]
        for notebook in (read(chapter), read(chapter, "zh"))
    )
    assert english[0] == r"# Draw $\alpha \times 2$"
    assert chinese == ["# 画图", *english[1:]]


def test_select_leaves_the_cells_as_they_are(workshop):
    cells = read(workshop.write("02_lesson", LESSON)).cells
    assert select(cells) == cells


def test_a_kernels_settings_are_written_once(monkeypatch):
    settings = kernel_settings()
    configuration = Path(settings["IPYTHONDIR"], "profile_default", "ipython_kernel_config.py")
    assert "HistoryManager" in configuration.read_text(encoding="utf-8")
    monkeypatch.setattr("os.replace", None)  # a second writing would fail
    assert kernel_settings() == settings
    assert settings["TQDM_DISABLE"] == "1"


def test_kernels_are_reached_without_a_network(monkeypatch, tmp_path):
    first, second = connection("posix"), connection("posix")
    assert first["transport"] == "ipc"
    assert first["ip"] != second["ip"]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("long" * 30)))
    assert connection("posix") == {"transport": "tcp"}


@pytest.mark.parametrize(("length", "transport"), [(95, "ipc"), (96, "tcp")])
def test_the_longest_path_that_a_kernel_is_reached_by(monkeypatch, length, transport):
    name = f"/kernel-{'0' * 32}"
    monkeypatch.setattr("tempfile.tempdir", "/" + "t" * (length - len(name) - 1))
    assert connection("posix")["transport"] == transport


def test_a_kernel_thinks_that_it_is_in_a_test(monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    monkeypatch.setenv("COURSE", "of this process")
    monkeypatch.setenv("TQDM_DISABLE", "0")
    environment = kernel_environment()
    assert environment["PYTEST_CURRENT_TEST"]
    assert environment["COURSE"] == "of this process"
    assert environment.items() >= kernel_settings().items()
    assert environment["MPLBACKEND"] == "module://matplotlib_inline.backend_inline"


def test_an_interrupted_replacement_leaves_the_old_file(monkeypatch, tmp_path):
    path = tmp_path / "file"
    replace(path, b"old")
    assert path.read_bytes() == b"old"
    monkeypatch.setattr("os.replace", lambda fresh, target: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_kernels_are_reached_over_tcp_where_files_cannot_talk():
    assert connection("nt") == {"transport": "tcp"}


TASK = """\
# %%
from helpers.checks import convolution as check

# %% tags=["answer"]
response = [[8, -1, 0], [0, 7, -1]]  # solution

# %% tags=["check"]
check.by_hand(response)
"""


@pytest.fixture
def class_workshop(workshop):
    workshop.write("06_quick", QUICK)
    tasks = workshop.chapters.parent / "exercises"
    tasks.mkdir()
    (tasks / "06_quick.py").write_text(TASK, encoding="utf-8")
    return workshop


def sources(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=nbformat.NO_CONVERT).cells]


def test_a_class_gets_lessons_without_outputs_and_exercises_without_solutions(
    class_workshop, tmp_path, capsys
):
    folder = tmp_path / "hand out"
    assert class_workshop.main("--class", str(folder)) == 0
    lesson = nbformat.read(folder / "06_quick.ipynb", as_version=nbformat.NO_CONVERT)
    assert [cell.outputs for cell in lesson.cells] == [[], []]
    assert "response = ..." in sources(folder / "exercises" / "06_quick.ipynb")
    assert class_workshop.main("--class", str(folder)) == 1
    assert "is not empty" in capsys.readouterr().err


def test_links_of_a_handout_lead_to_what_is_handed_out(class_workshop, tmp_path):
    links = (
        "[itself](06_quick.ipynb#part), [tasks](exercises/06_quick.ipynb), [far](https://a.b/c), "
    )
    links += "[answers](solutions/06_quick.ipynb), [the README](../README.md#top)"
    class_workshop.write("07_links", f'# %% [markdown]\nr"""\n{links}\n"""\n')
    folder = tmp_path / "hand out"
    assert class_workshop.main("--class", str(folder)) == 0
    found = links.replace("[answers](solutions/06_quick.ipynb)", "answers")
    assert sources(folder / "07_links.ipynb") == [
        found.replace("[the README](../README.md#top)", "the README")
    ]


def test_exercises_have_two_editions_whose_drift_is_told(class_workshop, capsys):
    assert class_workshop.main("--exercises", "06") == 0
    notebooks = class_workshop.notebooks
    assert "response = ..." in sources(notebooks / "exercises" / "06_quick.ipynb")
    solved = nbformat.read(notebooks / "solutions" / "06_quick.ipynb", nbformat.NO_CONVERT)
    assert solved.cells[2].outputs[0].text == "✓ six windows, six sums\n"
    class_workshop.pretend_built("06_quick")
    assert class_workshop.main("--check") == 0
    source = class_workshop.chapters.parent / "exercises" / "06_quick.py"
    source.write_text(TASK.replace("import convolution", "import  convolution"), encoding="utf-8")
    capsys.readouterr()
    assert class_workshop.main("--check") == 1
    said = capsys.readouterr().out
    assert said.count("repair: python -m tools.build --exercises 06_quick") == 2


def test_a_wrong_solution_is_not_built(class_workshop, capsys):
    source = class_workshop.chapters.parent / "exercises" / "06_quick.py"
    source.write_text(TASK.replace("7, -1", "7, 1"), encoding="utf-8")
    assert class_workshop.main("--exercises", "06") == 1
    assert "response at [1, 2] is 1" in capsys.readouterr().err
    assert not (class_workshop.notebooks / "exercises").exists()
