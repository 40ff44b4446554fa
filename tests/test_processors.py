"""Notebooks run as on another processor: the kernel computes so, and what cannot be is refused."""

import os
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.chapters import ROOT
from tools.processors import (
    ProcessorError,
    environment,
    fair_share,
    numpy_features,
    pytest_configure,
    pytest_report_header,
)

# What a process says of itself: NumPy's instruction sets and how it computes a sine, OpenBLAS's
# kernels and threads, and the last bits of the C library's functions.
QUESTION = """\
import hashlib, math
import numpy as np
from threadpoolctl import threadpool_info
simd = np.show_config(mode="dicts")["SIMD Extensions"]
print("newer:", *simd.get("found", []))
info = np.lib.introspect.opt_func_info(func_name="^sin$", signature="float64")
print("sine:", info["sin"]["dd"]["current"])
blas = [pool for pool in threadpool_info() if pool["internal_api"] == "openblas"]
print("blas:", *{pool["architecture"] for pool in blas})
print("threads:", *{pool["num_threads"] for pool in blas})
values = [math.exp(n / 1000).hex() for n in range(10000)]
print("exp:", hashlib.sha256("".join(values).encode()).hexdigest())
"""

try:
    environment("avx2")
    _refusal = ""
except ProcessorError as _error:
    _refusal = str(_error)

needs_avx2 = pytest.mark.skipif(bool(_refusal), reason=_refusal)


def run(code: str, **variables: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(
        command,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    ).stdout


def ask(profile: str) -> dict[str, str]:
    return dict(line.split(":", 1) for line in run(QUESTION, **environment(profile)).splitlines())


@needs_avx2
def test_oldest_uses_nothing_new():
    said = ask("oldest")
    assert said["newer"] == ""
    assert "baseline" in said["sine"]
    assert said["blas"] == " Nehalem"
    if sys.platform == "linux":
        # With fused products some of these differ in the last bit.
        assert said["exp"] != ask("one-thread")["exp"]


@needs_avx2
def test_avx2_uses_avx2_and_nothing_newer():
    said = ask("avx2")
    assert {"X86_V3", "AVX2"} & set(said["newer"].split())
    assert "512" not in said["newer"]
    assert "X86_V4" not in said["newer"]
    assert "baseline" not in said["sine"]
    assert said["blas"] == " Haswell"
    names = ("MKL_ENABLE_INSTRUCTIONS", "ONEDNN_MAX_CPU_ISA")
    assert [environment("avx2")[name] for name in names] == ["AVX2", "AVX2"]


def test_threads():
    assert ask("one-thread")["threads"] in (" 1", "")
    # OpenBLAS takes no more than there are processors.
    assert ask("four-threads")["threads"] in (f" {min(4, (os.cpu_count() or 1))}", "")


@needs_avx2
def test_paddles_products_follow_the_profiles():
    """Of two profiles at once, whose variables differ, since importing Paddle takes seconds."""
    product = "import paddle; x = paddle.ones([300, 300]); print(paddle.matmul(x, x)[0, 0].item())"
    assert "300.0" in run(product, **environment("avx2"))  # and no illegal instruction
    variables = {**environment("oldest"), **environment("four-threads"), "MKL_VERBOSE": "1"}
    said = run(product, **variables)
    if "MKL_VERBOSE" not in said:
        pytest.skip("Paddle does not multiply with MKL on this system")
    assert re.search(r"CNR:COMPATIBLE .* NThr:4\b", said), said
    assert "OMP_NUM_THREADS" not in said  # Paddle's warning


def test_a_notebooks_kernel_runs_under_the_profile(tmp_path):
    """A stored output that only the profile gives comes out."""
    source = "import os\nprint(os.environ.get('OPENBLAS_NUM_THREADS'))"
    outputs = [new_output("stream", text="4\n")]
    cell = new_code_cell(source, execution_count=1, outputs=outputs, metadata={})
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "threads.ipynb")
    command = [sys.executable, "-m", "pytest", tmp_path, f"--rootdir={tmp_path}", "--color=no"]
    command += [f"--config-file={ROOT / 'pyproject.toml'}", "--numprocesses=0"]
    command += ["-p", "tools.pictures", "-p", "tools.processors", "-p", "no:cacheprovider"]
    command += ["--processor", "four-threads"]
    left_out = ("PYTEST", "OPENBLAS_NUM_THREADS")
    plain = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    said = subprocess.run(
        command, cwd=ROOT, env=plain, stdout=subprocess.PIPE, encoding="utf-8", check=False
    ).stdout
    assert "'four-threads': four threads; OpenBLAS" in said
    assert "1 passed" in said


@pytest.mark.parametrize(
    ("processors", "workers", "threads"),
    [(8, "2", "4"), (8, "3", "2"), (2, "2", "1"), (1, "4", "1"), (None, "2", "1"), (8, "1", None)],
)
def test_workers_share_the_processors(monkeypatch, processors, workers, threads):
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", workers)
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert fair_share().get("OPENBLAS_NUM_THREADS") == threads
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    assert fair_share() == {}


