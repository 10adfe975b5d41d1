"""What the cards ask for: an edit as the browser sends it, checked and applied to a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fmnist_core.model import edit, link
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.hints import hints
from fmnist_core.model.repairs import repairs
from fmnist_core.model.shapes import trace
from fmnist_core.specs import ModelSpec

Action = Mapping[str, Any]


def apply(model: ModelSpec, action: object) -> ModelSpec:
    """Apply one edit; one that means nothing, or a layer that is gone, leaves the network as it is.

    Args:
        model: The network.
        action: "do" names the edit and "layer" the layer; other keys depend on the edit.

    Raises:
        SpecError: The edit is refused: a value out of range, a name that is taken, too many layers.
    """
    if not isinstance(action, Mapping) or not isinstance(action.get("do"), str):
        return model
    do, layer = action["do"], action.get("layer")
    if do in _ANYWHERE:
        return _ANYWHERE[do](model, action)
    if do in _OF_A_LAYER and layer in [known.name for known in model.layers]:
        return _OF_A_LAYER[do](model, layer, action)
    return model


def _add(model: ModelSpec, action: Action) -> ModelSpec:
    """Insert a layer below the one named in "after", or at the start."""
    names = ["", *(known.name for known in model.layers)]
    after, layer_type = action.get("after"), action.get("type")
    if after not in names or layer_type not in list(CATALOGUE):
        return model
    return edit.add_layer(model, layer_type, names.index(after))


def _set(model: ModelSpec, layer: str, action: Action) -> ModelSpec:
    setting, position = action.get("setting"), edit.position_of(model, layer)
    if setting not in list(CATALOGUE[model.layers[position].type].settings):
        return model
    return edit.change_settings(model, layer, **{setting: action.get("value")})


def _inputs(model: ModelSpec, layer: str, action: Action) -> ModelSpec:
    inputs = action.get("inputs")
    return edit.change_inputs(model, layer, inputs) if isinstance(inputs, list) else model


def _move(model: ModelSpec, layer: str, action: Action) -> ModelSpec:
    position = action.get("position")
    if isinstance(position, bool) or not isinstance(position, int):
        return model
    return edit.move_to(model, layer, position)


def _rename(model: ModelSpec, layer: str, action: Action) -> ModelSpec:
    return edit.rename_layer(model, layer, action.get("name"))  # type: ignore[arg-type]


def _remove(model: ModelSpec, layer: str, action: Action) -> ModelSpec:
    return edit.remove_layer(model, layer)


def _duplicate(model: ModelSpec, layer: str, action: Action) -> ModelSpec:
    return edit.duplicate_layer(model, layer)


def _restore(model: ModelSpec, action: Action) -> ModelSpec:
    """Take the network that stood in the browser when the server went away."""
    text = action.get("link")
    return link.decode(text) if isinstance(text, str) else model


def _repair(model: ModelSpec, action: Action) -> ModelSpec:
    """Take the repair of this text, if the problem is still there and it is still offered."""
    found = trace(model)
    if not found.problem or found.problem.layer != action.get("layer"):
        return model
    offered = (repair for repair in repairs(model, found) if repair.text == action.get("text"))
    return next((repair.model for repair in offered), model)


def _hint(model: ModelSpec, action: Action) -> ModelSpec:
    """Take the repair of the hint of this text, if it still stands."""
    for hint in hints(model, trace(model)):
        if hint.repair and (hint.layer, hint.text) == (action.get("layer"), action.get("text")):
            return hint.repair.model
    return model


_ANYWHERE: dict[str, Callable[[ModelSpec, Action], ModelSpec]] = {
    "add": _add,
    "restore": _restore,
    "repair": _repair,
    "hint": _hint,
}
_OF_A_LAYER: dict[str, Callable[[ModelSpec, str, Action], ModelSpec]] = {
    "set": _set,
    "inputs": _inputs,
    "move": _move,
    "rename": _rename,
    "remove": _remove,
    "duplicate": _duplicate,
}
