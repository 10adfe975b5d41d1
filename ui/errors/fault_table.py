"""Whose fault the mistakes on each class are, as a table; a ticked row chooses its class."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit import column_config as columns

from fmnist_core.analysis.fault_rules import KINDS
from fmnist_core.analysis.faults import KindCount, looked_for
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from ui.errors import selection
from ui.format import NONE, count
from ui.readers import index_within

KEY = "errors-fault-classes"
_COLUMNS: dict[str, Any] = {
    "class": columns.TextColumn("Class"),
    "wrong": columns.NumberColumn("Mistakes", help="Images of the class, taken for another."),
    **{kind: columns.NumberColumn(name) for kind, name in KINDS.items()},
}


def fault_table(counts: list[KindCount], *, features: bool) -> None:
    """Draw the table.

    Args:
        counts: Of each kind, as `count_kinds` gives them.
        features: Whether it is known what lies near the mistakes.
    """
    chosen = selection.current().true
    st.dataframe(
        pd.DataFrame([_row(label, counts, features) for label in range(NUM_CLASSES)]),
        hide_index=True,
        column_config=_COLUMNS,
        height="content",
        placeholder=NONE,
        key=KEY,
        on_select=_take_row,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [] if chosen is None else [chosen]}},
        alt=f"How many of {count(counts[0].of, 'mistake')} on each class are of each kind.",
    )
    st.caption("Click a heading to sort, tick a row to see only mistakes on its class.")


def _row(label: int, counts: list[KindCount], features: bool) -> dict[str, Any]:
    wrong = sum(found.classes[label] for found in counts)
    shown = {
        found.kind: found.classes[label] if looked_for(found, features=features) else None
        for found in counts
    }
    return {"class": CLASS_NAMES[label], "wrong": wrong, **shown}


def _take_row() -> None:
    """Choose the class of the row that the browser says is ticked."""
    rows = st.session_state[KEY]["selection"]["rows"]
    label = rows[0] if isinstance(rows, list) and rows else None
    selection.choose_classes(index_within(label, NUM_CLASSES), None)
