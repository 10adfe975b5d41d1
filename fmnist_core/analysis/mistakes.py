"""Which images to look at, and in what order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fmnist_core.analysis.predictions import Predictions

# What each order sorts by, the smallest number first; equal ones keep the order of the data set.
SORTS: dict[str, Callable[[Predictions], np.ndarray]] = {
    "most confident wrong": lambda found: np.where(found.wrong, -found.confidence, 2.0),
    "highest loss": lambda found: -found.loss,
    "smallest margin": lambda found: np.abs(found.margin),
    "index": lambda found: found.index,
}


def select(
    predictions: Predictions,
    *,
    true: int | None = None,
    predicted: int | None = None,
    only_wrong: bool = True,
    min_confidence: float = 0.0,
    max_confidence: float = 1.0,
) -> np.ndarray:
    """Find images.

    Args:
        predictions: Of N images.
        true: Their true class; None for any.
        predicted: Their most likely class; None for any.
        only_wrong: Leave out those that were classified right.
        min_confidence: Of the most likely class's probability; in.
        max_confidence: Likewise.

    Returns:
        Their places in `predictions`, int64 (M,), rising.
    """
    chosen = (predictions.confidence >= min_confidence) & (predictions.confidence <= max_confidence)
    if true is not None:
        chosen &= predictions.y_true == true
    if predicted is not None:
        chosen &= predictions.y_pred == predicted
    if only_wrong:
        chosen &= predictions.wrong
    return np.flatnonzero(chosen)


def sort(predictions: Predictions, places: np.ndarray, by: str) -> np.ndarray:
    """Put images in order.

    Args:
        predictions: Of all images.
        places: Which of them, int (M,).
        by: One of `SORTS`: "most confident wrong" has the surest mistakes first and what is right
            last; "smallest margin" has first what the network could hardly decide, either way.

    Returns:
        The places in that order.

    Raises:
        KeyError: There is no such order.
    """
    places = np.sort(places)
    return places[np.argsort(SORTS[by](predictions)[places], kind="stable")]
