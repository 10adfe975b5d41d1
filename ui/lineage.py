"""The families of the ticked runs as a tree: what was changed at each step, and what it gave."""

from __future__ import annotations

import streamlit as st

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.lineage import Relative, edge_text, families, gain
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.format import count, escape, percent
from ui.run_colors import run_mark

MAX_SHOWN = 200  # runs


def lineage(chosen: list[RunSummary]) -> None:
    """Draw the trees that hold the chosen runs, as a nested list."""
    found = families(cache.run_store().summaries(), [row.run_id for row in chosen])
    if not any(relative.parent for relative in found):
        st.info(
            "The ticked runs have no parent and no children here. “Build on this run” on the Train "
            "page makes a child."
        )
        return
    ticked = {row.run_id for row in chosen}
    st.caption(
        "Each line: what was changed from the run above, and the gain in validation accuracy with "
        "its 95 % interval, by what was fixed and broken. Where the two were not judged by the "
        "same images, it takes them for separate samples and errs on the wide side."
    )
    st.markdown("\n".join(_line(relative, ticked) for relative in found[:MAX_SHOWN]))
    if len(found) > MAX_SHOWN:
        st.caption(f"{count(len(found) - MAX_SHOWN, 'further run')} of these families not shown.")


def _line(relative: Relative, ticked: set[str]) -> str:
    row = relative.row
    name = escape(row.title or row.run_id)
    mark, name = (f"{run_mark(row.run_id)} ", f"**{name}**") if row.run_id in ticked else ("", name)
    figure = percent(row.val_accuracy) if row.val_accuracy is not None else row.state
    step = f"{escape(_edge(relative.parent, row), 600)} → " if relative.parent else ""
    link = f"{mark}[{name}](train?run={row.run_id})"
    return f"{'    ' * relative.depth}- {step}{link} {escape(figure)}"


def _edge(parent: RunSummary, row: RunSummary) -> str:
    try:
        before, after = cache.experiment_of(parent.run_id), cache.experiment_of(row.run_id)
    except FmnistError:  # damaged, which the table says
        return "what was changed cannot be read"
    return edge_text(before, after, gain(parent, row, _predicted))


def _predicted(run_id: str) -> Predictions:
    return cache.predictions_of(cache.run_store().get(run_id), "validation")
