"""The command that shifts seeds finds what holds for lucky ones only, and says where."""

import subprocess

import numpy as np
import paddle
import pytest
from nbformat.v4 import new_code_cell

from helpers.data import load_splits, make_shapes
from tests.seeds import STRIDE, _result, main, run_cells, run_here, shift_seeds
from tests.workshop import QUICK, Workshop

CHAPTER = """\
# %%
import numpy as np

first = np.random.default_rng(3).integers(10**9)

# %%
lucky = int(np.random.default_rng(3).integers(10**9))
assert lucky == 811504540, "only seed 3"
assert lucky == first

# %% tags=["raises-exception"]
raise ValueError("as intended")
"""


def cell(source: str, *tags: str):
    return new_code_cell(source, id="a-1", metadata={"tags": list(tags)})


def wrong(source: str, *tags: str) -> list[str]:
    (found,) = run_cells([cell(source, *tags)], {})
    assert found["begins"] == source.splitlines()[0]
    return found["wrong"]


@pytest.fixture
def shifted(monkeypatch):
    """Seeds shifted by 5 until the test ends; before it, what the seeds gave."""
    monkeypatch.setattr(np.random, "default_rng", np.random.default_rng)
    monkeypatch.setattr(paddle, "seed", paddle.seed)
    unshifted = np.random.default_rng
    shift_seeds(5)
    return unshifted


@pytest.mark.parametrize(
    ("given", "meant"), [(3, 8), (np.int64(3), 8), ([3, 1], [8, 1]), (np.array([3, 1]), [8, 1])]
)
def test_numpys_seeds_are_shifted(shifted, given, meant):
    assert np.random.default_rng(given).random() == shifted(meant).random()


def test_what_is_no_seed_stays(shifted):
    generator = shifted(1)
    assert np.random.default_rng(generator) is generator
    assert np.random.default_rng().random() != np.random.default_rng().random()


def test_data_sets_stay_as_they_are(shifted):
    test, labels = load_splits("shapes", train=1).test
    first = make_shapes(1000, shifted(0).spawn(2)[1])
    assert (test == first[0]).all()
    assert (labels == first[1]).all()


def test_paddles_seed_is_shifted(shifted):
    paddle.seed(2)
    shifted_draw = paddle.rand([3]).numpy()
    paddle.framework.random.seed(7)
    assert (paddle.rand([3]).numpy() == shifted_draw).all()


def test_every_assertion_of_a_cell_is_told_with_its_line_numbers_and_message():
    assert wrong("x = 3\nassert x > 4, 'too small'\ny = x\nassert (y\n == 9)\nassert x == 3") == [
        "line 2: assert x > 4, 'too small'\nx = 3\ntoo small",
        "line 4: assert y == 9\ny = 3",
    ]


def test_an_assertion_in_a_loop_shows_the_loops_values():
    source = "def odd(n):\n    return n % 2\nfor n in range(4):\n    assert odd(n) == 0"
    assert wrong(source) == ["line 4: assert odd(n) == 0\nn = 1"]


def test_an_assertion_in_what_the_cell_calls_is_told_too():
    source = "import numpy as np\nnp.testing.assert_equal(1, 2)"
    (found,) = wrong(source)
    assert found.startswith("line 2: np.testing.assert_equal(1, 2)\n")
    assert "ACTUAL: 1" in found


def test_another_exception_ends_the_run():
    cells = [cell("y = 1"), cell("1 / 0\nassert False"), cell("assert False")]
    assert [found["wrong"] for found in run_cells(cells, {})] == [
        [],
        ["line 1: 1 / 0\nZeroDivisionError: division by zero"],
    ]


def test_an_intended_exception_is_expected():
    assert wrong("1 / 0", "raises-exception") == []
    assert wrong("1 / 1", "raises-exception") == ["should have raised an exception"]


def test_the_command_counts_and_tells(tmp_path, capsys):
    workshop = Workshop(tmp_path)
    chapter = workshop.write("01_lucky", CHAPTER)
    assert [cell["wrong"] for cell in run_here(chapter, 0)] == [[], [], []]
    value = np.random.default_rng(3 + STRIDE).integers(10**9)
    arguments = ["01", "--shifts", "1"]
    assert main(arguments, workshop.chapters, workshop.notebooks) == 1
    said = capsys.readouterr().out
    assert "01_lucky, shift 1: 1 fell" in said
    assert f"lucky = {value}\n        only seed 3\n" in said
    assert "fell in 1 of 1 shifts: [1]" in said


def result(seconds: float, *wrong: str) -> dict:
    return {"cell": "01-a", "begins": "x = 1", "seconds": seconds, "wrong": list(wrong)}


def test_shifts_are_counted_from_the_first(tmp_path, capsys, monkeypatch):
    workshop = Workshop(tmp_path)
    workshop.write("01_first", QUICK)
    said = {4: [result(1)], 5: [result(1, "line 2: assert x", "line 3: assert y")], 6: [result(2)]}
    monkeypatch.setattr("tests.seeds.run_apart", lambda chapter, folder, shift: said[shift])
    arguments = ["01", "--shifts", "3", "--first", "4", "--jobs", "2"]
    assert main(arguments, workshop.chapters, workshop.notebooks) == 1
    assert capsys.readouterr().out.splitlines() == [
        "01_first, shift 4: all hold (1 s)",
        "01_first, shift 5: 2 fell (1 s)",
        "    01-a (x = 1)",
        "        line 2: assert x",
        "    01-a (x = 1)",
        "        line 3: assert y",
        "01_first, shift 6: all hold (2 s)",
        "01-a, line 2: assert x",
        "    fell in 1 of 3 shifts: [5]",
        "01-a, line 3: assert y",
        "    fell in 1 of 3 shifts: [5]",
    ]
    assert main(["01", "--shifts", "1", "--first", "6"], workshop.chapters) == 0


def test_slow_cells_are_told(tmp_path, capsys, monkeypatch):
    workshop = Workshop(tmp_path)
    workshop.write("01_first", QUICK)
    said = [result(1.04), result(0.9), result(12)]
    monkeypatch.setattr("tests.seeds.run_apart", lambda chapter, folder, shift: said[shift:])
    assert main(["01", "--time"], workshop.chapters) == 0
    assert capsys.readouterr().out.splitlines() == [
        "   1.0 s  01-a  x = 1",
        "  12.0 s  01-a  x = 1",
        "  13.9 s  01_first in all",
    ]
    said.append(result(0, "line 2: assert x"))
    assert main(["01", "--time"], workshop.chapters) == 1


def test_unknown_chapter_is_refused(tmp_path, capsys):
    workshop = Workshop(tmp_path)
    assert main(["07"], workshop.chapters, workshop.notebooks) == 2
    assert "there is no chapter '07'" in capsys.readouterr().err


def test_a_process_that_dies_is_told():
    (died,) = _result(subprocess.CompletedProcess([], 7, stdout="some text\n", stderr="Killed"))
    assert died["wrong"] == ["the process ended with 7\nKilled"]
