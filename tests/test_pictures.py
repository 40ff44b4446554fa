"""The comparison of pictures: what it lets pass, what it catches, and what it then says."""

import base64
import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_output
from PIL import Image

from tools.pictures import TRAINED_LIMITS, compare, differences, limits, report


def draw(text: str = "1.67", height: float = 2.0, colour: str = "black") -> Image.Image:
    """Three points joined by a line, and a number written beside them at 10 pt."""
    figure = Figure(figsize=(4, 3), dpi=100)
    axes = figure.subplots()
    axes.plot([1, 3, height], linewidth=1)
    axes.set_ylim(0.9, 3.1)
    axes.text(0.1, 2.5, text, fontsize=10, color=colour)
    file = io.BytesIO()
    figure.savefig(file)
    return Image.open(file).convert("RGB")


def edited(picture: Image.Image, edit) -> Image.Image:
    return Image.fromarray(edit(np.array(picture)).astype(np.uint8))


def inverted(levels: np.ndarray) -> np.ndarray:
    levels[150:158, 200:208] = 255 - levels[150:158, 200:208]
    return levels


def output(picture: Image.Image, kind: str = "png"):
    file = io.BytesIO()
    picture.save(file, kind)
    data = {f"image/{kind}": base64.b64encode(file.getvalue()).decode()}
    return new_output("display_data", data=data)


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return draw()


def test_same_picture_passes(picture):
    assert compare(picture, picture.copy()) is None


def test_rounding_noise_passes(picture):
    noise = np.random.default_rng(0).integers(-1, 2, size=(*picture.size[::-1], 3))
    assert compare(picture, edited(picture, lambda x: np.clip(x + noise, 0, 255))) is None


def test_values_that_differ_by_rounding_pass(picture):
    assert compare(picture, draw(height=2.0001)) is None


@pytest.mark.parametrize(
    "edit",
    [
        inverted,
        lambda levels: np.roll(levels, 2, axis=0),
        lambda levels: np.roll(levels, 3, axis=1),
        lambda levels: levels * 0.98,
    ],
    ids=["inverted patch", "shift by 2", "shift by 3", "paler"],
)
def test_change_is_caught(picture, edit):
    assert "RMS" in compare(picture, edited(picture, edit))


@pytest.mark.parametrize("colour", ["black", "0.6"])
def test_one_changed_digit_is_caught(colour):
    assert "worst" in compare(draw(colour=colour), draw("1.87", colour=colour))


def test_worst_place_is_named(picture):
    assert compare(picture, edited(picture, inverted)).endswith("at x=192 y=144")


def test_crop_is_caught_whatever_the_content(picture):
    cropped = edited(picture, lambda levels: levels[:-1])
    for tags in ([], ["picture-trained"], ["picture-varies"]):
        expected = "stored with 400 × 300 pixels, now 400 × 299"
        assert compare(picture, cropped, limits(tags)) == expected


def test_varying_content_passes_where_it_may(picture):
    assert compare(picture, edited(picture, inverted), limits(["picture-varies"])) is None


def test_a_trained_networks_curve_may_end_a_little_elsewhere_and_nothing_more(picture):
    assert compare(picture, draw(height=2.01)) is not None
    assert compare(picture, draw(height=2.01), TRAINED_LIMITS) is None

    def patch(levels):
        levels[100:132, 100:132] = 255 - levels[100:132, 100:132]
        return levels

    assert compare(picture, edited(picture, patch), TRAINED_LIMITS) is not None
    moved = edited(picture, lambda levels: np.roll(levels, 2, axis=0))
    assert compare(picture, moved, TRAINED_LIMITS) is not None


def test_picture_narrower_than_a_tile():
    white, black = Image.new("RGB", (5, 3), "white"), Image.new("RGB", (5, 3), "black")
    assert compare(white, white) is None
    assert "RMS" in compare(white, black)


def test_transparent_parts_are_seen_on_white():
    clear, white = Image.new("RGBA", (20, 20), (0, 0, 0, 0)), Image.new("RGB", (20, 20), "white")
    assert list(differences([output(clear)], [output(white)])) == []


def test_pictures_are_paired_in_order(picture):
    other = edited(picture, inverted)
    text = new_output("stream", text="two pictures\n")
    stored = [output(picture), text, output(picture, "jpeg")]
    assert list(differences(stored, stored)) == []
    found = list(differences(stored, [output(picture), output(other, "jpeg")]))
    assert [difference.figure for difference in found] == [2]
    assert set(found[0].pictures) == {"stored", "new", "difference"}


@pytest.mark.parametrize("tag", ["", "picture-trained", "picture-varies"])
def test_missing_and_extra_pictures_are_caught(picture, tag):
    one, two = [output(picture)], [output(picture), output(picture)]
    (missing,) = differences(two, one, limits([tag]))
    (extra,) = differences(one, two, limits([tag]))
    assert (missing.figure, missing.reason) == (2, "missing: stored, not drawn now")
    assert (extra.figure, extra.reason) == (2, "extra: drawn now, not stored")


def test_report_names_the_figure_and_the_saved_pictures(picture, tmp_path):
    (difference,) = differences([output(picture)], [output(edited(picture, inverted))])
    text = report(difference, "notebooks/02_edges.ipynb", "02_edges-07", tmp_path)
    assert text.startswith("notebooks/02_edges.ipynb, cell 02_edges-07, figure 1: RMS")
    for name in ("stored", "new", "difference"):
        path = f"build/pictures/02_edges/02_edges-07-1-{name}.png"
        assert path in text
        with Image.open(tmp_path / path) as saved:
            assert saved.size == picture.size
