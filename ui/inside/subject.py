"""What the Inside page looks into: a run that has weights, or the way to one; and how."""

from __future__ import annotations

import streamlit as st

from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import state
from ui.inside import choice
from ui.run_choice import choose_run

_VIEW = "inside-view"


def choose_network(rows: list[RunSummary]) -> Run | None:
    """Let the person choose a run.

    Args:
        rows: All runs, the best by validation accuracy first: that one is shown where none was
            chosen yet.

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
        st.info("Choose a run. What its network has learned is shown here.")
    else:
        st.info("There are no runs yet. Train one, and what it has learned is shown here.")
    if st.button("Train", key="inside-train", type="primary", icon=":material/model_training:"):
        st.switch_page("train.py")
    return None


def choose_view() -> str:
    """Let the person choose a view; only that one computes."""
    st.session_state[_VIEW] = choice.current().view
    st.segmented_control(
        "View",
        choice.VIEWS,
        format_func=choice.VIEWS.get,
        required=True,
        key=_VIEW,
        on_change=lambda: choice.change(view=st.session_state[_VIEW]),
        label_visibility="collapsed",
    )
    return choice.current().view
