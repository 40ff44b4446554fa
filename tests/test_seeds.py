"""The command that shifts seeds finds what holds for lucky ones only, and says where."""

import numpy as np
import paddle
import pytest
from nbformat.v4 import new_code_cell

from tests.seeds import STRIDE, main, run_cells, shift_seeds
from tests.workshop import Workshop

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
    workshop.write("01_lucky", CHAPTER)
    value = np.random.default_rng(3 + STRIDE).integers(10**9)
    arguments = ["01", "--shifts", "2", "--first", "0", "--jobs", "2"]
    assert main(arguments, workshop.chapters, workshop.notebooks) == 1
    said = capsys.readouterr().out
    assert "01_lucky, shift 0: all hold" in said
    assert "01_lucky, shift 1: 1 fell" in said
    assert f"lucky = {value}\n        only seed 3\n" in said
    assert "fell in 1 of 2 shifts: [1]" in said


def test_a_chapter_that_holds_passes(tmp_path, capsys):
    workshop = Workshop(tmp_path)
    workshop.write("01_first", "# %%\nimport time\n\ntime.sleep(1.01)\n\n# %%\nx = 1\n")
    assert main(["01", "--time"], workshop.chapters, workshop.notebooks) == 0
    slow, total = capsys.readouterr().out.splitlines()
    assert slow.startswith("   1.0 s  ")
    assert slow.endswith("import time")
    assert total.endswith("01_first in all")


def test_unknown_chapter_is_refused(tmp_path, capsys):
    workshop = Workshop(tmp_path)
    assert main(["07"], workshop.chapters, workshop.notebooks) == 2
    assert "there is no chapter '07'" in capsys.readouterr().err


def test_a_process_that_dies_is_told(tmp_path, capsys):
    workshop = Workshop(tmp_path)
    workshop.write("01_dying", "# %%\nimport os\n\nos._exit(7)\n")
    assert main(["01", "--shifts", "1", "--first", "0"], workshop.chapters, workshop.notebooks) == 1
    assert "the process ended with 7" in capsys.readouterr().out
