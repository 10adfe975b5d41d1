"""The metrics log: what happened while a run trained, one JSON object a line, appended only.

Three kinds of lines, each with its attempt and time:

- ``batches``: a few batches that were trained in one go: lists of loss, accuracy, learning rate;
- ``epoch``: train and validation figures at the end of an epoch;
- ``event``: something that happened, such as ``start`` of an attempt or ``stop``.

A killed writer can leave half a line; the next writer mends it and readers pass over it. When a
later attempt starts at step S after E epochs, what an earlier attempt wrote beyond them is
superseded and dropped.
"""

from __future__ import annotations

import json
import math
import os
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fmnist_core.exceptions import StoreError
from fmnist_core.runs.records import as_type

FILE_NAME = "metrics.jsonl"
EPOCH_FIGURES = (
    *("loss", "accuracy", "val_loss", "val_accuracy"),
    *("learning_rate", "seconds", "images_per_second"),
)


class MetricsWriter:
    """Appends whole lines; the only writer of its file."""

    def __init__(self, folder: Path, attempt: int) -> None:
        """Open the log of a run folder and end a torn last line."""
        self.attempt = attempt
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        self._file = os.open(folder / FILE_NAME, flags, 0o644)
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")

    def write(self, kind: str, *, durable: bool = False, **values: Any) -> None:
        """Append one line with a single write; `durable` syncs it to disk."""
        row = {"kind": kind, "attempt": self.attempt, "time": round(time.time(), 3), **values}
        line = json.dumps(row, allow_nan=False, separators=(",", ":")).encode() + b"\n"
        while line:  # a full disk or a signal can cut a write short
            line = line[os.write(self._file, line) :]
        if durable:
            self.sync()

    def sync(self) -> None:
        """Make durable what was written."""
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


@dataclass
class History:
    """A metrics log as columns; `update` reads on from where the last call ended.

    Attributes:
        steps, losses, accuracies, learning_rates: One entry a batch; steps count from 1.
        epochs: One dict an epoch: epoch, step and `EPOCH_FIGURES`.
        events: One dict an event: event, step, time and what belongs to it.
        unreadable: Lines that were passed over.
    """

    steps: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)
    learning_rates: list[float] = field(default_factory=list)
    epochs: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    unreadable: int = 0
    _offset: int = 0

    def update(self, folder: Path) -> None:
        """Read the whole lines that were appended since the last call.

        Raises:
            StoreError: The file cannot be read.
        """
        try:
            with (folder / FILE_NAME).open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(
                f"{folder.name}/{FILE_NAME} cannot be read ({error.strerror})."
            ) from error
        end = data.rfind(b"\n") + 1
        self._offset += end
        for line in data[:end].splitlines():
            if line:
                self._add(line)

    def _add(self, line: bytes) -> None:
        try:
            row = json.loads(line)
            add = {"batches": self._add_batches, "epoch": self._add_epoch, "event": self._add_event}
            add[row["kind"]](row)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            self.unreadable += 1

    def _add_batches(self, row: dict[str, Any]) -> None:
        losses, accuracies = _numbers(row["loss"]), _numbers(row["accuracy"])
        rates = _numbers(row["learning_rate"])
        first = as_type(row["step"], int)
        if not len(losses) == len(accuracies) == len(rates):
            raise ValueError("columns of different lengths")
        self.steps += range(first, first + len(losses))
        self.losses += losses
        self.accuracies += accuracies
        self.learning_rates += rates

    def _add_epoch(self, row: dict[str, Any]) -> None:
        counts = {name: as_type(row[name], int) for name in ("epoch", "step")}
        self.epochs.append(counts | {name: as_type(row[name], float) for name in EPOCH_FIGURES})

    def _add_event(self, row: dict[str, Any]) -> None:
        step, _ = as_type(row["step"], int), as_type(row["time"], float)
        if as_type(row["event"], str) == "start":
            self._drop_after(step, as_type(row.get("epoch"), int | None))
        self.events.append(row)

    def _drop_after(self, step: int, epoch: int | None) -> None:
        """Forget what an earlier attempt did beyond the place at which this one starts.

        The epoch counts too: one that was cut short by a stop ends at the very step at which its
        run goes on.
        """
        keep = bisect_right(self.steps, step)
        for column in (self.steps, self.losses, self.accuracies, self.learning_rates):
            del column[keep:]
        self.epochs = [
            row
            for row in self.epochs
            if row["step"] <= step and (epoch is None or row["epoch"] <= epoch)
        ]
        self.events = [e for e in self.events if e["step"] <= step or e["event"] == "start"]


def _numbers(values: object) -> list[float]:
    """Return a list of finite numbers; as `as_type` does, but five times as fast."""
    if not isinstance(values, list) or not {type(value) for value in values} <= {int, float}:
        raise TypeError("not a list of numbers")
    if not all(map(math.isfinite, values)):
        raise ValueError("not finite")
    return [float(value) for value in values]


def read_history(folder: Path) -> History:
    """Read the whole metrics log of a run folder; empty where there is none."""
    history = History()
    history.update(folder)
    return history
