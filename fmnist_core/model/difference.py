"""What changed from one network or experiment to another, in short phrases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.settings import Setting, settings_of
from fmnist_core.specs import Experiment, LayerSpec, ModelSpec

# Settings that tell a layer from others of its type, where a phrase has room for one.
_TELLING = ("filters", "units", "rate", "stddev", "negative_slope")

Pairs = Mapping[str, str]  # name after → name before, of the layers that both networks have


def difference(before: ModelSpec, after: ModelSpec) -> tuple[str, ...]:
    """Return one phrase for each layer that was added, removed, moved, renamed or changed.

    Layers are the same if type and name are; of the others, those of one type at the same place.
    The names of the networks do not count.

    Returns:
        Phrases such as "+ Dropout 0.25 after conv2d_2" and "conv2d_1 filters 32 → 64": what was
        removed first, then the rest in the order of the later network.
    """
    placed = _placed(before, after)
    pairs = placed | {name: name for name in _shared(before, after) if name not in placed}
    kept = set(pairs.values())
    removed = [f"− {layer.name}" for layer in before.layers if layer.name not in kept]
    return (*removed, *_phrases(before, after, pairs, placed))


def experiment_difference(before: Experiment, after: Experiment) -> tuple[str, ...]:
    """Return the phrases of the networks, then one for each other setting.

    Name, parent and owner of the experiments do not count.
    """
    changes = list(difference(before.model, after.model))
    for part in ("data", "train", "augment"):
        old, new = getattr(before, part), getattr(after, part)
        changes += _changes(settings_of(old), vars(old), vars(new))
    return tuple(changes)


def _shared(before: ModelSpec, after: ModelSpec) -> set[str]:
    """Return the names that stand for a layer of the same type in both."""
    known = {(layer.type, layer.name) for layer in before.layers}
    return {layer.name for layer in after.layers if (layer.type, layer.name) in known}


def _placed(before: ModelSpec, after: ModelSpec) -> dict[str, str]:
    """Pair the layers that stand in the same order in both: by type, and by name if it is shared.

    Returns:
        Name after → name before.
    """
    shared = _shared(before, after)

    def tokens(model: ModelSpec) -> list[tuple[str, str]]:
        return [(x.type, x.name if x.name in shared else "") for x in model.layers]

    matcher = SequenceMatcher(None, tokens(before), tokens(after), autojunk=False)
    return {
        after.layers[block.b + i].name: before.layers[block.a + i].name
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    }


def _phrases(before: ModelSpec, after: ModelSpec, pairs: Pairs, placed: Pairs) -> Iterator[str]:
    """Say what happened to each layer of the later network."""
    old = {layer.name: layer for layer in before.layers}
    for position, layer in enumerate(after.layers):
        if layer.name not in pairs:
            yield f"+ {_described(layer)} {_place(after, position) or 'at the start'}"
            continue
        was = old[pairs[layer.name]]
        if was.name != layer.name:
            yield f"{was.name} renamed {layer.name}"
        if layer.name not in placed:
            yield f"{layer.name} moved {_place(after, position) or 'to the start'}"
        settings = CATALOGUE[layer.type].settings
        if changes := _changes(settings, was.settings, layer.settings):
            yield f"{layer.name} {', '.join(changes)}"
        if joins := _joins(was, layer, pairs):
            yield joins


def _described(layer: LayerSpec) -> str:
    """Name a new layer by its type and what sets it apart: Conv2D 32."""
    if layer.inputs:
        return f"{layer.type} of {_listed(layer.inputs)}"
    if layer.type == "Activation":
        return f"{layer.type} {layer.settings['activation']}"
    telling = [shown(layer.settings[key]) for key in _TELLING if key in layer.settings]
    return " ".join([layer.type, *telling])


def _place(model: ModelSpec, position: int) -> str:
    return f"after {model.layers[position - 1].name}" if position else ""


def _joins(was: LayerSpec, layer: LayerSpec, pairs: Pairs) -> str:
    """Say what a merge joins now; a layer that was only renamed is the same one."""
    if was.inputs == tuple(pairs.get(name, name) for name in layer.inputs):
        return ""
    if not layer.inputs:
        return f"{layer.name} joins nothing instead of {_listed(was.inputs)}"
    instead = f" instead of {_listed(was.inputs)}" if was.inputs else ""
    return f"{layer.name} joins {_listed(layer.inputs)}{instead}"


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(names)


def _changes(
    settings: Mapping[str, Setting], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[str]:
    """Write each setting that differs: epochs 10 → 20."""
    return [
        f"{_label(setting)} {shown(before[key], setting)} → {shown(after[key], setting)}"
        for key, setting in settings.items()
        if before[key] != after[key]
    ]


def _label(setting: Setting) -> str:
    return setting.label if setting.label.isupper() else setting.label.lower()


def shown(value: Any, setting: Setting | None = None) -> str:
    """Write a value as a person would: 1,000, 0.25, on, all images."""
    match value:
        case None:
            return str(getattr(setting, "none_label", "none"))
        case bool():
            return "on" if value else "off"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.15g}"
        case tuple():
            return "(" + ", ".join(shown(item) for item in value) + ")" if value else "none"
        case _:
            return str(value)
