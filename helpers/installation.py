"""What the course asks of the Python that runs it, and whether it is there."""

import platform
from importlib import metadata

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

COURSE = "cnn-course"

_REPAIR = "start Jupyter as the README says, or run `pip install -e .` in the course's folder"
_REPAIRS = {
    "Python": "install one of these versions, and start Jupyter as the README says",
    "paddlepaddle": f"{_REPAIR}; if there is none for this system, use Binder or Colab",
}


def report(distribution=COURSE):
    """Print a line for Python and for each package that the course needs: ✓, or ✗ and what to do.

    What is needed is read from the installed course itself. Versions are printed only where they
    are wrong. Returns whether all is well.
    """
    try:
        about = metadata.metadata(distribution)
    except metadata.PackageNotFoundError:
        print(f"✗ {distribution} is not installed here: {_REPAIR}")
        return False
    python = SpecifierSet(about["Requires-Python"])
    wrong = [_line("Python", python, platform.python_version())]
    for text in metadata.requires(distribution) or []:
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate():
            wrong.append(_line(wanted.name, wanted.specifier, _found(wanted.name)))
    return not any(wrong)


def _found(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _line(name, wanted, found):
    """Print the line of one package; return whether something is wrong."""
    wrong = found is None or not wanted.contains(found, prereleases=True)
    versions = ",".join(sorted(map(str, wanted), reverse=True))  # the lower bound first
    if wrong:
        is_there = "is missing" if found is None else f"is {found}"
        print(f"✗ {name} {is_there}, wanted {versions}: {_REPAIRS.get(name, _REPAIR)}")
    else:
        print(f"✓ {name} {versions}")
    return wrong
