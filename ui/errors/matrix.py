"""The confusion matrix on the page: how it is shown, and what is chosen in it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from fmnist_core.analysis.confusion import class_order
from fmnist_core.labels import NUM_CLASSES
from ui.components.confusion_matrix import show_confusion_matrix
from ui.errors import selection
from ui.errors.matrix_data import SHOWN, matrix_data

KEY = "errors-matrix"
BY_LABEL, BY_SIMILARITY = "label", "similarity"


def matrix(confusion: np.ndarray) -> None:
    """Draw the matrix of these counts, int (10, 10), rows true, with its settings."""
    by, order, diagonal = _settings()
    labels = range(NUM_CLASSES) if order == BY_LABEL else class_order(confusion)
    data = matrix_data(confusion, by=by, order=[int(label) for label in labels], diagonal=diagonal)
    chosen = selection.current()
    data["chosen"] = {"true": chosen.true, "predicted": chosen.predicted}
    show_confusion_matrix(data, key=KEY, on_chosen_change=_take_chosen)


def _settings() -> tuple[str, str, bool]:
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
    return by, order, not hide


def _take_chosen() -> None:
    """Choose what the browser asks for, where it is a choice."""
    message = st.session_state[KEY].get("chosen")
    if not isinstance(message, Mapping) or not {"true", "predicted"} <= set(message):
        return
    asked = [message["true"], message["predicted"]]
    classes = [selection.index_within(label, NUM_CLASSES) for label in asked]
    if classes == asked:
        selection.choose_classes(*classes)
