"""The run that a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.predictions import Predictions, load_predictions
from fmnist_core.exceptions import FmnistError, StoreError
from fmnist_core.report.parts import Images
from fmnist_core.runs.result import Result
from fmnist_core.runs.run import Run

OPTIMISTIC = "In this run the test images were the validation images too, so its figures flatter."


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """A run, and the images that it is judged by.

    Attributes:
        run: The run.
        part: "validation" or "test".
        images: Returns all images.
    """

    run: Run
    part: str
    images: Images

    @cached_property
    def title(self) -> str:
        """What to call it; its id where its files do not say."""
        try:
            return self.run.title
        except FmnistError:
            return self.run.run_id

    @cached_property
    def predictions(self) -> Predictions:
        """What it predicted.

        Raises:
            StoreError: It has no predictions, or they are damaged.
        """
        return load_predictions(self.run, self.part)

    @cached_property
    def confusion(self) -> np.ndarray:
        """Counts, int32 (10, 10), rows true; errors are those of `predictions`."""
        return confusion(self.predictions.y_true, self.predictions.y_pred)

    @cached_property
    def result(self) -> Result:
        """What came out.

        Raises:
            StoreError: It has not ended, or its file is damaged.
        """
        found = self.run.result
        if found is None:
            raise StoreError(
                f"Run {self.run.run_id} has no result yet: it has not come to its end."
            )
        return found
