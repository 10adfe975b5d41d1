"""Figures of the data set as CSV tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import numpy as np


def table_csv(columns: Mapping[str, Sequence[object] | np.ndarray]) -> str:
    """Return columns of the same length as a table, the names first."""
    return _written([list(columns), *zip(*columns.values(), strict=True)])


def pixels_csv(values: np.ndarray) -> str:
    """Return the numbers of one picture, any type (28, 28), row by row, without names."""
    return _written(values.tolist())


def _written(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
