"""Classify: what a network makes of a picture of one's own, and whether to believe it."""

import streamlit as st

from fmnist_core.runs.selection import sort
from ui import cache
from ui.classify.workbench import workbench
from ui.layout import begin_page, friendly_errors
from ui.network_choice import choose_network

begin_page(
    "Classify",
    "What a network makes of your own picture: one garment, seen from the front, on a plain "
    "ground. Worn, hung or folded clothes, white ones on white, and cluttered grounds are outside "
    "of what it has seen.",
)

with friendly_errors():
    run = choose_network(
        sort(cache.run_store().summaries()), purpose="Its network then classifies your pictures."
    )
    if run:
        st.fragment(workbench)(run)
