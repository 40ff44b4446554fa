"""Run a notebook exactly as nbval will, so that what is stored is what the tests will see."""

import copy
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from uuid import uuid4

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from tools.chapters import ROOT, ChapterError
from tools.outputs import ANSI

CELL_TIMEOUT = 600  # seconds; pyproject.toml gives nbval the same


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run every cell in place, from scratch, in ``folder``; raise where a cell does.

    The kernel is the one that ``pytest --nbval-current-env`` starts, the Python that runs this
    very code, found by nbval's own class: whatever kernels the user has installed do not matter.
    """
    metadata = copy.deepcopy(notebook.metadata)
    reached = notebook.cells[0]

    def note(cell: NotebookNode, cell_index: int) -> None:
        nonlocal reached
        reached = cell

    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(
            kernel_name=CURRENT_ENV_KERNEL_NAME,
            kernel_spec_manager=NbvalKernelspecManager(),
            **connection(),
        ),
        on_cell_execute=note,
        timeout=CELL_TIMEOUT,
        # Pieces of one stream arrive cut by chance; nbval joins them before it compares.
        coalesce_streams=True,
        record_timing=False,
    )
    try:
        # What is written past Python, by C code, goes nowhere in nbval's kernel either.
        client.execute(
            cleanup_kc=True, cwd=str(folder), env=kernel_environment(), stderr=subprocess.DEVNULL
        )
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ChapterError(_report(reached, error)) from None
    # The client noted the kernel's version of Python, and the state of any widgets.
    notebook.metadata = metadata
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                # An intended error (tagged raises-exception) is stored as its message alone: the
                # frames name folders of this machine, and nbval does not compare them.
                output.traceback = [f"{output.ename}: {output.evalue}"]


def connection(system: str = os.name) -> dict[str, str]:
    """How to talk to a new kernel: over files, which work with every network down, even loopback.

    Nor can two kernels that start at once be given the same one, as happens with TCP's ports.
    Systems without such files, and folders whose path is too long for one, get TCP.
    """
    prefix = str(Path(tempfile.gettempdir(), f"kernel-{uuid4().hex}"))
    if system != "posix" or len(prefix) > 95:
        return {"transport": "tcp"}
    return {"transport": "ipc", "ip": prefix}


def kernel_settings() -> dict[str, str]:
    """Variables that a notebook's kernel gets whatever the user's are.

    With MPLBACKEND set, as on many continuous-integration machines, it would draw to nowhere, a
    user's configuration of IPython may ask for SVG or for twice the pixels, and a progress bar,
    which is for readers, would be stored. tools.pictures gives the same to the kernels that nbval
    starts.
    """
    return {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": str(_ipython_folder()),
        "TQDM_DISABLE": "1",
    }


@cache
def _ipython_folder() -> Path:
    """A configuration of IPython for all kernels, written once by each process.

    Another process may be reading it: it gets the old file or the new one, both whole.
    """
    folder = ROOT / "build" / "ipython"
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    # Kernels that run side by side would otherwise wait for one database of commands.
    configuration = b'c.HistoryManager.hist_file = ":memory:"\n'
    replace(profile / "ipython_kernel_config.py", configuration)
    return folder


def replace(target: Path, content: bytes) -> None:
    """Write a file in one step, so that whoever is interrupted leaves the old one whole."""
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        os.replace(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)


def kernel_environment() -> dict[str, str]:
    """The environment of this process, as it would be inside a test.

    ipykernel stops capturing what C code prints when PYTEST_CURRENT_TEST exists, and a kernel
    started by nbval inherits it; outputs recorded without it would differ.
    """
    return {**os.environ, **kernel_settings(), "PYTEST_CURRENT_TEST": "tools.build"}


def _report(cell: NotebookNode, error: Exception) -> str:
    """The cell that failed, its source and the error, readable in a log without colours."""
    stored = [output for output in cell.outputs if output.output_type == "error"]
    message = "\n".join(stored[-1].traceback) if stored else f"{type(error).__name__}: {error}"
    return f"{cell.id} failed\n\n{_indent(cell.source)}\n\n{_indent(ANSI.sub('', message))}"


def _indent(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
