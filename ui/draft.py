"""The network under construction: one a session, changed only by callbacks, with a way back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import streamlit as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model import link as model_link
from fmnist_core.model.presets import PRESETS, Preset
from fmnist_core.specs import Experiment, ModelSpec

MAX_PAST = 50
EDITED = " edited"  # follows the name of a preset whose layers were changed

_DRAFT, _PAST, _LINK_PROBLEM, _REFUSED, _GENERATION = (
    f"draft_{part}" for part in ("model", "past", "link_problem", "refused", "generation")
)


def model() -> ModelSpec:
    """Return the draft; the first preset where nothing was built yet."""
    if _DRAFT not in st.session_state:
        st.session_state[_DRAFT] = PRESETS[0].experiment.model
    return st.session_state[_DRAFT]


def link() -> str:
    """Return the draft as the text that `adopt` reads; "" before there is one."""
    return model_link.encode(model()) if _DRAFT in st.session_state else ""


def adopt(text: str) -> None:
    """Take over the network of a link; one that is damaged leaves the draft as it is."""
    try:
        st.session_state[_DRAFT] = model_link.decode(text)
    except SpecError as error:
        st.session_state[_LINK_PROBLEM] = str(error)


def link_problem() -> str:
    """Return what was wrong with the link, until the draft is changed; "" for nothing."""
    return st.session_state.get(_LINK_PROBLEM, "")


def change(edit: Callable[..., ModelSpec], *args: Any, **kwargs: Any) -> None:
    """Apply an edit `(model, *args, **kwargs) → model`; keep the draft where it is refused."""
    try:
        replace(edit(model(), *args, **kwargs))
    except SpecError as error:
        st.session_state[_REFUSED] = str(error)


def take_refusal() -> str:
    """Return why the last edit was refused, once; "" where it was not."""
    return st.session_state.pop(_REFUSED, "")


def replace(new: ModelSpec) -> None:
    """Make this network the draft, with a way back to the present one."""
    new = _honestly_named(new)
    st.session_state.pop(_LINK_PROBLEM, None)
    if new != model():
        st.session_state[_PAST] = [*past(), model()][-MAX_PAST:]
        st.session_state[_DRAFT] = new


def past() -> list[ModelSpec]:
    """Return the drafts before this one, oldest first."""
    return st.session_state.get(_PAST, [])


def undo() -> None:
    """Go back to the draft before the last change."""
    if past():
        *st.session_state[_PAST], st.session_state[_DRAFT] = past()
        _begin_generation()


def take_preset(chosen: Preset) -> None:
    """Make the network of a preset the draft."""
    replace(chosen.experiment.model)
    _begin_generation()


def generation() -> int:
    """Return a number for the keys of widgets that show the draft; another one, other widgets.

    A browser sends the values of all widgets along with a click. Those it has not yet been told
    about would undo what a preset or `undo` has just changed.
    """
    return st.session_state.get(_GENERATION, 0)


def _begin_generation() -> None:
    st.session_state[_GENERATION] = generation() + 1


def preset() -> Preset | None:
    """Return the preset from which the draft was made, as its name tells."""
    name = model().name.removesuffix(EDITED)
    return next((known for known in PRESETS if known.name == name), None)


def defaults() -> Experiment:
    """Return the data and training settings to start from: those of the draft's preset."""
    known = preset()
    return known.experiment if known else PRESETS[0].experiment


def _honestly_named(new: ModelSpec) -> ModelSpec:
    """Let only the layers of a preset bear its name."""
    for known in PRESETS:
        if new.name.removesuffix(EDITED) == known.name:
            same = new.layers == known.experiment.model.layers
            return dataclasses.replace(new, name=known.name + ("" if same else EDITED))
    return new
