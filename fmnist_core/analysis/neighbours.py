"""The training images that a network finds most alike to an image, by exact cosine search."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from fmnist_core.data.splits import Split
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_TRAIN_FILE

NOTHING = -1  # the index of a neighbour that there is not
NO_LABEL = 255  # and its label
_QUERIES, _CANDIDATES = 2048, 1024  # rows a block: their similarities take 8 MB
_SILENT = (
    "The network says nothing of this image: all that its last layer reads is 0, so no image is "
    "nearer than another."
)
_TRAIN_FILE = np.arange(NUM_TRAIN_FILE)


@dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """What the last layer of a network reads from each image: alike images lie close together.

    Attributes:
        vectors: float16 (70000, D); rows of length 1, or all 0 where the network says nothing of
            an image. They may lie on disk.
        layer: The layer that reads them.
        size: How many numbers it reads; D unless they were projected.
        projected: `vectors` are a random projection to fewer numbers, which keeps similarities
            about as they are.
    """

    vectors: np.ndarray
    layer: str
    size: int
    projected: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Neighbours:
    """The nearest training images of M images, nearest first.

    Attributes:
        index: Where they are among all 70,000, int32 (M, k); a row of `NOTHING` for an image of
            which the network says nothing.
        similarity: Cosine, float32 (M, k), in [-1, 1]; 0 where there is nothing.
        label: Their classes, uint8 (M, k); `NO_LABEL` where there is nothing.
    """

    index: np.ndarray
    similarity: np.ndarray
    label: np.ndarray


def nearest_many(
    features: Features, index: np.ndarray, labels: np.ndarray, *, k: int = 15
) -> Neighbours:
    """Find the nearest of the 60,000 images of the training file, never an image itself.

    Every one of them is looked at: 15 ms for one image with 128 numbers each, 0.2 s with 2,048.

    Args:
        features: Of all images.
        index: Which images to find neighbours of, int (M,), in 0 … 69,999.
        labels: Of all images, uint8 (70000,).
        k: How many for each, 1 … 59,999.
    """
    index = np.asarray(index)
    found = [
        _nearest(features.vectors, features.vectors[block], _TRAIN_FILE, k, own=block)
        for block in _blocks(index)
    ]
    return _neighbours(found, labels, k)


def nearest_to(
    features: Features, vectors: np.ndarray, labels: np.ndarray, *, k: int = 8
) -> Neighbours:
    """Find the images of the training file nearest to pictures that are not of the data set.

    Args:
        features: Of all images.
        vectors: What the network reads from the pictures, in the same form, float16 (M, D).
        labels: Of all images, uint8 (70000,).
        k: How many for each, 1 … 60,000.

    Raises:
        ValueError: The vectors are of another size.
    """
    _check(features, vectors)
    found = [_nearest(features.vectors, block, _TRAIN_FILE, k) for block in _blocks(vectors)]
    return _neighbours(found, labels, k)


def kth_similarity(
    features: Features, vectors: np.ndarray, *, k: int, among: np.ndarray
) -> np.ndarray:
    """Return how similar the k-th nearest image is to each picture.

    Args:
        features: Of all images.
        vectors: What the network reads from the pictures, float16 (M, D).
        k: At least 1, at most N.
        among: Which images are looked at, int (N,), ascending.

    Returns:
        Cosines, float32 (M,), in [-1, 1]; 0 for a picture of which the network says nothing.
    """
    _check(features, vectors)
    found = [_nearest(features.vectors, block, among, k)[0][:, -1] for block in _blocks(vectors)]
    return np.concatenate([np.empty(0), *found]).astype(np.float32)


def _check(features: Features, vectors: np.ndarray) -> None:
    width = features.vectors.shape[1]
    if vectors.ndim != 2 or vectors.shape[1] != width:
        raise ValueError(f"vectors of shape {vectors.shape} do not have {width:,} numbers each")


def _blocks(rows: np.ndarray) -> list[np.ndarray]:
    return [rows[start : start + _QUERIES] for start in range(0, len(rows), _QUERIES)]


def _neighbours(
    found: list[tuple[np.ndarray, np.ndarray]], labels: np.ndarray, k: int
) -> Neighbours:
    empty = np.empty((0, k))
    similarity = np.concatenate([empty, *(each[0] for each in found)]).astype(np.float32)
    places = np.concatenate([empty, *(each[1] for each in found)]).astype(np.int32)
    label = np.where(places == NOTHING, NO_LABEL, labels[places]).astype(np.uint8)
    return Neighbours(index=places, similarity=similarity, label=label)


def _nearest(
    vectors: np.ndarray,
    queries: np.ndarray,
    among: np.ndarray,
    k: int,
    own: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return similarity and index of the nearest of a block of images, each (M, k).

    Args:
        vectors: Of all images.
        queries: Of the M images.
        among: Which images are looked at.
        k: How many are wanted.
        own: Which of all images the M ones are: an image is no neighbour of itself.
    """
    queries = queries.astype(np.float32)
    best = np.full((len(queries), k), -np.inf, np.float32)
    places = np.full((len(queries), k), NOTHING)
    for start in range(0, len(among), _CANDIDATES):
        candidates = among[start : start + _CANDIDATES]
        similarity = queries @ vectors[candidates].astype(np.float32).T
        if own is not None:
            similarity[own[:, np.newaxis] == candidates] = -np.inf
        rows = np.flatnonzero(similarity.max(axis=1) > best.min(axis=1))  # mostly few: saves half
        nearer = similarity[rows]
        best[rows], places[rows] = _best(
            np.concatenate([best[rows], nearer], axis=1),
            np.concatenate([places[rows], np.broadcast_to(candidates, nearer.shape)], axis=1),
            k,
        )
    order = np.lexsort((places, -best))
    best, places = (np.take_along_axis(each, order, axis=1) for each in (best, places))
    silent = ~queries.any(axis=1)
    best[silent], places[silent] = 0, NOTHING
    return np.clip(best, -1, 1), places


