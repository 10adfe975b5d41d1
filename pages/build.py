"""Build: the network, layer by layer, with its shapes, its cost, its drawing and its code."""

import streamlit as st

from fmnist_core.model.shapes import trace
from ui import draft, network
from ui.layout import begin_page
from ui.side_panel import side_panel
from ui.stack import layer_stack

begin_page("Build", "Stack layers; shapes, parameters and cost follow at once.")
network.show_draft_problems()

found = trace(draft.model())
network.tools(found)
network.totals(draft.model(), found)

layers, panel = st.columns([4, 3], gap="medium")
with layers:
    layer_stack(draft.model(), found)
with panel:
    side_panel(found)
