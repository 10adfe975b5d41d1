"""The layer stack on a page: what it shows of the draft, and how the edits made in it arrive.

The browser keeps every edit in a list until it is told that the edit was taken, and sends the whole
list each time. So none is lost where Streamlit joins two quick messages into one, and none is taken
twice: each has a number, and what was already taken is remembered by the list's own id.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fmnist_core.exceptions import SpecError
from fmnist_core.model.shapes import Trace
from fmnist_core.specs import ModelSpec
from ui import draft
from ui.components.layer_stack import show_layer_stack
from ui.stack_actions import apply
from ui.stack_data import stack_data

KEY = "layer-stack"
MAX_ACTIONS = 1_000  # in one message; nobody clicks that often before an answer
_SERVER, _APPLIED, _REFUSAL = (f"stack_{part}" for part in ("server", "applied", "refusal"))


@dataclass(frozen=True)
class _Refusal:
    """Why an edit was refused, shown at its layer until the network changes."""

    model: ModelSpec
    layer: str
    reason: str


def layer_stack(model: ModelSpec, found: Trace) -> None:
    """Draw the layers of the draft; edits are taken before the page runs again."""
    data = stack_data(model, found)
    refusal = _refusal()
    for layer in data["layers"]:
        shown = refusal and refusal.model == model and refusal.layer == layer["name"]
        layer["refusal"] = refusal.reason if refusal and shown else None
    data |= {"server": _server(), "applied": _applied(), "link": draft.link()}
    show_layer_stack(data, key=KEY, on_actions_change=_take_message)


def _server() -> str:
    """Return the id of this session: edits meant for an earlier one were taken there."""
    return st.session_state.setdefault(_SERVER, secrets.token_hex(8))


def _applied() -> tuple[str, int]:
    """Return the id of the browser's list and the number of its last edit that was taken."""
    return st.session_state.get(_APPLIED, ("", 0))


def _refusal() -> _Refusal | None:
    return st.session_state.get(_REFUSAL)


def _take_message() -> None:
    """Take those edits of the browser's list that were not yet taken, in order."""
    message = st.session_state[KEY].get("actions")
    if not isinstance(message, Mapping) or message.get("server") != _server():
        return
    mount, actions = message.get("mount"), message.get("actions")
    if not isinstance(mount, str) or len(mount) > 40 or not isinstance(actions, list):
        return
    for action in actions[:MAX_ACTIONS]:
        number = action.get("n") if isinstance(action, Mapping) else None
        done = _applied()[1] if _applied()[0] == mount else 0
        if isinstance(number, int) and number > done:
            st.session_state[_APPLIED] = (mount, number)
            _take(action)


def _take(action: Mapping[str, Any]) -> None:
    if action.get("do") in ("undo", "redo"):
        (draft.undo if action["do"] == "undo" else draft.redo)()
        return
    st.session_state.pop(_REFUSAL, None)
    try:
        draft.replace(apply(draft.model(), action))
    except SpecError as error:
        _refuse(action.get("layer"), str(error)[:300])


def _refuse(layer: object, reason: str) -> None:
    """Let the card say why, or the page where the edit is of no layer."""
    if isinstance(layer, str) and layer in [known.name for known in draft.model().layers]:
        st.session_state[_REFUSAL] = _Refusal(draft.model(), layer, reason)
    else:
        draft.refuse(reason)