def _best(similarity: np.ndarray, places: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Keep the k most similar of each row, in any order."""
    kept = np.argpartition(similarity, -k, axis=1)[:, -k:]
    return np.take_along_axis(similarity, kept, axis=1), np.take_along_axis(places, kept, axis=1)


def used_as(index: np.ndarray, split: Split) -> np.ndarray:
    """Say what a run used images for: "training", "validation" or, where it did not, "".

    Args:
        index: Of the images, int, any shape; `NOTHING` counts as not used.
        split: The run's.
    """
    known = np.isin(index, split.train)
    judged = np.isin(index, split.validation)
    return np.where(known, "training", np.where(judged, "validation", ""))


def in_words(label: np.ndarray, true: int, predicted: int | None = None) -> str:
    """Say how many neighbours of an image are of its class, and of the one it was taken for.

    Args:
        label: Classes of its neighbours, uint8 (k,).
        true: Its own class.
        predicted: What the network takes it for; None where that is not asked.
    """
    if (label == NO_LABEL).any():
        return _SILENT

    def counted(wanted: int) -> str:
        number = int((label == wanted).sum())
        return f"{number} of {len(label)} {'is' if number == 1 else 'are'} {CLASS_NAMES[wanted]}"

    if predicted is None:
        return f"{counted(true)}, its own class."
    if true == predicted:
        return f"{counted(true)}, its own class, for which it was taken."
    return f"{counted(predicted)}, the class it was taken for; {counted(true)}, its own."


def listed(label: np.ndarray) -> str:
    """Say of which classes the neighbours of a picture are, the most frequent first.

    Args:
        label: Their classes, uint8 (k,).
    """
    if not len(label) or (label == NO_LABEL).any():
        return _SILENT
    counts = Counter(label.tolist()).most_common()
    named = ", ".join(f"{number} {CLASS_NAMES[each]}" for each, number in counts)
    return f"The {len(label)} nearest training images: {named}."


def source(features: Features) -> str:
    """Say what the similarity of two images is."""
    text = (
        f"Similarity is the cosine between what layer {features.layer} reads, "
        f"{features.size:,} numbers an image"
    )
    if not features.projected:
        return f"{text}."
    width = features.vectors.shape[1]
    return f"{text}; approximate, as they were projected to {width:,} at random."
