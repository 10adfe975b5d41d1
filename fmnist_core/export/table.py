"""A run's metrics as one CSV table, a row for each step."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from fmnist_core.export.files import write_file
from fmnist_core.runs.metrics_log import History

COLUMNS = (
    *("step", "loss", "accuracy", "learning_rate"),
    *("epoch", "epoch_loss", "epoch_accuracy", "val_loss", "val_accuracy", "seconds"),
)


def write_csv(history: History, path: Path) -> int:
    """Write the metrics and return the number of rows.

    Raises:
        ExportError: The file cannot be written.
    """
    write_file(path, csv_text(history).encode())
    return len(history.steps)


def csv_text(history: History) -> str:
    """Return the metrics as a table, a row for each step.

    The columns of an epoch are filled in the row of its last step and empty in all others.
    """
    epochs = {row["step"]: row for row in history.epochs}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    columns = (history.steps, history.losses, history.accuracies, history.learning_rates)
    for step, *figures in zip(*columns, strict=True):
        row = epochs.get(step, {})
        names = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds")
        writer.writerow([step, *figures, *(row.get(name, "") for name in names)])
    return text.getvalue()
