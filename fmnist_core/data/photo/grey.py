"""A garment in colours → in grey, on a background of one level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fmnist_core.data.photo.background import LUMA
from fmnist_core.data.photo.locate import Garment
from fmnist_core.data.photo.spec import AUTO, DARK, LIGHT, PhotoSpec

CHANNELS = ("red", "green", "blue")
NEARLY_ALL = 98  # % of the garment: the rest are highlights and noise
WHITE, BLACK = 255.0, 0.0
DIM = 60.0  # a background below this says little about how the light falls


@dataclass(frozen=True, eq=False)
class Grey:
    """A garment in grey on an even background.

    Attributes:
        levels: float32 (height, width), 0 to 255, before anything is negated.
        background: The level of the background: no pixel of note lies beyond it.
        polarity: "light" or "dark": which end of the range the background has.
        channel: The colour that was taken for grey where greys are alike; else None.
    """

    levels: np.ndarray
    background: float
    polarity: str
    channel: str | None


def grey(garment: Garment, spec: PhotoSpec) -> Grey:
    """Turn a garment grey, and its background into one level.

    The background becomes the lightest, or on a dark one the darkest, of itself and the garment, so
    that what is negated later starts from 0 and no part of the garment is cut off.
    """
    weights, channel = _weights(garment)
    levels = garment.rgb @ weights
    base, polarity = _base(garment, levels, weights, spec)
    if garment.background and polarity == LIGHT:
        levels = levels * _evened(garment, weights)
    inside = levels[garment.mask]
    if polarity == LIGHT:
        background = max(base, float(np.percentile(inside, NEARLY_ALL)))
    else:
        background = min(base, float(np.percentile(inside, 100 - NEARLY_ALL)))
    levels = np.where(garment.mask, levels, background).astype(np.float32)
    return Grey(levels, background, polarity, channel)


def _weights(garment: Garment) -> tuple[np.ndarray, str | None]:
    """Return how red, green and blue make grey: by luma, unless only colours tell the two apart."""
    if garment.background is None:
        return LUMA, None
    apart = np.abs(garment.rgb[garment.mask] - garment.background.plane[0])
    by_luma = np.median(np.abs((garment.rgb[garment.mask] - garment.background.plane[0]) @ LUMA))
    best = int(np.median(apart, axis=0).argmax())
    if by_luma > garment.limit / 2 or np.median(apart[:, best]) <= garment.limit:
        return LUMA, None
    return np.eye(3, dtype=np.float32)[best], CHANNELS[best]


def _base(
    garment: Garment, levels: np.ndarray, weights: np.ndarray, spec: PhotoSpec
) -> tuple[float, str]:
    """Return the background's level and which end of the range that is."""
    inside = levels[garment.mask]
    if garment.background is None:  # what was cut out can be laid on either
        pale = np.percentile(inside, 100 - NEARLY_ALL) > WHITE - 2.55 * spec.tolerance
        polarity = (DARK if pale else LIGHT) if spec.polarity == AUTO else spec.polarity
        return (WHITE if polarity == LIGHT else BLACK), polarity
    base = float(garment.background.plane[0] @ weights)
    lighter = base > inside.mean()
    polarity = (LIGHT if lighter else DARK) if spec.polarity == AUTO else spec.polarity
    return base, polarity


def _evened(garment: Garment, weights: np.ndarray) -> np.ndarray:
    """Return by what to multiply so that light falls evenly, as a light background tells."""
    assert garment.background
    base = float(garment.background.plane[0] @ weights)
    there = garment.background.across(*garment.mask.shape) @ weights
    found: np.ndarray = base / np.maximum(there, DIM) if base > DIM else np.ones_like(there)
    return found
