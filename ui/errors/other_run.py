"""Choosing the run that the chosen one is compared with."""

from __future__ import annotations

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.errors import selection
from ui.format import escape
from ui.run_choice import run_title
from ui.run_colors import run_mark


def choose_other(run: Run, others: list[RunSummary]) -> Run:
    """Let the person choose.

    Args:
        run: The one that is compared.
        others: At least one, the best first. Where none was chosen, the run that this one was
            made from is taken, else the best.
    """
    titles = {row.run_id: run_title(row) for row in others}
    chosen = selection.current().other
    if chosen and chosen not in titles and chosen != run.run_id:
        st.warning(
            f"There is no other run {escape(chosen)} that has ended. Another one is shown.",
            icon=":material/search_off:",
        )
    if chosen not in titles:
        parent = _parent(run)
        chosen = parent if parent in titles else others[0].run_id
        selection.change(other=chosen)
    key = f"errors-other-{run.run_id}-{chosen}"  # as in `choose_run`
    with st.container(width=420):
        st.selectbox(
            "Compared with",
            titles,
            index=list(titles).index(chosen),
            key=key,
            format_func=titles.get,
            on_change=lambda: selection.change(other=st.session_state[key], image=None),
        )
    return Run(cache.run_store().root / chosen)


def _parent(run: Run) -> str:
    try:
        return run.experiment.parent or ""
    except FmnistError:  # its own place says what is wrong with it
        return ""


def names_of(first: Run, second: Run) -> tuple[str, str]:
    """Return what two runs are called, so that one can tell them apart."""
    titles = [run.title for run in (first, second)]
    if titles[0] != titles[1]:
        return titles[0], titles[1]
    return f"{titles[0]} ({first.run_id})", f"{titles[1]} ({second.run_id})"


def marked(run: Run, name: str, limit: int = 60) -> str:
    """Return a run's name behind its sign in its colour, as markdown."""
    return f"{run_mark(run.run_id)} {escape(name, limit)}"
