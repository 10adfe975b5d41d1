"""Which runs are ticked: in the table, or in the list beside it, which a keyboard reaches.

Ticks are ids, so that they stay with their runs when the table is sorted, filtered or paged anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import streamlit as st

from fmnist_core.runs.summary import RunSummary
from ui.format import count
from ui.run_table import look, run_frame

PAGE_ROWS = 200  # a table of thousands would be sent whole to the browser
_TICKED = "runs-ticked"
_DRAWN = "runs-table-drawn"  # raised when ticks change elsewhere, so that the table shows them


def ticked(rows: list[RunSummary]) -> list[RunSummary]:
    """Return the ticked ones of these runs, in the order in which they were ticked."""
    by_id = {row.run_id: row for row in rows}
    return [by_id[run_id] for run_id in st.session_state.get(_TICKED, []) if run_id in by_id]


def tick(run_ids: Iterable[str]) -> None:
    """Tick just these runs; called before the page with the table is drawn."""
    st.session_state[_TICKED] = list(run_ids)
    _draw_anew()


def _draw_anew() -> None:
    st.session_state[_DRAWN] = st.session_state.get(_DRAWN, 0) + 1


def page_of(rows: list[RunSummary]) -> list[RunSummary]:
    """Return the rows of the page that is looked at, and draw the way to the others."""
    pages = -(-len(rows) // PAGE_ROWS)
    if pages < 2:
        return rows
    page = st.pagination(pages, key=f"runs-page-{pages}")
    start = (page - 1) * PAGE_ROWS
    st.caption(f"Runs {start + 1:,} to {min(start + PAGE_ROWS, len(rows)):,} of {len(rows):,}.")
    return rows[start : start + PAGE_ROWS]


def ticking_table(rows: list[RunSummary], names: list[str], *, alt: str) -> None:
    """Draw these runs as a table whose rows can be ticked."""
    ids = [row.run_id for row in rows]
    chosen = st.session_state.get(_TICKED, [])
    mark = hashlib.sha256(",".join([*ids, *names]).encode()).hexdigest()[:12]
    # Streamlit knows ticks by place: other rows are another table, told which places are ticked.
    key = f"runs-table-{mark}-{st.session_state.get(_DRAWN, 0)}"
    st.dataframe(
        run_frame(rows, names),
        **look(len(rows), names),
        key=key,
        on_select=lambda: _take(key, ids),
        selection_mode="multi-row",
        selection_default={
            "selection": {"rows": [place for place, run_id in enumerate(ids) if run_id in chosen]}
        },
        alt=alt,
    )


def _take(key: str, ids: list[str]) -> None:
    """Take over the ticks of the table; runs that it does not show stay ticked."""
    places = st.session_state[key]["selection"]["rows"]
    now = [ids[place] for place in places if place < len(ids)]
    before = st.session_state.get(_TICKED, [])
    kept = [run_id for run_id in before if run_id not in ids or run_id in now]
    st.session_state[_TICKED] = kept + [run_id for run_id in now if run_id not in kept]


def tick_list(rows: list[RunSummary], page: list[RunSummary]) -> None:
    """Draw the ticked runs as a list that can be changed.

    Args:
        rows: All runs.
        page: Those that can be ticked here.
    """
    chosen = ticked(rows)
    st.session_state[_TICKED] = [row.run_id for row in chosen]  # what was deleted is not ticked
    titles = {row.run_id: f"{row.title or 'damaged'} · {row.run_id}" for row in [*chosen, *page]}
    shown = {row.run_id for row in page}
    hidden = sum(row.run_id not in shown for row in chosen)
    elsewhere = f", {hidden} of them not in the table" if hidden else ""
    st.multiselect(
        f"Ticked: {count(len(chosen), 'run')}{elsewhere}",
        titles,
        format_func=titles.get,
        key=_TICKED,
        placeholder="Tick rows in the table, or choose runs here",
        on_change=_draw_anew,
        persist_state="session",
        wrap=False,
    )
