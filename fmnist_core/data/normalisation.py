"""What the pixels of the training images are like, for networks that standardise their input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fmnist_core.specs import DataSpec

MIN_STD = 1 / 255  # one grey level; else a pixel that hardly ever changes would rule all others


@dataclass(frozen=True, eq=False)
class PixelStatistics:
    """Mean and standard deviation of pixels in [0, 1].

    Attributes:
        mean, std: float64, shape () for all pixels together or (28, 28, 1) for each; `std` is at
            least `MIN_STD`.
    """

    mean: np.ndarray
    std: np.ndarray


def pixel_statistics(
    images: np.ndarray, train: np.ndarray, spec: DataSpec
) -> PixelStatistics | None:
    """Measure the training images, and no others; None where the spec leaves pixels in [0, 1].

    Args:
        images: All images, uint8 (N, 28, 28).
        train: Which of them train, int (M,).
        spec: "standardised" measures all pixels together, as the featurewise_center and
            featurewise_std_normalization of Keras's ImageDataGenerator do (a feature is a channel
            there, and grey images have one); "per-pixel" measures each place by itself.
    """
    if spec.normalisation == "0-1":
        return None
    pixels = images[train]
    totals = pixels.sum(axis=0, dtype=np.int64)
    squares = np.square(pixels, dtype=np.uint16).sum(axis=0, dtype=np.int64)
    count = len(train)
    if spec.normalisation == "standardised":
        count *= totals.size
        totals, squares = totals.sum(), squares.sum()
    else:
        totals, squares = totals[..., np.newaxis], squares[..., np.newaxis]
    mean = totals / count
    variance = np.maximum(squares / count - mean**2, 0)  # the sums are exact: little cancels
    return PixelStatistics(mean / 255, np.maximum(np.sqrt(variance) / 255, MIN_STD))
