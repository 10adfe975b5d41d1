"""How the predictions of a run's validation images moved from epoch to epoch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.exceptions import StoreError
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.run import PROBA_UNIT, Run


@dataclass(frozen=True, kw_only=True, eq=False)
class Trajectory:
    """What a network made of one image at the end of each epoch.

    Attributes:
        label: The true class.
        epochs: From 1, int32 (E,), rising; those whose file is missing or damaged are left out.
        y_proba: float32 (E, 10), exact to 0.002.
    """

    label: int
    epochs: np.ndarray
    y_proba: np.ndarray

    @property
    def y_pred(self) -> np.ndarray:
        """The most likely class after each epoch, int (E,)."""
        return self.y_proba.argmax(axis=1)

    @property
    def right(self) -> int:
        """After how many epochs that was the true class."""
        return int((self.y_pred == self.label).sum())

    @property
    def last_change(self) -> int | None:
        """The epoch after which the prediction was last another than before; None for never."""
        changed = np.flatnonzero(np.diff(self.y_pred))
        return int(self.epochs[changed[-1] + 1]) if len(changed) else None

    @property
    def classes(self) -> list[int]:
        """The true class, then all that were ever taken for it, the most often taken first."""
        taken = np.bincount(self.y_pred, minlength=NUM_CLASSES)
        others = [int(label) for label in np.argsort(-taken, kind="stable") if taken[label]]
        return [self.label, *(label for label in others if label != self.label)]


@dataclass(frozen=True, kw_only=True, eq=False)
class Trajectories:
    """The same of all validation images of a run.

    Attributes:
        index: The images among all 70,000, int32 (N,), rising.
        y_true: Labels, uint8 (N,).
        epochs: int32 (E,), rising.
        y_proba: uint8 (E, N, 10), in units of 1/255.
    """

    index: np.ndarray
    y_true: np.ndarray
    epochs: np.ndarray
    y_proba: np.ndarray

    def of(self, image: int) -> Trajectory | None:
        """Return that of an image; None for one that is not a validation image of the run."""
        place = int(np.searchsorted(self.index, image))
        if place == len(self.index) or self.index[place] != image:
            return None
        y_proba = self.y_proba[:, place].astype(np.float32) / PROBA_UNIT
        return Trajectory(label=int(self.y_true[place]), epochs=self.epochs, y_proba=y_proba)


def load_trajectories(run: Run) -> Trajectories:
    """Read what a run's network made of its validation images after each epoch.

    Raises:
        StoreError: The run has not ended, or nothing of the kind was recorded.
    """
    known = load_predictions(run, "validation")
    epochs, y_proba = [], []
    for moment in run.moments():
        found = moment.get("val_proba", np.empty(0))
        if found.shape == (len(known), NUM_CLASSES) and found.dtype == np.uint8:
            epochs.append(int(moment["epoch"]))
            y_proba.append(found)
    if not epochs:
        raise StoreError(
            f"Run {run.run_id} has recorded no predictions of single epochs: it was trained by an "
            "older version. Runs that are trained now record them."
        )
    return Trajectories(
        index=known.index,
        y_true=known.y_true,
        epochs=np.array(epochs, np.int32),
        y_proba=np.stack(y_proba),
    )
