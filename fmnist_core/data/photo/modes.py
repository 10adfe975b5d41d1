"""Pixels of any kind that Pillow knows → 8 bits of red, green, blue, and alpha if there is some."""

from __future__ import annotations

import numpy as np
from PIL import Image

from fmnist_core.exceptions import PhotoError

_AVERAGED = ("L", "LA", "La", "RGB", "RGBA", "RGBa", "CMYK", "YCbCr", "HSV")
_TRANSPARENT = ("LA", "La", "PA", "RGBA", "RGBa")


def to_rgb(image: Image.Image, longest: int) -> Image.Image:
    """Turn a loaded picture into mode RGB, or RGBA where something is transparent, and reduce it.

    Args:
        image: Of any mode. Numbers of more than 8 bits are stretched from their smallest and
            largest: what stands for white differs from camera to scanner.
        longest: Pixels of the longer side, at most; a picture that has more is divided by a whole
            number.

    Raises:
        PhotoError: There are numbers that are none (NaN) or infinite.
        ValueError: Pillow knows no way from that mode.
    """
    factor = -(-max(image.size) // longest)
    keyed = "transparency" in image.info  # a colour, or places in a palette, that are not there
    if image.mode in _AVERAGED and not keyed:
        image = image.reduce(factor)  # before it takes four bytes a pixel, and a copy
        factor = 1
    if image.mode.startswith("I") or image.mode == "F":
        image = _from_numbers(np.asarray(image))
    if not keyed and image.mode not in _TRANSPARENT:
        return image.convert("RGB").reduce(factor)
    found = image.convert("RGBA").reduce(factor)
    lowest, _ = found.getchannel("A").getextrema()
    return found.convert("RGB") if lowest == 255 else found


def _from_numbers(values: np.ndarray) -> Image.Image:
    if not np.isfinite(values).all():
        raise PhotoError(
            "This picture holds values that are no numbers (NaN or infinite). Save it with "
            "ordinary grey levels and choose that."
        )
    low, high = (float(end) for end in (values.min(), values.max()))
    stretched = (values.astype(np.float64) - low) * (255 / max(high - low, 1e-300))
    return Image.fromarray(np.rint(stretched).astype(np.uint8))
