"""What a saliency map is held against: an edge detector knows nothing of any network."""

from __future__ import annotations

import numpy as np


def sobel(image: np.ndarray) -> np.ndarray:
    """Return how steep an image is at each pixel.

    Args:
        image: uint8 (28, 28).

    Returns:
        float32 (28, 28), 0 or more: the length of the Sobel gradient.
    """
    from scipy.ndimage import sobel as slope

    x = image.astype(np.float32) / 255
    return np.hypot(slope(x, axis=0), slope(x, axis=1)).astype(np.float32)


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Return how far two maps agree on where the large values are, whatever their signs.

    Args:
        one: float (28, 28).
        other: Likewise.

    Returns:
        Spearman's coefficient of the absolute values, in [-1, 1]; None where a map is flat.

    Source:
        Adebayo et al. 2018, https://arxiv.org/abs/1810.03292
    """
    from scipy.stats import spearmanr

    sizes = [np.abs(each).ravel() for each in (one, other)]
    if any(np.ptp(size) == 0 for size in sizes):
        return None
    return float(spearmanr(*sizes).statistic)
