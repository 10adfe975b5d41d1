"""What looks wrong in the weights, outputs and gradients of a network, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fmnist_core.format import count
from fmnist_core.specs.model import LayerSpec

MANY_SILENT = 0.1  # of a layer's units
UNEVEN = 1_000.0  # times between the gradients of the first and the last layer with weights
ALL_WELL = (
    "Nothing looks wrong: no layer has many silent units, and the gradients of first and last "
    "layer are of one size."
)


def findings(layers: Sequence[Mapping[str, Any]], specs: Mapping[str, LayerSpec]) -> list[str]:
    """Say what looks wrong, a sentence each.

    Args:
        layers: As `fmnist_core.inside.health.health` measures them.
        specs: Of the network, by name.
    """
    return [*_silent(layers, specs), *_uneven(layers)]


def can_be_silent(spec: LayerSpec) -> bool:
    """Say whether 0 means that a unit does not fire: it has weights and bends at 0."""
    return "kernel_initializer" in spec.settings and spec.settings.get("activation") == "relu"


def _silent(layers: Sequence[Mapping[str, Any]], specs: Mapping[str, LayerSpec]) -> list[str]:
    return [
        f"{each['name']}: {len(each['silent'])} of {count(each['units'], 'unit')} give 0 for every "
        "image, so they do nothing. A smaller learning rate, leaky ReLU or batch normalisation "
        "keeps more of them alive."
        for each in layers[:-1]
        if can_be_silent(specs[each["name"]]) and len(each["silent"]) >= MANY_SILENT * each["units"]
    ]


def _uneven(layers: Sequence[Mapping[str, Any]]) -> list[str]:
    gradients = [(each["name"], each["gradient"]) for each in layers if each["gradient"]]
    if len(gradients) < 2:
        return []
    (first, low), (last, high) = gradients[0], gradients[-1]
    if low * UNEVEN < high:
        return [
            f"The gradient vanishes: it is {high / low:,.0f} times as large at {last} as at "
            f"{first}, which hardly learns. Batch normalisation or another activation helps."
        ]
    if high * UNEVEN < low:
        return [
            f"The gradient explodes towards the image: it is {low / high:,.0f} times as large at "
            f"{first} as at {last}. Batch normalisation helps."
        ]
    return []
