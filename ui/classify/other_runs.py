"""The view of other runs: what several networks make of the same picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.exceptions import InferenceError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.selection import sort
from ui import cache
from ui.classify.network import classify
from ui.classify.subject import Subject
from ui.format import count, percent
from ui.network_choice import can_be_asked
from ui.run_choice import run_title
from ui.run_colors import run_sign

AT_FIRST = 3  # the best by validation accuracy
MOST = 12  # each network is read anew where more than a few are asked
_RUNS = "classify-runs"
_SIGN = " "  # the heading of the column of signs


def other_runs(subject: Subject) -> None:
    """Draw a table: each run with its three likeliest classes."""
    rows = [row for row in sort(cache.run_store().summaries()) if can_be_asked(row)]
    titles = {row.run_id: run_title(row) for row in rows if row.run_id != subject.run.run_id}
    if not titles:
        st.info("No other run has weights yet. Train a second one, and its answer stands here.")
        return
    if _RUNS not in st.session_state:
        st.session_state[_RUNS] = list(titles)[:AT_FIRST]
    chosen = st.multiselect(
        "Runs",
        titles,
        key=_RUNS,
        format_func=titles.get,
        max_selections=MOST,
        persist_state="session",
    )
    names = {row.run_id: row.title for row in rows}
    asked = [subject.run.run_id, *(run_id for run_id in chosen if run_id in titles)]
    lines = [_line(run_id, names.get(run_id, run_id), subject.prepared.pixels) for run_id in asked]
    _draw(lines, asked)
    st.caption(_agreement([line["Prediction"] for line in lines]))


def _draw(lines: list[dict[str, Any]], run_ids: list[str]) -> None:
    """Draw the table, each run behind its sign in its colour."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    signs, colors = zip(*(run_sign(run_id, theme) for run_id in run_ids), strict=True)
    table = pd.DataFrame(lines)
    table.insert(0, _SIGN, signs)
    inks = [f"color: {color}" for color in colors]
    st.dataframe(
        table.style.apply(lambda _: inks, subset=[_SIGN]),
        hide_index=True,
        width="content",  # stretched, the signs would have a wide column
        column_config={_SIGN: st.column_config.TextColumn(width=30)},
        alt="What each run makes of the picture",
    )


def _line(run_id: str, name: str, pixels: np.ndarray) -> dict[str, Any]:
    line = {"Run": f"{name} · {run_id}"}
    try:
        shares = classify(Run(cache.run_store().root / run_id), pixels[np.newaxis])[0]
    except InferenceError as error:  # the others can still be asked
        return line | {"Prediction": "", "Confidence": "", "Then": str(error)}
    order = np.argsort(-shares, kind="stable")[:3]
    then = ", ".join(f"{CLASS_NAMES[each]} {percent(float(shares[each]), 1)}" for each in order[1:])
    best = int(order[0])
    said = {"Prediction": CLASS_NAMES[best], "Confidence": percent(float(shares[best]), 1)}
    return line | said | {"Then": then}


def _agreement(predictions: list[str]) -> str:
    answered = [each for each in predictions if each]
    agreeing = sum(each == predictions[0] for each in answered)
    verb = "says" if agreeing == 1 else "say"
    return f"{agreeing} of {count(len(answered), 'network')} {verb} {predictions[0]}."
