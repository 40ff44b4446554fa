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
from helpers import figures

# %%
print(f"{2 / 3:.4f}")

# %%
plt.plot([1, 3, 2])
plt.show()

# %%
plt.plot([1, 2, 3])
plt.show()

# %%
plt.plot([2, 1, 3])
plt.show()

# %%
plt.plot([2, 3, 1])
plt.show()

# %%
plt.plot([3, 1, 2])
plt.show()

# %% tags=["picture-varies"]
plt.bar([0, 1], [1, random.random()])
plt.ylim(0, 1)
plt.show()

# %% tags=["picture-trained"]
figures.curves({"one": [1, 3, 2], "two": [2, 2 + random.random() / 100, 0]})
plt.show()

# %% tags=["picture-trained"]
figures.curves({"one": [1, 3, 2 + random.random() / 100], "two": [2, 1, 0]})
plt.show()

# %%
print("done")
'''

EXPECTED = {
    "digit-changed": ["Cell outputs differ", "0.6667"],
    "patch-inverted": ["figure 1: RMS", "x=0 y=0", "copy-1"],
    "picture-shifted": ["figure 1: RMS"],
    "picture-cropped": ["figure 1: stored with", "pixels, now"],
    "picture-deleted": ["figure 1: extra"],
    "picture-added": ["figure 2: missing"],
    "names-swapped": ["figure 1: stored “", "one", "two"],
    "value-moved": ["figure 1: “line", "moved by 0.05"],
    "execution-forgotten": ['(print("done")): execution count None'],
    "source-edited": ["three points): its source differs", "python -m tools.build 09_points"],
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
