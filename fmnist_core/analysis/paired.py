"""Is a gain on the same images more than chance: McNemar's test, bootstrap, Holm's correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

DRAWS = 10_000  # of the bootstrap
LIKELY_REAL = 0.05  # p-values below


class Gain(NamedTuple):
    """How much better the second run is than the first.

    Attributes:
        images: Those that were judged.
        fixed: Right in the second run only.
        broken: Right in the first run only.
        gain: (fixed - broken) / images, in [-1, 1].
        interval: Its 95 % interval by paired bootstrap: a point where the runs differ nowhere.
        p_value: Of McNemar's exact test.
    """

    images: int
    fixed: int
    broken: int
    gain: float
    interval: tuple[float, float]
    p_value: float


def paired_gain(images: int, fixed: int, broken: int, rng: np.random.Generator) -> Gain:
    """Judge a gain by what was fixed and what was broken.

    Drawing images again, with replacement, draws the counts of fixed and broken ones from a
    multinomial distribution, which is done here at once.

    Args:
        images: At least 1 and at least fixed + broken.
        fixed: Images that only the second run has right.
        broken: Images that only the first run has right.
        rng: For the bootstrap.

    Source:
        McNemar 1947, https://doi.org/10.1007/BF02295996
    """
    from scipy.stats import binomtest

    rest = images - fixed - broken
    drawn = rng.multinomial(images, np.array([fixed, broken, rest]) / images, size=DRAWS)
    low, high = np.quantile((drawn[:, 0] - drawn[:, 1]) / images, [0.025, 0.975])
    differ = fixed + broken
    p_value = float(binomtest(fixed, differ).pvalue) if differ else 1.0
    gain = (fixed - broken) / images
    return Gain(images, fixed, broken, gain, (float(low), float(high)), p_value)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for how many there are, each in [0, 1] and in the same order.

    Source:
        Holm 1979, https://www.jstor.org/stable/4615733
    """
    order = np.argsort(p_values)
    steps = np.asarray(p_values, float)[order] * np.arange(len(order), 0, -1)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted.tolist()


def likely_real(p_value: float) -> bool:
    """Whether a p-value, as it is shown with three digits, is below 0.05."""
    return round(p_value, 3) < LIKELY_REAL
