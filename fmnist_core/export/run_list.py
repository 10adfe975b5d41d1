"""Runs as one CSV table, a row for each run and a column for each thing that is known of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from fmnist_core.export.cells import safe_cell
from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.summary import RunSummary


def runs_csv(rows: Iterable[RunSummary], names: Iterable[str] = tuple(COLUMNS)) -> str:
    """Return a table of runs in their order; the headings are the columns' names.

    Args:
        rows: The runs.
        names: Of the columns. Shares are written as fractions, and nothing where nothing is known.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(names)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(COLUMNS[name].read(row)) for name in names])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return " ".join(map(str, value))
    return safe_cell(value)
