"""Files with pictures: every format and kind of pixel, and what is refused with which sentence."""

import io
import re
import struct
import sys
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image

from fmnist_core.data.photo import decode, formats
from fmnist_core.data.photo import decode as package_decode
from fmnist_core.exceptions import PhotoError

decoding = sys.modules[package_decode.__module__]

WIDTH, HEIGHT = 40, 30
LOSSY = 12  # levels that JPEG, WebP or AVIF may be off


def picture(mode="RGB"):
    """Dark on the left, light on the right, with one red corner, in any mode."""
    rgb = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
    rgb[:, WIDTH // 2 :] = 200
    if mode in ("RGB", "RGBA", "P", "CMYK"):
        rgb[:10, :10] = 255, 0, 0
    if mode == "RGBA":
        alpha = np.full((HEIGHT, WIDTH, 1), 255, np.uint8)
        alpha[-5:] = 0
        return Image.fromarray(np.concatenate([rgb, alpha], axis=2))
    return Image.fromarray(rgb).convert(mode)


def numbers(dtype, low, high):
    """The same in numbers that need not be grey levels."""
    values = np.full((HEIGHT, WIDTH), low, dtype)
    values[:, WIDTH // 2 :] = high
    return Image.fromarray(values)


def saved(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def refusal(data):
    with pytest.raises(PhotoError) as caught:
        decode(data)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "BMP", "GIF", "TIFF"])
def test_every_format_is_read(kind):
    found = decode(saved(picture(), kind))

    assert found.dtype == np.uint8 and found.shape == (HEIGHT, WIDTH, 3)
    np.testing.assert_allclose(found[20, [5, 35]], [[40] * 3, [200] * 3], atol=LOSSY)
    if kind not in ("JPEG", "WEBP", "AVIF"):  # colours are coarser there
        np.testing.assert_array_equal(found[5, 5], [255, 0, 0])


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *[("L", "PNG"), ("P", "PNG"), ("1", "PNG"), ("CMYK", "JPEG"), ("CMYK", "TIFF")],
        *[("L", "JPEG"), ("L", "GIF"), ("P", "TIFF"), ("L", "WEBP"), ("P", "BMP")],
        *[("1", "BMP"), ("1", "TIFF")],
    ],
)
def test_every_kind_of_opaque_pixel_becomes_red_green_and_blue(mode, kind):
    found = decode(saved(picture(mode), kind))

    assert found.shape == (HEIGHT, WIDTH, 3)
    bilevel = mode == "1"  # dithered
    dark, light = found[15:, :20].mean(), found[15:, 20:].mean()
    np.testing.assert_allclose([dark, light], [40, 200], atol=25 if bilevel else LOSSY)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_what_is_transparent_has_alpha(kind):
    found = decode(saved(picture("RGBA"), kind))

    assert found.shape == (HEIGHT, WIDTH, 4)
    assert (found[-4:, :, 3] < 10).all() and (found[:20, :, 3] > 245).all()


def test_transparent_grey_and_palettes_have_alpha_too():
    grey = np.full((HEIGHT, WIDTH, 2), 90, np.uint8)
    grey[..., 1] = np.arange(WIDTH)
    alphas = decode(saved(Image.fromarray(grey, "LA")))[0, :, 3]
    np.testing.assert_array_equal(alphas, np.arange(WIDTH))

    palette = picture("L").convert("P")
    index = palette.getpixel((0, 0))
    for kind in ("PNG", "GIF"):
        found = decode(saved(palette, kind, transparency=index))
        assert (found[:, :20, 3] == 0).all() and (found[:, 20:, 3] == 255).all()


def test_a_colour_that_stands_for_transparent_is_alpha():
    found = decode(saved(picture(), transparency=(255, 0, 0)))

    assert (found[:10, :10, 3] == 0).all() and found[20, 20, 3] == 255


def test_alpha_that_is_opaque_everywhere_is_dropped():
    assert decode(saved(picture().convert("RGBA"))).shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (numbers(np.uint16, 1_000, 4_000), "PNG"),
        (numbers(np.uint16, 1_000, 4_000), "TIFF"),
        (numbers(np.int32, -70_000, 70_000), "TIFF"),
        (numbers(np.float32, 0.25, 0.75), "TIFF"),
        (numbers(np.float32, -3e38, 3e38), "TIFF"),
    ],
)
def test_numbers_of_more_than_8_bits_are_stretched_from_their_ends(image, kind):
    found = decode(saved(image, kind))

    assert (found[:, :20] == 0).all() and (found[:, 20:] == 255).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_refused(bad):
    image = numbers(np.float32, 0, bad)

    assert "no numbers (NaN or infinite)" in refusal(saved(image, "TIFF"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_a_picture_upright(kind, orientation):
    # Where the first row and the first column of the stored pixels are, by the EXIF standard.
    row, column = [("top", "left"), ("top", "right"), ("bottom", "right"), ("bottom", "left")][
        (orientation - 1) % 4
    ]
    upright = np.zeros((HEIGHT, WIDTH), np.uint8)
    upright[slice(0, 15) if row == "top" else slice(15, None)] += 80
    upright[:, slice(0, 20) if column == "left" else slice(20, None)] += 160
    if orientation > 4:  # the first row is a side: exchange the two
        row, column = [("left", "top"), ("right", "top"), ("right", "bottom"), ("left", "bottom")][
            orientation - 5
        ]
        upright = np.zeros((HEIGHT, WIDTH), np.uint8)
        upright[:, slice(0, 20) if row == "left" else slice(20, None)] += 80
        upright[slice(0, 15) if column == "top" else slice(15, None)] += 160
    size = (HEIGHT, WIDTH) if orientation <= 4 else (WIDTH, HEIGHT)
    stored = np.zeros(size, np.uint8)
    stored[: size[0] // 2] += 80
    stored[:, : size[1] // 2] += 160
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation

    found = decode(saved(Image.fromarray(stored).convert("RGB"), kind, exif=exif))

    assert found.shape[:2] == (HEIGHT, WIDTH)
    np.testing.assert_allclose(found[..., 0], upright, atol=2 * LOSSY)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"Exif\0\0",
        b"Exif\0\0" + b"A" * 60,
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40,
        b"Exif\0\0II*\0" + b"A" * 60,
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x02\0\0\0\x04abc\0\0\0\0\0",
    ],
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_hostile_exif_does_no_harm(kind, exif):
    found = decode(saved(picture(), kind, exif=exif))

    assert found.shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_what_moves_the_first_picture_counts(kind):
    first, second = picture("L"), Image.new("L", (WIDTH, HEIGHT), 255)
    found = decode(saved(first, kind, save_all=True, append_images=[second, second]))

    np.testing.assert_allclose(found[20, [5, 35], 0], [40, 200], atol=LOSSY)


def test_a_file_that_is_open_is_read_as_its_bytes_are():
    data = saved(picture())

    np.testing.assert_array_equal(decode(io.BytesIO(data)), decode(data))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "P")])
