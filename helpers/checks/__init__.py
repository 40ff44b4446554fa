"""Checks for the exercises: one module a chapter, one function an exercise.

Each takes a student's answer, prints a line that begins with ✓, or raises `CheckFailed`, which a
notebook shows as a line that begins with ✗. `tell` prints that line instead and goes on, for the
activities inside the lessons.
"""

from ._engine import CheckFailed, canary, tell

__all__ = ["CheckFailed", "canary", "tell"]
