"""How far confidence is from accuracy, in four figures with their intervals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fmnist_core.analysis.calibration import (
    NUM_BINS,
    brier_score,
    expected_calibration_error,
    negative_log_likelihood,
)

DRAWS = 1_000  # of the bootstrap
SEED = 7  # of it: always the same intervals
_BLOCK = 100  # draws at a time, so that 10,000 images take 8 MB
_TINY = np.finfo(np.float32).tiny


class Measure(NamedTuple):
    """One figure; 0 is best of each.

    Attributes:
        name: Of it, with its unit or range where it has one.
        value: The figure.
        interval: Its 95 % interval by bootstrap over the images.
        share: It is a share, in [0, 1].
    """

    name: str
    value: float
    interval: tuple[float, float]
    share: bool = False

    @property
    def text(self) -> str:
        """The figure with its interval: 1.29 % (1.05–1.83), or 0.2289 (0.2180–0.2402)."""
        if self.share:
            low, high = (100 * end for end in self.interval)
            return f"{100 * self.value:.2f} % ({low:.2f}–{high:.2f})"
        return f"{self.value:.4f} ({self.interval[0]:.4f}–{self.interval[1]:.4f})"


def measures(y_true: np.ndarray, y_proba: np.ndarray) -> dict[str, Measure]:
    """Measure how far confidence is from accuracy.

    The intervals come from drawing images again, with replacement, 1,000 times; bins stay those of
    all images. An ECE cannot fall below 0, so drawing again mostly raises it: its interval lies
    rather too high.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C), rows summing to 1.

    Returns:
        "ece_width", "ece_mass", "nll" in nats, and "brier".

    Raises:
        ValueError: There are no images, or the lengths differ.

    Source:
        Efron 1979, https://doi.org/10.1214/aos/1176344552
    """
    width, mass = (
        expected_calibration_error(y_true, y_proba, equal=equal) for equal in ("width", "mass")
    )
    gaps, loss, square = _ingredients(y_true, y_proba)
    drawn = _drawn(np.column_stack([*gaps, loss, square]))
    ends = [gap.shape[1] for gap in gaps]
    eces = [np.abs(part).sum(axis=1) for part in np.split(drawn[:, : sum(ends)], ends[:1], axis=1)]
    spreads = [*eces, drawn[:, -2], drawn[:, -1]]
    low, high = np.quantile(np.array(spreads), [0.025, 0.975], axis=1).tolist()
    bounds = list(zip(low, high, strict=True))
    return {
        "ece_width": Measure(f"ECE, {NUM_BINS} bins of equal width", width, bounds[0], share=True),
        "ece_mass": Measure(
            f"ECE, {NUM_BINS} bins of as many images each", mass, bounds[1], share=True
        ),
        "nll": Measure(
            "Negative log-likelihood, nats", negative_log_likelihood(y_true, y_proba), bounds[2]
        ),
        "brier": Measure("Brier score (0 to 2)", brier_score(y_true, y_proba), bounds[3]),
    }


def _ingredients(
    y_true: np.ndarray, y_proba: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Return what each image adds: to the gap of its bin, twice (N, bins), to loss and Brier."""
    y_proba = y_proba.astype(np.float64)
    correct = y_proba.argmax(axis=1) == y_true
    confidence = np.minimum(y_proba.max(axis=1), 1.0)
    even = np.linspace(0, 1, NUM_BINS + 1)
    gaps = []
    for edges in (even, np.quantile(confidence, even)):
        place = np.searchsorted(edges[1:-1], confidence)
        inside = place[:, np.newaxis] == np.arange(NUM_BINS)
        gaps.append(inside * (correct - confidence)[:, np.newaxis])
    images = np.arange(len(y_true))
    loss = -np.log(np.maximum(y_proba[images, y_true], _TINY))
    wanted = np.zeros_like(y_proba)
    wanted[images, y_true] = 1
    return gaps, loss, ((y_proba - wanted) ** 2).sum(axis=1)


def _drawn(columns: np.ndarray) -> np.ndarray:
    """Return the means of columns (N, K) over images drawn again, (DRAWS, K)."""
    rng, number = np.random.default_rng(SEED), len(columns)
    found = []
    for _ in range(DRAWS // _BLOCK):
        # How often each image is drawn, without drawing it: the counts of uniform numbers.
        places = rng.integers(0, number, (_BLOCK, number))
        places += number * np.arange(_BLOCK)[:, np.newaxis]
        times = np.bincount(places.ravel(), minlength=_BLOCK * number)
        found.append(times.reshape(_BLOCK, number) @ columns / number)
    return np.concatenate(found)
