"""Damage a small notebook as an engineer might, and see that the checks find it and say what."""

from pathlib import Path

import pytest

from tests.faults import FAULTS, UNTOUCHED, check_with_each_fault
from tests.workshop import set_unhelpful_defaults
from tools.build import build

CHAPTER = '''\
# %% [markdown]
r"""
# See three points
"""

# %%
import random

import matplotlib.pyplot as plt

# %%
print(f"{2 / 3:.4f}")

# %%
plt.plot([1, 3, 2])
plt.show()

# %% tags=["picture-varies"]
plt.bar([0, 1], [1, random.random()])
plt.ylim(0, 1)
plt.show()

# %%
print("done")
'''

FIGURE = "09-c087d72b, figure 1"
EXPECTED = {
    "digit-changed": ["Cell outputs differ", "0.6667"],
    "patch-inverted": [FIGURE, "RMS", "x=0 y=0", "patch-inverted"],
    "picture-shifted": [FIGURE, "RMS"],
    "picture-cropped": [FIGURE, "pixels, now"],
    "picture-deleted": [FIGURE, "extra"],
    "picture-added": ["09-c087d72b, figure 2", "missing"],
    "execution-forgotten": ['(print("done")): execution count None'],
    "source-edited": [
        "(# See three points): its source differs",
        "python -m tools.build 09_points",
    ],
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    chapters = tmp_path_factory.mktemp("chapters")
    chapter = chapters / "09_points.py"
    chapter.write_text(CHAPTER, encoding="utf-8")
    notebook = build(chapter, tmp_path_factory.mktemp("notebooks"))
    copies: Path = tmp_path_factory.mktemp("faults")
    with pytest.MonkeyPatch.context() as environment:
        set_unhelpful_defaults(environment, tmp_path_factory.mktemp("settings"))
        return check_with_each_fault(notebook, chapters, copies, "--numprocesses=0")


def test_untouched_notebook_passes(said):
    assert said[UNTOUCHED] == ""


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found_and_named(said, fault):
    for words in EXPECTED[fault]:
        assert words in said[fault]
