"""What runs now, a card each, brought up to date once a second."""

from __future__ import annotations

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache, queue, state
from ui.format import duration, escape, percent
from ui.layout import friendly_errors
from ui.progress import progress_of
from ui.run_state import state_badge

TICK_SECONDS = 1.0


def live_cards() -> None:
    """Draw the runs that live; when one ends, the whole page runs again."""
    now = _live_ids()
    st.fragment(_cards, run_every=TICK_SECONDS if now else None)(now)


def _cards(before: list[str]) -> None:
    with friendly_errors():
        if _live_ids() != before:
            st.rerun()
        rows = cache.run_store().summaries()
        queue.keep_working(rows)
        for row in reversed(rows):  # in the order in which they come
            if row.live:
                _card(row)


def _live_ids() -> list[str]:
    return [row.run_id for row in cache.run_store().summaries() if row.live]


def _card(row: RunSummary) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape(row.title)}**", width="content")
            state_badge(row.state)
            if st.button("Watch", key=f"watch-{row.run_id}", icon=":material/visibility:"):
                state.choose_run(row.run_id)
                st.switch_page("train.py")
        try:
            _progress(row)
        except FmnistError as error:  # damaged since it was listed
            st.caption(escape(str(error)))


def _progress(row: RunSummary) -> None:
    run = Run(cache.run_store().root / row.run_id)
    planned = row.status.planned_steps if row.status else 0
    progress = progress_of(
        run.experiment, cache.history_of(run), run.heartbeat, planned_steps=planned
    )
    if not progress.step:
        st.progress(0.0, text=queue.place_text(row.run_id))
        return
    left = f", about {duration(progress.seconds_left)} left" if progress.seconds_left else ""
    best = f", best validation accuracy {percent(row.val_accuracy)}" if row.val_accuracy else ""
    st.progress(progress.share, text=f"Epoch {progress.epoch} of {progress.epochs}{best}{left}")
