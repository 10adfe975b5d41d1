"""The runs that wait for a worker: who comes when, and how to leave the queue."""

from __future__ import annotations

import contextlib

import streamlit as st

from fmnist_core.exceptions import StoreError
from fmnist_core.jobs import ensure_supervisor, mark_in_use
from fmnist_core.runs import commands
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import QUEUED
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.format import count, escape


def keep_working(rows: list[RunSummary]) -> None:
    """Make sure that somebody works the queue while a run waits or trains."""
    if any(row.live for row in rows):
        ensure_supervisor(cache.run_store().root)


def keep_ready() -> None:
    """Have a warm worker wait for the next launch, while somebody is at a page that launches."""
    root = cache.run_store().root
    if root.is_dir():
        mark_in_use(root)
        ensure_supervisor(root)


def queued(rows: list[RunSummary]) -> list[RunSummary]:
    """Return those of all runs that wait, the next one first."""
    return [row for row in reversed(rows) if row.state == QUEUED]


def place_text(run_id: str) -> str:
    """Say at which place of the queue a run stands."""
    ids = [row.run_id for row in queued(cache.run_store().summaries())]
    if run_id not in ids:
        return "Starting."
    return f"Waits in the queue: place {ids.index(run_id) + 1} of {len(ids)}."


def waiting_runs(rows: list[RunSummary], chosen: str = "") -> None:
    """List the runs that wait, but for the chosen one, each with a button to take it out."""
    places = enumerate(queued(rows), start=1)
    others = [(place, row) for place, row in places if row.run_id != chosen]
    if not others:
        return
    st.subheader(f"Queue: {count(len(others), 'run')}", anchor=False)
    for place, row in others:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(f"Place {place}: {escape(row.title)}")
            stop_button(Run(cache.run_store().root / row.run_id), "Remove from the queue")


def stop_button(run: Run, label: str, help_text: str | None = None) -> None:
    """Draw the button that ends a live run; once clicked, it says so until the run has ended."""
    stopping = commands.is_wanted(run.folder, commands.STOP)
    st.button(
        "Stopping …" if stopping else label,
        key=f"stop-{run.run_id}",
        icon=":material/stop_circle:",
        help=help_text,
        disabled=stopping,
        on_click=_stop,
        args=(run,),
    )


def _stop(run: Run) -> None:
    """Ask the run to end; where it has ended meanwhile, the page shows that anyway."""
    with contextlib.suppress(StoreError):
        run.stop()
