"""Changes to a network: each takes a spec and returns another one; whether it fits is not asked.

A merge keeps the names it joins when a layer is moved or removed, so that `shapes.trace` can say
what is missing.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Container, Sequence
from typing import Any

from fmnist_core.exceptions import SpecError
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec


def fresh_name(layer_type: str, taken: Container[str]) -> str:
    """Name a layer as Keras does, by its type and the first free number: max_pooling2d_1."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer_type)
    stem = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def add_layer(
    model: ModelSpec, layer_type: str, position: int | None = None, **settings: Any
) -> ModelSpec:
    """Insert a layer before `position`; None appends it. Settings not given take their defaults.

    Raises:
        SpecError: There is no such type or setting, or the network is full.
    """
    name = fresh_name(layer_type, _names(model))
    layer = LayerSpec(type=layer_type, name=name, settings=settings)
    at = len(model.layers) if position is None else position
    return _with_layers(model, [*model.layers[:at], layer, *model.layers[at:]])


def duplicate_layer(model: ModelSpec, name: str) -> ModelSpec:
    """Put a copy of a layer after it."""
    at = position_of(model, name)
    copy = dataclasses.replace(
        model.layers[at], name=fresh_name(model.layers[at].type, _names(model))
    )
    return _with_layers(model, [*model.layers[: at + 1], copy, *model.layers[at + 1 :]])


def remove_layer(model: ModelSpec, name: str) -> ModelSpec:
    """Take a layer out."""
    at = position_of(model, name)
    return _with_layers(model, [*model.layers[:at], *model.layers[at + 1 :]])


def move_layer(model: ModelSpec, name: str, by: int) -> ModelSpec:
    """Move a layer `by` places towards the output (up to the end), or the input if negative."""
    at = position_of(model, name)
    layers = [*model.layers[:at], *model.layers[at + 1 :]]
    layers.insert(max(0, at + by), model.layers[at])
    return _with_layers(model, layers)


def move_to(model: ModelSpec, name: str, position: int) -> ModelSpec:
    """Move a layer so that it stands at `position`, from 0; beyond either end is that end."""
    return move_layer(model, name, position - position_of(model, name))


def rename_layer(model: ModelSpec, name: str, new_name: str) -> ModelSpec:
    """Give a layer another name, also where merges join it.

    Raises:
        SpecError: No such layer, no name for a layer, or the name of another one.
    """
    renamed = _replace_layer(model, name, name=new_name)
    return _rejoined(renamed, name, new_name)


def bypass_layer(model: ModelSpec, name: str) -> ModelSpec:
    """Take a layer out; merges that joined it join the layer before it, or the input."""
    at = position_of(model, name)
    before = model.layers[at - 1].name if at else INPUT
    return _rejoined(remove_layer(model, name), name, before)


def replace_layer(model: ModelSpec, name: str, layer_type: str, **settings: Any) -> ModelSpec:
    """Put a layer of another type in the place of one; merges that joined the one join the other.

    Raises:
        SpecError: No such layer, type or setting.
    """
    position = position_of(model, name)
    replaced = add_layer(remove_layer(model, name), layer_type, position, **settings)
    return _rejoined(replaced, name, replaced.layers[position].name)


def change_settings(model: ModelSpec, name: str, **settings: Any) -> ModelSpec:
    """Give some settings of a layer other values.

    Raises:
        SpecError: No such setting or layer, or a value out of its range.
    """
    layer = model.layers[position_of(model, name)]
    return _replace_layer(model, name, settings={**layer.settings, **settings})


def change_inputs(model: ModelSpec, name: str, inputs: Sequence[str]) -> ModelSpec:
    """Choose which earlier layers a merge joins.

    Raises:
        SpecError: The layer is no merge, or these are no layer names.
    """
    return _replace_layer(model, name, inputs=tuple(inputs))


def position_of(model: ModelSpec, name: str) -> int:
    """Return at which place, from 0, a layer stands.

    Raises:
        SpecError: The network has no such layer.
    """
    names = _names(model)
    if name not in names:
        raise SpecError("layer", name, "one of " + ", ".join(names))
    return names.index(name)


def _names(model: ModelSpec) -> list[str]:
    return [layer.name for layer in model.layers]


def _replace_layer(model: ModelSpec, name: str, /, **changes: Any) -> ModelSpec:
    at = position_of(model, name)
    layer = dataclasses.replace(model.layers[at], **changes)
    return _with_layers(model, [*model.layers[:at], layer, *model.layers[at + 1 :]])


def _rejoined(model: ModelSpec, old: str, new: str) -> ModelSpec:
    """Let every merge that joins `old` join `new`."""
    layers = [
        dataclasses.replace(layer, inputs=tuple(new if n == old else n for n in layer.inputs))
        if old in layer.inputs
        else layer
        for layer in model.layers
    ]
    return _with_layers(model, layers)


def _with_layers(model: ModelSpec, layers: list[LayerSpec]) -> ModelSpec:
    return dataclasses.replace(model, layers=tuple(layers))
