"""How good a network is on some of the images, against the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fmnist_core.analysis.intervals import difference_interval, wilson_interval
from fmnist_core.analysis.predictions import Predictions


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Images that have something in common, and the rest.

    Attributes:
        name: What they have in common.
        images: How many they are.
        correct: Of these, classified right.
        of: Images that were predicted, the rest included.
        rest_correct: Of the rest, classified right.
    """

    name: str
    images: int
    correct: int
    of: int
    rest_correct: int

    @property
    def rest(self) -> int:
        """How many images are not in the slice."""
        return self.of - self.images

    @property
    def accuracy(self) -> float | None:
        """The share that is classified right, in [0, 1]; None for no images."""
        return self.correct / self.images if self.images else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval of the accuracy; None for no images."""
        return wilson_interval(self.correct, self.images) if self.images else None

    @property
    def difference(self) -> float | None:
        """Accuracy minus that of the rest, in [-1, 1]; None where one of the two has no images."""
        if not self.images or not self.rest:
            return None
        return self.correct / self.images - self.rest_correct / self.rest

    @property
    def difference_interval(self) -> tuple[float, float] | None:
        """Its 95 % interval, by Newcombe; the two share no image."""
        if not self.images or not self.rest:
            return None
        return difference_interval(self.rest_correct, self.rest, self.correct, self.images)


def slices(predictions: Predictions, images: Mapping[str, np.ndarray]) -> list[Slice]:
    """Measure slices.

    Args:
        predictions: Of N images.
        images: For each name, indices into the 70,000 pooled images, int (M,), in any order; those
            that were not predicted do not count.

    Returns:
        One each, in that order; they may overlap.
    """
    right = ~predictions.wrong
    found = []
    for name, index in images.items():
        inside = np.isin(predictions.index, index)
        found.append(
            Slice(
                name=name,
                images=int(inside.sum()),
                correct=int((right & inside).sum()),
                of=len(predictions),
                rest_correct=int((right & ~inside).sum()),
            )
        )
    return found
