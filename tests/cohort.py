"""Grade a class of students who do everything, and print what each got beside what is due.

    uv run --group class python -m tests.cohort FOLDER --jobs 2

releases the exercises of chapter 02 into FOLDER/course, writes a submission for each student into
FOLDER/handed, and grades all.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.students import STUDENTS, write_class
from tools.grade import sandbox
from tools.grade.course import grade_all
from tools.grade.release import release
from tools.grade.student import Limits

LIMITS = Limits(seconds=12, megabytes=1500)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.cohort")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="*", choices=STUDENTS, help="these students alone")
    options = parser.parse_args(arguments)
    course, handed = options.folder.resolve() / "course", options.folder.resolve() / "handed"
    release(course, ["02"])
    chosen = options.only or list(STUDENTS)
    write_class(handed, course, chosen)
    start = time.perf_counter()
    rows = {row["student"]: row for row in grade_all(course, [handed], options.jobs, LIMITS)}
    seconds = time.perf_counter() - start
    for words in sandbox.missing():
        print("not held:", words)
    wrong = 0
    for name in chosen:
        row, due = rows[name], STUDENTS[name][1]
        wrong += row["score"] != due
        mark = "" if row["score"] == due else "  WRONG"
        print(f"{name:20} due {due}, got {row['score']:g}{mark}  {row['words']}")
    print(f"{len(rows)} submissions in {seconds:.0f} s, {wrong} graded wrongly")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
