"""A network as a list of layers, without Keras."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fmnist_core.exceptions import SpecError
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.settings import Text
from fmnist_core.specs.base import Spec

MAX_LAYERS = 100
INPUT = "input"  # the name by which a merge can ask for the network's input
_NAME = Text(label="Name", help="What the network is called in tables.", default="")


@dataclass(frozen=True, kw_only=True)
class LayerSpec(Spec):
    """One layer.

    Attributes:
        type: A name of the catalogue, which is Keras's class name.
        name: Unique in the network: 1 to 40 small letters, digits and underscores, a letter first.
        settings: Every setting of the type; those not given are filled with their defaults.
        inputs: Only for a merge: names of the earlier layers (or "input") that it joins with the
            output of the layer before it.
    """

    type: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check type, name and settings; whether shapes fit is for the whole network to say."""
        if not isinstance(self.type, str) or self.type not in CATALOGUE:
            raise SpecError("layer type", self.type, "one of " + ", ".join(CATALOGUE))
        if not is_layer_name(self.name):
            raise SpecError(
                "layer name",
                self.name,
                "1 to 40 small letters, digits or underscores, beginning with a letter, and not "
                f'"{INPUT}"',
            )
        object.__setattr__(self, "settings", self._checked_settings())
        object.__setattr__(self, "inputs", self._checked_inputs())

    def _checked_inputs(self) -> tuple[str, ...]:
        inputs, field_name = self.inputs, f"inputs of {self.name}"
        if not isinstance(inputs, (list, tuple)) or len(inputs) > MAX_LAYERS:
            raise SpecError(field_name, inputs, f"a list of at most {MAX_LAYERS} layer names")
        for name in inputs:
            if name != INPUT and not is_layer_name(name):
                raise SpecError(field_name, name, "names of earlier layers")
        if inputs and not CATALOGUE[self.type].merges:
            expected = f"empty, as {self.type} takes the output of the layer before it"
            raise SpecError(field_name, list(inputs), expected)
        return tuple(inputs)

    def _checked_settings(self) -> dict[str, Any]:
        known = CATALOGUE[self.type].settings
        if not isinstance(self.settings, Mapping):
            raise SpecError(f"settings of {self.name}", self.settings, "an object")
        for key in self.settings:
            if key not in known:
                expected = "one of " + ", ".join(known) if known else "left out"
                raise SpecError(f"setting of {self.name}", key, expected)
        return {
            key: setting.check(f"{key} of {self.name}", self.settings.get(key, setting.default))
            for key, setting in known.items()
        }


@dataclass(frozen=True, kw_only=True)
class ModelSpec(Spec):
    """A network: layers in order, each fed by the one before it, the first by the 28×28×1 image.

    Attributes:
        layers: At most `MAX_LAYERS`, with different names.
        name: What it is called in tables.
    """

    layers: tuple[LayerSpec, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        """Check the list; whether shapes fit together is for `model.shapes.trace` to say."""
        object.__setattr__(self, "name", _NAME.check("model name", self.name))
        if not isinstance(self.layers, (list, tuple)):
            raise SpecError("layers", self.layers, "a list of layers")
        if len(self.layers) > MAX_LAYERS:
            raise SpecError("number of layers", len(self.layers), f"at most {MAX_LAYERS}")
        seen: set[str] = set()
        for layer in self.layers:
            if not isinstance(layer, LayerSpec):
                raise SpecError("layers", layer, "a list of layers")
            if layer.name in seen:
                raise SpecError("layer name", layer.name, "different from all others")
            seen.add(layer.name)
        object.__setattr__(self, "layers", tuple(self.layers))

    @classmethod
    def _read(cls, key: str, value: Any) -> Any:
        if key != "layers" or not isinstance(value, list) or len(value) > MAX_LAYERS:
            return value
        return tuple(LayerSpec.from_dict(item) for item in value)


def is_layer_name(name: object) -> bool:
    """Say whether this can name a layer, in Keras too."""
    return (
        isinstance(name, str)
        and name != INPUT
        and re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) is not None
    )
