"""A run's metrics as TensorBoard event files; needs the package `tensorboard`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from fmnist_core.exceptions import ExportError
from fmnist_core.export.files import optional, unwritable
from fmnist_core.runs.run import Run

PACKAGES = "tensorboard"

Scalar = tuple[str, int, float]  # tag, step, value


def write_events(run: Run, folder: Path) -> int:
    """Write two of TensorBoard's runs, `<run_id>/train` and `<run_id>/validation`.

    Train has loss, accuracy and learning rate of every step; validation has loss and accuracy of
    every epoch, at its last step, so that both lie on one chart.

    Returns:
        The number of scalars.

    Raises:
        ExportError: The package is missing, the folder cannot be written, or it holds this run
            already: TensorBoard would show both together.
    """
    writers = optional(
        "tensorboard.summary.writer.event_file_writer", "TensorBoard's format", PACKAGES
    )
    history, parts = run.history, folder / run.run_id
    train = [
        scalar
        for step, *values in zip(
            history.steps, history.losses, history.accuracies, history.learning_rates, strict=True
        )
        for scalar in zip(("loss", "accuracy", "learning_rate"), [step] * 3, values, strict=True)
    ]
    validation = [
        (tag, row["step"], row[f"val_{tag}"])
        for row in history.epochs
        for tag in ("loss", "accuracy")
    ]
    if parts.exists():
        raise ExportError(f"{parts} is there already. Name another folder, or remove it first.")
    try:
        for name, scalars in (("train", train), ("validation", validation)):
            writer = writers.EventFileWriter(str(parts / name))
            for event in _events(scalars, run):
                writer.add_event(event)
            writer.close()
    except OSError as error:
        raise unwritable(parts, error) from error
    return len(train) + len(validation)


def _events(scalars: list[Scalar], run: Run) -> Iterable[object]:
    """Turn scalars into events, with times from the start and the seconds of the epochs."""
    events = optional("tensorboard.compat.proto.event_pb2", "TensorBoard's format", PACKAGES)
    summaries = optional("tensorboard.compat.proto.summary_pb2", "TensorBoard's format", PACKAGES)
    history = run.history
    started = history.events[0]["time"] if history.events else 0.0
    known_steps = [0, *(row["step"] for row in history.epochs)]
    known_times = np.cumsum([started, *(row["seconds"] for row in history.epochs)])
    for tag, step, value in scalars:
        summary = summaries.Summary(value=[summaries.Summary.Value(tag=tag, simple_value=value)])
        time = float(np.interp(step, known_steps, known_times))
        yield events.Event(wall_time=time, step=step, summary=summary)
