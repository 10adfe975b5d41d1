"""Overview: what runs now, the best runs so far, and where to start."""

import streamlit as st

from fmnist_core.runs.selection import sort
from ui import cache
from ui.format import count, percent
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
    best = [row for row in finished if row.honest]
    live = [row for row in rows if row.live]

    if not rows:
        start_here()
    else:
        with st.container(horizontal=True):
            st.metric("Running or waiting", f"{len(live)} of {len(rows)} runs", border=True)
            st.metric("Finished", f"{len(finished)} of {len(rows)} runs", border=True)
            accuracy = best[0].val_accuracy if best else None
            st.metric("Best validation accuracy", percent(accuracy), border=True)
        next_steps()
        offer_to_resume(rows)

    if live:
        st.header("Running now", anchor=False)
        live_cards()
    if best:
        st.header("Best runs", anchor=False)
        others = count(len(finished) - len(best), "run")
        st.caption(
            f"{min(MAX_BEST, len(best))} of {len(best)} finished runs, by validation accuracy. "
            "Test figures are shown, but nothing is chosen by them."
            + ("" if best == finished else f" Left out: {others} that validated on test images.")
        )
        run_table(best[:MAX_BEST], alt="The finished runs with the best validation accuracy.")
