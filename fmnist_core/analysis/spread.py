"""How far figures of the same experiment lie apart when only its seed differs."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Figures of several runs together.

    Attributes:
        runs: How many, at least 2.
        mean, deviation: Mean, and standard deviation with runs - 1 below the root.
        smallest, largest: The figures between which all lie.
        low, high: 95 % interval of the mean, by Student's t.
    """

    runs: int
    mean: float
    deviation: float
    smallest: float
    largest: float
    low: float
    high: float


def spread(figures: Sequence[float]) -> Spread:
    """Sum up the figures of several runs.

    Args:
        figures: One a run, at least 2, finite.

    Raises:
        ValueError: They are fewer than 2.
    """
    from scipy.special import stdtrit

    if len(figures) < 2:
        raise ValueError("a spread takes two figures or more")
    mean, deviation = statistics.fmean(figures), statistics.stdev(figures)
    reach = float(stdtrit(len(figures) - 1, 0.975)) * deviation / math.sqrt(len(figures))
    return Spread(
        runs=len(figures),
        mean=mean,
        deviation=deviation,
        smallest=min(figures),
        largest=max(figures),
        low=mean - reach,
        high=mean + reach,
    )
