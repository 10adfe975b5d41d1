"""Grey pictures as PNG."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image


def png(pixels: np.ndarray) -> bytes:
    """Return grey pixels, uint8 (height, width), as a PNG; the same ones give the same bytes."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def png_url(pixels: np.ndarray) -> str:
    """Return grey pixels, uint8 (height, width), as a data URL of a PNG."""
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode()
