"""Hand out exercises and grade them with nbgrader.

python -m tools.grade release COURSE [02 …]             write COURSE/release, to hand out
python -m tools.grade run COURSE SUBMISSIONS… --jobs 2  grade; a folder holds a folder a student

Scores go to COURSE/gradebook.db, which `nbgrader export` and nbgrader's Formgrader in JupyterLab
read, feedback to COURSE/feedback, and a table with what was wrong to COURSE/report.csv.
Interrupted and started again, it goes on where it was. Needs the group `class`:
uv run --group class …
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.chapters import ChapterError


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.grade",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    release = commands.add_parser("release", help="write the assignments")
    release.add_argument("course", type=Path)
    release.add_argument("chapters", nargs="*", metavar="chapter")
    run = commands.add_parser("run", help="grade submissions")
    run.add_argument("course", type=Path)
    run.add_argument("submissions", type=Path, nargs="+")
    run.add_argument("--jobs", type=_positive, default=1, help="submissions at a time")
    run.add_argument("--seconds", type=_positive, default=120, help="processor time of a notebook")
    run.add_argument("--megabytes", type=_positive, default=4096, help="memory of a notebook")
    options = parser.parse_args(arguments)
    try:
        return _release(options) if options.command == "release" else _run(options)
    except ChapterError as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        if error.name != "nbgrader":
            raise
        print("nbgrader is not installed: uv run --group class …", file=sys.stderr)
    return 1


def _release(options: argparse.Namespace) -> int:
    from tools.grade.release import release

    for name in release(options.course.resolve(), options.chapters):
        print(f"{options.course / 'release' / name}")
    return 0


def _run(options: argparse.Namespace) -> int:
    from tools.grade import sandbox
    from tools.grade.course import REPORT, grade_all
    from tools.grade.student import Limits

    for words in sandbox.missing():
        print(f"Not held on this machine: {words}.", file=sys.stderr)
    limits = Limits(options.seconds, options.megabytes)
    rows = grade_all(options.course.resolve(), options.submissions, options.jobs, limits)
    for row in rows:
        print(f"{row['student']:20} {row['assignment']:28} {row['score']:g}/{row['of']:g}", end="")
        print(f"  {row['words']}" if row["words"] else "")
    print(f"{options.course / REPORT}")
    return 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
