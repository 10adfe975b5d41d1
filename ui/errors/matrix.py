"""The confusion matrix on the page: how it is shown, and what is chosen in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.confusion import class_order
from fmnist_core.figures.matrix import SHOWN, matrix_data
from fmnist_core.labels import NUM_CLASSES
from ui.components.confusion_matrix import show_confusion_matrix
from ui.errors import selection
from ui.readers import index_within

BY_LABEL, BY_SIMILARITY = "label", "similarity"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a matrix is shown.

    Attributes:
        by: A key of `SHOWN`.
        similar: Order the classes by similarity, not by label.
        diagonal: Show what is right too.
    """

    by: str
    similar: bool
    diagonal: bool

    def order(self, confusion: np.ndarray) -> list[int]:
        """Return the classes in the order of rows and columns."""
        return class_order(confusion) if self.similar else list(range(NUM_CLASSES))


def matrix(confusion: np.ndarray) -> None:
    """Draw the matrix of these counts, int (10, 10), rows true, with its settings."""
    look = choose_look()
    order = look.order(confusion)
    draw(
        matrix_data(confusion, by=look.by, order=order, diagonal=look.diagonal),
        key="errors-matrix",
    )


def choose_look() -> Look:
    """Draw what is shown, in which order, and whether the diagonal is."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            "Show",
            SHOWN,
            format_func=SHOWN.get,
            default="counts",
            required=True,
            key="errors-by",
            persist_state="session",
        )
        order = st.segmented_control(
            "Order by",
            (BY_LABEL, BY_SIMILARITY),
            default=BY_LABEL,
            required=True,
            key="errors-order-by",
            persist_state="session",
            help="By similarity, classes that are taken for each other stand beside each other.",
        )
        hide = st.toggle("Hide the diagonal", key="errors-hide", persist_state="session")
    return Look(by=by, similar=order == BY_SIMILARITY, diagonal=not hide)


def draw(data: dict[str, Any], *, key: str) -> None:
    """Draw a matrix, as `matrix_data` makes it, with what is chosen marked in it."""
    chosen = selection.current()
    marked = {"true": chosen.true, "predicted": chosen.predicted}
    show_confusion_matrix(
        data | {"chosen": marked}, key=key, on_chosen_change=lambda: _take_chosen(key)
    )


def _take_chosen(key: str) -> None:
    """Choose what the browser asks for in the component `key`, where it is a choice."""
    message = st.session_state[key].get("chosen")
    if not isinstance(message, Mapping) or not {"true", "predicted"} <= set(message):
        return
    asked = [message["true"], message["predicted"]]
    classes = [index_within(label, NUM_CLASSES) for label in asked]
    if classes == asked:
        selection.choose_classes(*classes)
