"""How often the network is wrong: on all images of the part, and on those that are chosen."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.labels import CLASS_NAMES
from ui.errors.selection import Selection
from ui.format import percent, share_interval
from ui.layout import tile


def figures(confusion: np.ndarray, selection: Selection) -> None:
    """Draw the tiles.

    Args:
        confusion: Counts of the part, int (10, 10), rows true.
        selection: What is chosen.
    """
    right, total = int(np.trace(confusion)), int(confusion.sum())
    with st.container(horizontal=True):
        tile(
            f"Accuracy, {total:,} {selection.part} images",
            percent(right / total),
            f"95 % interval {share_interval(right, total)}",
        )
        tile(
            "Wrong",
            f"{total - right:,} of {total:,}",
            f"{percent(1 - right / total)} of the images",
        )
        tile(*chosen_figure(confusion, selection.true, selection.predicted))


def chosen_figure(
    confusion: np.ndarray, true: int | None, predicted: int | None
) -> tuple[str, str, str]:
    """Return label, figure and note of the chosen cell, row or column."""
    if true is None and predicted is None:
        return "Chosen", "all images", "choose a cell, a row or a column"
    if true is not None and predicted is not None:
        label = f"{CLASS_NAMES[true]} → {CLASS_NAMES[predicted]}"
        part, of = int(confusion[true, predicted]), int(confusion[true].sum())
        return label, f"{part:,} of {of:,}", _note(part, of, "of the class")
    known = true if true is not None else predicted
    line = confusion[true] if true is not None else confusion[:, predicted]
    right, of = int(confusion[known, known]), int(line.sum())
    name = CLASS_NAMES[known]
    label = f"All that are {name}" if true is not None else f"All predicted {name}"
    return label, f"{of - right:,} of {of:,} wrong", _note(right, of, "right")


def _note(part: int, of: int, what: str) -> str:
    if not of:
        return "no such image"
    return f"{percent(part / of, 1)} {what}, 95 % interval {share_interval(part, of)}"
