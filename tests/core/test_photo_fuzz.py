"""Damaged pictures: whatever is done to a file, it is read or refused with a sentence."""

import io
import resource
import sys

import numpy as np
import pytest
from PIL import Image

from fmnist_core.data.photo import decode, prepare
from fmnist_core.exceptions import PhotoError

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of what it skips
FILES = 700
HEADER = 120  # bytes, in which most of the meaning is
MAX_GROWTH = 400 * 2**20  # as much as 50 megapixels of the kinds that are read here


def whole_files():
    """One file of each format and kind of pixel, a few hundred bytes each."""
    rng = np.random.default_rng(7)
    rgb = np.full((24, 32, 3), 230, np.uint8)
    rgb[6:18, 8:24] = rng.integers(0, 200, (12, 16, 3))
    image = Image.fromarray(rgb)
    exif = Image.Exif()
    exif[274] = 6
    rgba = image.convert("RGBA")
    rgba.putalpha(Image.fromarray(np.where(rgb[..., 0] < 230, 255, 0).astype(np.uint8)))
    for kind, pictures in {
        "PNG": [image, rgba, image.convert("P"), image.convert("LA"), image.convert("I;16")],
        "JPEG": [image, image.convert("L"), image.convert("CMYK")],
        "WEBP": [image, rgba],
        "AVIF": [image],
        "BMP": [image, image.convert("1")],
        "GIF": [image],
        "TIFF": [image, rgba, image.convert("F"), image.convert("CMYK")],
    }.items():
        for each in pictures:
            options = {"exif": exif} if kind in ("JPEG", "PNG", "WEBP", "TIFF") else {}
            file = io.BytesIO()
            each.save(file, kind, **options)
            yield file.getvalue()
    file = io.BytesIO()
    image.save(file, "JPEG", progressive=True)
    yield file.getvalue()
    for compression in ("tiff_lzw", "tiff_deflate", "jpeg", "packbits"):
        file = io.BytesIO()
        image.save(file, "TIFF", compression=compression)
        yield file.getvalue()


def damaged(files, rng):
    """Flip bytes of a file, cut it off, or go on with another one."""
    data = bytearray(files[rng.integers(len(files))])
    way = rng.integers(4)
    if way < 2:
        reach = min(len(data), HEADER) if way else len(data)
        for place in rng.integers(reach, size=rng.integers(1, 9)):
            data[place] = rng.integers(256)
        return bytes(data)
    other = files[rng.integers(len(files))]
    rest = other[rng.integers(len(other)) :] if way == 3 else b""
    return bytes(data[: rng.integers(len(data))]) + rest


@pytest.fixture
def megabytes_grown():
    """How much more memory this process has had than before, as far as the system tells."""
    unit = 1 if sys.platform == "darwin" else 1_024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return lambda: (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit


def test_damaged_files_are_read_or_refused(megabytes_grown):
    files, rng = list(whole_files()), np.random.default_rng(7)
    for data in files:
        decode(data)
    read = 0
    for _ in range(FILES):
        try:
            pixels = prepare(decode(damaged(files, rng))).pixels
        except PhotoError:
            continue
        assert pixels.dtype == np.uint8 and pixels.shape == (28, 28)
        read += 1
    assert 50 < read < FILES - 50  # both happen
    assert megabytes_grown() < MAX_GROWTH
