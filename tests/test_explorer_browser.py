"""The explorer in a real browser, on its own page and in JupyterLab.

    uv run --group browser pytest tests/test_explorer_browser.py

Every element is driven by mouse and by keyboard, and what it shows is compared with `helpers`.
"""

from contextlib import contextmanager

import nbformat
import numpy as np
import pytest
from PIL import Image

from helpers.explore import read_weights
from helpers.explore.elements import EXPLORER
from tests import browser, elements, quick

pytestmark = browser.needs("browser")


@contextmanager
def opened(address, width=1280, *arguments, **settings):
    """A page with the elements ready, closed with no error and no word to another machine."""
    with browser.page(width, 900, *arguments, **settings) as (tab, beyond):
        said = []
        tab.on("console", lambda message: message.type == "error" and said.append(message.text))
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
    (tmp_path / "strange.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><foreignObject width="9" '
        'height="9"><p xmlns="http://www.w3.org/1999/xhtml">?</p></foreignObject></svg>'
    )
    whole = (EXPLORER / "cat.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[:40])
    Image.new("1", (10_000, 10_000)).save(tmp_path / "huge.png")
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(tmp_path / "small.png")
    with opened(own_page) as tab:
        element = tab.locator("conv-explorer")
        before = elements.grid(element, "output")
        element.get_by_label("source").select_option("own picture")
        for name, words in [
            ("text.png", "“text.png” is no picture that this browser can read"),
            ("cut.png", "“cut.png” is no picture"),
            ("strange.svg", "“strange.svg” is no picture"),
            ("huge.png", "“huge.png” has 100 megapixels; expected at most 64"),
        ]:
            element.get_by_label("your picture").set_input_files(tmp_path / name)
            element.locator(".alert", has_text=words).wait_for()
            assert np.array_equal(elements.grid(element, "output"), before)
        element.get_by_label("your picture").set_input_files(tmp_path / "small.png")
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


def test_drawn_digits_are_read_as_paddle_reads_their_pixels(own_page):
    """A digit of each class, drawn with the mouse, stroke by stroke."""
    weights, read = read_weights(), []
    with opened(own_page) as tab:
        element = tab.locator("network-explorer")
        paper = element.get_by_role("application", name="paper")
        for strokes in quick.value("() => DIGITS"):
            element.get_by_role("button", name="clear").click()
            elements.draw(tab, paper, strokes)
            elements.compare(element, weights)
            read.append(elements.shape(element)["label"])
    assert read == list(range(10))


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_is_wider_than_the_screen_and_all_can_be_read(own_page, width):
    with opened(own_page, width) as tab:
        tab.get_by_label("write a digit").select_option("8")
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            tab.locator(f"conv-explorer{'[data-dark]' * (scheme == 'dark')}").wait_for()
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            assert not browser.findings(tab)


CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
# Every picture that the camera takes, so that one left running is found.
WATCHED = """() => {
  window.streams = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (what) => {
    await new Promise((done) => setTimeout(done, 300));
    const stream = await ask(what);
    window.streams.push(stream);
    return stream;
  };
}"""
LIVE = "streams.flatMap((s) => s.getTracks()).filter((t) => t.readyState === 'live').length"


def test_a_camera_films_and_stops(own_page):
    with opened(own_page, 1280, *CAMERA) as tab:
        tab.evaluate(WATCHED)
        element = tab.locator("conv-explorer")
        source = element.get_by_label("source")
        source.select_option("camera")
        element.get_by_role("application", name="photograph").wait_for()
        assert tab.evaluate(LIVE) == 1
        # What is wrong stays said while pictures come in.
        elements.fill(element, "stride", "0")
        tab.wait_for_timeout(200)
        assert "stride is 0" in elements.alert(element)
        source.select_option("numbers")
        assert tab.evaluate(LIVE) == 0
        assert elements.grid(element, "image").shape == (7, 7)


@pytest.mark.parametrize("then", ["numbers", "photograph", "remove"])
def test_a_camera_that_is_no_longer_wanted_does_not_film(own_page, then):
    """Who changes the mind while the camera starts gets what was chosen last, and no camera."""
    with opened(own_page, 1280, *CAMERA) as tab:
        tab.evaluate(WATCHED)
        element = tab.locator("conv-explorer")
        element.get_by_label("source").select_option("camera")
        if then == "remove":
            tab.evaluate("document.querySelector('conv-explorer').remove()")
        else:
            element.get_by_label("source").select_option(then)
        tab.wait_for_function("streams.length === 1")
        tab.wait_for_timeout(200)
        assert tab.evaluate(LIVE) == 0
        if then != "remove":
            assert len(elements.shape(element)["image"]) == {"numbers": 7, "photograph": 100}[then]


def test_what_a_list_shows_is_what_is_used(own_page):
    with opened(own_page) as tab:
        element = tab.locator("conv-explorer")
        elements.fill(element, "image size", "4")
        elements.fill(element, "padding", "4")
        mode = element.get_by_label("padding mode")
        mode.select_option("reflect")
        assert "padding is 4; reflecting can add at most 3 here" in elements.alert(element)
        assert mode.input_value() == elements.shape(element)["mode"] == "zeros"
        kernel = element.get_by_role("combobox", name="kernel")
        assert kernel.input_value() == "falling diagonal"
        element.get_by_label("kernel, row 0, column 0").fill("2")
        assert kernel.input_value() == ""
        pool = tab.locator("pooling-explorer")
        elements.fill(pool, "padding", "1")
        pool.get_by_label("pooling", exact=True).select_option("soft")
        assert "soft pooling takes none" in elements.alert(pool)
        assert pool.get_by_label("pooling", exact=True).input_value() == "max"


def test_a_number_is_not_rewritten_while_it_is_typed(own_page):
    with opened(own_page) as tab:
        element = tab.locator("conv-explorer")
        place = element.get_by_label("kernel, row 0, column 0")
        place.focus()
        for typed, used in [("-", 1), ("-0", 0), ("-0.", 0), ("-0.1", -0.1), ("-0.125", -0.125)]:
            place.fill(typed)
            assert place.input_value() == typed
            assert elements.shape(element)["kernel"][0][0] == used
            assert elements.alert(element) == ""
        place.fill("1e2")
        place.press("ArrowRight")
        assert place.input_value() == "100"


@pytest.mark.parametrize("width", [390, 1280])
def test_no_number_is_cut_off(own_page, width):
    """A cut number reads as another one."""
    with opened(own_page, width) as tab:
        element = tab.locator("conv-explorer")
        image = np.full((12, 12), -999).tolist()
        kernel = np.full((5, 5), -998.77).tolist()
        tab.evaluate(
            "(numbers) => document.querySelector('conv-explorer').try(numbers)",
            {"image": image, "kernel": kernel, "padding": 4},
        )
        cut = element.locator(".cell").evaluate_all(
            "(cells) => cells.filter((cell) => Math.max(cell.scrollWidth, "
            "cell.firstElementChild?.scrollWidth ?? 0) > cell.clientWidth + 1).length"
        )
        assert cut == 0
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_the_picture_says_what_the_line_under_it_says(own_page):
    with opened(own_page) as tab:
        tab.evaluate("document.querySelector('activation-explorer').try({name: 'relu', x: 4.5})")
        dots = tab.locator("activation-explorer circle").evaluate_all(
            "(dots) => dots.map((dot) => Number(dot.getAttribute('cy')))"
        )
        tab.evaluate("document.querySelector('activation-explorer').try({name: 'relu', x: 2.25})")
        half = tab.locator("activation-explorer circle").evaluate_all(
            "(dots) => dots.map((dot) => Number(dot.getAttribute('cy')))"
        )
        zero = 2 * half[0] - dots[0]
        tab.evaluate("document.querySelector('activation-explorer').try({x: -1})")
        flat = tab.locator("activation-explorer circle").first.get_attribute("cy")
        assert float(flat) == pytest.approx(zero)
        # At inference the dragged sample's dot moves, and only that.
        element = tab.locator("norm-explorer")
        element.get_by_label("inference: use the running statistics").check()
        places = "(dots) => dots.map((dot) => dot.getAttribute('cx'))"
        before = element.locator("circle[r='8']").evaluate_all(places)
        tab.evaluate("document.querySelector('norm-explorer').set(4, 8)")
        after = element.locator("circle[r='8']").evaluate_all(places)
        assert [a != b for a, b in zip(before, after, strict=True)] == [False] * 4 + [True]
        # Every dot of a mask lies within the strip.
        element = tab.locator("dropout-explorer")
        tab.evaluate(
            "[document.querySelector('dropout-explorer')].forEach("
            "(e) => { e.more(500); e.try({p: 0.9}); })"
        )
        marks = element.locator("circle").evaluate_all(places)
        assert len(marks) == 400
        assert all(19 <= float(mark) <= 701 for mark in marks)


def test_moves_are_counted_by_the_rule_at_hand(own_page):
    """The average is compared with the average before the move; equal means are no change."""
    with opened(own_page) as tab:
        element = tab.locator("pooling-explorer")
        element.get_by_role("button", name="move the image right").click()
        element.get_by_label("pooling", exact=True).select_option("average")
        assert "changed 7 of 16" in elements.readout(element)
        tab.evaluate("""() => document.querySelector('pooling-explorer').try({
          image: Array.from({length: 9}, () => [0.1, 0.7, 0.3, 0.1, 0.7, 0.3, 0.1, 0.7, 0.3]),
          kernel: 3, stride: 3})""")
        element.get_by_role("button", name="move the image down").click()
        tab.evaluate("document.querySelector('pooling-explorer').try({stride: 3})")
        assert element.locator(".cell.changed").count() == 3  # the row that 0 came into


def test_touch_draws_and_drags(own_page):
    with opened(own_page, 390, has_touch=True, is_mobile=True) as tab:
        number = tab.get_by_label("image, row 2, column 4").first
        number.tap()
        number.fill("5")
        assert elements.shape(tab.locator("conv-explorer"))["image"][2][4] == 5
        paper = tab.locator("network-explorer").get_by_role("application", name="paper")
        paper.scroll_into_view_if_needed()
        paper.tap()
        assert len(elements.shape(tab.locator("network-explorer"))["strokes"]) == 1


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


CANNOT_BE = [
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
    (
        "<conv-explorer image='[[1, 2], [3, 4]]' kernel='[[1, 2, 3]]'></conv-explorer>",
        "kernel is 3; expected at most 2",
    ),
    (
        "<geometry-explorer layers='[{\"kernel\": 9}]' size='3'></geometry-explorer>",
        "kernel is 9",
    ),
    (
        '<geometry-explorer layers=\'[{"kernel": "a"}]\'></geometry-explorer>',
        "kernel of layer 1 is “a”",
    ),
    ("<norm-explorer samples='[100]'></norm-explorer>", "samples is 100; expected a number"),
    ("<network-explorer src='gone.json'></network-explorer>", "the server said 404"),
]


def test_attributes_that_cannot_be_are_said_in_place(own_page):
    with browser.page(1280, 900) as (tab, _):
        tab.goto(own_page)
        tab.locator("network-explorer canvas").first.wait_for()
        for markup, words in CANNOT_BE:
            tab.evaluate(
                "(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)",
                markup,
            )
            tab.locator("main > :last-child .alert", has_text=words).wait_for()
