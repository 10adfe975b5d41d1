"""The draft as a whole: its origin, its name, its totals and whether it can be trained."""

from __future__ import annotations

import dataclasses
from functools import partial

import streamlit as st

from fmnist_core.labels import NUM_CLASSES
from fmnist_core.model.presets import PRESETS, Preset
from fmnist_core.model.rules import shape_text
from fmnist_core.model.shapes import Trace, trace
from fmnist_core.settings import Text
from fmnist_core.specs import ModelSpec
from ui import draft, palette, state
from ui.format import NONE, compact, count
from ui.layout import show_problem, tile
from ui.settings import setting_input

_PRESETS_OPEN = "presets-open"
_NAME = Text(
    label="Network name",
    help="What the network is called in tables: letters, digits, spaces, dots, _ and -.",
    default="",
)


def show_draft_problems() -> None:
    """Say what was wrong with a link, or with the last change."""
    if draft.link_problem():
        st.warning(
            "The network in this page's address is damaged, so it was left out; the one below is "
            "shown instead. Ask for the link again, or go on with this one.",
            icon=":material/link_off:",
        )
    if refusal := draft.take_refusal():
        show_problem(refusal)


def tools(found: Trace) -> None:
    """Draw where to start from, the name, the way back and the way on."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _preset_choice()
        _name_input()
        st.button(
            "Undo",
            key="undo",
            icon=":material/undo:",
            help="Take the last change back.",
            disabled=not draft.past(),
            on_click=draft.undo,
        )
        _train_button(found)
    if found.problem:
        show_problem(f"Not ready to train. {found.problem}")
    if (preset := draft.preset()) and preset.notes:
        with st.expander(f"About the preset {preset.name}"):
            st.write(preset.notes)


def _preset_choice() -> None:
    icon = ":material/dashboard_customize:"
    with st.popover("Start from a preset", icon=icon, key=_PRESETS_OPEN, on_change="rerun"):
        for preset in PRESETS:
            st.button(
                preset.name,
                key=f"preset-{preset.name}",
                on_click=partial(_take_preset, preset),
                width="stretch",
            )
            size = count(trace(preset.experiment.model).parameters, "parameter")
            st.caption(f"{preset.summary} {size}.")


def _take_preset(preset: Preset) -> None:
    draft.take_preset(preset)
    st.session_state[_PRESETS_OPEN] = False


def _name_input() -> None:
    """Draw the name; another name is another widget, as `draft.generation` explains."""
    name = draft.model().name
    key = f"network-name.{name}.{draft.generation()}"
    with st.container(width=260):
        setting_input(_NAME, name, key=key, on_change=partial(_take_name, key))


def _take_name(key: str) -> None:
    draft.change(dataclasses.replace, name=st.session_state[key])


def totals(model: ModelSpec, found: Trace) -> None:
    """Draw the figures of the whole network."""
    total = found.total
    frozen = f"{total.non_trainable:,} not trainable" if total.non_trainable else None
    with st.container(horizontal=True):
        tile("Layers", f"{len(model.layers)}")
        tile("Parameters", f"{found.parameters:,}", frozen)
        tile("Mult-adds an image", compact(total.mult_adds))
        tile("Output", _output(found))


def _output(found: Trace) -> str:
    """Say what the network gives, or how far the layers fit."""
    if found.problem:
        return shape_text(found.layers[-1].output) if found.layers else NONE
    return f"{NUM_CLASSES} " + ("logits" if found.from_logits else "probabilities")


def _train_button(found: Trace) -> None:
    """Draw the way to the Train page; closed while the network does not fit."""
    if st.button(
        "Train this network",
        key="train-this",
        type="primary",
        icon=":material/play_arrow:",
        disabled=found.problem is not None,
        help="Mend the network first." if found.problem else None,
    ):
        state.choose_run("")
        st.switch_page("train.py")


def add_at_end() -> None:
    """Draw the button that appends a layer."""
    if st.button("Add a layer", icon=":material/add:", width="stretch"):
        palette.choose_layer(len(draft.model().layers))
