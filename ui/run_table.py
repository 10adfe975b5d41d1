"""Runs as a table: one row each, with figures, their intervals and a link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit import column_config as columns

from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.summary import RunSummary
from ui.format import NONE, duration, share_interval

MAX_ROWS_SHOWN = 16  # a longer table scrolls in itself
MAX_HEIGHT = 600  # pixels
LINK = "link"
SHORT = (  # what tells most of a few runs
    *("name", "state", "val_accuracy", "test_accuracy", "model", "parameters", "epochs_done"),
    *("time", "message"),
)
_PARTS = {"val_accuracy": "validation", "test_accuracy": "test"}  # of the result
CHALLENGE = "challenge_accuracy"
_INTERVALS = (*_PARTS, CHALLENGE)  # shares that stand beside their interval
_MUTED = {"light": "#5f6b7d", "dark": "#97a3b5"}  # test figures: 4.5:1 and more on their ground
_WIDTHS = {
    **{"star": 45, "name": 125, "state": 78, "val_accuracy": 82, "test_accuracy": 72},
    **{"challenge_accuracy": 100, "challenge_images": 120},
    **{"model": 90, "parameters": 85, "mult_adds": 95, "epochs_done": 95, "time": 85},
    **{"tags": 110, "message": 260, "note": 220, "born": 125, "run_id": 180},
}
_HEADINGS = {"val_accuracy": "Validation", "test_accuracy": "Test", "time": "Time", "star": "★"}


def run_table(rows: list[RunSummary], *, alt: str) -> None:
    """Draw a few runs in the order given."""
    names = [name for name in SHORT if name != "message" or any(map(COLUMNS[name].read, rows))]
    st.dataframe(run_frame(rows, names), **look(len(rows), names), alt=alt)


def look(rows: int, names: Iterable[str]) -> dict[str, Any]:
    """Return the arguments with which `st.dataframe` draws what `run_frame` made."""
    return {
        "hide_index": True,
        "column_config": {key: _config(key) for key in _keys(names)},
        "height": "content" if rows <= MAX_ROWS_SHOWN else MAX_HEIGHT,
        "placeholder": NONE,
    }


def run_frame(rows: list[RunSummary], names: Iterable[str]) -> Styler:
    """Make a table of runs; accuracies stand beside their intervals, those of tests muted.

    The challenge set is a test set too: whoever chooses by it makes its figures too good.
    """
    keys = _keys(names)
    frame = pd.DataFrame({key: [_cell(row, key) for row in rows] for key in keys})
    muted = [key for key in keys if key.startswith(("test", "challenge"))]
    color = _MUTED["dark" if st.context.theme.type == "dark" else "light"]
    return frame.style.set_properties(subset=muted, color=color)


def _keys(names: Iterable[str]) -> list[str]:
    """Return the columns of the table: a link after the name, intervals after accuracies."""
    keys = []
    for name in names:
        keys.append(name)
        if name == "name":
            keys.append(LINK)
        if name in _INTERVALS:
            keys.append(f"{name}_interval")
    return keys


def _cell(row: RunSummary, key: str) -> Any:
    if key == LINK:
        return f"train?run={row.run_id}"
    if key.endswith("_interval"):
        return _interval(row, key.removesuffix("_interval"))
    value = COLUMNS[key].read(row)
    if value is None or value == "":
        return None
    if key == "star":
        return "★" if value else None
    if key == "epochs_done":
        return f"{value} of {row.total_epochs}"
    if key == "time":
        return duration(value)
    if COLUMNS[key].share:
        return 100 * value
    return value if COLUMNS[key].number else _word(value)


def _interval(row: RunSummary, name: str) -> str | None:
    """Write the interval of a share; that of the challenge set with how many pictures it has."""
    judged = row.challenge_share if name == CHALLENGE else getattr(row.result, _PARTS[name], None)
    if judged is None:
        return None
    ends = share_interval(judged.correct, judged.images).removesuffix(" %")
    return f"{ends} of {judged.images:,}" if name == CHALLENGE else ends


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return " ".join(map(str, value)) or NONE if isinstance(value, tuple) else str(value)


def _config(key: str) -> Any:
    if key == LINK:
        return columns.LinkColumn("Run", display_text="Open", width=50)
    if key.endswith("_interval"):
        if key.startswith(CHALLENGE):
            return columns.TextColumn("95 % interval of N", width=115)
        return columns.TextColumn("95 % interval", width=85)
    column = COLUMNS[key]
    label, width = _HEADINGS.get(key, column.label), _WIDTHS.get(key)
    if column.share:
        return columns.NumberColumn(label, format="%.2f %%", width=width)
    if column.number and key not in ("epochs_done", "time"):
        whole = key in ("parameters", "mult_adds")
        return columns.NumberColumn(label, format="localized" if whole else None, width=width)
    return columns.TextColumn(label, width=width)
