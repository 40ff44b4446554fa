"""The comparison of pictures: what it lets pass, what it catches, and what it then says."""

import base64
import io

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_output
from PIL import Image

from helpers import figures
from helpers.figures.style import stored
from tools import pictures
from tools.chapters import NOTEBOOKS
from tools.pictures import compare_records, decode, differences, report


def compare(old: Image.Image, new: Image.Image, tags=()) -> str | None:
    one, other = (pictures.Figure(picture, picture.width, None) for picture in (old, new))
    return pictures.compare(one, other, tags)


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
    notes = {f"image/{kind}": {"record": ["title | a | | "]}}
    return new_output("display_data", data=data, metadata=notes)


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


def test_the_limits_hold_for_the_whole_and_for_each_tile():
    """Of 100 tiles one is darker, and of all pixels every one."""
    white = Image.new("RGB", (160, 160), (250, 250, 250))

    def darker(by, rows=slice(None), columns=slice(None)):
        levels = np.array(white)
        levels[rows, columns] -= by
        return Image.fromarray(levels)

    tile = {"rows": slice(16, 32), "columns": slice(32, 48)}
    assert compare(white, darker(4, **tile)) is None
    assert compare(white, darker(5, **tile)) == (
        "RMS of the difference 0.50 grey levels (limit 1.5), "
        "in the worst 16 × 16 pixels 5.00 (limit 4.0), at x=32 y=16"
    )
    assert compare(white, darker(1)) is None
    assert compare(white, darker(2)).startswith("RMS of the difference 2.00 grey levels")
    edge = compare(white.crop((0, 0, 150, 150)), darker(9).crop((0, 0, 150, 150)))
    assert edge.endswith("9.00 (limit 4.0), at x=0 y=0")


def test_the_difference_is_white_where_it_is_largest():
    old, new = Image.new("RGB", (40, 30), "white"), Image.new("RGB", (40, 30), "white")
    new.putpixel((3, 2), (235, 235, 235))
    new.paste((215, 215, 215), (20, 10, 40, 30))
    (found,) = differences([output(old)], [output(new)])
    shown = np.asarray(found.pictures["difference"])
    assert (shown[10:, 20:] == 255).all()
    assert 100 < shown[2, 3] < 155
    assert np.count_nonzero(shown) == 401
    assert found.pictures["stored"].getpixel((30, 20)) == (255, 255, 255)
    assert found.pictures["new"].getpixel((30, 20)) == (215, 215, 215)
    smaller = Image.new("RGB", (30, 30), "white")
    (found,) = differences([output(old)], [output(smaller)])
    assert set(found.pictures) == {"stored", "new"}


def test_a_figure_is_as_wide_as_its_notes_say_or_as_its_pixels(picture):
    plain, noted = output(picture), output(picture)
    plain.metadata = {}
    noted.metadata["image/png"]["width"] = 200
    found = list(decode([plain, new_output("stream", text="a"), noted]))
    assert [figure.shown_width for figure in found] == [400, 200]
    assert [figure.record for figure in found] == [None, ["title | a | | "]]


def test_crop_is_caught_whatever_the_content(picture):
    cropped = edited(picture, lambda levels: levels[:-1])
    for tags in ([], ["picture-trained"], ["picture-varies"]):
        expected = "stored with 400 × 300 pixels, now 400 × 299"
        assert compare(picture, cropped, tags) == expected


@pytest.mark.parametrize("tag", ["", "picture-trained", "picture-varies"])
def test_the_same_pixels_shown_at_another_width_are_caught(picture, tag):
    large, small = (pictures.Figure(picture, width, ["title | a | | "]) for width in (400, 200))
    assert pictures.compare(large, large, [tag]) is None
    expected = "stored to be shown 400 pixels wide, now 200"
    assert pictures.compare(large, small, [tag]) == expected


def test_varying_content_passes_where_it_may(picture):
    assert compare(picture, edited(picture, inverted), ["picture-varies"]) is None


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
    (missing,) = differences(two, one, [tag])
    (extra,) = differences(one, two, [tag])
    assert (missing.figure, missing.reason) == (2, "missing: stored, not drawn now")
    assert (extra.figure, extra.reason) == (2, "extra: drawn now, not stored")
    assert [set(found.pictures) for found in (missing, extra)] == [{"stored"}, {"new"}]


def test_report_names_the_figure_and_the_saved_pictures(picture, tmp_path):
    (difference,) = differences([output(picture)], [output(edited(picture, inverted))])
    text = report(difference, "notebooks/02_edges.ipynb", "02_edges-07", tmp_path)
    assert text.startswith("notebooks/02_edges.ipynb, cell 02_edges-07, figure 1: RMS")
    for name in ("stored", "new", "difference"):
        path = f"build/pictures/02_edges/02_edges-07-1-{name}.png"
        assert path in text
        with Image.open(tmp_path / path) as saved:
            assert saved.size == picture.size


# Results of trained networks: their records are compared.


def accuracies(moved=0.0):
    return {"with": np.array([0.5, 0.8, 0.9]) + moved, "without": np.array([0.1, 0.3, 0.6])}


def as_curves(runs):
    return figures.curves(runs, ylabel="accuracy", limits=(0, 1))


