"""What holds the set-up together: one list of dependencies, a light import, a test command."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_environment_yml_takes_python_from_conda_and_the_rest_from_pyproject():
    lines = (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
    listed = [line.strip() for line in lines if line.strip().startswith("- ")]
    assert listed[0] == "- conda-forge"
    assert re.fullmatch(r"- python=3\.1[123]", listed[1])
    assert listed[2:] == ["- pip", "- pip:", "- -e ."]


def test_dependencies_are_ranges_and_the_resolution_has_a_date():
    groups = [PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"].values()]
    for requirement in (line for group in groups for line in group):
        assert ">=" in requirement, requirement
        assert "==" not in requirement, requirement
    assert PYPROJECT["tool"]["uv"]["exclude-newer"]
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_both_commands_of_the_readme_set_themselves_up():
    setup = "python3 -m venv .uv && .uv/bin/pip install uv && .uv/bin/uv run"
    commands = [line for line in README.splitlines() if line.startswith("python3 ")]
    assert commands == [
        f"{setup} jupyter lab --ServerApp.root_dir=. notebooks/00_start.ipynb",
        f"{setup} pytest",
    ]
    assert ".uv/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_workflow_runs_the_test_commands_of_the_readme_on_every_system():
    path = ROOT / ".github" / "workflows" / "tests.yml"
    (job,) = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
    systems = {"ubuntu-latest", "macos-latest", "windows-latest"}
    assert set(job["strategy"]["matrix"]["system"]) == systems
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.13"]
    assert PYPROJECT["project"]["requires-python"] == ">=3.11,<3.14"
    elsewhere, windows = (step["run"].splitlines() for step in job["steps"] if "run" in step)
    lines = README.splitlines()
    assert set(elsewhere) | set(windows) <= set(lines)
    assert elsewhere[-1].endswith("uv run pytest")
    assert windows[-1].endswith("uv run pytest")


def test_ci_runs_the_test_command_of_the_readme_and_what_needs_more_than_it():
    lines = [line.strip() for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()]
    tests = [
        line for line in lines if " run " in f" {line}" and "pytest" in line and line[0] != "#"
    ]
    assert tests == [
        "uv run pytest",
        "uv run pytest notebooks --processor oldest",
        "uv run --group class pytest tests/test_grade_class.py",
        "BROWSER_REQUIRED=1 uv run --group slides --group browser --group book pytest \\",
    ]
    browsing = {path.name for path in (ROOT / "tests").glob("test_*_browser.py")}
    assert browsing <= set(lines[lines.index(tests[-1]) + 1].replace("tests/", "").split())


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("helpers", ["paddle", "matplotlib", "PIL", "scipy", "sklearn"]),
        ("helpers.ops", ["paddle", "matplotlib", "PIL", "scipy", "sklearn"]),
        ("helpers.geometry", ["paddle", "matplotlib", "PIL", "scipy", "sklearn"]),
        ("helpers.data", ["paddle", "matplotlib", "scipy", "sklearn", "pooch", "requests"]),
        ("helpers.figures", ["paddle", "scipy", "sklearn"]),
    ],
)
def test_imports_stay_light(module, absent):
    """Importing must not pull in libraries that take a second; counted, not timed."""
    code = f"import {module}, sys; print(*[name for name in {absent!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_code_and_chapters_pass_the_linter(command):
    run = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
