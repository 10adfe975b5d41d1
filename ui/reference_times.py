"""How long an epoch takes here in the ways that a report compares, and having it timed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs.probe import FAILED, RUNNING, request_probe
from fmnist_core.reference import Report, timing
from fmnist_core.reference.claims import Timed
from ui import cache
from ui.format import count, escape
from ui.layout import show_problem

TICK_SECONDS = 0.5
_REFUSED = "reference-times-refused"


def reference_times(report: Report) -> None:
    """Draw the times of a report's ways to train, where it compares some."""
    if not report.timed:
        return
    st.subheader("How long an epoch takes", anchor=False)
    found = timing.timings(report.timed, cache.run_store())
    st.dataframe(
        pd.DataFrame(
            timing.timing_table(found), columns=list(map(str.capitalize, timing.HEADINGS))
        ),
        hide_index=True,
        height="content",
        alt="What the report says of the time, and how long an epoch takes here",
    )
    if refused := st.session_state.pop(_REFUSED, ""):
        show_problem(refused)
    for each in found:
        if each.found.state == FAILED:
            show_problem(f"{each.timed.label}: {each.found.message}")
    results = [each.found.result for each in found if each.found.result]
    if results:
        st.caption(
            f"An epoch with its validation, guessed from a few seconds of training by "
            f"{escape(timing.timed_by(results), 200)}."
        )
    if any(each.found.state == RUNNING for each in found):
        st.fragment(_wait, run_every=TICK_SECONDS)(report)
        return
    missing = timing.untimed(found)
    st.button(
        "Time them on this machine" if missing else "Time them again",
        key="reference-time",
        icon=":material/timer:",
        type="secondary" if missing else "tertiary",
        help="Trains each for a few seconds, one after the other, and throws the result away.",
        on_click=_request,
        args=(missing or list(report.timed),),
    )


def _wait(report: Report) -> None:
    """Draw how many are timed already, until all are."""
    found = timing.timings(report.timed, cache.run_store())
    waiting = sum(each.found.state == RUNNING for each in found)
    if not waiting:
        st.rerun()  # the whole page, once
    st.status(
        f"Timing: {count(waiting, 'training')} to go, 10 to 30 seconds each.", state="running"
    )


def _request(ways: list[Timed]) -> None:
    try:
        for way in ways:
            request_probe(way.experiment, cache.run_store())
    except FmnistError as error:
        st.session_state[_REFUSED] = str(error)
