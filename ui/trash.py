"""Deleted runs: the line that undoes the last deletion, and the list of all that can come back."""

from __future__ import annotations

import time

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.trash import KEEP_SECONDS
from ui import cache
from ui.format import count, duration, escape
from ui.layout import show_problem

_LAST = "runs-deleted"  # ids of the runs that were deleted last, in this session
_REFUSAL = "trash-refusal"
MAX_LISTED = 20
DAYS = round(KEEP_SECONDS / 86_400)


def remember_deleted(ids: list[str]) -> None:
    """Offer to undo the deletion of these runs, until something else is deleted."""
    if ids:
        st.session_state[_LAST] = ids


def undo_line() -> None:
    """Draw what was deleted last, with the way back; it stays until it is used or dismissed."""
    if sentence := st.session_state.pop(_REFUSAL, ""):
        show_problem(sentence)
    ids = st.session_state.get(_LAST, [])
    if not ids:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            f"{count(len(ids), 'run')} deleted; the trash keeps them for {DAYS} days.",
            width="content",
        )
        st.button(
            "Undo", key="runs-undo", icon=":material/undo:", type="primary", on_click=_restore,
            args=(ids,),
        )  # fmt: skip
        st.button("Dismiss", key="runs-dismiss", on_click=_forget)


def trash_list() -> None:
    """Draw the deleted runs, the last one first, each with a button to have it back."""
    trash = cache.run_store().trash
    trash.purge()
    entries = trash.entries()
    if not entries:
        return
    with st.expander(f"Trash: {count(len(entries), 'run')}", icon=":material/delete:"):
        st.caption(f"Each is deleted for good {DAYS} days after it came here.")
        for entry in entries[:MAX_LISTED]:
            left = duration(max(0.0, entry.goes - time.time()))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{escape(entry.title)} · {entry.run_id} · {left} left")
                st.button(
                    "Restore",
                    key=f"restore-{entry.folder.name}",
                    icon=":material/restore_from_trash:",
                    on_click=_restore,
                    args=([entry.run_id],),
                )
        if len(entries) > MAX_LISTED:
            st.caption(
                f"{count(len(entries) - MAX_LISTED, 'older run')} more: fmnist trash lists them, "
                "fmnist restore RUN brings one back."
            )


def _restore(ids: list[str]) -> None:
    for run_id in ids:
        try:
            cache.run_store().trash.restore(run_id)
        except FmnistError as error:
            st.session_state[_REFUSAL] = str(error)
    last = [run_id for run_id in st.session_state.get(_LAST, []) if run_id not in ids]
    st.session_state[_LAST] = last


def _forget() -> None:
    st.session_state[_LAST] = []
