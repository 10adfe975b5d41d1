"""What a network makes of pictures of one's own, as a CSV table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from fmnist_core.export.cells import safe_cell

COLUMNS = ("file", "prediction", "confidence", "then", "then_confidence", "problem")


def pictures_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a table of pictures in their order.

    Args:
        rows: The `COLUMNS` of each: its file, the likeliest class and the second with their
            probabilities in [0, 1], or the problem for which there are none.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: safe_cell(row[name]) for name in COLUMNS})
    return text.getvalue()
