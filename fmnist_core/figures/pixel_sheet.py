"""Pictures of 28×28 numbers side by side as one SVG: grey amounts, or signed differences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from fmnist_core.export.png import enlarged, png_url
from fmnist_core.model.drawing.ink import ink
from fmnist_core.model.drawing.svg import document, image, text

SIDE = 112  # px of a picture: four for each of its pixels
_GAP, _TITLE = 14, 20
_CURVE = 0.6  # of signed colours: small values are still seen beside black
_LESS, _MORE = np.array([121, 170, 255]), np.array([240, 160, 107])  # as in ui/components/pixels.js


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """One of them.

    Attributes:
        title: Above it.
        values: float or uint8 (28, 28), in [-limit, limit] of the sheet, or [0, limit].
        note: Below it; "" for none.
    """

    title: str
    values: np.ndarray
    note: str = ""


def sheet_svg(
    pictures: Sequence[Picture],
    *,
    limit: float,
    columns: int,
    dark: bool,
    title: str,
    side: int = SIDE,
    signed: bool = False,
) -> str:
    """Draw pictures in rows, all on one scale.

    Args:
        pictures: At least one.
        limit: The value that is white, or orange where values have signs; its negative is blue.
        columns: Pictures in a row.
        dark: For a dark page.
        title: What the sheet shows.
        side: px of a picture, a multiple of 28.
        signed: Values may be negative, and 0 is black.
    """
    rows = -(-len(pictures) // columns)
    height = _TITLE + side + (_TITLE if any(each.note for each in pictures) else 0) + _GAP
    body = [
        element
        for place, each in enumerate(pictures)
        for element in _drawn(
            each,
            (_GAP + (place % columns) * (side + _GAP), _GAP / 2 + (place // columns) * height),
            side,
            limit=limit,
            dark=dark,
            signed=signed,
        )
    ]
    across = min(columns, len(pictures))
    said = "; ".join(f"{each.title} {each.note}".strip() for each in pictures)
    return document(_GAP + across * (side + _GAP), rows * height, title, said, body)


def _drawn(
    picture: Picture, at: tuple[float, float], side: int, *, limit: float, dark: bool, signed: bool
) -> Iterable[str]:
    x, y = at
    color, middle = ink(dark=dark), x + side / 2
    yield text((middle, y + 13), picture.title, font_size=12, text_anchor="middle", fill=color.text)
    shares = np.clip(picture.values / limit, -1 if signed else 0, 1)
    pixels = signed_colors(shares) if signed else np.rint(255 * shares).astype(np.uint8)
    yield image((x, y + _TITLE), side, side, png_url(enlarged(pixels, side // 28)))
    if picture.note:
        below = (middle, y + _TITLE + side + 14)
        yield text(below, picture.note, font_size=11, text_anchor="middle", fill=color.muted)


def signed_colors(shares: np.ndarray) -> np.ndarray:
    """Colour values in [-1, 1]: black at 0, blue below, orange above; uint8 (…, 3)."""
    bright = np.abs(shares)[..., np.newaxis] ** _CURVE
    ends = np.where(shares[..., np.newaxis] < 0, _LESS, _MORE)
    return np.rint(bright * ends).astype(np.uint8)
