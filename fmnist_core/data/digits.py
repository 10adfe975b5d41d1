"""MNIST's digits, if somebody has them: never shipped, never fetched, only to check a claim."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from fmnist_core.data.folders import find_file
from fmnist_core.data.idx import (
    IDX_FILES,
    MNIST_CLASS_COUNTS,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    read_idx,
)
from fmnist_core.exceptions import DataError

_ASK = (
    "Give a folder with MNIST's four files, packed or not: "
    + ", ".join(file.name for file in IDX_FILES)
    + "."
)


def read_digits(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read MNIST's digits from a folder that a person gives.

    Their labels are known by how many there are of each; their pixels by nothing but their shape.

    Returns:
        Images, uint8 (70000, 28, 28), and labels, uint8 (70000,), those of the training file first.

    Raises:
        DataError: A file is missing, damaged, or not one of MNIST's.
    """
    if missing := [file.name for file in IDX_FILES if not find_file(folder, file.name)]:
        raise DataError(f"{folder} holds no {missing[0]}. {_ASK}")
    parts = {}
    for file in IDX_FILES:
        path = find_file(folder, file.name) or folder / file.name
        try:
            parts[file] = read_idx(path, replace(file, sha256=""))
        except DataError as error:
            raise DataError(f"{error}. {_ASK}") from error
    labels = parts[TRAIN_LABELS], parts[TEST_LABELS]
    if [np.bincount(each).tolist() for each in labels] != list(MNIST_CLASS_COUNTS):
        raise DataError(f"{folder} holds other labels than those of MNIST's digits. {_ASK}")
    return np.concatenate([parts[TRAIN_IMAGES], parts[TEST_IMAGES]]), np.concatenate(labels)
