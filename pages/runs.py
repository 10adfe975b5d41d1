"""Runs: every run in one table, to find, note, compare and clear away."""

import streamlit as st

from ui import cache, queue
from ui.follow import follow
from ui.format import count, escape
from ui.layout import begin_page, friendly_errors
from ui.run_actions import run_actions
from ui.run_columns import choose_columns
from ui.run_filter import chosen_runs, mirror, say_refused, under_more
from ui.run_ticks import page_of, tick_list, ticked, ticking_table
from ui.sweep_form import sweep_form
from ui.sweep_results import sweep_results
from ui.ticked_runs import ticked_runs
from ui.trash import trash_list, undo_line

begin_page("Runs", "Every run with its figures, the best by validation accuracy first.")

with friendly_errors():
    rows = cache.run_store().summaries()
    queue.keep_working(rows)
    follow(rows)
    undo_line()
    if not rows:
        st.info("There are no runs yet. The first one starts on the Train page.")
        if st.button("Train", type="primary", icon=":material/play_arrow:"):
            st.switch_page("train.py")
    else:
        damaged = [row for row in rows if row.problem]
        for row in damaged[:5]:
            st.warning(f"A damaged run: {escape(row.problem)}", icon=":material/broken_image:")
        if len(damaged) > 5:
            st.caption(f"{count(len(damaged) - 5, 'more damaged run')} in the table below.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            shown = chosen_runs(rows)
            names, hidden = choose_columns(shown)
        say_refused()
        st.caption(
            f"{len(shown):,} of {count(len(rows), 'run')}. {under_more()} {hidden} "
            "Intervals are 95 % Wilson intervals: they say how far chance alone can move a figure "
            "on so many images. Test figures are grey: whoever chooses by them makes them too good "
            "to be true."
        )
        page = page_of(shown)
        if not shown:
            st.info("No run is shown by these filters. Archived ones wait under More.")
        else:
            ticking_table(page, names, alt=f"{count(len(page), 'run')} with their figures.")
        tick_list(rows, page)
        chosen = ticked(rows)
        run_actions(chosen, shown, rows)
        sweep_form(chosen, rows)
        ticked_runs(chosen, rows)
        sweep_results(rows)
        mirror()
    trash_list()
