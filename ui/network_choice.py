"""Choosing a run that has a model, for pages that ask its network."""

from __future__ import annotations

import streamlit as st

from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache, state
from ui.run_choice import choose_run


def can_be_asked(row: RunSummary) -> bool:
    """Whether a run has ended and has a model."""
    return row.result is not None and Run(cache.run_store().root / row.run_id).has_model


def choose_network(rows: list[RunSummary], *, purpose: str) -> Run | None:
    """Let the person choose a run.

    Args:
        rows: All runs, the best by validation accuracy first: that one is shown where none was
            chosen yet.
        purpose: What a network is wanted for, a sentence.

    Returns:
        The run, if it has a model; else it is said what to do.
    """
    if not state.chosen_run_id() and (first := next(filter(can_be_asked, rows), None)):
        state.choose_run(first.run_id)
    with st.container(width=420):
        run = choose_run(rows) if rows else None
    if run and run.has_model:
        return run
    if run:
        st.info(f"{run.why_no_model} Or choose another run.")
    elif rows:
        st.info(f"Choose a run. {purpose}")
    else:
        st.info(f"There are no runs yet: train one. {purpose}")
    if st.button("Train", key="network-train", type="primary", icon=":material/model_training:"):
        st.switch_page("train.py")
    return None
