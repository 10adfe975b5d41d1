"""Choosing a run that has weights, for pages that ask its network."""

from __future__ import annotations

import streamlit as st

from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import state
from ui.run_choice import choose_run


def choose_network(rows: list[RunSummary], *, purpose: str) -> Run | None:
    """Let the person choose a run.

    Args:
        rows: All runs, the best by validation accuracy first: that one is shown where none was
            chosen yet.
        purpose: What a network is wanted for, a sentence.

    Returns:
        The run, if it has weights; else it is said what to do.
    """
    ended = [row for row in rows if row.result]
    if not state.chosen_run_id() and ended:
        state.choose_run(ended[0].run_id)
    with st.container(width=420):
        run = choose_run(rows) if rows else None
    if run and (run.folder / "model.keras").exists():
        return run
    if run:
        st.info(
            "This run has no weights yet: they are written after its first epoch. Watch it on the "
            "Train page, or choose another run."
        )
    elif rows:
        st.info(f"Choose a run. {purpose}")
    else:
        st.info(f"There are no runs yet: train one. {purpose}")
    if st.button("Train", key="network-train", type="primary", icon=":material/model_training:"):
        st.switch_page("train.py")
    return None
