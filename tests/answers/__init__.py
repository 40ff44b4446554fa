"""Answers to the exercises that somebody might give, one module a chapter.

`ANSWERS` says for each check what a second right answer is, and which wrong ones are refused with
which words. An answer is what the check is given: a value, or a tuple of them where it takes more.
"""

from typing import NamedTuple


class Answers(NamedTuple):
    """second: another right answer; wrong: pairs of an answer and a part of what is said to it."""

    second: object
    wrong: list
