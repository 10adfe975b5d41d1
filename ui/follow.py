"""Keeps a page that lists runs up to date while one of them lives."""

from __future__ import annotations

import streamlit as st

from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.layout import friendly_errors

TICK_SECONDS = 2.0


def follow(rows: list[RunSummary]) -> None:
    """Run the whole page again when a run that lives has got further, or has ended."""
    if before := _progress(rows):
        st.fragment(_look, run_every=TICK_SECONDS)(before)


def _progress(rows: list[RunSummary]) -> list[tuple[str, str, int]]:
    return [(row.run_id, row.state, row.status.epoch) for row in rows if row.live and row.status]


def _look(before: list[tuple[str, str, int]]) -> None:
    with friendly_errors():
        if _progress(cache.run_store().summaries()) != before:
            st.rerun()
