"""A table with a row for each class; a ticked row chooses its class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from fmnist_core.labels import NUM_CLASSES
from ui.errors import selection
from ui.format import NONE
from ui.readers import index_within


def class_table(
    rows: Sequence[dict[str, Any]], columns: dict[str, Any], *, key: str, alt: str
) -> None:
    """Draw the table.

    Args:
        rows: Of the classes 0 to 9, in this order.
        columns: How each is drawn, by its name.
        key: Of the widget.
        alt: What the table shows, for who cannot see it.
    """
    true = selection.current().true
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=columns,
        height="content",
        placeholder=NONE,
        key=key,
        on_select=lambda: _take_row(key),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [] if true is None else [true]}},
        alt=alt,
    )


def _take_row(key: str) -> None:
    """Choose the class of the row that the browser says is ticked."""
    rows = st.session_state[key]["selection"]["rows"]
    label = rows[0] if isinstance(rows, list) and rows else None
    selection.choose_classes(index_within(label, NUM_CLASSES), None)
