"""What a sweep has found so far, and the button that stops what is left of it."""

from __future__ import annotations

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.selection import sort
from fmnist_core.runs.summary import RunSummary
from fmnist_core.runs.sweeps import stop_all, sweep_tags, tagged
from ui import cache
from ui.format import count
from ui.layout import show_problem
from ui.run_parallel import differing
from ui.sweep_heat import heat_view
from ui.ticked_runs import MAX_DRAWN, draw_settings

_CHOSEN, _REFUSAL = "sweep-chosen", "sweep-stop-refusal"
_HEAT, _LINES = "Heat map", "Parallel coordinates"


def look_at(tag: str) -> None:
    """Choose the sweep whose results are drawn."""
    st.session_state[_CHOSEN] = tag


def sweep_results(rows: list[RunSummary]) -> None:
    """Draw the choice of a sweep and its results; nothing where no run is part of one.

    Args:
        rows: All runs.
    """
    tags = sweep_tags(rows)
    if not tags:
        return
    if st.session_state.get(_CHOSEN) not in tags:
        st.session_state.pop(_CHOSEN, None)  # its runs were deleted
    st.header("Sweeps", anchor=False)
    titles = {tag: _title(tag, tagged(rows, tag)) for tag in tags}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tag = st.selectbox(
            "Sweep",
            tags,
            index=None,
            format_func=titles.get,
            key=_CHOSEN,
            placeholder="Choose a sweep",
            persist_state="session",
            width=420,
        )
        mine = tagged(rows, tag) if tag else []
        live = sum(row.live for row in mine)
        st.button(
            "Stop all",
            key="sweep-stop",
            icon=":material/stop_circle:",
            disabled=not live,
            help="Ends every run of the sweep that waits or trains, and keeps what is learned.",
            on_click=_stop,
            args=(tag,),
        )
    if sentence := st.session_state.pop(_REFUSAL, ""):
        show_problem(sentence)
    if mine:
        st.caption(f"Waiting or training: {live:,} of {count(len(mine), 'run')}.")
        _draw([row for row in mine if not row.problem])


def _title(tag: str, rows: list[RunSummary]) -> str:
    model = next((row.model for row in rows if row.model), "damaged")
    return f"{tag} · {count(len(rows), 'run')} of {model}"


def _stop(tag: str) -> None:
    try:
        stop_all(cache.run_store(), tag)
    except FmnistError as error:
        st.session_state[_REFUSAL] = str(error)


def _draw(rows: list[RunSummary]) -> None:
    """Draw a heat map where two settings differ, else or on demand a line for each run."""
    views = [_HEAT, _LINES] if len(rows) > 1 and len(differing(rows)) > 1 else [_LINES]
    view = views[0]
    if len(views) > 1:
        view = st.segmented_control(
            "View of the sweep",
            views,
            default=_HEAT,
            key="sweep-view",
            required=True,
            label_visibility="collapsed",
            persist_state="session",
        )
    if view == _HEAT:
        heat_view(rows, key="sweep")
        return
    if len(rows) > MAX_DRAWN:
        st.caption(f"The best {MAX_DRAWN} of {len(rows)} runs are drawn.")
    draw_settings(sort(rows)[:MAX_DRAWN], key="sweep-parallel")
