"""The draft as a picture: its architecture, and where its parameters and multiply-adds lie."""

from __future__ import annotations

import streamlit as st

from fmnist_core.model import link
from fmnist_core.model.cost_bars import cost_bars_svg
from fmnist_core.model.drawing import network_svg
from fmnist_core.model.exchange import file_stem
from fmnist_core.model.shapes import Trace
from fmnist_core.specs import ModelSpec
from ui.components.picture import picture

PANEL_WIDTH = 400  # px of the side panel on a laptop's screen; there, letters have their own size
_THEMES = {"light": False, "dark": True}
_MOST_KEPT = 64  # both themes take 15 ms for 30 layers, and most reruns change no layer


def show_drawing(model: ModelSpec, found: Trace) -> None:
    """Draw the architecture of a network, also of one that does not fit."""
    picture(
        _drawings(link.encode(model), model, found),
        key="network-drawing",
        file_name=f"{file_stem(model.name)}-drawing",
        alt="Drawing of the network",
    )


def show_cost_bars(model: ModelSpec, found: Trace) -> None:
    """Draw two bars for each layer that fits: parameters and multiply-adds."""
    picture(
        _cost_bars(link.encode(model), model, found),
        key="network-cost-bars",
        file_name=f"{file_stem(model.name)}-cost",
        alt="Parameters and multiply-adds by layer",
    )


@st.cache_data(show_spinner=False, max_entries=_MOST_KEPT)
def _drawings(text: str, _model: ModelSpec, _found: Trace) -> dict[str, str]:
    """Draw the network whose link is `text` for both themes."""
    return {
        theme: network_svg(_model, _found, dark=dark, row_width=PANEL_WIDTH)
        for theme, dark in _THEMES.items()
    }


@st.cache_data(show_spinner=False, max_entries=_MOST_KEPT)
def _cost_bars(text: str, _model: ModelSpec, _found: Trace) -> dict[str, str]:
    return {theme: cost_bars_svg(_model, _found, dark=dark) for theme, dark in _THEMES.items()}
