"""Runs: every run in one table, the best by validation accuracy first."""

import streamlit as st

from ui import cache, queue
from ui.format import count, escape
from ui.layout import begin_page, friendly_errors
from ui.run_choice import choose_run
from ui.run_table import best_first, run_table

begin_page("Runs", "Every run with its figures, the best by validation accuracy first.")

with friendly_errors():
    rows = best_first(cache.run_store().summaries())
    queue.keep_working(rows)
    if not rows:
        st.info("There are no runs yet. The first one starts on the Train page.")
        if st.button("Train", type="primary", icon=":material/play_arrow:"):
            st.switch_page("train.py")
    else:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            run = choose_run(rows, label="Open a run")
            if st.button(
                "Open", key="open-run", disabled=run is None, icon=":material/open_in_full:"
            ):
                st.switch_page("train.py")
        damaged = [row for row in rows if row.problem]
        for row in damaged[:5]:
            st.warning(f"A damaged run: {escape(row.problem)}", icon=":material/broken_image:")
        if len(damaged) > 5:
            st.caption(f"{count(len(damaged) - 5, 'more damaged run')} in the table below.")
        st.caption(
            f"{count(len(rows), 'run')}. Intervals are 95 % Wilson intervals: they say how far "
            "chance alone can move a figure on so many images. Click a heading to sort."
        )
        run_table(rows, alt=f"All {count(len(rows), 'run')} with their figures.")
