"""How far a map of images can be trusted: neighbours in the full space against those on the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fmnist_core.labels import NUM_CLASSES

NEIGHBOURS = 15


@dataclass(frozen=True, kw_only=True)
class ClassAgreement:
    """How alone the images of a class are among themselves.

    Attributes:
        label: The class.
        images: Its images on the map.
        same: The share of an image's 15 nearest, in the network's own space, that are of its class,
            in [0, 1]: the mean over these images; None where there is none.
    """

    label: int
    images: int
    same: float | None


def nearest(points: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """Return the k nearest other points of each point, all of them looked at.

    Args:
        points: float (N, D), finite, N above k.
        k: How many.

    Returns:
        Their places, int (N, k), nearest first.
    """
    from sklearn.neighbors import NearestNeighbors  # slow to import: about a second

    search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(points)
    return search.kneighbors(return_distance=False)


def same_class(neighbours: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Count the neighbours of each point that are of its own class.

    Args:
        neighbours: As `nearest` returns them, int (N, k).
        labels: Of the points, int (N,).

    Returns:
        uint8 (N,), at most k.
    """
    return (labels[neighbours] == labels[:, np.newaxis]).sum(axis=1).astype(np.uint8)


def kept(neighbours: np.ndarray, on_map: np.ndarray) -> np.ndarray:
    """Count the neighbours of each point in one space that are neighbours in another one too.

    Args:
        neighbours: In the one, int (N, k), no place twice in a row.
        on_map: In the other, likewise.

    Returns:
        uint8 (N,), at most k.
    """
    found = [
        np.isin(own, other, assume_unique=True).sum()
        for own, other in zip(neighbours, on_map, strict=True)
    ]
    return np.array(found, np.uint8)


def by_class(same: np.ndarray, labels: np.ndarray) -> list[ClassAgreement]:
    """Say how alone each class is.

    Args:
        same: As `same_class` counts of 15 neighbours, uint8 (N,).
        labels: Of the same images, uint8 (N,).
    """
    groups = [same[labels == label] for label in range(NUM_CLASSES)]
    return [
        ClassAgreement(label=label, images=len(group), same=mean_share(group))
        for label, group in enumerate(groups)
    ]


def mean_share(counts: np.ndarray) -> float | None:
    """Return the mean of counts of 15 as a share in [0, 1]; None where there is no count."""
    return float(counts.mean()) / NEIGHBOURS if len(counts) else None
