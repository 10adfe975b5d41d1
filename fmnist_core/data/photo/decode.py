"""Files with pictures, from anywhere, → pixels; what is too large is refused before it is read."""

from __future__ import annotations

import io
from typing import IO, Any

import numpy as np
from PIL import ExifTags, Image

from fmnist_core.data.photo.formats import FORMATS, KNOWN, guessed
from fmnist_core.data.photo.modes import to_rgb
from fmnist_core.exceptions import PhotoError

MAX_BYTES = 50 * 2**20
MAX_PIXELS = 50_000_000  # what a phone takes today; 200 MB in Pillow
MIN_SIDE, MAX_SIDE = 8, 20_000
MAX_SCANS = 100  # of a progressive JPEG, about 10 are usual; each takes time for every pixel
LONGEST = 2_048  # of what is returned: more would only take memory

_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(source: bytes | IO[bytes]) -> np.ndarray:
    """Read a picture from a file that cannot be trusted.

    Args:
        source: A PNG, JPEG, WebP, AVIF, BMP, GIF or TIFF file, or HEIC where pillow-heif is
            installed: its bytes, or the file, opened for reading. Of one that moves, the first
            picture counts.

    Returns:
        uint8 (height, width, 3), or (height, width, 4) where something is transparent; upright, as
        EXIF says; reduced to at most 2,048 pixels a side. Grey of more than 8 bits, or of numbers
        that are no grey levels, is stretched to 0 to 255.

    Raises:
        PhotoError: It is not such a file, damaged, of more than 50 MB or 50 megapixels, or of
            fewer than 8 pixels on a side.
    """
    data = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
    _check_bytes(data)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_size(*image.size)
            _draft(image)
            image.load()
            orientation = _orientation(image)
            return _upright(to_rgb(image, LONGEST), orientation)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        raise PhotoError(_too_large("more than 178 megapixels")) from error
    except Image.UnidentifiedImageError as error:
        raise PhotoError(f"This is {guessed(data)}. Choose a picture: {KNOWN}.") from error
    except Exception as error:  # Pillow lets out whatever a damaged file makes its parsers trip on
        raise PhotoError(
            "This picture is damaged or breaks off. Save it anew, as PNG or JPEG, and choose that."
        ) from error


def _check_bytes(data: bytes) -> None:
    if not data:
        raise PhotoError(f"This file is empty. Choose a picture: {KNOWN}.")
    if len(data) > MAX_BYTES:
        raise PhotoError(
            "This file has more than 50 MB, the most that is read. Save the picture smaller, 2,000 "
            "pixels a side are plenty, and choose that."
        )
    # Compressed data of a JPEG never hold these two bytes, so this counts its scans.
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MAX_SCANS:
        raise PhotoError(
            f"This JPEG comes in more than {MAX_SCANS} passes, which no camera makes. Save it "
            "anew and choose that."
        )


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise PhotoError(_too_large(f"{width:,} by {height:,} pixels"))
    if min(width, height) < MIN_SIDE:
        raise PhotoError(
            f"This picture has {width:,} by {height:,} pixels, too few to show a garment. Choose "
            f"one of at least {MIN_SIDE} by {MIN_SIDE}; from 100 by 100 on nothing is lost."
        )


def _too_large(size: str) -> str:
    return (
        f"This picture has {size}; at most {MAX_PIXELS // 10**6} megapixels and {MAX_SIDE:,} "
        "a side are read. Save it smaller, 2,000 pixels a side are plenty, and choose that."
    )


def _draft(image: Image.Image) -> None:
    """Have a JPEG decoded at 1/2, 1/4 or 1/8, which takes as much less memory, where it is huge."""
    scale = max(image.size) // LONGEST
    if scale > 1:
        image.draft(None, (image.width // scale, image.height // scale))


def _orientation(image: Image.Image) -> Any:
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # hostile EXIF: the picture is as good without
        return 1


def _upright(image: Image.Image, orientation: Any) -> np.ndarray:
    method = _TURNED.get(orientation) if isinstance(orientation, int) else None
    return np.array(image if method is None else image.transpose(method))
