"""The parts of the data set that one can look at: its two files, and what a split makes of them."""

from __future__ import annotations

import numpy as np

from fmnist_core.data.splits import split_indices
from fmnist_core.specs.data import NUM_TEST_FILE, NUM_TRAIN_FILE, DataSpec

# What people read; the files come first, for they need no split to be drawn.
PARTS = {
    "all": "All",
    "train-file": "Training file",
    "test-file": "Test file",
    "training": "Training",
    "validation": "Validation",
}
OF_SPLIT = ("training", "validation")


def part_indices(part: str, labels: np.ndarray, spec: DataSpec) -> np.ndarray:
    """Return which images a part holds, int32 (N,), ascending.

    Args:
        part: A key of `PARTS`.
        labels: Of all images, uint8 (70000,).
        spec: The split, for the parts in `OF_SPLIT`.
    """
    if part in OF_SPLIT:
        split = split_indices(labels, spec)
        return split.train if part == "training" else split.validation
    start = NUM_TRAIN_FILE if part == "test-file" else 0
    stop = NUM_TRAIN_FILE if part == "train-file" else NUM_TRAIN_FILE + NUM_TEST_FILE
    return np.arange(start, stop, dtype=np.int32)


def file_of(index: int) -> str:
    """Name the file that an image is in, and its number there: "no. 9 of the test file"."""
    test = index >= NUM_TRAIN_FILE
    number = index - NUM_TRAIN_FILE if test else index
    return f"no. {number:,} of the {'test' if test else 'training'} file"


def class_counts(labels: np.ndarray) -> np.ndarray:
    """Count the images of each class, int64 (10,)."""
    return np.bincount(labels, minlength=10)
