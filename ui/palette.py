"""The palette: every type of layer by kind, with one line on what it does."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import streamlit as st

from fmnist_core.model import edit
from fmnist_core.model.catalogue import CATALOGUE, LayerType
from ui import draft


@st.dialog("Add a layer", width="medium")
def choose_layer(position: int) -> None:
    """Let the person choose the type of a layer that goes before `position`."""
    st.caption(f"It becomes layer {position + 1} of {len(draft.model().layers) + 1}.")
    for kind, types in groupby(CATALOGUE.values(), key=lambda layer_type: layer_type.kind):
        st.subheader(kind.capitalize(), anchor=False)
        for layer_type in types:
            _entry(layer_type, position)


def _entry(layer_type: LayerType, position: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.button(
            layer_type.name,
            key=f"add-{layer_type.name}",
            on_click=partial(draft.change, edit.add_layer, layer_type.name, position),
            width=220,
        )
        st.caption(layer_type.summary, width="stretch")
    if chosen:
        st.rerun()
