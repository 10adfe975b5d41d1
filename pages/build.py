"""Build: the network, layer by layer, with its shapes and its cost."""

import streamlit as st

from fmnist_core.model.shapes import trace
from ui import draft, network
from ui.layer_card import layer_card
from ui.layout import begin_page

begin_page("Build", "Stack layers; shapes, parameters and cost follow at once.")
network.show_draft_problems()

found = trace(draft.model())
network.tools(found)
network.totals(draft.model(), found)

st.header("Layers", anchor=False)
st.caption("Input: 28×28×1, one grey image")
for layer in draft.model().layers:
    layer_card(layer, found)
network.add_at_end()
