"""The run folder's side of a training: writes down what happens."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fmnist_core.analysis.metrics import confusion
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import replacing, sync_folder, write_json
from fmnist_core.runs.metrics_log import MetricsWriter
from fmnist_core.runs.run import MODEL, PROBA_UNIT
from fmnist_core.runs.status import RUNNING, STARTING, Status, read_status

if TYPE_CHECKING:  # both import TensorFlow
    import keras

    from fmnist_core.training.loop import Block, EpochFigures, Moment

BEAT_SECONDS = 0.5
WRITE_SECONDS = 0.25  # batches reach the log at most four times a second
DIGITS = 6
RESERVE = ".reserve"  # given back at the end, so that a full disk still takes the last word
RESERVE_BYTES = 2**16


class Recorder:
    """Writes status, heartbeat, metrics, moments and model of one attempt; a training `Listener`.

    Attributes:
        status: What `status.json` holds.
        has_unsaved: There are better weights than those of the saved model.
    """

    def __init__(self, folder: Path, status: Status) -> None:
        """Begin an attempt on a run folder whose worker lock this process holds.

        Args:
            folder: The run folder.
            status: Attempt and token are this attempt's; step and epoch say where it begins.
        """
        self.folder = folder
        self.status = status
        self.has_unsaved = False
        self._val_labels: np.ndarray | None = None
        self._blocks: list[Block] = []
        self._written_at = 0.0
        (folder / RESERVE).write_bytes(os.urandom(RESERVE_BYTES))
        self.say(state=STARTING, message="")
        self._metrics = MetricsWriter(folder, status.attempt)
        self.on_event("start", step=status.step, epoch=status.epoch)
        threading.Thread(target=self._beat, daemon=True).start()

    def validates_on(self, labels: np.ndarray) -> None:
        """Remember the labels of the validation images, uint8 (N,)."""
        self._val_labels = labels

    def on_block(self, block: Block) -> None:
        """Note a few batches; they reach the log within a quarter of a second of work."""
        if self.status.state == STARTING:
            self.say(state=RUNNING)
        self._blocks.append(block)
        step = block.step + len(block.losses) - 1
        self.status = replace(self.status, step=step)
        if time.monotonic() - self._written_at >= WRITE_SECONDS:
            self.write_blocks()

    def on_epoch(self, figures: EpochFigures, moment: Moment) -> None:
        """Write the epoch's figures, and what the network knows at this moment."""
        self.write_blocks()
        values = {
            name: round(value, DIGITS) if isinstance(value, float) else value
            for name, value in asdict(figures).items()
        }
        self._metrics.write("epoch", durable=True, **values)
        self._write_moment(figures.epoch, moment)
        best = max(self.status.val_accuracy or 0.0, figures.val_accuracy)
        self.say(epoch=figures.epoch, step=figures.step, val_accuracy=best)

    def on_best(self) -> None:
        """Note that the saved model is no longer the best."""
        self.has_unsaved = True

    def save(self, model: keras.Model) -> None:
        """Save the best model, whole or not at all."""
        draft = self.folder / ".draft.keras"  # Keras writes only to a path, with this suffix
        try:
            model.save(draft, include_optimizer=False)
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(draft, self.folder / MODEL)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(self.folder)
        self.has_unsaved = False

    def on_event(self, event: str, **values: object) -> None:
        """Write an event."""
        self.write_blocks()
        self._metrics.write("event", event=event, durable=True, **values)

    def sync(self) -> None:
        """Make durable what was logged."""
        self._metrics.sync()

    def end(self, state: str, message: str = "", **changes: object) -> None:
        """Write the last state, and before it what is left of the metrics, if the disk takes it."""
        (self.folder / RESERVE).unlink(missing_ok=True)
        try:
            self.write_blocks()
        except OSError as error:
            print(f"the last batches could not be logged: {error}", flush=True)
        self.say(state=state, message=message, **changes)
        self._metrics.close()

    def say(self, **changes: object) -> None:
        """Change the status."""
        self.status = replace(self.status, time=time.time(), **changes)  # type: ignore[arg-type]
        self.status.write(self.folder)

    def write_blocks(self) -> None:
        """Write the noted blocks, one line for those that follow one another in an epoch."""
        blocks, self._blocks = self._blocks, []
        if blocks:
            self._written_at = time.monotonic()
            self._metrics.write(
                "batches",
                epoch=blocks[0].epoch,
                step=blocks[0].step,
                loss=_column(blocks, lambda block: block.losses),
                accuracy=_column(blocks, lambda block: block.accuracies),
                learning_rate=_column(blocks, lambda block: block.learning_rates, digits=10),
            )

    def _write_moment(self, epoch: int, moment: Moment) -> None:
        if self._val_labels is None:
            return
        arrays = {
            "epoch": np.int32(epoch),
            "confusion": confusion(self._val_labels, moment.val_proba.argmax(axis=1)),
            "val_proba": np.rint(PROBA_UNIT * moment.val_proba).astype(np.uint8),
        }
        if moment.first_filters is not None:
            arrays["first_filters"] = moment.first_filters
        folder = self.folder / "moments"
        folder.mkdir(exist_ok=True)
        with replacing(folder / f"epoch-{epoch:04d}.npz", durable=False) as file:
            np.savez_compressed(file, **arrays)

    def _beat(self) -> None:
        """Show that the process lives; a thread that ends with the process."""
        while True:
            try:
                self._leave_if_superseded()
                beat = {"time": time.time(), "token": self.status.token}
                beat |= {"step": self.status.step, "epoch": self.status.epoch}
                write_json(self.folder / "heartbeat.json", beat, durable=False)
            except OSError as error:
                print(f"heartbeat: {error}", flush=True)
            time.sleep(BEAT_SECONDS)

    def _leave_if_superseded(self) -> None:
        """End this process at once if another worker holds the run."""
        try:
            holder = read_status(self.folder).token
        except StoreError:
            return
        if holder != self.status.token:
            print("another worker holds this run", flush=True)
            os._exit(4)


def _column(
    blocks: list[Block], values: Callable[[Block], np.ndarray], *, digits: int = DIGITS
) -> list[float]:
    return [round(float(v), digits) for v in np.concatenate([values(block) for block in blocks])]
