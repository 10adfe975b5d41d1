"""Train: launch the draft in the background, and watch a run learn."""

import streamlit as st

from fmnist_core.model.shapes import trace
from ui import cache, draft, network, queue, state
from ui.format import count, escape
from ui.interrupted import offer_to_resume
from ui.layout import begin_page, friendly_errors
from ui.live_run import live_run
from ui.run_choice import choose_run
from ui.run_exports import run_exports
from ui.start_from import build_on_button
from ui.training_form import training_form

begin_page("Train", "Train the network in the background, and watch it learn.")

with friendly_errors():
    network.show_draft_problems()
    rows = cache.run_store().summaries()
    model = draft.model()
    size = count(trace(model).parameters, "parameter")
    title = f"New run: {escape(model.name) or 'unnamed'}, {size}"
    with st.expander(title, expanded=not state.chosen_run_id()):
        training_form()
    offer_to_resume(rows)
    queue.keep_ready()
    if rows:
        run = choose_run(rows)
        if run:
            live_run(run, rows)
            with st.container(horizontal=True):
                build_on_button(run)
                run_exports(run)
        else:
            queue.waiting_runs(rows)
