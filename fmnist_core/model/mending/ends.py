"""Ideas for networks whose layers fit together but that do not end in ten class scores."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from fmnist_core.labels import NUM_CLASSES
from fmnist_core.model import edit
from fmnist_core.model.mending.site import Idea, Ideas, Site, append, change, insert_before, remove
from fmnist_core.model.shapes import score_layer
from fmnist_core.specs.model import LayerSpec, ModelSpec

# Layers that do to a vector what they do to a map, so that a Flatten can go before them.
_EITHER = (
    *("Dense", "Activation", "LeakyReLU", "Dropout", "GaussianNoise", "Flatten"),
    *("BatchNormalization", "LayerNormalization"),
)


def empty(site: Site) -> Iterator[Ideas]:
    """Nothing is there yet."""
    yield (_scores_after("Flatten"),)


def map_at_end(site: Site) -> Iterator[Ideas]:
    """The last layer still makes a map."""
    shape = site.shapes[site.layer.name]
    if dense := _dense_on_map(site):
        yield (insert_before(dense, "Flatten"),)
    if prod(shape) == NUM_CLASSES:
        yield (append("Flatten"),)
    elif shape[2] == NUM_CLASSES:
        yield (append("GlobalAveragePooling2D"),)
    yield (_scores_after("Flatten"),)
    yield (_scores_after("GlobalAveragePooling2D"),)


def vector_at_end(site: Site) -> Iterator[Ideas]:
    """The network ends in a vector of another length."""
    makers = [layer for layer in site.model.layers if layer.type == "Dense"]
    if makers:
        yield (_ten_units(site.model, makers[-1]),)
    yield (_scores(),)


def nothing_learns(site: Site) -> Iterator[Ideas]:
    """No layer has weights."""
    yield (_scores(),)


def disturbed_scores(site: Site) -> Iterator[Ideas]:
    """Something that belongs between layers stands at the end."""
    yield (remove(site.layer),)
    yield (_scores(),)


def bent_scores(site: Site) -> Iterator[Ideas]:
    """The scores go through an activation that makes neither logits nor probabilities."""
    if site.layer.type == "Activation":
        yield (remove(site.layer),)
    else:
        yield (change(site.layer, "activation", "linear"),)
    yield (change(site.layer, "activation", "softmax"),)
    yield (_scores(),)


def _scores() -> Idea:
    text = f"Dense with {NUM_CLASSES} units"
    return append("Dense", text, units=NUM_CLASSES, activation="linear")


def _scores_after(layer_type: str) -> Idea:
    both = append(layer_type).then(_scores())
    return Idea(f"add {layer_type} and Dense with {NUM_CLASSES} units", both.edit)


def _dense_on_map(site: Site) -> LayerSpec | None:
    """Return the first of the last Dense layers that still work on a map."""
    found = None
    for position in range(len(site.model.layers) - 1, -1, -1):
        layer = site.model.layers[position]
        if layer.type not in _EITHER or len(site.shapes[site.name_before(position)]) == 1:
            break
        if layer.type == "Dense":
            found = layer
    return found


def _ten_units(model: ModelSpec, dense: LayerSpec) -> Idea:
    """Give a Dense layer ten units, and no bend if it makes the scores."""
    units = change(dense, "units", NUM_CLASSES)
    bent = dense.settings["activation"] not in ("linear", "softmax")
    if not bent or score_layer(model) != dense:
        return units
    changes = {"units": NUM_CLASSES, "activation": "linear"}
    return Idea(
        f'{units.text} and its activation to "linear"',
        lambda model: edit.change_settings(model, dense.name, **changes),
    )
