"""Pictures as PNG."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image


def enlarged(picture: np.ndarray, times: int) -> np.ndarray:
    """Make each pixel a square of so many; (height, width) or (height, width, 3), of any type."""
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def png(pixels: np.ndarray) -> bytes:
    """Return pixels as a PNG; the same ones give the same bytes.

    Args:
        pixels: uint8, (height, width) of grey or (height, width, 3) of red, green and blue.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def png_url(pixels: np.ndarray) -> str:
    """Return pixels, as `png` takes them, as a data URL of a PNG."""
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode()
