"""Whether a network is right as often as it says: how far its confidence can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.analysis.metrics import normalised

EQUAL = ("width", "mass")  # what bins have in common: how wide they are, or how many images
NUM_BINS = 15
COLDEST, HOTTEST = 0.05, 20.0  # temperatures that are tried


class Bin(NamedTuple):
    """The images whose confidence lies in a range.

    Attributes:
        low, high: The range.
        images: How many there are, at least 1.
        correct: Of them right.
        confidence: Their mean.
        accuracy, interval: correct / images, with its 95 % Wilson interval.
    """

    low: float
    high: float
    images: int
    correct: int
    confidence: float
    accuracy: float
    interval: tuple[float, float]


class Answered(NamedTuple):
    """What is left where a network answers only when it is sure enough.

    Attributes:
        threshold: The least confidence with which it answers.
        images: Those that it answers.
        of: All.
        correct: Answered right.
        coverage: images / of.
        accuracy, interval: correct / images, with its 95 % Wilson interval; None if it never
            answers.
    """

    threshold: float
    images: int
    of: int
    correct: int
    coverage: float
    accuracy: float | None
    interval: tuple[float, float] | None


def reliability(
    y_true: np.ndarray, y_proba: np.ndarray, bins: int = NUM_BINS, *, equal: str = "width"
) -> list[Bin]:
    """Compare confidence with accuracy, bin by bin.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C), rows summing to 1.
        bins: How many, at least 1.
        equal: "width" for bins that divide [0, 1]; "mass" for bins of as many images each, as far
            as images of one confidence stay together.

    Returns:
        The bins that hold images, by rising confidence. An image on the border of two is in the
        lower one.

    Raises:
        ValueError: There are no images or no bins, the lengths differ, or `equal` is neither.
    """
    correct, confidence = _outcomes(y_true, y_proba)
    if bins < 1 or equal not in EQUAL:
        raise ValueError(f"{bins} bins of equal {equal!r} cannot be made")
    edges = np.linspace(0, 1, bins + 1)
    if equal == "mass":
        edges = np.quantile(confidence, edges)
    place = np.searchsorted(edges[1:-1], confidence)
    found = []
    for number in np.unique(place):
        inside = place == number
        images, right = int(inside.sum()), int(correct[inside].sum())
        found.append(
            Bin(
                low=float(edges[number]),
                high=float(edges[number + 1]),
                images=images,
                correct=right,
                confidence=float(confidence[inside].mean()),
                accuracy=right / images,
                interval=wilson_interval(right, images),
            )
        )
    return found


def expected_calibration_error(
    y_true: np.ndarray, y_proba: np.ndarray, bins: int = NUM_BINS, *, equal: str = "width"
) -> float:
    """Measure how far confidence is from accuracy: the mean over images of their bin's gap.

    Args and errors are those of `reliability`.

    Returns:
        A fraction in [0, 1]; 0 is perfectly calibrated. It grows with the number of bins, and with
        few images is above 0 for a perfect network too.

    Source:
        Guo et al. 2017, eq. 3, https://arxiv.org/abs/1706.04599
    """
    found = reliability(y_true, y_proba, bins, equal=equal)
    gaps = [abs(each.accuracy - each.confidence) for each in found]
    return float(np.average(gaps, weights=[each.images for each in found]))


def negative_log_likelihood(y_true: np.ndarray, y_proba: np.ndarray) -> float:
    """Return the mean cross-entropy in nats, by scikit-learn; 0 is best.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C), rows summing to 1.
    """
    from sklearn.metrics import log_loss

    return float(log_loss(y_true, normalised(y_proba), labels=np.arange(y_proba.shape[1])))


def brier_score(y_true: np.ndarray, y_proba: np.ndarray) -> float:
    """Return the mean squared distance of the probabilities from the truth, by scikit-learn.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C), rows summing to 1.

    Returns:
        The sum over all classes, in [0, 2]; 0 is best.

    Source:
        Brier 1950, https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2
    """
    from sklearn.metrics import brier_score_loss

    labels = np.arange(y_proba.shape[1])
    return float(brier_score_loss(y_true, normalised(y_proba), labels=labels, scale_by_half=False))


def fit_temperature(y_true: np.ndarray, y_proba: np.ndarray) -> float:
    """Find the temperature that makes probabilities most likely; fit it on validation images.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C), rows summing to 1.

    Returns:
        In [0.05, 20]: above 1 where the network was too sure, below where not sure enough. Where
        every image is right, or the network knows nothing, the end of the range is the best.

    Raises:
        ValueError: There are no images, or the lengths differ.

    Source:
        Guo et al. 2017, section 4.2, https://arxiv.org/abs/1706.04599
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    _outcomes(y_true, y_proba)
    logits = _logits(y_proba)
    of_true = logits[np.arange(len(y_true)), y_true]

    def loss(log_temperature: float) -> float:
        heat = np.exp(log_temperature)
        return float(np.mean(logsumexp(logits / heat, axis=1) - of_true / heat))

    bounds = (np.log(COLDEST), np.log(HOTTEST))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def apply_temperature(y_proba: np.ndarray, temperature: float) -> np.ndarray:
    """Return probabilities at another temperature; the most likely class stays the same.

    Args:
        y_proba: Probabilities, float (N, C), rows summing to 1.
        temperature: Above 0; higher makes them less sure.

    Returns:
        float64 (N, C), rows summing to 1.

    Raises:
        ValueError: The temperature is not above 0.
    """
    from scipy.special import softmax

    if not temperature > 0:
        raise ValueError(f"a temperature of {temperature} is not above 0")
    scaled: np.ndarray = softmax(_logits(y_proba) / temperature, axis=1)
    return scaled


def coverage(
    y_true: np.ndarray, y_proba: np.ndarray, thresholds: Sequence[float] | np.ndarray
) -> list[Answered]:
    """Say how many images are answered, and how well, with at least these confidences.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C), rows summing to 1.
        thresholds: Confidences in [0, 1].

    Returns:
        One entry a threshold, in their order.

    Raises:
        ValueError: There are no images, or the lengths differ.
    """
    correct, confidence = _outcomes(y_true, y_proba)
    order = np.argsort(confidence)
    right_from = np.append(np.cumsum(correct[order][::-1])[::-1], 0)  # of the surest images
    places = np.searchsorted(confidence[order], thresholds)
    total = len(correct)
    return [
        _answered(float(threshold), total - int(place), total, int(right_from[place]))
        for threshold, place in zip(thresholds, places, strict=True)
    ]


def _answered(threshold: float, images: int, of: int, correct: int) -> Answered:
    accuracy = correct / images if images else None
    interval = wilson_interval(correct, images) if images else None
    return Answered(threshold, images, of, correct, images / of, accuracy, interval)


def _outcomes(y_true: np.ndarray, y_proba: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether each image is right, bool (N,), and how sure the network was, float64 (N,)."""
    if not len(y_true) or len(y_true) != len(y_proba):
        raise ValueError(f"{len(y_true)} labels do not fit {len(y_proba)} images")
    confidence = y_proba.max(axis=1).astype(np.float64)
    return y_proba.argmax(axis=1) == y_true, np.minimum(confidence, 1.0)  # float32 can exceed 1


def _logits(y_proba: np.ndarray) -> np.ndarray:
    """Scores whose softmax are the probabilities; a 0 counts as the smallest float32."""
    return np.log(np.maximum(y_proba.astype(np.float64), np.finfo(np.float32).tiny))
