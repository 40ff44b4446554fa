"""Run the notebooks as on another processor: ``pytest notebooks --processor oldest``.

Products and functions round differently with AVX-512, with AVX2 and with SSE alone, and with the
number of threads. NumPy, OpenBLAS, MKL and oneDNN (within Paddle) and the C library choose by the
processor they find, and can be told by environment variables to leave newer instructions alone.
As a pytest plugin, which the root ``conftest.py`` loads, this module sets them for the kernels of
the notebooks; the tests' own process stays as it is.
"""

import os
import platform
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from nbval.plugin import IPyNbCell

PROFILES = {
    "oldest": "no instructions newer than SSE4, wherever a library can be told so",
    "avx2": "AVX2, no AVX-512",
    "one-thread": "every library on one thread",
    "four-threads": "four threads; OpenBLAS takes no more than the machine has processors",
}

# NumPy's names for what a processor with AVX2 has; it changed them in version 2.4.
_SSE4 = {"SSE", "SSE2", "SSE3", "SSSE3", "SSE41", "POPCNT", "SSE42", "X86_V2"}
_AVX2 = _SSE4 | {"AVX", "F16C", "FMA3", "AVX2", "X86_V3"}


class ProcessorError(Exception):
    """A profile is not known, or this machine cannot play it; the message says which and why."""


def environment(
    profile: str, machine: str | None = None, features: Iterable[str] | None = None
) -> dict[str, str]:
    """The variables under which a new process computes as a profile says.

    ``machine`` and ``features``, the processor's type and what NumPy uses of it beyond what every
    one of that type has, are asked of this machine by default. Raises ProcessorError for a profile
    that is not known and for one that needs another processor.
    """
    if profile not in PROFILES:
        raise ProcessorError(f"there is no processor {profile!r}; there are: {', '.join(PROFILES)}")
    if profile == "one-thread":
        return _threads(1)
    if profile == "four-threads":
        # With OMP_NUM_THREADS above 1 Paddle prints a warning on import; MKL, which computes its
        # products, has a variable of its own, and would use fewer where there are fewer processors.
        return {**_threads(4), "OMP_NUM_THREADS": "1", "MKL_DYNAMIC": "FALSE"}
    machine = platform.machine() if machine is None else machine
    if machine.lower() not in ("x86_64", "amd64"):
        raise ProcessorError(f"{profile!r} needs an x86-64 processor, this one is {machine}")
    features = list(numpy_features() if features is None else features)
    if profile == "avx2":
        if not {"AVX2", "X86_V3"} & set(features):
            raise ProcessorError("'avx2' needs a processor with AVX2, this one has none")
        return {
            "OPENBLAS_CORETYPE": "Haswell",
            "NPY_DISABLE_CPU_FEATURES": _without(features, _AVX2),
            # MKL_CBWR=AVX2 would end in an illegal instruction where the processor is no Intel.
            "MKL_ENABLE_INSTRUCTIONS": "AVX2",
            "ONEDNN_MAX_CPU_ISA": "AVX2",
        }
    return {
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": _without(features, _SSE4),
        "MKL_CBWR": "COMPATIBLE",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        # The C library's exp, sin and so on use fused products where there are any. It ignores
        # names that its version does not know.
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable",
    }


def fair_share() -> dict[str, str]:
    """The variables that leave each of several pytest workers its share of the processors.

    Threads of two kernels on one processor wait for each other in busy loops. What the user has
    set stays so.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1 or "OPENBLAS_NUM_THREADS" in os.environ:
        return {}
    return {"OPENBLAS_NUM_THREADS": str(max((os.cpu_count() or 1) // workers, 1))}


def numpy_features() -> list[str]:
    """What NumPy found on this processor beyond its baseline, by NumPy's names."""
    return np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])


def _threads(count: int) -> dict[str, str]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return dict.fromkeys(names, str(count))


def _without(features: Iterable[str], kept: set[str]) -> str:
    """What NumPy is to leave alone; what the user switched off already stays so."""
    dropped = [feature for feature in features if feature not in kept]
    return " ".join([*os.environ.get("NPY_DISABLE_CPU_FEATURES", "").split(), *dropped])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("notebooks").addoption(
        "--processor",
        metavar="NAME",
        help="run the notebooks as on another processor: "
        + "; ".join(f"{name}: {meaning}" for name, meaning in PROFILES.items()),
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a profile at once, and not at the first notebook."""
    profile = config.getoption("--processor")
    try:
        if profile is not None:
            environment(profile)
    except ProcessorError as error:
        raise pytest.UsageError(f"--processor: {error}") from None


def pytest_report_header(config: pytest.Config) -> str | None:
    profile = config.getoption("--processor")
    return profile and f"notebooks run as on the processor {profile!r}: {PROFILES[profile]}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """nbval starts a notebook's kernel here, at its first cell; it inherits the variables."""
    profile = item.config.getoption("--processor")
    with pytest.MonkeyPatch.context() as variables:
        if isinstance(item, IPyNbCell):
            wanted = fair_share() | ({} if profile is None else environment(profile))
            for name, value in wanted.items():
                variables.setenv(name, value)
        return (yield)
