"""The pixels of an image with their numbers, as SVG."""

from __future__ import annotations

import numpy as np

from fmnist_core.model.drawing.svg import document, rectangle, text

CELL = 22  # px a pixel
_SIZE = 9  # px of the numbers
_MIDDLE = 128  # from here on numbers are black


def numbers_svg(pixels: np.ndarray, title: str) -> str:
    """Draw each pixel as a grey square with its number; the 0s are left out.

    Args:
        pixels: uint8 (height, width).
        title: What the image is.
    """
    height, width = pixels.shape
    body = [rectangle((0, 0), CELL * width, CELL * height, fill="#000000")]
    for row, column in zip(*np.nonzero(pixels), strict=True):
        level = int(pixels[row, column])
        grey, ink = f"#{level:02x}{level:02x}{level:02x}", "#000" if level >= _MIDDLE else "#fff"
        left, top = int(column) * CELL, int(row) * CELL
        body.append(rectangle((left, top), CELL, CELL, fill=grey))
        middle = (left + CELL / 2, top + CELL / 2 + _SIZE / 3)
        body.append(text(middle, str(level), font_size=_SIZE, text_anchor="middle", fill=ink))
    said = f"{height} rows of {width} grey levels from 0, black, to 255, white."
    return document(CELL * width, CELL * height, title, said, body)
