"""What a confusion matrix says: shares, which classes are alike, and the commonest mistakes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fmnist_core.analysis.intervals import wilson_interval

SHARES = ("counts", "actual", "predicted")


class Confusion(NamedTuple):
    """How often one class was taken for another.

    Attributes:
        true, predicted: The classes.
        images: Those of the true class that were taken for the other.
        of: All of the true class.
        interval: 95 % Wilson interval of images / of.
    """

    true: int
    predicted: int
    images: int
    of: int
    interval: tuple[float, float]


def shares(confusion: np.ndarray, by: str) -> np.ndarray:
    """Return the matrix in another unit.

    Args:
        confusion: Counts, int (C, C), rows true.
        by: "counts"; "actual" for shares of each row, which are recalls on the diagonal;
            "predicted" for shares of each column, which are precisions there.

    Returns:
        float64 (C, C); shares are in [0, 1], and 0 in a row or column without images.

    Raises:
        ValueError: There is no such unit.
    """
    if by not in SHARES:
        raise ValueError(f"{by!r} is none of {SHARES}")
    if by == "counts":
        return confusion.astype(np.float64)
    totals = confusion.sum(axis=1 if by == "actual" else 0, keepdims=True)
    return confusion / np.maximum(totals, 1)


def class_order(confusion: np.ndarray) -> list[int]:
    """Order the classes so that those often taken for each other stand side by side.

    Average linkage on 1 minus the mean of the two shares of confusion, with the leaves turned so
    that neighbours are as alike as they can be.

    Args:
        confusion: Counts, int (C, C), rows true.

    Source:
        Bar-Joseph et al. 2001, https://doi.org/10.1093/bioinformatics/17.suppl_1.S22
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    alike = shares(confusion, "actual")
    distance = 1 - (alike + alike.T) / 2
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance), method="average", optimal_ordering=True)
    return [int(label) for label in leaves_list(tree)]


def top_confusions(confusion: np.ndarray, limit: int) -> list[Confusion]:
    """Return the commonest mistakes, the commonest first; those that never happen are left out.

    Args:
        confusion: Counts, int (C, C), rows true.
        limit: How many at most.
    """
    wrong = confusion - np.diag(np.diag(confusion))
    found = []
    for place in np.argsort(-wrong, axis=None, kind="stable")[:limit]:
        true, predicted = (int(label) for label in np.unravel_index(place, wrong.shape))
        count, of = int(wrong[true, predicted]), int(confusion[true].sum())
        if count:
            found.append(Confusion(true, predicted, count, of, wilson_interval(count, of)))
    return found
