"""Images of the training file and of the test file that are almost the same, by exact search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist_core.data.files import load
from fmnist_core.derived.kinds import TWINS
from fmnist_core.derived.results import load as load_derived
from fmnist_core.derived.subject import DATA_SET, Subject
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import read_arrays, replacing
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.data import NUM_TEST_FILE, NUM_TRAIN_FILE

LIMITS = (1.0, 1.5, 2.0)  # distances at which twins are counted
_NAME = "twins.npz"
_BLOCK = 250  # queries at a time: their products with 60,000 images take 60 MB
_DOUBT = 256.0  # squared grey levels; float32 sums of 784 products, near 5e7, are off by far less
_CANDIDATES = 5_000  # images at a time, 16 MB, where there is one query


@dataclass(frozen=True, kw_only=True, eq=False)
class Twins:
    """The image of the training file that is nearest to each image of the test file.

    Attributes:
        index: Among all 70,000, int32 (10000,).
        squared: Distance squared, in grey levels, exact, int64 (10000,).
    """

    index: np.ndarray
    squared: np.ndarray

    @property
    def distance(self) -> np.ndarray:
        """Euclidean, of pixels in [0, 1], float64 (10000,)."""
        return np.sqrt(self.squared) / 255


@dataclass(frozen=True, kw_only=True)
class TwinCount:
    """How many test images have a training image nearer than this.

    Attributes:
        nearer_than: Euclidean, of pixels in [0, 1].
        images: Of the 10,000 test images.
        conflicts: Of these, those whose twin bears another label.
    """

    nearer_than: float
    images: int
    conflicts: int


def twin_counts(found: Twins, labels: np.ndarray) -> list[TwinCount]:
    """Count twins, and twins of different labels, at a few distances.

    Args:
        found: Of all test images.
        labels: Of all images, uint8 (70000,).
    """
    other = labels[found.index] != labels[NUM_TRAIN_FILE:]
    near = [(limit, found.distance < limit) for limit in LIMITS]
    return [
        TwinCount(nearer_than=limit, images=int(is_.sum()), conflicts=int((is_ & other).sum()))
        for limit, is_ in near
    ]


def compute(subject: Subject, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write the twins of all test images into a folder, as `load_twins` reads them.

    Raises:
        DataError: The data set is not there.
    """
    data = load()
    found = find_twins(data.x_train, data.x_test, on_progress)
    with replacing(folder / _NAME, durable=False) as file:
        np.savez(file, index=found.index, squared=found.squared)


def load_twins(store: RunStore) -> Twins:
    """Read the twins of all test images.

    Raises:
        DerivedError: They have not been computed yet.
        StoreError: They are damaged.
    """
    folder = load_derived(DATA_SET, TWINS, store)
    try:
        found = read_arrays(folder / _NAME, compressed=False)
        index, squared = found["index"], found["squared"]
        sound = index.shape == squared.shape == (NUM_TEST_FILE,)
        if not sound or index.dtype != np.int32 or squared.dtype != np.int64:
            raise ValueError("not an image and a distance for each test image")
        if index.min() < 0 or index.max() >= NUM_TRAIN_FILE or squared.min() < 0:
            raise ValueError("images that are not in the training file")
    except (StoreError, ValueError, KeyError) as error:
        raise StoreError(
            f"The twins in {folder} are damaged ({error}). Delete that folder, and compute them "
            "again."
        ) from error
    return Twins(index=index, squared=squared)


def find_twins(
    train: np.ndarray, test: np.ndarray, on_progress: Callable[[int, int], None]
) -> Twins:
    """Compare every test image with every training image.

    Products are made in single precision, which is quick; whatever comes near the least of them is
    measured again in whole numbers, so that the result is exact.

    Args:
        train: uint8 (N, 28, 28).
        test: uint8 (M, 28, 28).
        on_progress: Told how many test images are done, and of how many.

    Returns:
        For each test image; of two that are as near the one with the lower index.
    """
    flat, lengths = _flat(train), squared_lengths(train)
    index = np.empty(len(test), np.int32)
    squared = np.empty(len(test), np.int64)
    for start in range(0, len(test), _BLOCK):
        on_progress(start, len(test))
        block = test[start : start + _BLOCK]
        rough = lengths - 2 * (_flat(block) @ flat.T)
        least = rough.min(axis=1, keepdims=True)
        for row, near in enumerate(rough <= least + _DOUBT):
            found = np.flatnonzero(near)
            exact = squared_distances(train[found], block[row])
            best = int(exact.argmin())
            index[start + row], squared[start + row] = found[best], exact[best]
    on_progress(len(test), len(test))
    return Twins(index=index, squared=squared)


def squared_distances(images: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Return exact squared distances in grey levels, int64 (N,), from uint8 (N, 28, 28)."""
    apart = images.astype(np.int32) - image.astype(np.int32)
    return np.square(apart).sum(axis=(1, 2), dtype=np.int64)


def squared_lengths(images: np.ndarray) -> np.ndarray:
    """Return the sum of squared grey levels of each image, uint8 (N, 28, 28), float32 (N,)."""
    blocks = range(0, len(images), _CANDIDATES)
    flat = (_flat(images[start : start + _CANDIDATES]) for start in blocks)
    return np.concatenate([np.einsum("ij,ij->i", each, each) for each in flat])


def nearest_in_other_file(
    images: np.ndarray, index: int, k: int, *, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the images of the other file that are nearest to an image; up to 0.1 s.

    Args:
        images: All, uint8 (70000, 28, 28).
        index: Of the image.
        k: How many.
        lengths: As `squared_lengths` gives them of all images.

    Returns:
        Their indices among all, int64 (k,), nearest first; and their Euclidean distances, of
        pixels in [0, 1], float64 (k,).
    """
    start, stop = (NUM_TRAIN_FILE, len(images)) if index < NUM_TRAIN_FILE else (0, NUM_TRAIN_FILE)
    query = images[index].astype(np.float32).ravel()
    rough = np.concatenate(
        [
            _flat(images[place : min(place + _CANDIDATES, stop)]) @ query
            for place in range(start, stop, _CANDIDATES)
        ]
    )
    rough = lengths[start:stop] - 2 * rough
    least = np.partition(rough, k)[k]
    found = np.flatnonzero(rough <= least + _DOUBT)
    squared = squared_distances(images[start + found], images[index])
    order = np.lexsort((found, squared))[:k]
    return start + found[order], np.sqrt(squared[order]) / 255


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32)
