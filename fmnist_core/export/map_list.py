"""Where images lie on a map, as a CSV table with a row for each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from fmnist_core.analysis.embedding import Embedding
from fmnist_core.labels import CLASS_NAMES

COLUMNS = ("index", "label", "predicted", "x", "y", "same", "kept")


def map_rows(
    found: Embedding, method: str, labels: np.ndarray, predicted: Mapping[int, int]
) -> Iterator[dict[str, Any]]:
    """Describe the images of a map by the names of `COLUMNS`, classes by their numbers.

    Args:
        found: The maps.
        method: Which of them.
        labels: Of all images, uint8 (70000,).
        predicted: What images were taken for, by index; None stands where that is not known.
    """
    chosen = found.maps[method]
    columns = (found.index, labels[found.index], chosen.points, found.same, chosen.kept)
    for index, label, (x, y), same, kept in zip(*(c.tolist() for c in columns), strict=True):
        values = (index, label, predicted.get(index), x, y, same, kept)
        yield dict(zip(COLUMNS, values, strict=True))


def map_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a table of such images, with the names of their classes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        taken = row["predicted"]
        name = "" if taken is None else CLASS_NAMES[taken]
        writer.writerow({**row, "label": CLASS_NAMES[row["label"]], "predicted": name})
    return text.getvalue()
