"""Judging runs by the challenge set, and the runs that were, the best first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from fmnist_core.analysis.own_pictures import Ask
from fmnist_core.challenge import evaluate
from fmnist_core.exceptions import ChallengeError, FmnistError
from fmnist_core.inference.messages import Message
from fmnist_core.runs.run import Run
from fmnist_core.runs.selection import sort
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.classify import challenge_files as files
from ui.classify.challenge_data import challenge_set
from ui.format import count
from ui.inference import ask
from ui.run_table import CHALLENGE, look, run_frame

COLUMNS = ("name", CHALLENGE, "test_accuracy", "val_accuracy", "model", "parameters")


def evaluate_buttons(run: Run | None, rows: list[RunSummary]) -> None:
    """Draw the buttons, and judge runs when one is pressed; then the page runs again.

    Args:
        run: The chosen one, if any.
        rows: Runs that have ended.
    """
    due = [row.run_id for row in rows if row.challenge_share is None]
    judged = {row.run_id for row in rows}.difference(due)
    with st.container(horizontal=True):
        one = st.button(
            "Evaluate this run",
            key="challenge-evaluate",
            type="primary",
            icon=":material/fact_check:",
            disabled=run is None or run.run_id in judged,
            help="Ask its network about every picture of the set.",
        )
        every = st.button(
            f"Evaluate all runs ({len(due):,})",
            key="challenge-evaluate-all",
            icon=":material/done_all:",
            disabled=not due,
            help="All that have ended and were not judged by today's set.",
        )
    if one and run:
        _evaluate([run.run_id])
    if every:
        _evaluate(due)


def _evaluate(ids: list[str]) -> None:
    """Judge runs one after the other; whatever is clicked meanwhile stops it, as does leaving."""
    root = cache.run_store().root
    bar = st.progress(0.0, text="")
    st.button(
        "Stop",
        key="challenge-stop",
        icon=":material/stop:",
        on_click=files.tell,
        args=("Stopped. What was judged until then is kept.",),
    )
    refused: list[str] = []
    for done, run_id in enumerate(ids):
        bar.progress(done / len(ids), text=f"{done:,} of {count(len(ids), 'run')} judged …")
        run = Run(root / run_id)
        try:
            evaluate(run, challenge_set(), _asking(run))
        except ChallengeError as error:  # it would be the same for each run
            files.tell(refused=[str(error)])
            st.rerun()
        except FmnistError as error:
            refused.append(f"{run_id}: {error}" if len(ids) > 1 else str(error))
    judged = len(ids) - len(refused)
    files.tell(f"{count(judged, 'run')} judged." if judged else "", refused=refused)
    st.rerun()


def _asking(run: Run) -> Ask:
    def asking(task: str, run_id: str, arrays: Mapping[str, np.ndarray]) -> Message:
        return ask(task, run, arrays)

    return asking


def table_of_runs(rows: list[RunSummary]) -> None:
    """Draw those of these runs that were judged by today's set, the best first."""
    judged = [row for row in sort(rows, CHALLENGE) if row.challenge_share]
    if not judged:
        return
    st.subheader("Runs by the challenge set", anchor=False)
    st.dataframe(
        run_frame(judged, COLUMNS),
        **look(len(judged), COLUMNS),
        alt=f"{count(len(judged), 'run')}, by their share of right pictures.",
    )
    st.caption(
        f"{len(judged):,} of {count(len(rows), 'run')} that have ended were judged by the set as "
        "it is now. Where intervals overlap, chance alone may have put one above the other."
    )
