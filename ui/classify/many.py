"""Many pictures at once: a table with what the network makes of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.export.cells import safe_cell
from fmnist_core.export.picture_list import pictures_csv
from fmnist_core.export.png import enlarged, png_url
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from ui.classify.network import classify
from ui.classify.picture import Picture
from ui.format import count
from ui.readers import index_within

ROW_HEIGHT = 58  # pixels
MOST_HEIGHT = 460
_TABLE, _SHOWN = "classify-table", "classify-shown"
_DRAWN = "classify-drawn"  # how often the table was drawn anew, with another row ticked


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """One line of the table.

    Attributes:
        picture: The file.
        pixels: What the network saw, uint8 (28, 28); None where there is none.
        proba: What it said, float (10,); None likewise.
        problem: Why not; "" where it was asked.
    """

    picture: Picture
    pixels: np.ndarray | None = None
    proba: np.ndarray | None = None
    problem: str = ""


def choose_of_many(run: Run, pictures: list[Picture]) -> Picture:
    """Draw the table, and let the person choose the picture that is looked at.

    Raises:
        InferenceError: The network could not be asked.
    """
    rows = judge(run, pictures)
    failed = sum(bool(row.problem) for row in rows)
    said = count(len(rows), "picture")
    if failed:
        said += f", {failed:,} of them not classified"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {row.picture.key: row.picture.name for row in rows}
        with st.container(width=360):
            key = st.selectbox(
                f"Look at one of {said}",
                names,
                format_func=lambda each: names[each][:60],
                key=_SHOWN,
                on_change=_draw_anew,
            )
        st.download_button(
            "CSV",
            lambda: pictures_csv(table_rows(rows)),
            file_name=f"{run.run_id}-pictures.csv",
            mime="text/csv",
            key="classify-csv",
            icon=":material/download:",
            on_click="ignore",
        )
    _table(rows, key)
    st.caption("Tick a row to look at its picture.")
    return next((row.picture for row in rows if row.picture.key == key), pictures[0])


def judge(run: Run, pictures: list[Picture]) -> list[Row]:
    """Prepare pictures, with progress, and ask the network about those that can be."""
    found: list[np.ndarray | str] = []
    progress = st.empty()
    for number, picture in enumerate(pictures):
        if number and len(pictures) >= 10:
            progress.progress(number / len(pictures), f"{number:,} of {len(pictures):,} pictures")
        found.append(picture.seen())
    progress.empty()
    images = [each for each in found if isinstance(each, np.ndarray)]
    proba = iter(classify(run, np.stack(images)) if images else ())
    return [
        Row(picture=picture, problem=each)
        if isinstance(each, str)
        else Row(picture=picture, pixels=each, proba=next(proba))
        for picture, each in zip(pictures, found, strict=True)
    ]


def table_rows(rows: list[Row]) -> list[dict[str, Any]]:
    """Describe the pictures for a table: file, prediction, confidence, second, problem."""
    return [_said(row) for row in rows]


def _said(row: Row) -> dict[str, Any]:
    name = safe_cell(row.picture.name)  # the table itself can be saved as CSV
    if row.proba is None:
        best = {"prediction": "", "confidence": None, "then": "", "then_confidence": None}
        return {"file": name, **best, "problem": row.problem}
    first, second = np.argsort(-row.proba, kind="stable")[:2]
    return {
        "file": name,
        "prediction": CLASS_NAMES[first],
        "confidence": round(float(row.proba[first]), 4),
        "then": CLASS_NAMES[second],
        "then_confidence": round(float(row.proba[second]), 4),
        "problem": "",
    }


def _table(rows: list[Row], shown: str) -> None:
    """Draw the table; the row of the picture that is looked at is ticked."""
    keys = [row.picture.key for row in rows]
    # Streamlit knows a tick by its place: other files are another table.
    files = hashlib.sha256(" ".join(keys).encode()).hexdigest()[:12]
    table = f"{_TABLE}-{files}-{st.session_state.get(_DRAWN, 0)}"
    frame = pd.DataFrame(table_rows(rows))
    thumbnails = ["" if row.pixels is None else png_url(enlarged(row.pixels, 2)) for row in rows]
    frame.insert(0, "seen", thumbnails)
    share = st.column_config.ProgressColumn
    st.dataframe(
        frame,
        key=table,
        on_select=lambda: _take_row(table, keys),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [keys.index(shown)] if shown in keys else []}},
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=min(MOST_HEIGHT, 40 + ROW_HEIGHT * len(rows)),
        column_config={
            "seen": st.column_config.ImageColumn("Seen", width=64),
            "file": st.column_config.TextColumn("File"),
            "prediction": st.column_config.TextColumn("Prediction"),
            "confidence": share("Confidence", format="percent", min_value=0, max_value=1),
            "then": st.column_config.TextColumn("Then"),
            "then_confidence": share("Its confidence", format="percent", min_value=0, max_value=1),
            "problem": st.column_config.TextColumn("Problem", width="large"),
        },
        alt="What the network makes of each picture",
    )


def _draw_anew() -> None:
    st.session_state[_DRAWN] = st.session_state.get(_DRAWN, 0) + 1


def _take_row(table: str, keys: list[str]) -> None:
    """Look at the picture of the row that the browser says is ticked."""
    rows = st.session_state[table]["selection"]["rows"]
    place = index_within(rows[0], len(keys)) if isinstance(rows, list) and rows else None
    if place is not None:
        st.session_state[_SHOWN] = keys[place]
