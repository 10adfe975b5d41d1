"""Where the garment is in a picture, and on what background."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image
from scipy import ndimage

from fmnist_core.data.photo.background import Background, estimate_background, noise
from fmnist_core.data.photo.garment import edge_box, firm, garment_mask, mask_box
from fmnist_core.data.photo.spec import Box, PhotoSpec
from fmnist_core.data.photo.tones import SIDE
from fmnist_core.data.photo.view import View
from fmnist_core.exceptions import PhotoError

OVERVIEW = 256  # pixels of the longer side in which the garment is looked for
DETAIL = 196  # of its box and a little around, in which its outline is looked for
NOISES = 2.5  # of the background: what differs by more belongs to the garment
MOST = 100.0  # levels that noise can make of it, so that a strong contrast always tells
MIN_OUTSIDE = 100  # pixels, to measure the noise again
HALF = 127.0  # opaque: the edge of what was cut out


@dataclass(frozen=True, eq=False)
class Garment:
    """A garment cut out of its picture.

    Attributes:
        background: On which it was; None where the picture was cut out already.
        limit: How far a colour had to differ from that, in levels of 255.
        overview: Which pixels of the whole picture it has, bool, longer side 256.
        box: Around it, as fractions of the picture.
        rgb: Its box, uint8 (height, width, 3).
        mask: Which of these pixels are the garment, bool (height, width).
        firm: Those of them that are garment for the most part, likewise.
    """

    background: Background | None
    limit: float
    overview: np.ndarray
    box: Box
    rgb: np.ndarray
    mask: np.ndarray
    firm: np.ndarray


def locate(view: View, spec: PhotoSpec) -> Garment:
    """Find the garment: first roughly in the whole picture, then its outline in its box.

    Raises:
        PhotoError: Nothing differs from the background.
    """
    rgb, alpha = view.part(OVERVIEW)
    background = None if view.cut_out else estimate_background(rgb, alpha == alpha.max())
    limit = HALF if background is None else _limit(spec, background.noise)
    overview = _mask(_distance(rgb, alpha, background), limit)
    around = _fractions(mask_box(overview), overview, margin=2)

    rgb, alpha = view.part(DETAIL, around)
    if background:
        background = _closer(background, around, rgb, overview)
        limit = _limit(spec, background.noise)
    distance = _distance(rgb, alpha, background)
    mask = _mask(distance, limit)
    left, top, right, bottom = edge_box(distance, mask, DETAIL // SIDE)
    inner = _fractions((left, top, right, bottom), mask)
    return Garment(
        background=background and background.within(inner),
        limit=limit,
        overview=overview,
        box=_within(inner, around),
        rgb=rgb[top:bottom, left:right],
        mask=mask[top:bottom, left:right],
        firm=firm(distance, mask)[top:bottom, left:right],
    )


def _limit(spec: PhotoSpec, noise: float) -> float:
    return max(2.55 * spec.tolerance, min(NOISES * noise, MOST))


def _distance(rgb: np.ndarray, alpha: np.ndarray, background: Background | None) -> np.ndarray:
    if background is None:
        return alpha.astype(np.float32)
    return np.where(alpha == 255, background.distance(rgb), 0)


def _mask(distance: np.ndarray, limit: float) -> np.ndarray:
    mask = garment_mask(distance, limit)
    if mask.any():
        return mask
    raise PhotoError(
        f"Nothing in this picture stands out from its background by more than {limit / 2.55:.1f} % "
        "of the range. Lower the tolerance, crop it to the garment, or choose a picture with more "
        "contrast."
    )


def _closer(background: Background, box: Box, rgb: np.ndarray, overview: np.ndarray) -> Background:
    """Return the background of a part, and its noise there: enlarging it makes it noisier."""
    background = background.within(box)
    height, width = rgb.shape[:2]
    columns, rows = overview.shape[1] * np.array(box[::2]), overview.shape[0] * np.array(box[1::2])
    pixels = (columns[0], rows[0], columns[1], rows[1])
    there = Image.fromarray(ndimage.binary_dilation(overview, iterations=2))
    outside = ~np.asarray(there.resize((width, height), Image.Resampling.NEAREST, pixels))
    if outside.sum() < MIN_OUTSIDE:
        return background
    return replace(background, noise=noise(background.distance(rgb)[outside]))


def _fractions(box: tuple[int, ...], of: np.ndarray, margin: int = 0) -> Box:
    """Bring pixels of a mask to fractions of it."""
    height, width = of.shape
    left, top, right, bottom = box
    return (
        max(0, left - margin) / width,
        max(0, top - margin) / height,
        min(width, right + margin) / width,
        min(height, bottom + margin) / height,
    )


def _within(inner: Box, outer: Box) -> Box:
    """Bring fractions of a part to fractions of the whole."""
    left, top, right, bottom = outer
    width, height = right - left, bottom - top
    return (
        left + inner[0] * width,
        top + inner[1] * height,
        left + inner[2] * width,
        top + inner[3] * height,
    )
