"""Small pictures as files, for pages that take them."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw

PNG_URL = "data:image/png;base64,"


def png(box: tuple[int, int, int, int] = (90, 40, 190, 240), side: int = 280) -> bytes:
    """A black box on white paper; an empty one for nothing."""
    image = Image.new("RGB", (side, side), "white")
    if box[2] > box[0]:
        ImageDraw.Draw(image).rectangle(box, fill="black")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def data_url(data: bytes) -> str:
    """What a canvas in the browser makes of it."""
    return PNG_URL + base64.b64encode(data).decode()
