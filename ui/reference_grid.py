"""A report's grid of runs: what it says of some of them, all as a heat map, and training them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.export.reference_list import GRID_HEADINGS, grid_reasons, grid_table
from fmnist_core.jobs.sweeps import launch_sweep
from fmnist_core.reference import Report
from fmnist_core.reference.asked import missing
from fmnist_core.reference.grid import grid_experiments, grid_rows
from fmnist_core.reference.measured import MARKS
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.format import count, escape
from ui.layout import show_problem
from ui.sweep_heat import heat_view
from ui.sweep_results import look_at

_REFUSED = "reference-grid-refused"


def reference_grid(report: Report, rows: list[RunSummary]) -> None:
    """Draw the grid of a report that made one.

    Args:
        report: Any report.
        rows: All runs.
    """
    if not report.sweep:
        return
    asked = grid_experiments(report)
    st.subheader(f"Its grid of {count(len(asked), 'run')}", anchor=False)
    lines = [(*rest, f"{MARKS[verdict]} {verdict}") for *rest, verdict in grid_table(report, rows)]
    st.dataframe(
        pd.DataFrame(lines, columns=list(map(str.capitalize, GRID_HEADINGS))),
        hide_index=True,
        height="content",
        alt=f"What {report.title} says of its grid beside what was measured here",
    )
    for label, reason in grid_reasons(report, rows):
        st.markdown(f"- **{escape(label)}**: {escape(reason)}")
    if len(found := grid_rows(report, rows)) > 1:
        heat_view(found, key="references-grid")
    if refused := st.session_state.pop(_REFUSED, ""):
        show_problem(refused)
    wanted = len(missing(asked, rows))
    st.button(
        f"Train what is missing of the grid: {count(wanted, 'run')}",
        key="references-grid-train",
        icon=":material/grid_on:",
        disabled=not wanted,
        on_click=_train,
        args=(report,),
        help="Queues them as a sweep, which takes hours; the Runs page shows and stops it. How "
        f"long it takes is guessed there, under “Sweep”, preset {report.sweep}.",
    )


def _train(report: Report) -> None:
    """Queue what is missing; a second click finds it there."""
    store = cache.run_store()
    try:
        if asked := missing(grid_experiments(report), store.summaries()):
            look_at(launch_sweep(asked, store).tag)
    except FmnistError as error:
        st.session_state[_REFUSED] = str(error)
