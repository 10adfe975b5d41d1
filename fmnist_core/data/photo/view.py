"""A picture turned and cropped, and parts of it at any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from fmnist_core.data.photo.spec import Box, PhotoSpec
from fmnist_core.exceptions import PhotoError

CUT_OUT = 0.05  # of the pixels transparent: then that is the background; rounded corners are less
MIN_PIXELS = 4  # a side, after cropping
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, eq=False)
class View:
    """What is looked at.

    Attributes:
        rgb: Mode RGB; what is transparent lies on white.
        alpha: Mode L: what is transparent, or was not there before the picture was turned.
        cut_out: Whether transparency is the background.
    """

    rgb: Image.Image
    alpha: Image.Image | None
    cut_out: bool

    def part(self, longest: int, box: Box = WHOLE) -> tuple[np.ndarray, np.ndarray]:
        """Return a part of it, its longer side so many pixels.

        Returns:
            Colours, uint8 (height, width, 3), and how opaque they are, uint8 (height, width).
        """
        width, height = self.rgb.size
        left, top, right, bottom = box
        pixels = (left * width, top * height, right * width, bottom * height)
        size = fitted(pixels[2] - pixels[0], pixels[3] - pixels[1], longest)
        rgb = self.rgb.resize(size, Image.Resampling.BOX, pixels)
        if self.alpha is None:
            return np.asarray(rgb), np.full(size[::-1], 255, np.uint8)
        return np.asarray(rgb), np.asarray(self.alpha.resize(size, Image.Resampling.BOX, pixels))


def fitted(width: float, height: float, longest: int) -> tuple[int, int]:
    """Return width and height of the same aspect, the longer one as given and none below 1."""
    scale = longest / max(width, height)
    return max(1, round(scale * width)), max(1, round(scale * height))


def view(picture: np.ndarray, spec: PhotoSpec) -> View:
    """Turn and crop a picture as asked.

    Args:
        picture: uint8 (height, width, 3) or (height, width, 4), as `decode` returns it.
        spec: Its rotation and crop count.

    Raises:
        PhotoError: The crop leaves nearly nothing, or all of it is transparent.
    """
    image = Image.fromarray(picture)
    cut_out = image.mode == "RGBA" and _transparent(image) >= CUT_OUT
    if image.mode == "RGBA" and not cut_out:
        image = _on_white(image)
    image = _cropped(_turned(image, spec.rotation), spec.crop)
    if image.mode == "RGB":
        return View(image, None, False)
    alpha = image.getchannel("A")
    if not alpha.getextrema()[1]:
        raise PhotoError("All of this picture is transparent. Choose one that shows a garment.")
    return View(_on_white(image), alpha, cut_out)


def _transparent(image: Image.Image) -> float:
    counts = np.array(image.getchannel("A").histogram())
    return float(counts[:128].sum() / counts.sum())


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _turned(image: Image.Image, degrees: float) -> Image.Image:
    """Turn to the left; what comes in at the corners is transparent."""
    quarters, rest = divmod(degrees, 90)
    if rest:
        image = image.convert("RGBA").reduce(2 if max(image.size) > 1_024 else 1)
        return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    methods = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    return image.transpose(methods[int(quarters) % 4 - 1]) if quarters % 4 else image


def _cropped(image: Image.Image, crop: Box | None) -> Image.Image:
    if crop is None:
        return image
    sides = image.size * 2
    left, top, right, bottom = (round(edge * side) for edge, side in zip(crop, sides, strict=True))
    if min(right - left, bottom - top) < MIN_PIXELS:
        raise PhotoError(
            f"The crop leaves {right - left} by {bottom - top} pixels of this picture, too few to "
            "show a garment. Crop less, or choose a larger picture."
        )
    return image.crop((left, top, right, bottom))
