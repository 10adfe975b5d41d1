"""What can be read from the filters of a convolution alone: twins, and what each lets pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIZE = 32  # frequencies along each side, from −1/2 to under 1/2 a pixel
ALIKE = 0.95  # the cosine from which two filters are called twins


@dataclass(frozen=True, kw_only=True)
class Twins:
    """Two filters of nearly the same shape, or of the opposite one.

    Attributes:
        one, other: Their numbers; `one` is the smaller.
        cosine: Of their kernels, in [−1, 1]; near −1 one is the negative of the other.
    """

    one: int
    other: int
    cosine: float


def whole_filters(
    kernel: np.ndarray, pointwise: np.ndarray | None, *, depthwise: bool
) -> np.ndarray:
    """Return what each output map multiplies its inputs with.

    Args:
        kernel: As Keras keeps it: float (height, width, inputs, outputs), and of a depthwise or
            separable convolution (height, width, inputs, multiplier).
        pointwise: Of a separable convolution, float (1, 1, inputs × multiplier, outputs): the
            two steps are worked out as one.
        depthwise: The convolution is depthwise: each filter reads one input map.

    Returns:
        float (height, width, inputs, outputs), and 1 input for a depthwise one.
    """
    height, width, inputs, multiplier = kernel.shape
    if pointwise is not None:
        mix = pointwise.reshape(inputs, multiplier, -1)
        return np.einsum("hwim,imo->hwio", kernel, mix)
    if depthwise:
        return kernel.reshape(height, width, 1, inputs * multiplier)
    return kernel


def norms(filters: np.ndarray) -> np.ndarray:
    """Return the Euclidean norms, float64 (F,), of filters (height, width, inputs, F)."""
    return np.sqrt(np.square(filters, dtype=np.float64).sum(axis=(0, 1, 2)))


def twins(filters: np.ndarray, least: float = ALIKE) -> list[Twins]:
    """Return the pairs whose cosine is at least this, or at most its negative; closest first.

    Args:
        filters: float (height, width, inputs, F). One that is 0 everywhere has no twin; where a
            filter has one number only all are alike, so there are none.
        least: In (0, 1].
    """
    if filters[..., 0].size < 2:
        return []
    length = norms(filters)
    flat = filters.reshape(-1, filters.shape[-1]) / np.where(length > 0, length, 1)
    cosines = np.triu(flat.T @ flat, k=1)
    pairs = np.argwhere(np.abs(cosines) >= least)
    found = [
        Twins(one=int(one), other=int(other), cosine=float(np.clip(cosines[one, other], -1, 1)))
        for one, other in pairs
    ]
    return sorted(found, key=lambda pair: (-abs(pair.cosine), pair.one, pair.other))


def frequency_response(kernel: np.ndarray) -> np.ndarray:
    """Return by how much a filter multiplies stripes of each frequency.

    Args:
        kernel: float (height, width), at most `SIZE` each way.

    Returns:
        float64 (SIZE, SIZE), at least 0: the gain for (k − SIZE / 2) / SIZE cycles a pixel, down
        and across; even areas stand in the middle, at [SIZE / 2, SIZE / 2].

    Raises:
        ValueError: The kernel is larger than that.
    """
    if max(kernel.shape) > SIZE:
        raise ValueError(f"A kernel of {kernel.shape} was given; up to {SIZE} each way would do.")
    return np.abs(np.fft.fftshift(np.fft.fft2(kernel, s=(SIZE, SIZE))))


@dataclass(frozen=True, kw_only=True)
class Passes:
    """What a filter lets pass best.

    Attributes:
        even: Its gain for an even area: the absolute sum of its numbers.
        most: Its largest gain for stripes of any frequency.
        period: Of those stripes, in pixels; infinite where it is the even area itself.
        angle: Of the stripes' edges: 0 for level ones, 90 for upright ones, in [0, 180) degrees.
    """

    even: float
    most: float
    period: float
    angle: float


def passes_best(kernel: np.ndarray) -> Passes:
    """Return what a filter (height, width) lets pass best; see `frequency_response`."""
    gain, middle = frequency_response(kernel), SIZE // 2
    down, across = np.unravel_index(int(gain.argmax()), gain.shape)
    y, x = (int(down) - middle) / SIZE, (int(across) - middle) / SIZE
    frequency = float(np.hypot(x, y))
    return Passes(
        even=float(gain[middle, middle]),
        most=float(gain.max()),
        period=1 / frequency if frequency else float("inf"),
        angle=float(np.degrees(np.arctan2(x, y))) % 180 if frequency else 0.0,
    )
