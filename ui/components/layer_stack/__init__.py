"""The layers of a network as cards that are edited in place: one component, one message an edit."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from fmnist_core.model.catalogue import CATALOGUE, LayerType
from fmnist_core.model.colors import KIND_COLORS
from fmnist_core.settings import Choice, Number, Setting
from ui.components.own_component import own_component
from ui.settings import one_click


def _setting(setting: Setting) -> dict[str, Any]:
    kind = "number" if isinstance(setting, Number) else "switch"
    described = dataclasses.asdict(setting)
    if isinstance(setting, Choice):
        kind = "choice"
    elif isinstance(setting, Number):
        described["step"] = one_click(setting)
    return {**described, "kind": kind}


def _layer_type(layer_type: LayerType) -> dict[str, Any]:
    settings = {name: _setting(setting) for name, setting in layer_type.settings.items()}
    return {
        "kind": layer_type.kind,
        "summary": layer_type.summary,
        "merges": layer_type.merges,
        "settings": settings,
    }


def _script() -> str:
    """Return the catalogue, which goes along once, not with each edit."""
    types = json.dumps({name: _layer_type(known) for name, known in CATALOGUE.items()})
    return f"const TYPES = {types};"


def _style() -> str:
    return "\n".join(
        f"[data-kind={kind}] {{ --kind: light-dark({light}, {dark}); }}"
        for kind, (light, dark) in KIND_COLORS.items()
    )


_OWN = ("dom.js", "fields.js", "card.js", "palette.js", "drag.js", "stack.js")
_component = own_component(
    __file__,
    '<div class="stack"></div>',
    css=["stack.css"],
    js=["../elements.js", *_OWN],
    style=_style(),
    script=_script(),
)


def show_layer_stack(
    data: dict[str, Any], *, key: str, on_actions_change: Callable[[], None]
) -> None:
    """Draw the cards, or bring those that stand there up to date.

    Args:
        data: As `ui.stack_data.stack_data` makes it.
        key: Where the browser's edits lie in the session state, under "actions".
        on_actions_change: Called before the page runs again with edits.
    """
    _component(key=key, data=data, default={"actions": None}, on_actions_change=on_actions_change)
