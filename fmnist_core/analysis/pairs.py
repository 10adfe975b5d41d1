"""Two classes that are taken for each other: the piles of images, and what they look like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.analysis.mistakes import select, sort
from fmnist_core.analysis.predictions import Predictions


@dataclass(frozen=True, kw_only=True, eq=False)
class Pile:
    """The images of one class that a run took for one class, which may be the same.

    Attributes:
        true, predicted: The classes.
        places: Of the images in the predictions, int64 (M,), those that were hardest to decide
            first: by the size of their margin.
        of: Images of the true class.
        interval: 95 % Wilson interval of M / of; None where there is no image of the class.
    """

    true: int
    predicted: int
    places: np.ndarray
    of: int
    interval: tuple[float, float] | None

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.places)


def pile(predictions: Predictions, true: int, predicted: int) -> Pile:
    """Gather the images of a class that were taken for a class."""
    found = select(predictions, true=true, predicted=predicted, only_wrong=False)
    of = int(np.sum(predictions.y_true == true))
    interval = wilson_interval(len(found), of) if of else None
    return Pile(
        true=true,
        predicted=predicted,
        places=sort(predictions, found, "smallest margin"),
        of=of,
        interval=interval,
    )


def mean_image(images: np.ndarray) -> np.ndarray | None:
    """Return the mean of images.

    Args:
        images: uint8 (M, 28, 28).

    Returns:
        Each pixel's mean, rounded, uint8 (28, 28); None where there is no image.
    """
    if not len(images):
        return None
    return np.rint(images.mean(axis=0, dtype=np.float64)).astype(np.uint8)
