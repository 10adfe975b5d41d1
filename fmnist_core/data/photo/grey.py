"""A garment in colours → in grey, on a background of one level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from fmnist_core.data.photo.background import LUMA, Background
from fmnist_core.data.photo.locate import Garment
from fmnist_core.data.photo.spec import AUTO, DARK, LIGHT, PhotoSpec

WHITE, BLACK = 255.0, 0.0
NEARLY_ALL = 98  # % of the garment: the rest are highlights and noise
DIM = 90.0  # a background below this is dark; above, it is light or middling
NEARLY_WHITE = 230.0  # a garment from here on, negated, would leave hardly more than its outline
PALE, COLOURED = 150.0, 40.0  # at least as light, and channels less far apart: paper or a wall
SOFT = 2  # pixels of 196 beyond the outline that are a bit of garment still


@dataclass(frozen=True, eq=False)
class Grey:
    """A garment in grey on an even background.

    Attributes:
        levels: float32 (height, width), 0 to 255, before anything is negated.
        background: The level of the background: no pixel of note lies beyond it.
        polarity: "light" or "dark": which end of the range the background has.
    """

    levels: np.ndarray
    background: float
    polarity: str


def grey(garment: Garment, spec: PhotoSpec) -> Grey:
    """Turn a garment grey, and its background into one level, as if it lay in a studio.

    On paper or a wall, white is what the background is, or the garment if that is lighter, and
    light is evened. On a dark background, which is not negated, it becomes the darkest of itself
    and the garment. Any other says nothing of what white is, and is exchanged for white.
    """
    levels = garment.rgb @ LUMA
    inside = levels[garment.mask]
    polarity = _polarity(garment.background, inside, spec)
    ground = garment.background
    mask = ndimage.binary_dilation(garment.mask, iterations=SOFT)
    if polarity == DARK:
        base = min(ground.luma if ground else BLACK, float(np.percentile(inside, 100 - NEARLY_ALL)))
    elif ground and _is_paper(ground):
        levels = levels * (ground.luma / (ground.across(*mask.shape) @ LUMA))
        base = max(ground.luma, float(np.percentile(levels[garment.mask], NEARLY_ALL)))
    else:
        base, mask = WHITE, garment.firm
    return Grey(np.where(mask, levels, base).astype(np.float32), base, polarity)


def _polarity(background: Background | None, inside: np.ndarray, spec: PhotoSpec) -> str:
    """Tell a light background from a dark one, on which the garment is lighter."""
    if spec.polarity != AUTO:
        return spec.polarity
    if background is None:  # what was cut out can be laid on either
        pale = np.percentile(inside, 100 - NEARLY_ALL) > WHITE - 2.55 * spec.tolerance
        return DARK if pale else LIGHT
    level = float(np.median(inside))
    lighter = level > background.luma + 2.55 * spec.tolerance
    return DARK if lighter and (background.luma < DIM or level > NEARLY_WHITE) else LIGHT


def _is_paper(background: Background) -> bool:
    """Whether it is white as far as the light allows: pale, and hardly coloured."""
    return background.luma >= PALE and np.ptp(background.colour) <= COLOURED
