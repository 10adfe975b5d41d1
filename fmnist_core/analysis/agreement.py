"""What several runs say together of the same images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist_core.analysis.alignment import align
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.labels import NUM_CLASSES


@dataclass(frozen=True, kw_only=True, eq=False)
class Agreement:
    """How far runs agree on the images that all of them predicted.

    Attributes:
        runs: How many runs.
        index: The images among all 70,000, int32 (N,), rising.
        y_true: Labels, uint8 (N,).
        votes: How many runs take each image for each class, int32 (N, 10), rows summing to `runs`.
        y_proba: The mean of their probabilities, float64 (N, 10).
    """

    runs: int
    index: np.ndarray
    y_true: np.ndarray
    votes: np.ndarray
    y_proba: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """How many runs are right on each image, int32 (N,), in 0 … runs."""
        return self.votes[np.arange(len(self.index)), self.y_true]

    @property
    def wrong_in_all(self) -> np.ndarray:
        """Whether no run is right, bool (N,)."""
        return self.right == 0

    @property
    def majority(self) -> np.ndarray:
        """The class with most votes, int (N,); of equal ones that of higher mean probability."""
        return (self.votes + self.y_proba).argmax(axis=1)  # a mean, at most 1, only parts equals


def agree(runs: Sequence[Predictions]) -> Agreement:
    """Count what runs say of the images that all of them predicted.

    Args:
        runs: At least one.

    Raises:
        ComparisonError: No image was predicted by all, or they were told different labels.
    """
    aligned = align(runs)
    votes = np.zeros((len(aligned[0]), NUM_CLASSES), np.int32)
    for run in aligned:
        votes[np.arange(len(run)), run.y_pred] += 1
    return Agreement(
        runs=len(aligned),
        index=aligned[0].index,
        y_true=aligned[0].y_true,
        votes=votes,
        y_proba=np.stack([run.y_proba for run in aligned]).mean(axis=0, dtype=np.float64),
    )
