"""A result of a run that is computed later: the button that asks for it, and how far it is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from fmnist_core.derived.kinds import Kind
from fmnist_core.derived.results import FAILED, RUNNING, DerivedState, cancel, request, state
from fmnist_core.derived.subject import Subject
from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.store import RunStore
from ui import cache
from ui.format import duration
from ui.layout import friendly_errors, show_problem

TICK_SECONDS = 0.5
_REFUSED = "derived-refused"  # why the last wish could not be met


def offer(
    run: Subject, kind: Kind, *, label: str, why: str, seconds: float | None, place: str = ""
) -> None:
    """Draw the button, or how far the result is; once it is there, the page runs again.

    Args:
        run: One that has weights, or the data set.
        kind: A result of it that is not there yet.
        label: What the button says.
        why: One sentence about what is computed.
        seconds: How long that likely takes; None if nobody knows.
        place: Where on the page, if it offers the kind more than once.

    Raises:
        StoreError: The run has no weights yet.
    """
    if refused := st.session_state.pop(_REFUSED, ""):
        show_problem(refused)
    found = state(run, kind, cache.run_store())
    if found.state == RUNNING:
        st.fragment(_wait, run_every=TICK_SECONDS)(run, kind, place)
        return
    if found.state == FAILED:
        show_problem(found.message)
    st.button(
        "Try again" if found.state == FAILED else label,
        key=f"derived-{kind.name}{place}",
        icon=":material/refresh:" if found.state == FAILED else ":material/image_search:",
        on_click=_act,
        args=(request, run, kind),
    )
    st.caption(f"{why} {_likely(seconds)}")


def _likely(seconds: float | None) -> str:
    if seconds is None:
        return "That takes a minute or so, in the background."
    return f"That takes about {duration(seconds)} on this machine, in the background."


def _wait(run: Subject, kind: Kind, place: str) -> None:
    """Draw how far it is, until it has ended; only this part of the page runs again meanwhile."""
    with friendly_errors():
        found = state(run, kind, cache.run_store())
        if found.state != RUNNING:
            st.rerun()  # the whole page, once
        share = found.done / found.total if found.total else 0.0
        st.progress(share, text=_progress_text(found, kind))
        st.button(
            "Cancel",
            key=f"derived-{kind.name}{place}-cancel",
            icon=":material/close:",
            on_click=_act,
            args=(cancel, run, kind),
        )


def _progress_text(found: DerivedState, kind: Kind) -> str:
    if found.queued:
        return f"Waiting for other results, one at a time; {duration(found.seconds)} so far."
    if not found.done:
        return f"{kind.start}; {duration(found.seconds)} so far."
    left = "" if found.left is None else f", about {duration(found.left)} left"
    return f"{found.done:,} of {found.total:,} {kind.unit}; {duration(found.seconds)} so far{left}."


def _act(act: Callable[[Subject, Kind, RunStore], None], run: Subject, kind: Kind) -> None:
    try:
        act(run, kind, cache.run_store())
    except FmnistError as error:
        st.session_state[_REFUSED] = str(error)
