"""What colour the background of a picture has, how it changes across it, and how noisy it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from fmnist_core.data.photo.spec import Box

RIM = 0.03  # of the shorter side: the pixels at the border that are taken for background
ALIKE = 15  # levels of each channel
# Levels beyond which a colour counts for little, round by round. Twice, and what explains more of
# the border is taken: wide at first, which follows a gradient, or narrow from the beginning, which
# no garment on the border can tilt.
SCALES = ((40, 40, 30, 30, 20, 20, 10, 10), (6, 6, 6, 6, 6, 6, 6, 6))
FAR = 60  # levels
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow's mode L


@dataclass(frozen=True, eq=False)
class Background:
    """A colour that may change evenly across the picture.

    Attributes:
        plane: float64 (3, 3): the colour in the middle, what is added from there over a whole
            width, and over a whole height; columns are red, green and blue, 0 to 255.
        noise: How far the border's pixels usually lie from that, in levels of 255, by `noise`.
    """

    plane: np.ndarray
    noise: float

    @property
    def colour(self) -> tuple[int, int, int]:
        """The colour in the middle, 0 to 255 each."""
        red, green, blue = (int(level) for level in np.rint(np.clip(self.plane[0], 0, 255)))
        return red, green, blue

    @property
    def luma(self) -> float:
        """How light it is in the middle, 0 to 255."""
        return float(self.plane[0] @ LUMA)

    def within(self, box: Box) -> Background:
        """Return what it is on a part of the picture."""
        left, top, right, bottom = box
        middle, across, down = self.plane
        centre = middle + ((left + right - 1) * across + (top + bottom - 1) * down) / 2
        return replace(
            self, plane=np.stack([centre, (right - left) * across, (bottom - top) * down])
        )

    def distance(self, rgb: np.ndarray) -> np.ndarray:
        """Return how far colours lie from it, in the channel in which they do most.

        Args:
            rgb: uint8 (height, width, 3), of the whole picture.

        Returns:
            float32 (height, width), 0 to 255.
        """
        return _farthest(rgb - self.across(*rgb.shape[:2]))

    def across(self, height: int, width: int) -> np.ndarray:
        """Return its colour at each of so many places, float32 (height, width, 3)."""
        right, lower = _places(height, width)
        middle, across, down = self.plane.astype(np.float32)
        there: np.ndarray = middle + right[..., None] * across + lower[..., None] * down
        return there


def estimate_background(rgb: np.ndarray, known: np.ndarray) -> Background:
    """Fit the colour of the pixels at the border, evenly changing, whatever else touches it.

    Least squares, reweighted by Geman and McClure's function, so that a garment may hold a third of
    the border, or more of it where one corner shows the background.

    Args:
        rgb: uint8 (height, width, 3).
        known: Whether a pixel belongs to the picture, bool (height, width); after turning, the
            corners do not.
    """
    reach = 2 * max(1, round(RIM * min(known.shape))) + 1
    rim = known & ~ndimage.minimum_filter(known, reach, mode="constant", cval=False)
    colours = rgb[rim].astype(np.float64)  # (N, 3)
    across, down = (place[rim] for place in np.broadcast_arrays(*_places(*known.shape)))
    design = np.stack([np.ones(len(colours)), across, down], axis=1)
    start = np.zeros((3, 3))
    start[0] = _commonest(rgb, rim, colours)
    planes = [_fitted(design, colours, start, scales) for scales in SCALES]
    plane = max(planes, key=lambda each: _weights(design, colours, each, SCALES[0][-1]).sum())
    return Background(plane, noise(_farthest(colours - design @ plane)))


def noise(distance: np.ndarray) -> float:
    """Return how far pixels of the background usually lie from its colour.

    1.48 times the median, which of normal noise in each channel is 1.8 times the standard
    deviation; of folds and grain, which never go far, less, by the 98th percentile. What is farther
    away than 60 levels is garment, and does not count.
    """
    near = distance[distance < FAR]
    middle, most = np.percentile(near if len(near) else distance, (50, 98))
    return float(min(1.4826 * middle, most / 1.5))


def _fitted(
    design: np.ndarray, colours: np.ndarray, plane: np.ndarray, scales: Sequence[float]
) -> np.ndarray:
    for scale in scales:
        weighted = design * _weights(design, colours, plane, scale)[:, None]
        plane = np.linalg.lstsq(weighted.T @ design, weighted.T @ colours)[0]
    return plane


def _weights(
    design: np.ndarray, colours: np.ndarray, plane: np.ndarray, scale: float
) -> np.ndarray:
    """Return how much each pixel counts, by how far it is from the plane, float (N,), 0 to 1."""
    found: np.ndarray = 1 / (1 + (_farthest(colours - design @ plane) / scale) ** 2) ** 2
    return found


def _commonest(rgb: np.ndarray, rim: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Return where to begin: the colour of the border or of a corner that most of the border has.

    A garment that touches two sides can hold more than half of the border, but no corner.
    """
    size = max(1, min(rim.shape) // 12)
    ends = (slice(None, size), slice(-size, None))
    corners = [rgb[rows, columns][rim[rows, columns]] for rows in ends for columns in ends]
    candidates = [np.median(each, axis=0) for each in (colours, *corners) if len(each)]
    return max(candidates, key=lambda found: (_farthest(colours - found) < ALIKE).sum())


def _farthest(difference: np.ndarray) -> np.ndarray:
    """Return the size of the largest of three channels, (…, 3) → (…); `max` takes far longer."""
    red, green, blue = np.moveaxis(np.abs(difference), -1, 0)
    found: np.ndarray = np.maximum(np.maximum(red, green), blue)
    return found


def _places(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Where pixels are, from -0.5 to 0.5: across, float32 (1, width), and down, (height, 1)."""
    across = (np.arange(width, dtype=np.float32) + 0.5) / width - 0.5
    down = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    return across[None, :], down[:, None]
