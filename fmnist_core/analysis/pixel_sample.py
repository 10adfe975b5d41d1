"""The sample of images whose pixels are laid out on maps."""

from __future__ import annotations

import numpy as np

from fmnist_core.analysis.pca import SEED
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.specs.data import NUM_TRAIN_FILE

A_CLASS = 500  # images; ten times as many take t-SNE half a minute
SAMPLE = A_CLASS * NUM_CLASSES


def sample_indices(labels: np.ndarray) -> np.ndarray:
    """Draw as many images of each class from the training file, always the same ones.

    Args:
        labels: Of all images, uint8 (70000,).

    Returns:
        int32 (5000,), ascending.
    """
    rng = np.random.default_rng(SEED)
    drawn = [
        rng.choice(np.flatnonzero(labels[:NUM_TRAIN_FILE] == label), A_CLASS, replace=False)
        for label in range(NUM_CLASSES)
    ]
    return np.sort(np.concatenate(drawn)).astype(np.int32)


def pixel_vectors(images: np.ndarray) -> np.ndarray:
    """Return images, uint8 (N, 28, 28), as float32 (N, 784) in [0, 1]."""
    return images.reshape(len(images), -1) / np.float32(255)
