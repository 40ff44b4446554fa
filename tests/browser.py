"""Jupyter, a server of files and a real browser, for what can only be seen there."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


MODULES = {"browser": "playwright", "slides": "jupyterlab_rise", "book": "sphinx"}


def missing(*groups: str) -> str:
    """What a test in the browser that needs these groups of dependencies lacks here, or nothing."""
    lacking = [f"the group `{name}`" for name in groups if find_spec(MODULES[name]) is None]
    return " and ".join(lacking if chromium() else [*lacking, "Chromium"])


def needs(*groups: str):
    """The mark of tests in the browser: they are skipped with a word where something is missing.

    Where the variable BROWSER_REQUIRED is set, that is an error instead.
    """
    lacking = missing(*groups)
    if lacking and os.environ.get("BROWSER_REQUIRED"):
        raise RuntimeError(f"tests in a browser are required, and there is no {lacking} here")
    return pytest.mark.skipif(bool(lacking), reason=f"no {lacking} here")


def chromium() -> str | None:
    """Where the browser is, or None. The variable CHROMIUM names another one."""
    found = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    return next((path for path in found if path), None)


@contextmanager
def jupyter(folder: Path, settings: Path):
    """Serve a folder with Jupyter, with settings of its own; gives the address and a token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--port-retries=0", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={folder}"]
    keys = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    environment = os.environ | {key: str(settings / key.lower()) for key in keys}
    settings.mkdir(parents=True, exist_ok=True)
    log = settings / "jupyter.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/api/status?token={token}", server, log)
        yield address, token
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            # It waits for kernels, and at times for one that is gone.
            server.kill()
            server.wait()


@contextmanager
def served(folder: Path):
    """Serve the files of a folder on the loopback address; gives the address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def page(width: int, height: int, *arguments: str, **settings):
    """A page of a browser, and the list of addresses beyond this machine that it asked for.

    arguments: more of them for the browser's command; settings: of Playwright's page, as has_touch.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", *arguments]
        )
        tab = browser.new_page(viewport={"width": width, "height": height}, **settings)
        beyond = []
        tab.on("request", lambda request: beyond.append(request.url) if _is_far(request) else None)
        yield tab, beyond
        browser.close()


def findings(tab) -> list[str]:
    """What axe finds on a page that keeps some people from using it, serious and critical."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def _is_far(request) -> bool:
    near = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
    return not request.url.startswith(near)


def _wait(url: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(240):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"Jupyter did not start:\n{log.read_text(errors='replace')[-2000:]}")
