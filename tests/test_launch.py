"""Scripts in processes of their own: what they are told, and that nothing of them is left."""

import os
import subprocess
import time

import pytest

from helpers import launch


@pytest.fixture
def scripts(tmp_path, monkeypatch):
    (tmp_path / "scripts").mkdir()
    monkeypatch.setattr(launch, "ROOT", tmp_path)

    def write(text):
        (tmp_path / "scripts" / "one.py").write_text(text, encoding="utf-8")
        return "one.py"

    return write


def test_a_script_gets_its_arguments_and_its_print_comes_back(scripts):
    name = scripts("import sys\nprint(sys.argv[1:])")
    assert launch.finish(launch.start(name, ["--epochs", 3])) == "['--epochs', '3']\n"


def test_a_failure_is_told_with_its_message(scripts):
    process = launch.start(scripts("raise SystemExit('no such digits')"))
    with pytest.raises(RuntimeError, match=r"(?s)ended with 1:.*no such digits"):
        launch.finish(process)


def test_what_takes_too_long_is_ended(scripts):
    process = launch.start(scripts("import time\ntime.sleep(600)"))
    with pytest.raises(subprocess.TimeoutExpired):
        launch.finish(process, seconds=0.5)
    assert process.poll() not in (None, 0)


@pytest.mark.skipif(os.name != "posix", reason="only here does a kill reach the whole group")
def test_the_end_reaches_those_that_it_started(scripts, tmp_path):
    sign = tmp_path / "sign"
    child = f"import time, pathlib; time.sleep(2); pathlib.Path({str(sign)!r}).touch()"
    started = f"subprocess.Popen([sys.executable, '-c', {child!r}])"
    name = scripts(f"import subprocess, sys, time\n{started}\nprint(1, flush=True)\ntime.sleep(60)")
    process = launch.start(name)
    assert process.stdout.readline() == "1\n"
    launch.end(process)
    time.sleep(3)
    assert not sign.exists()


def test_several_are_started_by_the_launcher(monkeypatch):
    called = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: called.append(command))
    launch.start("train_lenet.py", processes=2)
    (command,) = called
    assert command[1:3] == ["-m", "paddle.distributed.launch"]
    assert command[3:7] == ["--nproc_per_node", "2", "--backend", "gloo"]
    assert command[-1].endswith("train_lenet.py")


def test_the_environment_is_clean(monkeypatch):
    monkeypatch.setenv("PADDLE_TRAINERS_NUM", "2")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    found = launch.environment(threads=2)
    assert not [key for key in found if key.startswith(("PADDLE", "PYTEST"))]
    assert found["PYTHONPATH"].split(os.pathsep) == [str(launch.ROOT), "elsewhere"]
    assert found["OMP_NUM_THREADS"] == found["OPENBLAS_NUM_THREADS"] == "2"
    assert found["CUDA_VISIBLE_DEVICES"] == ""


def test_what_cannot_be_started_is_refused():
    with pytest.raises(ValueError, match=r"script is 'none\.py'; expected the name of a file"):
        launch.start("none.py")
    for script in ("", "../tools/build.py", 3):
        with pytest.raises(ValueError, match="expected the name of a file in scripts"):
            launch.start(script)
    with pytest.raises(ValueError, match="arguments is '--epochs 3'; expected a list"):
        launch.start("train_lenet.py", "--epochs 3")
    with pytest.raises(ValueError, match="processes is 0"):
        launch.start("train_lenet.py", processes=0)
