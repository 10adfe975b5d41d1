"""One run: a folder, and what its files say."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.exceptions import StoreError
from fmnist_core.runs import checkpoints, commands, control
from fmnist_core.runs.files import read_arrays, read_json
from fmnist_core.runs.metrics_log import History, read_history
from fmnist_core.runs.notes import Notes, read_notes
from fmnist_core.runs.result import Result, read_result
from fmnist_core.runs.status import FORMAT, Status, read_status
from fmnist_core.specs import Experiment

MODEL, PREDICTIONS = "model.keras", "predictions.npz"  # files of a run that has learned something
PROBA_UNIT = 255  # what stands for probability 1 in a moment: a byte each is exact enough to draw


@dataclass(frozen=True)
class Run:
    """A run folder. Everything but the experiment is read anew at each access.

    Attributes:
        folder: The run's folder; its name is the run's id.
    """

    folder: Path

    @property
    def run_id(self) -> str:
        """The id: yyyymmdd-hhmmss-xxxxxx, so that ids sort by time."""
        return self.folder.name

    @cached_property
    def experiment(self) -> Experiment:
        """What was asked for; never changes.

        Raises:
            StoreError: `experiment.json` is missing or of another format.
            SpecError: It asks for something that is not allowed.
        """
        data = read_json(self.folder / "experiment.json")
        if not data:
            raise StoreError(f"{self.run_id}/experiment.json is missing.")
        if data.get("format") != FORMAT:
            raise StoreError(f"{self.run_id}/experiment.json is not of format {FORMAT}.")
        return Experiment.from_dict(data.get("experiment"))

    @property
    def notes(self) -> Notes:
        """What people say of it.

        Raises:
            StoreError: `notes.json` is torn or foreign.
        """
        return read_notes(self.folder)

    @property
    def title(self) -> str:
        """What to call it: the name of its notes, else that of its experiment."""
        with contextlib.suppress(StoreError):  # said where its notes are shown
            if name := self.notes.name:
                return name
        return self.experiment.title

    @property
    def status(self) -> Status:
        """Where it stands."""
        return read_status(self.folder)

    @property
    def result(self) -> Result | None:
        """What came out; None until the run has ended well or was stopped and kept."""
        return read_result(self.folder)

    @property
    def history(self) -> History:
        """Loss and accuracy by batch and by epoch, so far."""
        return read_history(self.folder)

    @property
    def heartbeat(self) -> dict[str, Any]:
        """The worker's last sign of life: time, step, epoch; {} where there is none."""
        return read_json(self.folder / "heartbeat.json")

    @property
    def predictions(self) -> dict[str, np.ndarray]:
        """Class probabilities of the best weights, in data-set order.

        Returns:
            validation_index, test_index: int32 (N,), into the 70,000 pooled images;
            validation_label, test_label: uint8 (N,); validation_proba, test_proba: float32 (N, 10).

        Raises:
            StoreError: The run has none, or the file is damaged.
        """
        if not self.has_predictions:
            raise StoreError(self.why_no_predictions)
        return read_arrays(self.folder / PREDICTIONS)

    @property
    def has_predictions(self) -> bool:
        """It has predictions; those of some shipped runs are left out."""
        return (self.folder / PREDICTIONS).exists()

    @property
    def why_no_predictions(self) -> str:
        """A sentence for who asks for its predictions while it has none: why, and what to do."""
        if self.result is None:
            return f"Run {self.run_id} has no predictions yet: they are written when it ends."
        return self._why_not("predictions", "them")

    @property
    def model_path(self) -> Path:
        """Where its model with the best weights lies, once an epoch has ended."""
        return self.folder / MODEL

    @property
    def has_model(self) -> bool:
        """It has a model; that of a large shipped run is left out."""
        return self.model_path.exists()

    @property
    def why_no_model(self) -> str:
        """A sentence for who asks its network while it has none: why, and what to do."""
        if self.result is None:
            return f"Run {self.run_id} has no model yet: none of its epochs has ended."
        return self._why_not("model", "it")

    def _why_not(self, what: str, it: str) -> str:
        return (
            f"Run {self.run_id} has no {what}: it came without, to be small, or the file was "
            f"deleted. Repeat it to have {it}, on the Runs page or by "
            f'"fmnist repeat {self.run_id}".'
        )

    def moments(self) -> list[dict[str, np.ndarray]]:
        """Return one dict an epoch: what the network knew then.

        Returns:
            Dicts of `epoch`; `confusion`, int32 (10, 10), rows true, on the validation images;
            `val_proba`, uint8 (N, 10), their probabilities in units of 1/255, in data-set order;
            `first_filters`, float32 (height, width, channels, filters), where the network has a
            convolution. Damaged files are left out.
        """
        found = []
        for path in sorted((self.folder / "moments").glob("epoch-*.npz")):
            with contextlib.suppress(StoreError):
                found.append(read_arrays(path))
        return found

    def moment(self, epoch: int) -> dict[str, np.ndarray] | None:
        """Return what the network knew after an epoch, as in `moments`; None if unknown."""
        with contextlib.suppress(StoreError):
            return read_arrays(self.folder / "moments" / f"epoch-{epoch:04d}.npz")
        return None

    @property
    def total_steps(self) -> int:
        """Batches of the full training, with the epochs that were added."""
        experiment = self.experiment
        by_experiment = experiment.train.total_steps(experiment.train_size)
        return self.status.planned_steps or by_experiment

    @property
    def total_epochs(self) -> int:
        """Epochs of the full training; the last may be cut short."""
        experiment = self.experiment
        per_epoch = experiment.train.steps_per_epoch(experiment.train_size)
        return math.ceil(self.total_steps / per_epoch)

    @property
    def can_go_on(self) -> bool:
        """It has a checkpoint."""
        return bool(checkpoints.paths(self.folder))

    def stop(self) -> None:
        """Ask the run to end and to keep what it has learned.

        Raises:
            StoreError: It has ended already.
        """
        control.stop(self.folder)

    def pause(self) -> None:
        """Ask the run to wait, until `resume`, `step_epoch` or `stop`.

        Raises:
            StoreError: It does not train.
        """
        control.pause(self.folder)

    def step_epoch(self) -> None:
        """Ask the run to train to the end of its epoch, and to wait then.

        Raises:
            StoreError: It neither trains nor waits.
        """
        control.step_epoch(self.folder)

    def set_learning_rate(self, learning_rate: float) -> None:
        """Ask the run to go on at this rate; its schedule falls from there in proportion.

        Raises:
            SpecError: It is not in (0, 10].
            StoreError: It neither trains nor waits.
        """
        control.set_learning_rate(self.folder, learning_rate)

    def resume(self, *, from_previous: bool = False, from_zero: bool = False) -> None:
        """Let the run go on: where it was paused, or from its newest checkpoint, exactly.

        A supervisor must be alive for it: `fmnist_core.jobs.wait` and the pages see to that.

        Args:
            from_previous: Where the newest checkpoint is damaged: from the one before it.
            from_zero: From the beginning; what was learned is dropped.

        Raises:
            StoreError: It is not paused, interrupted, stopped or failed.
        """
        chosen = commands.PREVIOUS if from_previous else commands.NEWEST
        control.resume(self.folder, commands.ZERO if from_zero else chosen)

    def add_epochs(self, epochs: int) -> None:
        """Let the run train longer than planned, or, where it has ended, on from there.

        A learning-rate schedule is the one of the first plan: beyond it, its last rate stays.

        Raises:
            SpecError: The number is not in 1 … 1000.
            StoreError: It is in another state, or has no checkpoint to go on from.
        """
        experiment = self.experiment
        control.add_epochs(
            self.folder,
            epochs,
            steps_per_epoch=experiment.train.steps_per_epoch(experiment.train_size),
            total_steps=self.total_steps,
        )
