"""Pictures of the data set as PNG, many in one or one enlarged, for the browser."""

from __future__ import annotations

import base64
import io

import numpy as np
from PIL import Image

COLUMNS = 12  # pictures in a row of a sprite


def sprite(images: np.ndarray) -> str:
    """Put pictures into one PNG, row by row.

    Args:
        images: uint8 (N, 28, 28), at least one.

    Returns:
        A data URL; `COLUMNS` pictures a row, the last row filled up with black.
    """
    number, height, width = images.shape
    rows = -(-number // COLUMNS)
    sheet = np.zeros((rows * COLUMNS, height, width), np.uint8)
    sheet[:number] = images
    sheet = sheet.reshape(rows, COLUMNS, height, width).swapaxes(1, 2)
    return png_url(sheet.reshape(rows * height, COLUMNS * width))


def png_url(pixels: np.ndarray) -> str:
    """Return grey pixels, uint8 (height, width), as a data URL of a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
