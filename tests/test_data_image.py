"""load_image reads what people have, and says clearly what it cannot read."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from helpers.data import IMAGES, load_image, to_image, to_nchw
from tests.common import assert_same

RGB = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
GREY = RGB[:, :, 0]


def save(folder, array, name="picture.png", mode=None, **options):
    path = folder / name
    image = array if isinstance(array, Image.Image) else Image.fromarray(array)
    (image.convert(mode) if mode else image).save(path, **options)
    return path


def mode_of(path):
    with Image.open(path) as image:
        return image.mode


def test_colour_and_grey(tmp_path):
    path = save(tmp_path, RGB)
    assert np.array_equal(load_image(path), RGB)
    assert np.array_equal(load_image(str(path)), RGB)
    grey = load_image(path, mode="L")
    assert (grey.shape, grey.dtype) == ((5, 7), np.uint8)
    assert np.abs(grey - RGB @ [0.299, 0.587, 0.114]).max() <= 1
    path = save(tmp_path, GREY)
    assert np.array_equal(load_image(path, "L"), GREY)
    assert np.array_equal(load_image(path), np.stack([GREY] * 3, axis=2))


def test_the_array_is_ones_own(tmp_path):
    array = load_image(save(tmp_path, RGB))
    array[0, 0] = 0  # a read-only view of Pillow's memory would raise


def test_palette_gives_colours_and_not_indices(tmp_path):
    few = Image.fromarray(RGB // 128 * 255)
    path = save(tmp_path, few.quantize(8, dither=Image.Dither.NONE))
    assert mode_of(path) == "P"
    assert np.array_equal(load_image(path), np.asarray(few))


def test_transparent_pixels_lie_on_white(tmp_path):
    alpha = np.full((5, 7), 255, np.uint8)
    alpha[0, 0], alpha[0, 1] = 0, 51
    path = save(tmp_path, np.dstack([RGB, alpha]))
    seen = load_image(path)
    assert seen[0, 0].tolist() == [255, 255, 255]
    assert np.abs(seen[0, 1] - (0.2 * RGB[0, 1] + 0.8 * 255)).max() <= 1
    assert np.array_equal(seen[1:], RGB[1:])
    path = save(tmp_path, np.dstack([GREY, alpha]))
    assert mode_of(path) == "LA"
    assert load_image(path, "L")[0, 0] == 255


@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_one_colour_declared_transparent(tmp_path, mode):
    black = Image.new("RGB", (2, 1))
    black.putpixel((1, 0), (200, 200, 200))
    image = black.quantize(2) if mode == "P" else black.convert(mode)
    colour = image.getpixel((0, 0))
    path = save(tmp_path, image, transparency=colour)
    assert load_image(path).tolist() == [[[255, 255, 255], [200, 200, 200]]]


def test_one_bit(tmp_path):
    path = save(tmp_path, Image.fromarray(GREY > 127))
    assert mode_of(path) == "1"
    assert np.array_equal(load_image(path, "L"), np.where(GREY > 127, 255, 0))


@pytest.mark.parametrize("name", ["picture.png", "picture.tif"])
def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path, name):
    path = save(tmp_path, GREY.astype(np.uint16) * 257, name)
    assert mode_of(path).startswith("I;16")
    assert np.array_equal(load_image(path, "L"), GREY)
    path = save(tmp_path, np.array([[0, 128, 129, 65535]], np.uint16), name)
    assert load_image(path, "L").tolist() == [[0, 0, 1, 255]]


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_numbers_without_a_range_are_refused(tmp_path, dtype):
    path = save(tmp_path, GREY.astype(dtype), "picture.tif")
    with pytest.raises(ValueError, match=r"^path is .*picture\.tif.*: its pixels are 32-bit"):
        load_image(path)


def test_cmyk(tmp_path):
    path = save(tmp_path, np.full((8, 8, 3), [200, 30, 60], np.uint8), "print.tif", mode="CMYK")
    assert mode_of(path) == "CMYK"
    assert np.abs(load_image(path).astype(int) - [200, 30, 60]).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_cameras_orientation_is_applied(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    expected = {
        1: RGB,
        2: RGB[:, ::-1],
        3: RGB[::-1, ::-1],
        4: RGB[::-1],
        5: RGB.transpose(1, 0, 2),
        6: np.rot90(RGB, -1),
        7: RGB[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(RGB),
    }[orientation]
    assert np.array_equal(load_image(save(tmp_path, RGB, exif=exif)), expected)


def test_of_several_frames_the_first(tmp_path):
    other = Image.new("L", (7, 5))
    path = save(tmp_path, Image.fromarray(GREY), "many.tif", save_all=True, append_images=[other])
    assert np.array_equal(load_image(path, "L"), GREY)


def test_missing_and_directory(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^path is .*none\.png'; there is no"):
        load_image(tmp_path / "none.png")
    with pytest.raises(IsADirectoryError, match=r"^path is .*, a directory; expected an"):
        load_image(tmp_path)


@pytest.mark.parametrize("name", ["picture.png", "picture.jpg", "picture.tif", "picture.txt"])
@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "an empty file"), (b"Not a picture.\n" * 99, "no image in a known format")],
)
def test_no_image(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"^path is .*{path.stem}.*{message}"):
        load_image(path)


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", ["picture.png", "picture.jpg", "picture.tif", "picture.webp"])
def test_cut_off(tmp_path, monkeypatch, name, share, lenient):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    path = save(tmp_path, noise, name)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=r"^path is .*picture\..*(cannot be read|no image)"):
        load_image(path)
    assert lenient == ImageFile.LOAD_TRUNCATED_IMAGES


def test_damaged_in_the_middle(tmp_path):
    path = save(tmp_path, np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)
    with pytest.raises(ValueError, match="cannot be read"):
        load_image(path)


ORIENTED = Image.Exif()
ORIENTED[0x0112] = 6


@pytest.mark.parametrize(
    ("name", "options", "place", "value", "reason"),
    [
        ("picture.tif", {}, 98, 255, "Truncated File Read"),
        ("picture.tif", {}, 8, 255, "Corrupt EXIF data"),
        ("picture.jpg", {"exif": ORIENTED}, 34, 1, "Corrupt EXIF data"),
        ("picture.webp", {"exif": ORIENTED}, 175, 0, "Truncated File Read"),
    ],
)
def test_what_pillow_only_warns_of_is_refused(tmp_path, name, options, place, value, reason):
    path = save(tmp_path, RGB, name, **options)
    content = bytearray(path.read_bytes())
    content[place] = value
    path.write_bytes(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(ValueError, match=f"cannot be read: {reason}"):
            load_image(path)
    assert not caught


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("picture.png", {"exif": ORIENTED}),
        ("picture.jpg", {"exif": ORIENTED}),
        ("picture.tif", {}),
        ("picture.tif", {"compression": "tiff_lzw"}),
        ("picture.gif", {}),
        ("picture.bmp", {}),
        ("picture.webp", {"exif": ORIENTED}),
    ],
)
def test_a_damaged_file_is_refused_or_read_and_never_warned_of(tmp_path, name, options):
    """Cut off, or a few bytes changed: a format without checksums cannot notice every one."""
    path, rng = save(tmp_path, RGB, name, **options), np.random.default_rng(0)
    content, refused = path.read_bytes(), 0
    for turn in range(60):
        damaged = bytearray(content)
        for place in rng.integers(0, len(content), 1 + turn % 3):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged[: rng.integers(1, len(content))] if turn % 4 == 0 else damaged)
        try:
            picture = load_image(path)
        except ValueError as error:
            assert "picture." in str(error)
            refused += 1
        else:
            assert (picture.dtype, picture.ndim, picture.shape[2]) == (np.uint8, 3, 3)
    assert refused >= 15


def test_too_many_pixels(tmp_path, monkeypatch):
    path = save(tmp_path, RGB)
    with pytest.raises(ValueError, match=r"^path is .* 35 pixels; max_pixels is 34: raise"):
        load_image(path, max_pixels=34)
    assert load_image(path, max_pixels=35).shape == RGB.shape
    assert load_image(save(tmp_path, RGB[:1, :1], "one.png"), max_pixels=1).shape == (1, 1, 3)
    # Pillow's limit is for those who have no other: it neither warns nor stops anyone here.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 3)
    with warnings.catch_warnings(action="error"):
        assert load_image(path).shape == RGB.shape
    assert Image.MAX_IMAGE_PIXELS == 3


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = save(tmp_path, Image.new("1", (10_000, 10_000)))
    assert path.stat().st_size < 100_000
    with pytest.raises(ValueError, match="100,000,000 pixels; max_pixels is 64,000,000"):
        load_image(path)


def test_mode_is_checked(tmp_path):
    with pytest.raises(ValueError, match=r"mode is 'RGBA'; expected \"RGB\" or \"L\""):
        load_image(save(tmp_path, RGB), "RGBA")
    with pytest.raises(ValueError, match="max_pixels is None; expected an int"):
        load_image(save(tmp_path, RGB), max_pixels=None)
    with pytest.raises(ValueError, match="max_pixels is 0; expected at least 1"):
        load_image(save(tmp_path, RGB), max_pixels=0)


@pytest.mark.parametrize("name", sorted(path.name for path in IMAGES.glob("*.[pj]*g")))
def test_every_sample_photograph_loads(name):
    assert load_image(IMAGES / name).ndim == 3
    assert load_image(IMAGES / name, "L").std() > 20


def test_to_nchw():
    x = to_nchw(RGB)
    assert (x.shape, x.dtype) == ((1, 3, 5, 7), np.float32)
    assert_same(x[0], (RGB.transpose(2, 0, 1) / 255).astype(np.float32))
    assert x.flags.c_contiguous
    assert_same(to_nchw(GREY, np.float64), GREY[None, None] / 255)
    for name in ("float32", "float64"):
        assert_same(to_nchw(RGB, name), to_nchw(RGB, np.dtype(name)))
        assert to_nchw(RGB, name).dtype == name
    floats = np.array([[-3.0, 7.0]])
    assert np.array_equal(to_nchw(floats, np.float64)[0, 0], floats)
    x[:] = 0
    assert RGB.any()


sizes = st.integers(1, 9)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(sizes, sizes, st.sampled_from([(), (1,), (3,)]), st.sampled_from([np.float32, np.float64]))
def test_there_and_back(height, width, channels, dtype):
    rng = np.random.default_rng(height * 10 + width)
    image = rng.integers(0, 256, (height, width, *channels), np.uint8)
    back = to_image(to_nchw(image, dtype))
    assert np.array_equal(back, image[:, :, 0] if channels == (1,) else image)


def test_to_image_takes_every_shape_and_every_step():
    ramp = np.linspace(0, 1, 256).reshape(16, 16)
    expected = np.arange(256).reshape(16, 16)
    for array in (ramp, ramp[None], ramp[None, None], ramp.astype(np.float32)):
        assert np.array_equal(to_image(array), expected)
    assert to_image(np.array([[1 + 1e-6, -1e-6, -0.0]])).tolist() == [[255, 0, 0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: to_nchw(RGB, np.float16), "dtype is .*float16.*; expected float32 or float64"),
        (lambda: to_nchw(RGB, int), "dtype is <class 'int'>; expected"),
        (lambda: to_nchw(RGB, None), "dtype is None; expected"),
        (lambda: to_nchw([[1, 2], [3]]), "image is no array"),
        (lambda: to_image([[1, 2], [3]]), "array is no array"),
        (lambda: to_nchw(RGB[None]), r"image has shape \(1, 5, 7, 3\); expected \(H, W\)"),
        (lambda: to_nchw(RGB[:0]), r"image has shape \(0, 7, 3\); .* not empty"),
        (lambda: to_nchw(GREY.astype(int)), "image has dtype int64; expected uint8"),
        (lambda: to_nchw(GREY > 3), "image has dtype bool"),
        (lambda: to_image(RGB), r"array has shape \(5, 7, 3\); expected one image"),
        (lambda: to_image(np.ones((2, 3, 4, 4))), r"array has shape \(2, 3, 4, 4\)"),
        (lambda: to_image(np.ones((2, 4, 4))), r"array has shape \(2, 4, 4\)"),
        (lambda: to_image(np.ones((0, 4))), r"array has shape \(0, 4\)"),
        (lambda: to_image(GREY), "array has dtype uint8; expected float32 or float64"),
        (lambda: to_image(np.array([[0, 1.01]])), "array runs from 0 to 1.01; expected 0 to 1: re"),
        (lambda: to_image(np.array([[-0.01, 1]])), "runs from -0.01 to 1"),
        (lambda: to_image(np.array([[0, np.nan]])), "runs from nan to nan"),
        (lambda: to_image(np.array([[0, np.inf]])), "runs from 0 to inf"),
    ],
)
def test_bad_arrays_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
