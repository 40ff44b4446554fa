"""The explorer in a real browser, on its own page and in JupyterLab.

    uv run --group browser pytest tests/test_explorer_browser.py

Every element is driven by mouse and by keyboard, and what it shows is compared with `helpers`.
"""

from contextlib import contextmanager

import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers.explore.elements import EXPLORER
from tests import browser, elements

pytestmark = browser.needs("browser")


@contextmanager
def opened(address, width=1280, height=900):
    """A page with the elements ready, closed with no error and no word to another machine."""
    with browser.page(width, height) as (tab, beyond):
        said = []
        tab.on(
            "console",
            lambda message: said.append(message.text) if message.type == "error" else None,
        )
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto(address)
        tab.locator("network-explorer canvas").first.wait_for()
        yield tab
        assert not said
        assert not beyond


@pytest.fixture(scope="module")
def own_page():
    with browser.served(EXPLORER) as address:
        yield f"{address}/index.html"


@pytest.mark.parametrize("name", elements.DRIVERS)
def test_element_on_its_own_page(own_page, name):
    with opened(own_page) as tab:
        elements.DRIVERS[name](tab.locator(f"{name}-explorer"))


def test_elements_in_jupyterlab(tmp_path):
    """Cells are run by the menu; then every element can be played with."""
    cells = ["from helpers import explore\nexplore.load()"]
    cells += [f"explore.{name}()" for name in elements.DRIVERS]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    folder = tmp_path / "notebooks"
    folder.mkdir()
    nbformat.write(notebook, folder / "play.ipynb")
    with (
        browser.jupyter(folder, tmp_path / "settings") as (address, token),
        browser.page(1280, 900) as (tab, beyond),
    ):
        tab.goto(f"{address}/lab/tree/play.ipynb?token={token}")
        tab.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
        tab.get_by_role("menuitem", name="Run", exact=True).click()
        tab.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
        tab.locator("network-explorer canvas").first.wait_for(timeout=60_000)
        for name, drive in elements.DRIVERS.items():
            element = tab.locator(f"{name}-explorer")
            element.scroll_into_view_if_needed()
            drive(element)
        assert not beyond


def test_a_notebook_that_is_not_trusted_shows_pictures(tmp_path):
    from helpers import explore

    outputs = [explore.load(), explore.conv()]
    cells = []
    for output in outputs:
        data = {"text/html": output.data}
        shown = nbformat.v4.new_output("execute_result", data, execution_count=1)
        cells.append(nbformat.v4.new_code_cell("", outputs=[shown], execution_count=1))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "strange.ipynb")
    with (
        browser.jupyter(tmp_path, tmp_path / "settings") as (address, token),
        browser.page(1280, 900) as (tab, _),
    ):
        tab.goto(f"{address}/doc/tree/strange.ipynb?token={token}")
        picture = tab.locator(".jp-OutputArea-output img")
        picture.wait_for(timeout=60_000)
        assert picture.evaluate("(image) => image.naturalWidth") > 600
        assert tab.locator(".jp-OutputArea-output .grid").count() == 0


def test_impossible_requests_are_said_in_place(own_page):
    with opened(own_page) as tab:
        elements.conv_refusals(tab.locator("conv-explorer"))


def test_pictures_that_are_none(own_page, tmp_path):
    """A text, a broken picture, 100 megapixels: a word, and the numbers stay; then a real one."""
    (tmp_path / "text.png").write_text("this is no picture")
    whole = (EXPLORER / "cat.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[:40])
    Image.new("1", (10_000, 10_000)).save(tmp_path / "huge.png")
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(tmp_path / "small.png")
    with opened(own_page) as tab:
        element = tab.locator("conv-explorer")
        before = elements.grid(element, "output")
        element.get_by_label("source").select_option("own")
        for name, words in [
            ("text.png", "“text.png” is no picture that this browser can read"),
            ("cut.png", "“cut.png” is no picture"),
            ("huge.png", "“huge.png” has 100 megapixels; expected at most 64"),
        ]:
            element.get_by_label("own picture").set_input_files(tmp_path / name)
            element.locator(".alert", has_text=words).wait_for()
            assert np.array_equal(elements.grid(element, "output"), before)
        element.get_by_label("own picture").set_input_files(tmp_path / "small.png")
        element.get_by_text("image 8×8").wait_for()
        assert elements.alert(element) == ""
        assert np.array_equal(elements.grid(element, "image"), np.arange(64).reshape(8, 8))


def test_a_camera_that_is_refused(own_page):
    with opened(own_page) as tab:
        element = tab.locator("conv-explorer")
        element.get_by_label("source").select_option("camera")
        element.locator(".alert", has_text="the camera cannot be used").wait_for()
        element.get_by_label("source").select_option("photograph")
        element.get_by_role("application", name="response").wait_for()
        assert elements.alert(element) == ""
        # The photograph is not small: its window is moved by keys, its sum written out.
        view = element.get_by_role("application", name="photograph")
        view.focus()
        view.press("ArrowDown")
        view.press("ArrowRight")
        state = elements.shape(element)
        window = np.array(state["image"])[1:3, 1:3] * np.array(state["kernel"])
        assert elements.numbers(elements.readout(element).split(":")[1])[-1] == window.sum()


@pytest.mark.parametrize("width", [390, 1280, 1920])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen_and_all_can_be_read(own_page, width, scheme):
    with opened(own_page, width) as tab:
        tab.emulate_media(color_scheme=scheme)
        tab.get_by_label("write a digit").select_option("8")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert not browser.findings(tab)


def test_an_element_that_moves_stays_whole(own_page):
    """JupyterLab takes outputs out of the page and puts them back."""
    with opened(own_page) as tab:
        tab.evaluate("""() => {
          const element = document.querySelector('conv-explorer');
          const place = element.parentElement;
          element.remove();
          place.append(element);
        }""")
        elements.conv(tab.locator("conv-explorer"))


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<conv-explorer image='[[1, 2], [3]]'></conv-explorer>", "image is no table"),
        (
            "<conv-explorer image='[[1, \"a\"]]'></conv-explorer>",
            "image holds “a” in row 0, column 1",
        ),
        ("<conv-explorer kernel='oops'></conv-explorer>", "kernel is no JSON"),
        ("<geometry-explorer layers='[]'></geometry-explorer>", "layers is no list of layers"),
        ("<geometry-explorer size='400'></geometry-explorer>", "size is 400; expected a whole"),
        ("<activation-explorer activation='\"step\"'></activation-explorer>", "one of relu, leaky"),
        ("<network-explorer network='{}'></network-explorer>", "network is no network"),
        ("<network-explorer src='gone.json'></network-explorer>", "the server said 404"),
    ],
)
def test_attributes_that_cannot_be(own_page, markup, words):
    with browser.page(1280, 900) as (tab, _):
        tab.goto(own_page)
        tab.locator("network-explorer canvas").first.wait_for()
        tab.evaluate(
            "(markup) => document.querySelector('main').insertAdjacentHTML('beforeend', markup)",
            markup,
        )
        tab.locator("main > :last-child .alert", has_text=words).wait_for()
