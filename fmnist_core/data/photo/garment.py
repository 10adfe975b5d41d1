"""Which pixels are the garment: those that differ from the background and hang together."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

SPECK = 0.02  # of the largest part: smaller ones are dust and noise
NEAR = 9  # pixels across
_TOUCHING = np.ones((3, 3), bool)  # corners join too


def garment_mask(distance: np.ndarray, limit: float) -> np.ndarray:
    """Tell the garment from the background.

    Holes in it are garment too, so that a light print on a light ground is not lost; parts that
    are small against the largest are not.

    Args:
        distance: How far pixels differ from the background, float (height, width).
        limit: From where on they belong to the garment.

    Returns:
        bool (height, width), all False where nothing does.
    """
    parts, _ = ndimage.label(distance > limit, _TOUCHING)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0  # the background
    kept = sizes > SPECK * sizes.max()
    mask: np.ndarray = ndimage.binary_fill_holes(kept[parts])
    return mask


def firm(distance: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Leave out of a mask the pixels that are more background than garment, on a soft outline.

    Args:
        distance: How far pixels differ from the background, float (height, width).
        mask: Which of them are garment, bool (height, width).

    Returns:
        bool (height, width): those that differ at least half as much as any near them.
    """
    kept = mask & (distance >= ndimage.maximum_filter(distance, NEAR) / 2)
    filled: np.ndarray = ndimage.binary_fill_holes(kept)
    return filled


def mask_box(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of what is True in a mask, in pixels.

    Raises:
        ValueError: Nothing is.
    """
    columns, rows = (np.flatnonzero(mask.any(axis=axis)) for axis in (0, 1))
    if not len(rows):
        raise ValueError("an empty mask has no box")
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
