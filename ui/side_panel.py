"""Beside the layers: the network as a picture, what it costs, and the code that makes it."""

from __future__ import annotations

import streamlit as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model.shapes import Trace
from fmnist_core.specs import Experiment
from ui import draft, plan
from ui.code import show_code
from ui.cost import show_cost
from ui.drawing import show_cost_bars, show_drawing
from ui.layout import show_problem, stay_in_view

_VIEWS = ("Drawing", "Cost", "Code")


def side_panel(found: Trace) -> None:
    """Draw the view that was chosen; the others cost nothing."""
    stay_in_view("side-panel")
    with st.container(key="side-panel"):
        _chosen_view(found)


def _chosen_view(found: Trace) -> None:
    view = st.segmented_control(
        "View",
        _VIEWS,
        default=_VIEWS[0],
        key="build-view",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    if view == "Drawing":
        show_drawing(draft.model(), found)
    elif view == "Cost":
        show_cost_bars(draft.model(), found)
        show_cost(None if found.problem else _experiment(), plan.take_length)
    elif found.problem:
        st.info("The code appears once the network can be trained: mend the layer marked red.")
    elif experiment := _experiment():
        show_code(experiment)


def _experiment() -> Experiment | None:
    """Return what would be trained now; say why where the settings do not fit together."""
    try:
        return plan.experiment()
    except SpecError as error:
        show_problem(f"{error} Change it on the Train page.")
        return None
