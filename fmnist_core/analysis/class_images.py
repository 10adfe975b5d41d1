"""What the images of a class have in common: their mean, and how far each one is from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fmnist_core.labels import NUM_CLASSES
from fmnist_core.specs.data import NUM_TRAIN_FILE


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassImages:
    """Mean and standard deviation of each pixel in the images of each class.

    Attributes:
        mean, std: float64 (10, 28, 28), grey levels, 0 to 255.
    """

    mean: np.ndarray
    std: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Typicality:
    """How near the images are to the mean image of their class.

    Attributes:
        distance: Euclidean, of pixels in [0, 1], float64 (N,).
        share: Of the images of the class in the same file, those that are farther from the mean or
            as far, in (0, 1], float64 (N,): 1 for the most typical one.
    """

    distance: np.ndarray
    share: np.ndarray


def class_images(images: np.ndarray, labels: np.ndarray) -> ClassImages:
    """Average the images of each class.

    Args:
        images: uint8 (N, 28, 28).
        labels: 0 to 9, int (N,), each of which is there.
    """
    means, stds = [], []
    for label in range(NUM_CLASSES):
        members = images[labels == label]
        mean = members.sum(axis=0, dtype=np.int64) / len(members)
        squares = np.square(members, dtype=np.uint16).sum(axis=0, dtype=np.int64) / len(members)
        means.append(mean)
        stds.append(np.sqrt(np.maximum(squares - mean**2, 0)))  # the sums are exact
    return ClassImages(mean=np.array(means), std=np.array(stds))


def typicality(images: np.ndarray, labels: np.ndarray, mean: np.ndarray) -> Typicality:
    """Measure how typical all 70,000 images are; 0.3 s.

    Args:
        images: uint8 (70000, 28, 28).
        labels: uint8 (70000,).
        mean: Mean images of the classes, float64 (10, 28, 28), grey levels.
    """
    distance, share = np.empty(len(images)), np.empty(len(images))
    for label in range(NUM_CLASSES):
        places = np.flatnonzero(labels == label)
        apart = images[places].astype(np.float32) - mean[label].astype(np.float32)
        distance[places] = np.sqrt(np.square(apart).sum(axis=(1, 2), dtype=np.float64)) / 255
    test = np.arange(len(images)) >= NUM_TRAIN_FILE
    for label in range(NUM_CLASSES):
        for file in (test, ~test):
            places = np.flatnonzero((labels == label) & file)
            share[places] = _share_as_far(distance[places])
    return Typicality(distance=distance, share=share)


def _share_as_far(distance: np.ndarray) -> np.ndarray:
    """Say of each distance which share of all is as large or larger."""
    rising = np.sort(distance)
    return 1 - np.searchsorted(rising, distance, side="left") / len(distance)


def facing_left(images: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Say of images whether they face as most of their class do, bool (N,).

    They do where they are nearer to the mean image of the class than to its mirror image; the mean
    sneaker, sandal and ankle boot point to the left.

    Args:
        images: uint8 (N, 28, 28), of one class.
        mean: The mean image of the class, float64 (28, 28), grey levels.
    """
    flat = images.reshape(len(images), -1).astype(np.float32)
    # |x - m|² < |x - m'|² where x·(m - m') > 0, as m and its mirror image are as long.
    return flat @ (mean - mean[:, ::-1]).astype(np.float32).ravel() > 0
