"""Overview: what runs now, the best runs so far, and where to start."""

import streamlit as st

from fmnist_core.runs.selection import sort
from ui import cache
from ui.format import percent
from ui.interrupted import offer_to_resume
from ui.layout import begin_page, friendly_errors
from ui.live_cards import live_cards
from ui.run_table import run_table
from ui.start_here import next_steps, start_here

MAX_BEST = 8

begin_page("Overview", "Convolutional networks on Fashion-MNIST: build, train, compare.")

with friendly_errors():
    rows = cache.run_store().summaries()
    finished = sort(row for row in rows if row.result)
    live = [row for row in rows if row.live]

    if not rows:
        start_here()
    else:
        with st.container(horizontal=True):
            st.metric("Running or waiting", f"{len(live)} of {len(rows)} runs", border=True)
            st.metric("Finished", f"{len(finished)} of {len(rows)} runs", border=True)
            best = finished[0].val_accuracy if finished else None
            st.metric("Best validation accuracy", percent(best), border=True)
        next_steps()
        offer_to_resume(rows)

    if live:
        st.header("Running now", anchor=False)
        live_cards()
    if finished:
        st.header("Best runs", anchor=False)
        st.caption(
            f"{min(MAX_BEST, len(finished))} of {len(finished)} finished runs, by validation "
            "accuracy. Test figures are shown, but nothing is chosen by them."
        )
        run_table(finished[:MAX_BEST], alt="The finished runs with the best validation accuracy.")
