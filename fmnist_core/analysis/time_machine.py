"""What a run's network knew after each epoch: how it took the classes, and its first filters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fmnist_core.exceptions import StoreError
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.run import Run


@dataclass(frozen=True, kw_only=True, eq=False)
class TimeMachine:
    """The recorded epochs of a run; those whose file is missing or damaged are left out.

    Attributes:
        epochs: From 1, int32 (E,), rising.
        confusion: On the validation images, int64 (E, 10, 10), rows true.
        first_filters: Kernels of the first convolution, float32 (E, height, width, channels,
            filters); None for a network without one, and for runs that did not record them.
    """

    epochs: np.ndarray
    confusion: np.ndarray
    first_filters: np.ndarray | None

    @property
    def accuracy(self) -> np.ndarray:
        """The share of validation images that are right, float64 (E,) in [0, 1]."""
        right = np.trace(self.confusion, axis1=1, axis2=2)
        return right / self.confusion.sum(axis=(1, 2))


def load_time_machine(run: Run) -> TimeMachine:
    """Read what a run's network knew after each epoch; a run that trains has its past ones.

    Raises:
        StoreError: No epoch was recorded.
    """
    moments = [moment for moment in run.moments() if _is_whole(moment)]
    if not moments:
        raise StoreError(
            f"Run {run.run_id} has recorded no epochs: it has not finished its first one, or it "
            "was trained by an older version. Runs that are trained now record each epoch."
        )
    return TimeMachine(
        epochs=np.array([int(moment["epoch"]) for moment in moments], np.int32),
        confusion=np.stack([moment["confusion"].astype(np.int64) for moment in moments]),
        first_filters=_first_filters(moments),
    )


def _is_whole(moment: dict[str, np.ndarray]) -> bool:
    """Say whether a file holds an epoch and a confusion matrix of some images."""
    epoch, confusion = moment.get("epoch"), moment.get("confusion")
    return (
        epoch is not None
        and epoch.shape == ()
        and epoch.dtype.kind in "iu"
        and confusion is not None
        and confusion.shape == (NUM_CLASSES, NUM_CLASSES)
        and confusion.dtype.kind in "iu"
        and int(confusion.min()) >= 0
        and int(confusion.sum()) > 0
    )


def _first_filters(moments: list[dict[str, np.ndarray]]) -> np.ndarray | None:
    """Return the filters of all epochs, if each has finite ones of the same shape."""
    found = [moment.get("first_filters", np.empty(0)) for moment in moments]
    same = all(each.shape == found[0].shape and each.dtype.kind == "f" for each in found)
    if not same or found[0].ndim != 4 or not all(np.isfinite(each).all() for each in found):
        return None
    return np.stack(found).astype(np.float32)
