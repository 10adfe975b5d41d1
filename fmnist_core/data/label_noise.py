"""Wrong labels put among the training images on purpose: how much do they harm?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.runs.files import read_arrays, replacing

if TYPE_CHECKING:
    from fmnist_core.specs import DataSpec

FILE_NAME = "label_noise.npz"
_STREAM = 1  # of the random numbers: another one than the split's, which takes the seed alone


def noisy_labels(labels: np.ndarray, train: np.ndarray, spec: DataSpec) -> np.ndarray:
    """Replace some labels of training images by wrong ones; all others stay as they are.

    Args:
        labels: Of all images, uint8 (70000,).
        train: Which of them train, int, ascending.
        spec: `label_noise` per cent of those images that can be hit, to the nearest whole number,
            get another label; all can, or with `noise_pairs` those of the classes named there. Each
            other label, or partner of the class, is as likely. The same seed always hits the same
            images, and a higher share hits those of a lower one too.

    Returns:
        uint8 (70000,); `labels` itself where there is no noise.
    """
    if not spec.label_noise:
        return labels
    others = spec.noise_partners
    rng = np.random.default_rng([spec.seed, _STREAM])
    order, which = rng.permutation(train), rng.random(len(train))
    able = np.array([bool(each) for each in others])[labels[order]]
    order, which = order[able], which[able]
    count = round(len(order) * spec.label_noise / 100)
    noisy = labels.copy()
    for image, draw in zip(order[:count], which[:count], strict=True):
        choices = others[labels[image]]
        noisy[image] = choices[int(draw * len(choices))]
    return noisy


def write_noise(folder: Path, labels: np.ndarray, noisy: np.ndarray) -> None:
    """Record in a run's folder which images were given which wrong labels."""
    index = np.flatnonzero(labels != noisy).astype(np.int32)
    with replacing(folder / FILE_NAME) as file:
        np.savez(file, index=index, label=noisy[index])


def read_noise(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the images with wrong labels, int32 (N,), and these labels, uint8 (N,).

    Raises:
        StoreError: The run has no such file, or it is damaged.
    """
    found = read_arrays(folder / FILE_NAME, compressed=False)
    return found["index"], found["label"]
