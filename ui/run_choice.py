"""Choosing a run: the selection that opens one on the Train page, and the chosen one itself."""

from __future__ import annotations

import streamlit as st

from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache, state
from ui.format import escape


def choose_run(rows: list[RunSummary], *, label: str = "Run") -> Run | None:
    """Let the person choose one of these runs; the chosen one is the same on every page.

    Returns:
        The chosen run; None where there is none yet.
    """
    titles = {row.run_id: run_title(row) for row in rows}
    chosen = state.chosen_run_id()
    if chosen and chosen not in titles:
        st.warning(
            f"There is no run {escape(chosen)} in this store. Choose another one below.",
            icon=":material/search_off:",
        )
    # Another run or another name, another widget: an old value or label cannot come back.
    key = f"run-choice-{chosen}-{titles.get(chosen, '')}"
    st.selectbox(
        label,
        titles,
        index=list(titles).index(chosen) if chosen in titles else None,
        key=key,
        format_func=titles.get,
        placeholder="Choose a run",
        on_change=lambda: state.choose_run(st.session_state[key] or ""),
    )
    return Run(cache.run_store().root / chosen) if chosen in titles else None


def run_title(row: RunSummary) -> str:
    """Name a run in a list to choose from."""
    return f"{row.title or 'damaged'} · {row.run_id}"
