"""Runs as a table: one row each, with figures, their intervals and a link."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit import column_config as columns

from fmnist_core.runs.result import Scores
from fmnist_core.runs.summary import RunSummary
from ui.format import NONE, duration, interval

MAX_ROWS_SHOWN = 16  # a longer table scrolls in itself
MAX_HEIGHT = 600  # pixels

_ACCURACY = "%.2f %%"
_COLUMNS: dict[str, Any] = {
    "name": columns.TextColumn("Name", width=110),
    "link": columns.LinkColumn("Run", display_text="Open", width=50),
    "state": columns.TextColumn("State", width=75),
    "validation": columns.NumberColumn("Validation", format=_ACCURACY, width=78),
    "validation_interval": columns.TextColumn("95 % interval", width=85),
    "test": columns.NumberColumn("Test", format=_ACCURACY, width=72),
    "test_interval": columns.TextColumn("95 % interval", width=85),
    "model": columns.TextColumn("Model", width=70),
    "parameters": columns.NumberColumn("Parameters", format="localized", width=82),
    "epochs": columns.TextColumn("Epochs", width=70),
    "time": columns.TextColumn("Time", width=85),
    "note": columns.TextColumn("Note", width="large"),
}


def run_table(rows: list[RunSummary], *, alt: str) -> None:
    """Draw runs in the order given."""
    frame = pd.DataFrame([_row(row) for row in rows], columns=list(_COLUMNS))
    shown = [name for name in _COLUMNS if name != "note" or frame["note"].any()]
    st.dataframe(
        frame,
        hide_index=True,
        column_order=shown,
        column_config=_COLUMNS,
        height="content" if len(rows) <= MAX_ROWS_SHOWN else MAX_HEIGHT,
        placeholder=NONE,
        alt=alt,
    )


def best_first(rows: list[RunSummary]) -> list[RunSummary]:
    """Sort by validation accuracy, the best first; runs without one come last, newest first."""
    return sorted(rows, key=lambda row: -1.0 if row.val_accuracy is None else row.val_accuracy)[
        ::-1
    ]


def _row(row: RunSummary) -> dict[str, Any]:
    result = row.result
    return {
        "name": row.title or row.run_id,
        "state": row.state,
        "validation": _percent(row.val_accuracy),
        "validation_interval": _interval(result and result.validation),
        "test": _percent(result.test.accuracy if result else None),
        "test_interval": _interval(result and result.test),
        "model": row.model,
        "parameters": row.parameters or None,
        "epochs": f"{row.status.epoch} of {row.total_epochs}" if row.status else None,
        "time": duration(result.seconds) if result else None,
        "link": f"train?run={row.run_id}",
        "note": _note(row),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _interval(scores: Scores | None) -> str | None:
    return interval(scores).removesuffix(" %") if scores else None


def _note(row: RunSummary) -> str:
    if row.problem:
        return row.problem
    if row.result and row.result.test_used_for_validation:
        return "test set used for validation"
    return row.status.message if row.status else ""
