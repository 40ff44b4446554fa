"""Skip notebooks whose processes talk to each other over a network, where there is none.

A pytest plugin, which the root ``conftest.py`` loads. A cell with the tag ``needs-loopback`` starts
such processes; the cells after it need what it made, so the whole notebook is left out.
"""

import socket
import sys

import pytest
from nbval.plugin import IPyNbCell

TAG = "needs-loopback"


def has_loopback() -> bool:
    """Whether this machine can talk to itself over a network."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError:
        return False
    return True


def obstacle(system: str = sys.platform) -> str | None:
    """Why processes of Paddle cannot talk to each other here, or None."""
    if system != "linux":
        return "Paddle's launcher has gloo on Linux alone"
    if not has_loopback():
        return "processes can't talk to each other over a network"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every cell of such a notebook before a kernel is started for the first."""
    cells = [item for item in items if isinstance(item, IPyNbCell)]
    notebooks = {cell.parent for cell in cells if TAG in cell.cell.metadata.get("tags", [])}
    reason = obstacle() if notebooks else None
    if reason:
        for cell in cells:
            if cell.parent in notebooks:
                cell.add_marker(pytest.mark.skip(reason=reason))
