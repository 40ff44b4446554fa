"""Notebooks whose processes need a network are left out where there is none."""

import socket

import pytest
from nbformat import v4, write

from tools import loopback
from tools.chapters import ROOT, TAGS

pytest_plugins = ["pytester"]


def test_the_tag_is_one_that_cells_may_carry():
    assert loopback.TAG in TAGS


def test_there_is_none_where_nothing_can_be_reached(monkeypatch):
    def refuse(*arguments, **options):
        raise OSError("network is down")

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert not loopback.has_loopback()
    assert loopback.obstacle("linux") == "processes can't talk to each other over a network"


def test_only_linux_has_gloo(monkeypatch):
    monkeypatch.setattr(loopback, "has_loopback", lambda: True)
    assert loopback.obstacle("linux") is None
    assert "Linux alone" in loopback.obstacle("darwin")


@pytest.mark.skipif(not loopback.has_loopback(), reason="the kernels inside talk over it")
@pytest.mark.parametrize("reason", [None, "no network today"])
def test_the_whole_notebook_is_skipped_with_a_word(pytester, monkeypatch, reason):
    for name, tags in {"lonely": [], "talkative": [loopback.TAG]}.items():
        cells = [v4.new_code_cell("a = 1"), v4.new_code_cell("a = 2")]
        cells[1].metadata["tags"] = tags
        write(v4.new_notebook(cells=cells), pytester.path / f"{name}.ipynb")
    pytester.makeconftest(f"from tools import loopback\nloopback.obstacle = lambda: {reason!r}")
    # In a process of its own: nbval leaves a file of each kernel open, which is a warning there.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    options = ["-q", "-rs", "-p", "no:cacheprovider", "-p", "tools.loopback"]
    result = pytester.runpytest_subprocess(*options, "--nbval-lax", "--nbval-current-env")
    result.assert_outcomes(**({"passed": 4} if reason is None else {"passed": 2, "skipped": 2}))
    if reason is not None:
        result.stdout.fnmatch_lines([f"SKIPPED [[]2[]] talkative.ipynb*: {reason}"])
