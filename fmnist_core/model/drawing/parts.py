"""What is drawn for each layer: its size, its state and what is said about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.costs import Cost
from fmnist_core.model.drawing.scale import BAND_DEPTH, Scale, Size
from fmnist_core.model.rules import Shape, shape_text
from fmnist_core.model.shapes import Trace
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec

_SHAPE_KEEPERS = ("normalisation", "regularisation", "activation")

# The setting that says most about a layer that keeps the shape.
_KEEPERS_SETTING = {
    "Activation": "activation",
    "LeakyReLU": "negative_slope",
    "Dropout": "rate",
    "SpatialDropout2D": "rate",
    "GaussianNoise": "stddev",
}
_FREE = Cost()


class State(Enum):
    """How far a network fits: up to the layer with the problem; those after it wait."""

    FITS = "fits"
    BROKEN = "broken"
    WAITS = "waits"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One layer, or the input image, as a box.

    Attributes:
        layer: None for the input image.
        shape: Its output; None where that is not known.
        window: Side in px of what one of its values looks at in the map before it; 0 for none.
    """

    layer: LayerSpec | None
    shape: Shape | None
    size: Size
    state: State = State.FITS
    window: float = 0.0
    cost: Cost = _FREE

    @property
    def name(self) -> str:
        """Return the layer's name."""
        return self.layer.name if self.layer else INPUT

    @property
    def kind(self) -> str:
        """Return the kind of layer; "input" for the image."""
        return CATALOGUE[self.layer.type].kind if self.layer else INPUT

    @property
    def inputs(self) -> tuple[str, ...]:
        """Return the earlier layers that it joins."""
        return self.layer.inputs if self.layer and self.state is not State.WAITS else ()

    @property
    def slab(self) -> bool:
        """Say whether it hangs on the box before it, because it keeps its shape or waits."""
        return self.state is State.WAITS or (self.kind in _SHAPE_KEEPERS and self.shape is not None)

    @property
    def band(self) -> bool:
        """Say whether it ends in an activation of its own."""
        return not self.slab and self.shape is not None and bool(self._activation)

    @property
    def depth(self) -> float:
        """Return its extent along the flow in px, with its band."""
        return self.size.depth + (BAND_DEPTH if self.band else 0.0)

    @property
    def fans(self) -> bool:
        """Say whether each of its values comes from all of those before it."""
        vector = self.shape is not None and len(self.shape) == 1
        return vector and self.layer is not None and self.layer.type in ("Flatten", "Dense")

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what is written below the name: shape and main settings."""
        if self.slab:
            return (self._keepers_setting,) if self._keepers_setting else ()
        if self.shape is None:
            return ("does not fit",)
        settings = self._window_setting, self._activation
        spoken = " · ".join(word for word in settings if word)
        return (shape_text(self.shape), spoken) if spoken else (shape_text(self.shape),)

    @property
    def title(self) -> str:
        """Return all that is known about it in one line."""
        if self.layer is None:
            return f"{INPUT}: a grey image, {shape_text(IMAGE_SHAPE)}"
        parts = [self.layer.type, *(self.notes if self.state is State.FITS else ())]
        if self.slab and self.shape:
            parts.append(shape_text(self.shape))
        if parameters := self.cost.trainable + self.cost.non_trainable:
            parts.append(f"{parameters:,} parameters")
        if self.cost.mult_adds:
            parts.append(f"{self.cost.mult_adds:,} multiply-adds")
        return f"{self.name}: {', '.join(parts)}"

    @property
    def _activation(self) -> str:
        value = self.layer.settings.get("activation", "linear") if self.layer else "linear"
        return "" if value == "linear" else value

    @property
    def _window_setting(self) -> str:
        settings = self.layer.settings if self.layer else {}
        side = settings.get("kernel_size") or settings.get("pool_size")
        strides = settings.get("strides")
        spoken = [f"{side}×{side}"] if side else []
        if side and strides and strides != (settings.get("pool_size") or 1):
            spoken.append(f"stride {strides}")
        return ", ".join(spoken)

    @property
    def _keepers_setting(self) -> str:
        name = _KEEPERS_SETTING.get(self.layer.type) if self.layer else None
        if self.layer is None or name is None or self.state is State.WAITS:
            return ""
        value = self.layer.settings[name]
        return value if isinstance(value, str) else f"{value:g}"


def parts_of(model: ModelSpec, found: Trace, scale: Scale) -> list[Part]:
    """Return a part for the input and one for each layer."""
    traced = {layer.name: layer for layer in found.layers}
    problem = found.problem.layer if found.problem else None
    parts = [Part(layer=None, shape=IMAGE_SHAPE, size=scale.sheet())]
    for layer in model.layers:
        state = State.BROKEN if layer.name == problem else State.FITS
        if entry := traced.get(layer.name):
            parts.append(_known(layer, entry.output, entry.cost, parts[-1], scale, state))
        else:
            state = state if state is State.BROKEN else State.WAITS
            parts.append(Part(layer=layer, shape=None, size=scale.waiting(), state=state))
    return parts


def _known(
    layer: LayerSpec, shape: Shape, cost: Cost, before: Part, scale: Scale, state: State
) -> Part:
    """Return the part of a layer whose output is known."""
    keeper = CATALOGUE[layer.type].kind in _SHAPE_KEEPERS
    size = scale.slab(shape) if keeper else scale.size(shape)
    window = min(_window(layer) * scale.pixel, before.size.width)
    return Part(layer=layer, shape=shape, size=size, state=state, window=window, cost=cost)


def _window(layer: LayerSpec) -> float:
    """Return how many pixels of the map, in height or width, make one value; 0 for no window."""
    if layer.type.startswith("Global"):
        return math.inf
    settings = layer.settings
    if "kernel_size" in settings:
        return settings.get("dilation_rate", 1) * (settings["kernel_size"] - 1) + 1
    return settings.get("pool_size", 0)
