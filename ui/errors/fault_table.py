"""Whose fault the mistakes on each class are, as a table; a ticked row chooses its class."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit import column_config as columns

from fmnist_core.analysis.fault_rules import KINDS
from fmnist_core.analysis.faults import KindCount, looked_for
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from ui.errors.class_table import class_table
from ui.format import count

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
    class_table(
        [_row(label, counts, features) for label in range(NUM_CLASSES)],
        _COLUMNS,
        key="errors-fault-classes",
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
