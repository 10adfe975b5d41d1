"""Labels of the data set that are likely wrong, by networks that never trained on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist_core.analysis.label_check import check_labels
from fmnist_core.derived.kinds import SUSPECTS
from fmnist_core.derived.results import load
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.exceptions import StoreError
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.files import read_arrays, replacing
from fmnist_core.runs.store import RunStore
from fmnist_core.specs.data import NUM_IMAGES, NUM_TRAIN_FILE

_NAME = "suspects.npz"


@dataclass(frozen=True, kw_only=True, eq=False)
class Suspects:
    """What small networks say of images that they did not train on, and so of their labels.

    Attributes:
        proba: Class probabilities, float32 (70000, 10).
        quality: Of each label, in [0, 1], float64 (70000,); near 0 where it is likely wrong.
        doubtful: Confident learning would look at the label again, bool (70000,).
    """

    proba: np.ndarray
    quality: np.ndarray
    doubtful: np.ndarray

    @property
    def order(self) -> np.ndarray:
        """The doubtful images, the most doubtful first, int64 (N,)."""
        found = np.flatnonzero(self.doubtful)
        return found[np.argsort(self.quality[found], kind="stable")]

    @property
    def suggested(self) -> np.ndarray:
        """The likeliest class of each image, int64 (70000,)."""
        return self.proba.argmax(axis=1)


def judge(labels: np.ndarray, proba: np.ndarray) -> Suspects:
    """Check the labels of each file by itself, as other networks have judged them.

    Args:
        labels: Of all images, uint8 (70000,).
        proba: By networks that did not train on the image, float (70000, 10).
    """
    files = slice(NUM_TRAIN_FILE), slice(NUM_TRAIN_FILE, None)
    found = [check_labels(labels[file], proba[file]) for file in files]
    return Suspects(
        proba=proba.astype(np.float32),
        quality=np.concatenate([each.quality for each in found]),
        doubtful=np.concatenate([each.doubtful for each in found]),
    )


def write_suspects(folder: Path, found: Suspects) -> None:
    """Write them into a folder, as `load_suspects` reads them."""
    with replacing(folder / _NAME, durable=False) as file:
        np.savez(file, proba=found.proba, quality=found.quality, doubtful=found.doubtful)


def load_suspects(store: RunStore) -> Suspects:
    """Read what was found of the labels.

    Raises:
        DerivedError: It has not been computed yet.
        StoreError: It is damaged.
    """
    folder = load(DATA_SET, SUSPECTS, store)
    try:
        found = read_arrays(folder / _NAME, compressed=False)
        _check(found)
    except (StoreError, ValueError, KeyError) as error:
        raise StoreError(
            f"The label suspects in {folder} are damaged ({error}). Delete that folder, and "
            "compute them again."
        ) from error
    return Suspects(**{name: found[name] for name in ("proba", "quality", "doubtful")})


def _check(found: dict[str, np.ndarray]) -> None:
    """Refuse what `write_suspects` does not write.

    Raises:
        KeyError: An array is missing.
        ValueError: A shape, a type or a number is not as it must be.
    """
    proba, quality, doubtful = found["proba"], found["quality"], found["doubtful"]
    if proba.dtype != np.float32 or proba.shape != (NUM_IMAGES, NUM_CLASSES):
        raise ValueError("no probabilities of ten classes for each image")
    if quality.shape != (NUM_IMAGES,) or doubtful.shape != quality.shape:
        raise ValueError("no verdict for each image")
    if doubtful.dtype != bool or quality.dtype != np.float64:
        raise ValueError("verdicts of another type")
    if not np.isfinite(proba).all() or not np.isfinite(quality).all():
        raise ValueError("numbers that are not finite")
