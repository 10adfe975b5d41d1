"""What a run said of every image of a part, and what follows from it image by image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fmnist_core.exceptions import StoreError
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.run import Run
from fmnist_core.specs.data import NUM_IMAGES

PARTS = ("validation", "test")
ROW_TOLERANCE = 1e-3  # of a row's sum; rows computed in bfloat16 are normalised in float32


@dataclass(frozen=True, kw_only=True, eq=False)
class Predictions:
    """The class probabilities of some images.

    Attributes:
        part: "validation" or "test".
        index: Where the images are among all 70,000, those of the training files first,
            int32 (N,), rising.
        y_true: Labels, uint8 (N,).
        y_proba: Probabilities, float32 (N, 10), rows summing to 1.
    """

    part: str
    index: np.ndarray
    y_true: np.ndarray
    y_proba: np.ndarray

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.index)

    @cached_property
    def y_pred(self) -> np.ndarray:
        """The most likely class of each image, int (N,)."""
        return self.y_proba.argmax(axis=1)

    @cached_property
    def wrong(self) -> np.ndarray:
        """Whether that is not the true class, bool (N,)."""
        return self.y_pred != self.y_true

    @cached_property
    def confidence(self) -> np.ndarray:
        """The probability of the most likely class, float32 (N,), in [0.1, 1]."""
        return self.y_proba.max(axis=1)

    @cached_property
    def loss(self) -> np.ndarray:
        """Cross-entropy of each image in nats, float64 (N,); at most that of the smallest float."""
        smallest = np.finfo(np.float32).tiny
        return -np.log(np.maximum(self._of_true.astype(np.float64), smallest))

    @cached_property
    def margin(self) -> np.ndarray:
        """Probability of the true class minus the highest other one, float32 (N,), in [-1, 1]."""
        others = self.y_proba.copy()
        others[np.arange(len(self)), self.y_true] = -1
        return self._of_true - others.max(axis=1)

    @property
    def _of_true(self) -> np.ndarray:
        return self.y_proba[np.arange(len(self)), self.y_true]

    def place_of(self, image: int) -> int | None:
        """Return the place of an image among these, by its index, 0 to 69,999; None if not here."""
        wanted = self.index.dtype.type(image)  # another dtype would have all of them converted
        place = int(np.searchsorted(self.index, wanted))
        return place if place < len(self) and self.index[place] == wanted else None

    def take(self, places: np.ndarray) -> Predictions:
        """Return some of the images: places, int (M,), in any order, or bool (N,)."""
        return Predictions(
            part=self.part,
            index=self.index[places],
            y_true=self.y_true[places],
            y_proba=self.y_proba[places],
        )


def load_predictions(run: Run, part: str) -> Predictions:
    """Read what a run has predicted.

    Args:
        run: One that has ended.
        part: "validation" or "test"; with the split "resplit" both hold the same images.

    Raises:
        ValueError: There is no such part.
        StoreError: The run has none, or they are damaged.
    """
    if part not in PARTS:
        raise ValueError(f"{part!r} is none of {PARTS}")
    arrays = run.predictions
    names = {"index": "index", "y_true": "label", "y_proba": "proba"}
    try:
        found = {ours: arrays[f"{part}_{theirs}"] for ours, theirs in names.items()}
        _check(**found)
    except (KeyError, ValueError) as error:
        raise StoreError(
            f"{run.run_id}/predictions.npz is damaged ({error}). Extend the run by an epoch to "
            "have it written anew."
        ) from error
    types = {"index": np.int32, "y_true": np.uint8, "y_proba": np.float32}
    exact = {name: found[name].astype(dtype, copy=False) for name, dtype in types.items()}
    return Predictions(part=part, **exact)


def _check(index: np.ndarray, y_true: np.ndarray, y_proba: np.ndarray) -> None:
    """Refuse what cannot come from a worker.

    Raises:
        ValueError: A shape, a type or a number is not as it must be.
    """
    count = len(index) if index.ndim else 0
    if not count or index.shape != (count,) or index.dtype.kind not in "iu":
        raise ValueError("no list of images")
    if y_true.shape != (count,) or y_true.dtype.kind not in "iu":
        raise ValueError("not one label an image")
    if y_proba.shape != (count, NUM_CLASSES) or y_proba.dtype.kind != "f":
        raise ValueError(f"not {NUM_CLASSES} probabilities an image")
    if index.min() < 0 or index.max() >= NUM_IMAGES or np.any(np.diff(index.astype(np.int64)) <= 0):
        raise ValueError("images that are not in the data set, or not in its order")
    if y_true.min() < 0 or y_true.max() >= NUM_CLASSES:
        raise ValueError("labels of no class")
    sums = y_proba.sum(axis=1)  # NaN in a row makes its sum NaN
    if not np.all(np.abs(sums - 1) <= ROW_TOLERANCE) or y_proba.min() < 0:
        raise ValueError("probabilities that do not add up to 1")
