"""When a run takes its checkpoints and saves its best model, as the cost allows."""

from __future__ import annotations

import math
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist_core.jobs.recorder import Recorder
from fmnist_core.runs import checkpoints
from fmnist_core.specs import Experiment

if TYPE_CHECKING:  # these import TensorFlow
    from fmnist_core.training.loop import Trainer
    from fmnist_core.training.snapshot import Snapshot

SECONDS = 30.0  # within an epoch, so often at most
COST = 0.01  # the share of the time that checkpoints may take, and saving the best model as much


class Checkpointing:
    """Takes a checkpoint at the end of each epoch and within long ones, and saves the best model.

    A snapshot is copied between two blocks and written by a thread. What both took decides how
    long the next one waits: 100 times as long, so that checkpoints cost at most 1 %. Likewise the
    model, which a checkpoint holds too.
    """

    def __init__(self, folder: Path, experiment: Experiment, recorder: Recorder) -> None:
        """Begin with an attempt."""
        self._folder = folder
        self._recorder = recorder
        self._belongs_to = {
            "experiment": checkpoints.fingerprint(experiment),
            "versions": checkpoints.computing_versions(),
        }
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._cost = 0.0  # seconds of the last one
        self._taken_at = time.monotonic()
        self._epoch = recorder.status.epoch
        self._saved_at, self._save_cost = -math.inf, 0.0

    def take_if_due(self, trainer: Trainer) -> None:
        """Begin to write a checkpoint if it is time to, and save the best model likewise.

        Raises:
            OSError: The model or the last checkpoint could not be written.
        """
        self._raise_error()
        passed = time.monotonic() - self._taken_at
        due = trainer.state.epoch > self._epoch or passed >= SECONDS
        if due and passed * COST >= self._cost and not self._is_writing():
            self._begin(trainer)
        if (time.monotonic() - self._saved_at) * COST >= self._save_cost:
            self.save_best(trainer)

    def save_best(self, trainer: Trainer) -> None:
        """Save the best model, unless that is done.

        Raises:
            OSError: It could not be written.
        """
        if not self._recorder.has_unsaved:
            return
        started = time.perf_counter()
        with trainer.best() as model:
            self._recorder.save(model)
        self._save_cost = time.perf_counter() - started
        self._saved_at = time.monotonic()

    def take(self, trainer: Trainer) -> None:
        """Write a checkpoint, wait until it is whole, and save the best model.

        Raises:
            OSError: One of them could not be written.
        """
        self.finish()
        self._begin(trainer)
        self.finish()
        self.save_best(trainer)

    def finish(self) -> None:
        """Wait until nothing is written any more.

        Raises:
            OSError: The last checkpoint could not be written.
        """
        if self._thread:
            self._thread.join()
        self._raise_error()

    def _is_writing(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _begin(self, trainer: Trainer) -> None:
        from fmnist_core.training.snapshot import capture

        started = time.perf_counter()
        self._recorder.write_blocks()  # what led to a checkpoint is in the log before it
        snapshot = capture(trainer)
        self._cost = time.perf_counter() - started
        self._taken_at, self._epoch = time.monotonic(), trainer.state.epoch
        self._thread = threading.Thread(target=self._write, args=(snapshot,))
        self._thread.start()

    def _write(self, snapshot: Snapshot) -> None:
        try:
            self._write_file(snapshot)
        except BaseException as error:  # raised where the training can end for it
            self._error = error
        self._cost += time.thread_time()

    def _write_file(self, snapshot: Snapshot) -> None:
        state = snapshot.state
        checkpoints.write(
            self._folder,
            snapshot.arrays,
            before=self._recorder.sync,
            step=state["step"],
            epoch=state["epoch"],
            val_accuracy=state["best_accuracy"] if state["best_epoch"] else None,
            state=state,
            **self._belongs_to,
        )

    def _raise_error(self) -> None:
        error, self._error = self._error, None
        if error:
            raise error
