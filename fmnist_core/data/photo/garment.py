"""Which pixels are the garment: those that differ from the background and hang together."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

SPECK = 0.02  # of the largest part: smaller ones are dust and noise
STRAY = 0.2  # of it: smaller ones at the border belong to something else
NEAR = 9  # pixels across
RISEN = 0.3  # of a soft edge: by measuring, the box is then as often too large as too small
_TOUCHING = np.ones((3, 3), bool)  # corners join too


def garment_mask(distance: np.ndarray, limit: float) -> np.ndarray:
    """Tell the garment from the background.

    Holes in it are garment too, so that a light print on a light ground is not lost. Parts that are
    small against the largest are not, above all at the border, where folds and shadows come in.

    Args:
        distance: How far pixels differ from the background, float (height, width).
        limit: From where on they belong to the garment.

    Returns:
        bool (height, width), all False where nothing does.
    """
    parts, _ = ndimage.label(distance > limit, _TOUCHING)
    sizes = np.bincount(parts.ravel()).astype(float)
    sizes[0] = 0  # the background
    largest = sizes.max()
    sizes[np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])] *= SPECK / STRAY
    kept = sizes > SPECK * largest
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


def edge_box(distance: np.ndarray, mask: np.ndarray, reach: int) -> tuple[int, int, int, int]:
    """Return the box of a mask, each side moved in to where a soft edge has risen to a third.

    That is a third of what is reached a little farther in, so that a pale sleeve counts as a dark
    one does; sharp edges stay. Networks lose two points where a garment is half a pixel too small.

    Args:
        distance: How far pixels differ from the background, float (height, width).
        mask: Which of them are garment, bool (height, width).
        reach: How far a side moves at most, in pixels.

    Returns:
        Left, top, right and bottom, in pixels.
    """
    left, top, right, bottom = mask_box(mask)
    there = np.where(mask, distance, 0)
    columns, rows = there.max(axis=0)[left:right], there.max(axis=1)[top:bottom]
    left, right = left + _softness(columns, reach), right - _softness(columns[::-1], reach)
    top, bottom = top + _softness(rows, reach), bottom - _softness(rows[::-1], reach)
    return left, top, right, bottom


def _softness(profile: np.ndarray, reach: int) -> int:
    """Return after how many pixels a profile has risen to its share of the most within reach."""
    near = profile[: min(reach, len(profile) // 4) + 1]
    return int(np.argmax(near >= RISEN * near.max()))