def test_without_workers_all_processors_are_free(monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER_COUNT", raising=False)
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert fair_share() == {}


def test_unknown_processor_is_refused_at_once(pytestconfig, monkeypatch):
    monkeypatch.setattr(pytestconfig.option, "processor", "z80")
    names = "oldest, avx2, one-thread, four-threads"
    message = f"^--processor: there is no processor 'z80'; there are: {names}$"
    with pytest.raises(pytest.UsageError, match=message):
        pytest_configure(pytestconfig)
    monkeypatch.setattr(pytestconfig.option, "processor", "one-thread")
    pytest_configure(pytestconfig)


@pytest.mark.parametrize("profile", ["oldest", "avx2"])
def test_instructions_of_another_type_of_processor_are_refused(profile):
    message = f"'{profile}' needs an x86-64 processor, this one is arm64"
    with pytest.raises(ProcessorError, match=message):
        environment(profile, "arm64")


@pytest.mark.parametrize("profile", ["one-thread", "four-threads"])
def test_threads_are_for_every_processor(profile):
    assert set(environment(profile, "arm64")) >= {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}


@pytest.mark.parametrize("machine", ["x86_64", "AMD64"])
@pytest.mark.parametrize(
    ("found", "newer_than_sse4", "newer_than_avx2"),
    [
        ("X86_V3 X86_V4 AVX512_ICL", "X86_V3 X86_V4 AVX512_ICL", "X86_V4 AVX512_ICL"),
        ("SSE42 AVX F16C FMA3 AVX2 AVX512F", "AVX F16C FMA3 AVX2 AVX512F", "AVX512F"),
        ("X86_V3", "X86_V3", ""),
    ],
)
def test_every_newer_instruction_set_is_switched_off(
    monkeypatch, machine, found, newer_than_sse4, newer_than_avx2
):
    monkeypatch.delenv("NPY_DISABLE_CPU_FEATURES", raising=False)
    oldest, avx2 = (environment(name, machine, found.split()) for name in ("oldest", "avx2"))
    assert oldest["NPY_DISABLE_CPU_FEATURES"] == newer_than_sse4
    assert avx2["NPY_DISABLE_CPU_FEATURES"] == newer_than_avx2
    monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", "AVX512_SPR")
    avx2 = environment("avx2", machine, found.split())
    assert avx2["NPY_DISABLE_CPU_FEATURES"] == f"AVX512_SPR {newer_than_avx2}".strip()


def test_each_profile_tells_every_library(monkeypatch):
    monkeypatch.delenv("NPY_DISABLE_CPU_FEATURES", raising=False)
    assert environment("one-thread") == {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    assert environment("four-threads") == {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "4",
        "MKL_NUM_THREADS": "4",
        "MKL_DYNAMIC": "FALSE",
    }
    assert environment("avx2", "x86_64", ["AVX2"]) == {
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
    }
    oldest = environment("oldest", "x86_64", ["AVX2"])
    tunables = oldest.pop("GLIBC_TUNABLES")
    assert re.fullmatch(r"glibc\.cpu\.hwcaps=(-\w+,)*-\w+", tunables)
    assert {"-AVX2", "-FMA", "-FMA4"} <= set(tunables.partition("=")[2].split(","))
    assert oldest == {
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": "AVX2",
        "MKL_CBWR": "COMPATIBLE",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
    }


def test_this_machine_is_asked_where_nothing_is_given(monkeypatch):
    monkeypatch.delenv("NPY_DISABLE_CPU_FEATURES", raising=False)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("tools.processors.numpy_features", lambda: ["AVX2", "AVX512F"])
    assert environment("avx2")["NPY_DISABLE_CPU_FEATURES"] == "AVX512F"
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    with pytest.raises(ProcessorError, match="this one is arm64"):
        environment("avx2")


def test_the_first_lines_of_a_run_name_the_profile(pytestconfig, monkeypatch):
    monkeypatch.setattr(pytestconfig.option, "processor", None)
    assert pytest_report_header(pytestconfig) is None
    pytest_configure(pytestconfig)
    monkeypatch.setattr(pytestconfig.option, "processor", "avx2")
    expected = "notebooks run as on the processor 'avx2': AVX2, no AVX-512"
    assert pytest_report_header(pytestconfig) == expected


def test_avx2_is_refused_where_there_is_none():
    with pytest.raises(ProcessorError, match="needs a processor with AVX2, this one has none"):
        environment("avx2", "x86_64", ["AVX", "F16C"])
    assert environment("oldest", "x86_64", [])["OPENBLAS_CORETYPE"] == "Nehalem"


def test_numpy_tells_its_features():
    found = numpy_features()
    assert found == np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    assert all(isinstance(name, str) for name in found)
