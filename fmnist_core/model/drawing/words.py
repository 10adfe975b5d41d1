"""The drawing in words, for who cannot see it."""

from __future__ import annotations

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.rules import shape_text
from fmnist_core.model.shapes import Trace
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec


def title(model: ModelSpec, found: Trace) -> str:
    """Name the network and its size."""
    name = f"The network {model.name}" if model.name else "A network without a name"
    layers = "1 layer" if len(model.layers) == 1 else f"{len(model.layers)} layers"
    return f"{name}: {layers}, {found.parameters:,} parameters"


def description(model: ModelSpec, found: Trace) -> str:
    """List the layers from input to output, with their shapes and what they join."""
    shapes = {layer.name: shape_text(layer.output) for layer in found.layers}
    steps = [f"{INPUT} {shape_text(IMAGE_SHAPE)}"]
    steps += [_step(layer, shapes.get(layer.name)) for layer in model.layers]
    problem = f" {found.problem}" if found.problem else ""
    return f"From input to output: {'; '.join(steps)}.{problem}"


def _step(layer: LayerSpec, shape: str | None) -> str:
    joined = f", joined with {' and '.join(layer.inputs)}" if layer.inputs else ""
    return f"{layer.name} ({layer.type}) {shape or 'not yet known'}{joined}"
