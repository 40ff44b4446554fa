"""The command that starts a kernel from which nothing else can be seen, written or reached."""

import os
import shutil
import site
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from tools.chapters import ROOT

PACKAGES = [ROOT / "helpers", ROOT / "images", ROOT / "tools"]
SYSTEM = ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime"]


def missing() -> list[str]:
    """What is not held on this machine: words for the teacher, none where all is."""
    held = [] if sys.platform == "linux" else ["a submission can start processes without number"]
    if shutil.which("bwrap"):
        return held
    return [
        *held,
        "bubblewrap (bwrap) is not installed: a submission can read and write the files of whoever "
        "grades, the gradebook and other submissions among them, and can open the network; only "
        "processor time, memory and the size of a file are limited",
    ]


def environment() -> dict[str, str]:
    """The variables of a kernel, all of them in a sandbox."""
    return {
        "PATH": os.defpath,
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        # Threads and warnings cost memory and points.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONWARNINGS": "ignore",
        "TQDM_DISABLE": "1",
    }


def command(runtime: Path, seconds: int, megabytes: int, checks: str) -> list[str]:
    """The arguments of a kernel specification.

    runtime: the one folder that the kernel may write to besides a small /tmp of its own; its
    sockets lie there. seconds, megabytes: processor time and memory of the whole notebook. checks:
    the module of `helpers.checks`.
    """
    script = str(ROOT / "tools" / "grade" / "kernel.py")
    limits = [str(seconds), str(megabytes), checks]
    kernel = [sys.executable, script, *limits, "-f", "{connection_file}"]
    if missing():
        return kernel
    walls = ["bwrap", "--unshare-all", "--uid", "1000", "--gid", "1000", "--new-session"]
    walls += ["--die-with-parent", "--proc", "/proc", "--dev", "/dev"]
    walls += ["--size", str(64 * 2**20), "--tmpfs", "/tmp"]
    for path in _visible():
        walls += ["--ro-bind", str(path), str(path)]
    walls += ["--bind", str(runtime), str(runtime), "--chdir", "/tmp", "--clearenv"]
    for name, value in environment().items():
        walls += ["--setenv", name, value]
    return [*walls, *kernel]


def _visible() -> Sequence[Path]:
    """Python, its libraries, the system's, and of the course only what the checks need."""
    paths = [Path(path) for path in SYSTEM if os.path.exists(path)]
    paths += [Path(sys.base_prefix), Path(sys.prefix)]
    paths += [Path(path) for path in site.getsitepackages()]
    paths += [Path(sysconfig.get_path("stdlib")), *PACKAGES]
    # A folder within another one is there already.
    seen = []
    for path in sorted(set(paths), key=lambda path: len(path.parts)):
        if not any(other in path.parents for other in seen):
            seen.append(path)
    return seen