def as_dots(runs):
    places = ["a", "b", "c"]
    return figures.dot_plot({name: dict(zip(places, v, strict=True)) for name, v in runs.items()})


def recorded(draw_figure, runs):
    picture, notes = stored(draw_figure(runs).figure)
    data = {"image/png": base64.b64encode(picture).decode()}
    return new_output("display_data", data=data, metadata={"image/png": notes})


def verdict(draw_figure, runs):
    outputs = [recorded(draw_figure, accuracies())], [recorded(draw_figure, runs)]
    found = list(differences(*outputs, ["picture-trained"]))
    assert len(found) <= 1
    return found[0].reason if found else None


each_way = pytest.mark.parametrize("draw_figure", [as_curves, as_dots])


@each_way
def test_a_trained_curve_may_end_a_little_elsewhere(draw_figure):
    assert verdict(draw_figure, accuracies()) is None
    assert verdict(draw_figure, accuracies(0.01)) is None
    assert verdict(draw_figure, accuracies(-0.01)) is None


@each_way
@pytest.mark.parametrize("moved", [0.05, -0.05])
def test_a_trained_curve_that_moved_is_caught(draw_figure, moved):
    assert "moved by 0.05" in verdict(draw_figure, accuracies(moved))


@each_way
def test_one_value_that_moved_is_caught(draw_figure):
    runs = accuracies()
    runs["without"][1] += 0.1
    assert "moved by 0.1" in verdict(draw_figure, runs)


@each_way
def test_exchanged_names_are_caught(draw_figure):
    runs = accuracies()
    assert verdict(draw_figure, {"with": runs["without"], "without": runs["with"]})
    assert verdict(draw_figure, {"without": runs["with"], "with": runs["without"]})


@each_way
def test_a_curve_too_few_is_caught(draw_figure):
    assert verdict(draw_figure, {"with": accuracies()["with"]})


def test_a_trained_picture_without_a_record_is_refused(picture):
    reason = compare(picture, picture, ["picture-trained"])
    assert reason.startswith("there is no record")
    assert compare_records([], []).startswith("there is no record")


def test_ticks_may_move_but_keep_their_words():
    assert compare_records(["xtick | 10 |  | 0.5"], ["xtick | 10 |  | 0.51"]) is None
    assert compare_records(["xtick | 1.00 |  | 0.5"], ["xtick | 1.01 |  | 0.5"])
    assert compare_records(["xtick | a |  | 0.5"], ["ytick | a |  | 0.5"])


def test_what_moved_is_named_with_how_far():
    assert compare_records(["line | a |  | 0.5 0.5"], ["line | a |  | 0.5 0.53"]) is None
    moved = compare_records(["line | a |  | 0.5 0.5"], ["line | a |  | 0.49 0.531"])
    assert moved == "“line | a |  | 0.49 0.531” moved by 0.031 of the axes (limit 0.03)"
    longer = compare_records(["line | a |  | 0.5"], ["line | a |  | 0.5, 0.5"])
    assert longer == (
        "“line | a |  | 0.5, 0.5” has another number of places than “line | a |  | 0.5”"
    )
    from_nowhere = compare_records(["line | a |  | "], ["line | a |  | 0.5"])
    assert from_nowhere.endswith("has another number of places than “line | a |  | ”")


@pytest.mark.parametrize("length", [90, 91])
def test_a_line_that_differs_is_quoted_up_to_its_end_or_its_90th_sign(length):
    line = ("text | " + "a" * 100)[: length - 6] + " |  | "
    quoted = line if length == 90 else line[:89] + "…"
    assert len(line) == length
    title = "title | a |  | "
    assert compare_records([line], [title]) == f"stored “{quoted}”, now “{title}”"
    assert compare_records([title], [title, line]) == f"stored “”, now “{quoted}”"


def test_numbers_in_a_text_may_differ_by_a_little():
    line = "text | {} dead |  | 0.1 0.2"
    assert compare_records([line.format("0.52")], [line.format("0.54")]) is None
    assert compare_records([line.format("−0.52")], [line.format("0.52")])
    assert compare_records([line.format("100")], [line.format("102")]) is None
    assert compare_records([line.format("100")], [line.format("104")])


def shifted(line, by):
    """Move every place in a line of a record."""
    head, _, places = line.rpartition(" | ")
    points = [[float(x) + by for x in point.split()] for point in places.split(", ") if point]
    return f"{head} | " + ", ".join(" ".join(f"{x:g}" for x in point) for point in points)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_trained_figure_is_held_to_its_names_and_numbers(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    for cell in notebook.cells:
        if "picture-trained" not in cell.metadata.get("tags", []):
            continue
        for figure in decode(cell.outputs):
            assert compare_records(figure.record, figure.record) is None, cell.id
            assert compare_records(figure.record, figure.record[:-1]), cell.id
            for line in figure.record:  # each by itself, since all of them would take seconds
                what, text, *_ = line.split(" | ")
                if line.rpartition(" | ")[2]:
                    for by, same in ((0.01, True), (0.05, False)):
                        verdict = compare_records([line], [shifted(line, by)])
                        assert (verdict is None) == same, (cell.id, line)
                if text:
                    other = line.replace(f" | {text} | ", f" | {text}x | ", 1)
                    assert compare_records([line], [other]), (cell.id, what)
