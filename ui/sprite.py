"""Many pictures of the data set as one PNG, for the browser."""

from __future__ import annotations

import numpy as np

from fmnist_core.export.png import png_url

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
