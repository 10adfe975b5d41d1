"""The activation of a whole network: how its layers bend, all of them but the last."""

from __future__ import annotations

from dataclasses import replace

from fmnist_core.exceptions import SpecError
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.settings import Setting
from fmnist_core.specs.model import LayerSpec, ModelSpec

NAME = "activation"  # of the setting, in every layer that has it
ACTIVATION: Setting = CATALOGUE["Dense"].settings[NAME]


def activation(model: ModelSpec) -> str:
    """Return the activation of all layers but the last: "relu", "elu, relu", or "" for none."""
    return ", ".join(sorted({layer.settings[NAME] for layer in _bending(model)}))


def with_activation(model: ModelSpec, word: str) -> ModelSpec:
    """Return the network with this activation in every layer that has the setting, but the last.

    Raises:
        SpecError: There is no such activation, or no such layer.
    """
    ACTIVATION.check(NAME, word)
    names = {layer.name for layer in _bending(model)}
    if not names:
        raise SpecError(NAME, word, "left out, as no layer but the last has one")
    layers = tuple(
        replace(layer, settings={**layer.settings, NAME: word}) if layer.name in names else layer
        for layer in model.layers
    )
    return replace(model, layers=layers)


def _bending(model: ModelSpec) -> list[LayerSpec]:
    return [layer for layer in model.layers[:-1] if NAME in layer.settings]
