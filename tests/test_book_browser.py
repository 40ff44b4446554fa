"""The book in a real browser: it fits, it is quiet, it can be used, and it fetches nothing.

uv run --group book --group browser pytest -n 0 tests/test_book_browser.py
"""

import subprocess
import sys

import pytest

from tests import browser, elements
from tools.chapters import ROOT

pytestmark = browser.needs("book", "browser")

# One of each kind, and those with the widest tables, formulas and code.
PAGES = (
    "index.html",
    "02_convolution.html",
    "06_pooling.html",
    "10_backpropagation.html",
    "exercises/06_pooling.html",
    "solutions/05_edges_and_blur.html",
    "explorer.html",
    "gallery.html",
    "glossary.html",
    "api/ops.html",
    "files/images/SOURCES.html",
    "README.html",
)
USED = ("02_convolution.html", "exercises/06_pooling.html", "gallery.html", "api/ops.html")
WIDE = "[document.documentElement.scrollWidth, innerWidth]"
# What is drawn past the right edge, and in no box that scrolls inside itself.
CUT = """() => [...document.querySelectorAll('article *')].filter(e => {
  const box = e.getBoundingClientRect();
  if (box.width * box.height === 0 || box.right <= innerWidth + 1) return false;
  for (let p = e; p; p = p.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return false;
  return true;
}).map(e => e.outerHTML.slice(0, 100))"""


def build(folder):
    """The book, made as a reader makes it: by the command, where a warning is no error."""
    command = [sys.executable, "-m", "tools.book", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return build(tmp_path_factory.mktemp("made") / "book")


@pytest.fixture(scope="module")
def address(book):
    with browser.served(book) as where:
        yield where


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_pages_fit_are_quiet_and_fetch_nothing(address, width):
    with browser.page(width, 800) as (tab, beyond):
        said = []
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        for name in PAGES:
            tab.goto(f"{address}/{name}")
            tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page, room = tab.evaluate(WIDE)
            assert page <= room, f"{name} is {page} pixels wide: {tab.evaluate(CUT)}"
            assert not tab.evaluate(CUT), name
            assert not said, f"{name}: {said}"
    assert not beyond


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_used_by_everyone(address, scheme):
    with browser.page(1280, 800) as (tab, _):
        tab.emulate_media(color_scheme=scheme)
        for name in (*USED, "index.html", "glossary.html", "README.html"):
            tab.goto(f"{address}/{name}")
            found = browser.findings(tab)
            assert not found, f"{name}: {found}"


def test_what_scrolls_on_a_phone_is_reached_by_keyboard(address):
    with browser.page(390, 844) as (tab, _):
        for name in USED:
            tab.goto(f"{address}/{name}")
            found = browser.findings(tab)
            assert not found, f"{name}: {found}"


@pytest.mark.parametrize("way", ["server", "disk"])
def test_search_finds_a_word(address, book, way):
    start = address if way == "server" else book.as_uri()
    with browser.page(1280, 800) as (tab, _):
        tab.goto(f"{start}/search.html?q=stride")
        tab.wait_for_selector("ul.search li a", timeout=60_000)
        found = tab.eval_on_selector_all("ul.search li a", "all => all.map(a => a.href)")
    assert any("03_padding_stride_receptive_field" in link for link in found)
    assert any("glossary" in link for link in found)


def test_formulas_and_pictures_are_shown_from_the_disk(book):
    with browser.page(1280, 800) as (tab, _):
        tab.goto(f"{book.as_uri()}/02_convolution.html")
        tab.wait_for_function("document.fonts.status === 'loaded'")
        fonts = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
        assert "KaTeX_Main" in "".join(tab.evaluate(fonts))
        assert tab.locator("div.formula").count() > 0
        tab.locator("#figure-3").scroll_into_view_if_needed()
        tab.wait_for_function("document.querySelector('#figure-3 img').naturalWidth > 0")
        box = tab.locator("#figure-3 img").bounding_box()
        assert 200 < box["width"] <= 801


def test_the_gallery_leads_to_the_place_of_a_picture(address):
    with browser.page(1280, 800) as (tab, _):
        tab.goto(f"{address}/gallery.html")
        tab.locator("a[href='06_pooling.html#figure-4']").click()
        tab.wait_for_url("**/06_pooling.html#figure-4")
        top = "document.querySelector('#figure-4').getBoundingClientRect().top"
        tab.wait_for_function(f"Math.abs({top}) < innerHeight")


@pytest.mark.parametrize("name", elements.DRIVERS)
def test_the_figures_to_play_with_work_even_from_the_disk(book, name):
    with browser.page(1280, 800) as (tab, _):
        said = []
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto(f"{book.as_uri()}/explorer.html")
        elements.DRIVERS[name](tab.locator(f"{name}-explorer"))
        assert not said


@pytest.mark.parametrize(
    ("page", "name"), [("02_convolution", "conv"), ("13_three_layer_network", "network")]
)
def test_the_figures_to_play_with_work_in_a_chapter(address, page, name):
    with browser.page(1280, 800) as (tab, beyond):
        tab.goto(f"{address}/{page}.html")
        elements.DRIVERS[name](tab.locator(f"{name}-explorer"))
        assert not beyond


@pytest.mark.parametrize("width", [390, 1920])
def test_the_figures_to_play_with_can_be_used_by_everyone(address, width):
    with browser.page(width, 844) as (tab, _):
        tab.goto(f"{address}/explorer.html")
        tab.locator("network-explorer canvas").first.wait_for()
        assert not browser.findings(tab)


def test_a_folded_answer_opens(address):
    with browser.page(390, 844) as (tab, _):
        tab.goto(f"{address}/06_pooling.html")
        first = tab.locator("article details").first
        hidden = first.locator("p").first
        assert not hidden.is_visible()
        first.locator("summary").click()
        assert hidden.is_visible()
