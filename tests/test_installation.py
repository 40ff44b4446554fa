"""What the page to start from says of an installation, where all is well and where it is not."""

import platform

import pytest

from helpers import installation


@pytest.fixture
def asks(tmp_path, monkeypatch):
    """Pretend that the course, and some packages, are installed: asks("numpy>=2", numpy="2.1")."""

    def install(*requirements, python=">=3.11", **versions):
        about = [f"Requires-Python: {python}", *(f"Requires-Dist: {r}" for r in requirements)]
        _install(tmp_path, "a-course", "1", about)
        for name, version in versions.items():
            _install(tmp_path, name, version)
        return "a-course"

    monkeypatch.syspath_prepend(tmp_path)
    return install


def _install(folder, name, version, lines=()):
    about = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    about.mkdir()
    text = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines]
    (about / "METADATA").write_text("\n".join(text) + "\n", encoding="utf-8")


def test_this_installation_is_well(capsys):
    assert installation.report()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "✓ Python >=3.11,<3.14"
    assert "✓ paddlepaddle >=3.3.1,<4" in lines
    assert all(line.startswith("✓ ") for line in lines)


def test_versions_are_printed_only_where_they_are_wrong(asks, capsys):
    course = asks("goodpack>=2.2,<3", "oldpack>=2.2,<3", goodpack="2.9", oldpack="1.26.4")
    assert not installation.report(course)
    python, good, old = capsys.readouterr().out.splitlines()
    assert python == "✓ Python >=3.11"
    assert good == "✓ goodpack >=2.2,<3"
    assert old == (
        "✗ oldpack is 1.26.4, wanted >=2.2,<3: start Jupyter as the README says, or run "
        "`pip install -e .` in the course's folder"
    )


def test_a_missing_package_is_named(asks, capsys):
    assert not installation.report(asks("no-such-package-anywhere>=1"))
    assert "✗ no-such-package-anywhere is missing, wanted >=1: start" in capsys.readouterr().out


def test_a_system_without_paddle_is_told_where_to_go(asks, capsys):
    assert not installation.report(asks("paddlepaddle>=99"))
    assert "use Binder or Colab" in capsys.readouterr().out


def test_another_python_is_told(asks, capsys):
    assert not installation.report(asks(python="<3"))
    found = f"✗ Python is {platform.python_version()}, wanted <3: install one of these versions"
    assert found in capsys.readouterr().out


def test_what_another_system_needs_does_not_count(asks, capsys):
    assert installation.report(asks('elsewhere>=1; sys_platform == "nowhere"'))
    assert capsys.readouterr().out == "✓ Python >=3.11\n"


def test_a_release_candidate_counts_as_installed(asks):
    assert installation.report(asks("newpack>=2,<4", newpack="3.0rc1"))


def test_a_course_that_is_not_installed_is_told(capsys):
    assert not installation.report("no-such-course")
    assert capsys.readouterr().out.startswith("✗ no-such-course is not installed here: start")
