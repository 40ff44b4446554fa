"""The slides in a real browser: nothing is cut off, formulas are set, nothing is fetched.

    uv run --group slides --group browser pytest --dist=load tests/test_slides_browser.py

What is measured is the box of everything that can be seen, with answers unfolded.
"""

import pytest

from tests import browser
from tools.slides.__main__ import lessons, main

pytestmark = browser.needs("browser", "slides")

MEASURE = """() => {
  const slide = [...document.querySelectorAll('.reveal .slides section.present')].pop();
  slide.querySelectorAll('details').forEach(d => d.open = true);
  const seen = [...slide.querySelectorAll('p, li, h1, h2, h3, pre, img, td, th, mjx-container')];
  const boxes = seen.map(e => [e, e.getBoundingClientRect()])
    .filter(([e, b]) => b.width * b.height);
  const right = ([e, b]) => e.tagName == 'PRE' ? b.left + e.scrollWidth : b.right;
  return {
    right: Math.max(...boxes.map(right)),
    bottom: Math.max(...boxes.map(([e, b]) => b.bottom)),
    left: Math.min(...boxes.map(([e, b]) => b.left)),
    text: slide.innerText,
    pictures: [...slide.querySelectorAll('img')].map(i => i.naturalWidth),
    formulas: slide.querySelectorAll('mjx-container').length,
  }
}"""


def photograph(tab, address, token, name):
    """Go through the slides of a notebook and measure each."""
    tab.goto(f"{address}/rise/{name}?token={token}")
    tab.wait_for_selector(".reveal.ready .slides section.present h1", timeout=120_000)
    tab.wait_for_timeout(1500)
    count = "[...document.querySelectorAll('.reveal .slides > section')].reduce("
    count += "(n, s) => n + Math.max(1, s.querySelectorAll(':scope > section').length), 0)"
    found = []
    for _ in range(tab.evaluate(count)):
        found.append(tab.evaluate(MEASURE))
        tab.keyboard.press("Space")
        tab.wait_for_timeout(40)
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    assert main([], folder=folder) == 0
    with browser.jupyter(folder, tmp_path_factory.mktemp("settings")) as where:
        yield where


@pytest.mark.parametrize("name", [path.stem for path in lessons([])])
def test_no_slide_is_cut_off(served, name):
    with browser.page(1280, 720) as (tab, beyond):
        found = photograph(tab, *served, f"{name}.ipynb")
    assert len(found) >= 15
    for number, slide in enumerate(found):
        place = f"slide {number}: {slide['text'][:60]!r}"
        assert slide["right"] <= 1280 - 40, f"{place} is {slide['right']} wide"
        assert slide["bottom"] <= 720 - 30, f"{place} is {slide['bottom']} high"
        assert slide["left"] >= 40, place
        assert all(slide["pictures"]), f"{place}: a picture was not shown"
        assert "$" not in slide["text"].replace("`", ""), f"{place}: a formula was not set"
    assert not beyond, "the slides asked the network"


def test_a_large_screen_shows_large_slides(served):
    with browser.page(1280, 720) as (tab, _):
        small = photograph(tab, *served, "06_pooling.ipynb")
    with browser.page(1920, 1080) as (tab, _):
        large = photograph(tab, *served, "06_pooling.ipynb")
    assert len(small) == len(large)
    for a, b in zip(small, large, strict=True):
        assert b["bottom"] == pytest.approx(1.5 * a["bottom"], rel=0.05)
        assert b["right"] <= 1920 - 60
