"""What the confusion matrix is given: its cells as text, colour and a sentence each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fmnist_core.analysis.confusion import shares
from fmnist_core.figures.scale import STEPS
from fmnist_core.format import percent
from fmnist_core.labels import CLASS_NAMES

SHOWN = {"counts": "Counts", "actual": "% of actual", "predicted": "% of predicted"}
HIDDEN = "·"
_CAPTION = "Rows: true class. Columns: predicted class."
_SIGNED_CAPTION = "Orange: more in the second run. Blue: fewer."

Cell = dict[str, Any]  # text, step of the colour scale, a sentence


def matrix_data(
    confusion: np.ndarray, *, by: str, order: Sequence[int], diagonal: bool
) -> dict[str, Any]:
    """Describe a matrix in JSON.

    Args:
        confusion: Counts, int (10, 10), rows true.
        by: A key of `SHOWN`.
        order: The ten classes, in the order of rows and columns.
        diagonal: Show the images that were right too.

    Returns:
        Names and codes of the classes; "cells" with text, step of the colour scale and a
        sentence; sentences of whole lines; totals.
    """
    values = shares(confusion, by)
    shown = values if diagonal else values * ~np.eye(len(values), dtype=bool)
    most = float(shown.max())

    def cell(true: int, predicted: int) -> Cell:
        value = float(shown[true, predicted])
        hidden = not diagonal and true == predicted
        return {
            "text": HIDDEN if hidden else _text(value, by),
            "step": _step(value, most),
            "tip": _sentence(confusion, true, predicted),
        }

    return {
        **_grid(order, cell),
        "caption": _CAPTION,
        "row_tips": [_row(confusion, label) for label in order],
        "column_tips": [_column(confusion, label) for label in order],
        "totals": {
            "rows": [f"{confusion[label].sum():,}" for label in order],
            "columns": [f"{confusion[:, label].sum():,}" for label in order],
            "all": f"{confusion.sum():,}",
        },
        "scale": "amount",
    }


def difference_data(
    before: np.ndarray, after: np.ndarray, *, by: str, order: Sequence[int], diagonal: bool
) -> dict[str, Any]:
    """Describe what became more and what less from one matrix to another, in JSON.

    Args:
        before: Counts, int (10, 10), rows true.
        after: Likewise, of the same images.
        by: A key of `SHOWN`; differences of shares are in points.
        order: The ten classes, in the order of rows and columns.
        diagonal: Show the images that were right too.

    Returns:
        As `matrix_data`, with a signed scale and without totals.
    """
    values = shares(after, by) - shares(before, by)
    shown = values if diagonal else values * ~np.eye(len(values), dtype=bool)
    most = float(np.abs(shown).max())

    def cell(true: int, predicted: int) -> Cell:
        value = float(shown[true, predicted])
        hidden = not diagonal and true == predicted
        text = _text(abs(value), by)
        sign = "" if text.strip("0.") == "" else "−" if value < 0 else "+"
        return {
            "text": HIDDEN if hidden else f"{sign}{text}",
            "step": int(np.sign(value)) * _step(abs(value), most),
            "tip": f"{_sentence(before, true, predicted)}, now {after[true, predicted]:,}",
        }

    return {
        **_grid(order, cell),
        "caption": _SIGNED_CAPTION,
        "row_tips": [f"all images that are {CLASS_NAMES[label]}" for label in order],
        "column_tips": [f"all images predicted {CLASS_NAMES[label]}" for label in order],
        "totals": None,
        "scale": "signed",
    }


def _grid(order: Sequence[int], cell: Callable[[int, int], Cell]) -> dict[str, Any]:
    """Lay out cells; the names of the classes and their codes are in the same order."""
    return {
        "corner": "",
        "names": [CLASS_NAMES[label] for label in order],
        "codes": list(order),
        "cells": [[cell(true, predicted) for predicted in order] for true in order],
    }


def _step(value: float, most: float) -> int:
    """Return the step of the scale by the root, so that rare ones stay visible beside common."""
    return round(STEPS * (value / most) ** 0.5) if most else 0


def _text(value: float, by: str) -> str:
    if not value:
        return "0"
    return f"{value:.0f}" if by == "counts" else f"{100 * value:.1f}"


def _sentence(confusion: np.ndarray, true: int, predicted: int) -> str:
    number, of = int(confusion[true, predicted]), int(confusion[true].sum())
    share = f" ({percent(number / of, 1)})" if of else ""
    taken = "predicted as such" if true == predicted else f"predicted {CLASS_NAMES[predicted]}"
    return f"true {CLASS_NAMES[true]}, {taken}: {number:,} of {of:,}{share}"


def _row(confusion: np.ndarray, label: int) -> str:
    of = int(confusion[label].sum())
    return f"all {of:,} images that are {CLASS_NAMES[label]}: {confusion[label, label]:,} right"


def _column(confusion: np.ndarray, label: int) -> str:
    of, right = int(confusion[:, label].sum()), int(confusion[label, label])
    return f"all {of:,} images predicted {CLASS_NAMES[label]}: {right:,} right"