def test_large_pictures_come_back_smaller_and_keep_their_aspect(kind, mode):
    large = picture(mode).resize((6_000, 3_000), Image.Resampling.NEAREST)

    found = decode(saved(large, kind))

    height, width = found.shape[:2]
    assert width == 2 * height and 1_024 < width <= 2_048
    np.testing.assert_allclose(found[600, [200, -200], :3], [[40] * 3, [200] * 3], atol=LOSSY)


def png_header(width, height):
    """A PNG that claims a size, whatever follows."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    body = b"IDAT" + zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", len(body) - 4) + body + b"\0" * 4


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty. Choose a picture: PNG, JPEG, "),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is an SVG drawing, which has no"),
        (b"<!DOCTYPE html><html></html>", "This is a web page. Choose a picture"),
        (b"%PDF-1.7", "This is a PDF document."),
        (b"PK\x03\x04" + b"\0" * 30, "This is a ZIP archive or an office document."),
        (b"\0\0\0\x20ftypisom" + b"\0" * 30, "This is a film."),
        (b"hello", "This is no picture of a kind that is read."),
        (saved(picture())[:60], "This picture is damaged or breaks off."),
        (saved(picture(), "JPEG")[:-200], "This picture is damaged or breaks off."),
        (saved(Image.new("RGB", (1, 1))), "This picture has 1 by 1 pixels, too few"),
        (saved(Image.new("RGB", (20_000, 1))), "This picture has 20,000 by 1 pixels, too few"),
        (png_header(20_001, 100), "This picture has 20,001 by 100 pixels; at most 50 megapixels"),
        (png_header(8_000, 8_000), "This picture has 8,000 by 8,000 pixels; at most 50"),
        (png_header(15_000, 15_000), "This picture has more than 178 megapixels; at most 50"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(data, sentence):
    assert refusal(data).startswith(sentence)


def test_postscript_and_other_programs_are_not_opened():
    assert refusal(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n").startswith(
        "This is no"
    )
    assert set(formats.FORMATS) <= {"PNG", "JPEG", "WEBP", "AVIF", "BMP", "GIF", "TIFF", "HEIF"}


def test_heic_is_named_where_it_cannot_be_read(monkeypatch):
    monkeypatch.setattr(decoding, "FORMATS", ("PNG",))

    assert "HEIC picture, which is read only where the package pillow-heif" in refusal(
        b"\0\0\0\x18ftypheic" + b"\0" * 40
    )


def test_heic_is_read_where_its_package_is_installed():
    pytest.importorskip("pillow_heif")

    found = decode(saved(picture(), "HEIF"))

    np.testing.assert_allclose(found[20, [5, 35]], [[40] * 3, [200] * 3], atol=LOSSY)


def test_a_file_of_more_than_50_mb_is_refused_without_reading_it_all(monkeypatch):
    monkeypatch.setattr(decoding, "MAX_BYTES", 1_000)
    file = io.BytesIO(saved(picture()) + b"\0" * 5_000)

    assert refusal(file).startswith("This file has more than 50 MB")
    assert file.tell() == 1_001


def test_a_jpeg_of_many_passes_is_refused_before_it_takes_minutes():
    data = saved(picture(), "JPEG", progressive=True)
    assert decode(data).shape == (HEIGHT, WIDTH, 3)
    scan = re.search(rb"\xff\xda.*?(?=\xff[\xc4\xda\xd9])", data, re.DOTALL)[0]

    assert refusal(data[:-2] + scan * 200 + data[-2:]).startswith(
        "This JPEG comes in more than 100"
    )


def test_a_zip_bomb_of_a_png_is_refused_by_its_size():
    black = b"IDAT" + zlib.compress(bytes(30_000_000), 9)  # 29 kB
    bomb = png_header(30_000, 30_000)[:33] + struct.pack(">I", len(black) - 4) + black + b"\0" * 4

    assert "at most 50 megapixels" in refusal(bomb)
