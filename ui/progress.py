"""How far a run is, how fast, and how long it will still take."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fmnist_core.runs.metrics_log import History
from fmnist_core.specs import Experiment

RECENT_EPOCHS = 3  # the pace is their mean


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a training stands.

    Attributes:
        epoch: The epoch that is trained now, from 1; the last one where all are done.
        epochs, steps: Of the full training.
        step: Batches done.
        images_per_second, seconds_left: None while they cannot be told.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    images_per_second: float | None
    seconds_left: float | None

    @property
    def share(self) -> float:
        """Done so far, in [0, 1]."""
        return min(1.0, self.step / self.steps)


def progress_of(
    experiment: Experiment,
    history: History,
    heartbeat: Mapping[str, Any] | None = None,
    *,
    planned_steps: int = 0,
) -> Progress:
    """Measure the progress of a run from its metrics and the worker's last sign of life.

    `planned_steps` is its length where epochs were added, as in `Status`.
    """
    size = experiment.train_size
    steps = planned_steps or experiment.train.total_steps(size)
    epochs = math.ceil(steps / experiment.train.steps_per_epoch(size))
    step = history.steps[-1] if history.steps else 0
    pace = _steps_per_second(history, heartbeat or {})
    return Progress(
        epoch=min(len(history.epochs) + 1, epochs),
        epochs=epochs,
        step=step,
        steps=steps,
        images_per_second=pace * min(experiment.train.batch_size, size) if pace else None,
        seconds_left=max(0, steps - step) / pace if pace else None,
    )


def _steps_per_second(history: History, heartbeat: Mapping[str, Any]) -> float | None:
    """Return the pace of the last epochs, or in the first one that since the start."""
    if history.epochs:
        recent = history.epochs[-RECENT_EPOCHS:]
        before = history.epochs[: -len(recent)]
        steps = recent[-1]["step"] - (before[-1]["step"] if before else 0)
        seconds = sum(row["seconds"] for row in recent)
    else:
        start = next((e for e in reversed(history.events) if e["event"] == "start"), None)
        if not start or not history.steps:
            return None
        steps = history.steps[-1] - start["step"]
        seconds = _number(heartbeat.get("time")) - _number(start.get("time"))
    return steps / seconds if steps > 0 and seconds > 0 else None


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
