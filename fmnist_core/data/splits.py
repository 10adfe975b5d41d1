"""Which of the 70,000 images train, which validate and which test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.labels import NUM_CLASSES
from fmnist_core.specs.data import NUM_TEST_FILE, NUM_TRAIN_FILE

if TYPE_CHECKING:
    from fmnist_core.specs import DataSpec


@dataclass(frozen=True, eq=False)
class Split:
    """Indices into the pooled images, each part int32, ascending, read-only.

    0 to 59,999 is the training file, 60,000 to 69,999 the test file.

    Attributes:
        train: Images that the weights are fitted to.
        validation: Images that judge each epoch and never train.
        test: Images for the final figures; the validation images where the spec says "resplit".
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray

    def __post_init__(self) -> None:
        """Bring each part into its form."""
        for name in ("train", "validation", "test"):
            part = np.sort(getattr(self, name)).astype(np.int32)
            part.flags.writeable = False
            object.__setattr__(self, name, part)


def split_indices(labels: np.ndarray, spec: DataSpec) -> Split:
    """Share out the images; the same labels and spec always give the same split.

    Args:
        labels: Of the pooled images, uint8, shape (70000,).
        spec: How; each part gets as many images as `spec.sizes` says.

    Returns:
        The three parts. A subset keeps every class's share to within one image, and a smaller
        subset is part of a larger one with the same seed.

    Raises:
        ValueError: The labels are not those of 70,000 images.
    """
    if labels.shape != (NUM_TRAIN_FILE + NUM_TEST_FILE,):
        raise ValueError(f"labels must have shape (70000,), got {labels.shape}")
    train, validation = _set_validation_aside(labels, spec)
    if spec.subset is not None:
        train = _draw_equal_shares(train, labels, spec.subset, spec.seed)
    test_file = np.arange(NUM_TRAIN_FILE, NUM_TRAIN_FILE + NUM_TEST_FILE)
    return Split(train, validation, validation if spec.split == "resplit" else test_file)


def _set_validation_aside(labels: np.ndarray, spec: DataSpec) -> tuple[np.ndarray, np.ndarray]:
    """Part the images that may train from those that validate."""
    count = spec.sizes.validation
    pool = np.arange(len(labels) if spec.split == "resplit" else NUM_TRAIN_FILE)
    if spec.split == "last":
        return pool[:-count], pool[-count:]

    from sklearn.model_selection import train_test_split  # slow to import: about a second

    strata = labels[pool] if spec.split == "stratified" else None
    train, validation = train_test_split(
        pool, test_size=count, random_state=spec.seed, stratify=strata
    )
    return train, validation


def _draw_equal_shares(
    indices: np.ndarray, labels: np.ndarray, count: int, seed: int
) -> np.ndarray:
    """Draw `count` of `indices` with every class in its share.

    Not by `train_test_split`: it fails where fewer than ten images stay behind, and its draws of
    two sizes have little in common, which blurs what more data is worth.
    """
    shuffled = np.random.default_rng(seed).permutation(indices)
    place = np.empty(len(shuffled))  # of each image in the queue of its class, in (0, 1)
    for label in range(NUM_CLASSES):
        members = np.flatnonzero(labels[shuffled] == label)
        place[members] = (np.arange(len(members)) + 0.5) / len(members)
    return shuffled[np.argsort(place, kind="stable")[:count]]
