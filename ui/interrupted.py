"""The offer to go on with runs whose process ended without a word."""

from __future__ import annotations

import contextlib

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import INTERRUPTED
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.format import count


def offer_to_resume(rows: list[RunSummary]) -> None:
    """Draw one line with a button where runs were interrupted."""
    ids = [row.run_id for row in rows if row.state == INTERRUPTED]
    if not ids:
        return
    was, them = ("was", "it") if len(ids) == 1 else ("were", "them all")
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"{count(len(ids), 'run')} {was} interrupted.", width="content")
        st.button(
            f"Resume {them}",
            key="resume-all",
            icon=":material/play_arrow:",
            help="Each goes on from its last checkpoint, as if nothing had happened.",
            on_click=_resume,
            args=(ids,),
        )


def _resume(ids: list[str]) -> None:
    """Queue the runs again; one that cannot go on says so itself."""
    for run_id in ids:
        with contextlib.suppress(FmnistError):
            Run(cache.run_store().root / run_id).resume()
