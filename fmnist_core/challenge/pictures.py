"""The two pictures of an entry: 28×28 pixels, and what they were made of, without its metadata."""

from __future__ import annotations

import hashlib
import io

import numpy as np
from PIL import Image

from fmnist_core.data.photo import decode
from fmnist_core.exceptions import ChallengeError, PhotoError
from fmnist_core.labels import IMAGE_SHAPE

SHAPE = IMAGE_SHAPE[:2]
LONGEST = 1_024  # pixels of an original's longer side
MAX_PNG_BYTES = 256 * 2**10  # an opaque original that takes more becomes a JPEG
QUALITY = 90
PNG, JPEG = ORIGINALS = "original.png", "original.jpg"


def checked_pixels(pixels: np.ndarray) -> np.ndarray:
    """Return a copy of the pixels that nobody can change, uint8 (28, 28).

    Raises:
        ChallengeError: They are of another shape or type.
    """
    if pixels.shape != SHAPE or pixels.dtype != np.uint8:
        raise ChallengeError(
            f"The challenge set holds grey pictures of 28 by 28 pixels, uint8; you gave "
            f"{pixels.dtype} {pixels.shape}."
        )
    found = pixels.copy()
    found.setflags(write=False)
    return found


def read_pixels(data: bytes) -> np.ndarray:
    """Read the bytes of a grey picture of 28×28 pixels, which cannot be trusted.

    Raises:
        PhotoError: It is no picture, or not of that size, or in colour.
    """
    picture = decode(data)
    if picture.shape != (*SHAPE, 3) or np.ptp(picture, axis=2).any():
        raise PhotoError(
            "Its pixels are no grey picture of 28 by 28. Keep the picture anew from its original."
        )
    return checked_pixels(picture[..., 0])


def pixel_digest(pixels: np.ndarray) -> str:
    """Return what stands for such pixels: the first 32 hexadecimal digits of their SHA-256."""
    return hashlib.sha256(pixels.tobytes()).hexdigest()[:32]


def original_file(picture: np.ndarray) -> tuple[str, bytes]:
    """Make a file of an original: smaller, and of nothing but its pixels.

    Args:
        picture: uint8, (height, width), (height, width, 3) or (height, width, 4), upright.

    Returns:
        The name of the file, and its bytes: PNG where something is transparent or little is lost by
        it, as of drawings, else JPEG.
    """
    image = Image.fromarray(picture)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    lossless = _encoded(image, "PNG")
    if image.mode == "RGBA" or len(lossless) <= MAX_PNG_BYTES:
        return PNG, lossless
    return JPEG, _encoded(image, "JPEG", quality=QUALITY)


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
