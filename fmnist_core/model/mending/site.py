"""The place of a problem, and changes that might help there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model import edit
from fmnist_core.model.rules import Shape
from fmnist_core.model.shapes import Trace
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec


@dataclass(frozen=True)
class Idea:
    """A change that nobody has tried yet.

    Attributes:
        text: What it does, as half a sentence in the imperative.
        edit: Does it; may raise `SpecError`, as all edits do.
    """

    text: str
    edit: Callable[[ModelSpec], ModelSpec]

    def then(self, other: Idea) -> Idea:
        """Do both."""
        return Idea(f"{self.text} and {other.text}", lambda model: other.edit(self.edit(model)))


Ideas = tuple[Idea, ...]  # of one kind, the gentlest first: the first that helps is enough


@dataclass(frozen=True)
class Site:
    """Where a problem shows.

    Attributes:
        at: Position of the layer at which it shows; 0 in an empty network.
        shapes: Output shapes of the layers that fit, by name, and that of the input.
    """

    model: ModelSpec
    at: int
    shapes: dict[str, Shape]

    @classmethod
    def of(cls, model: ModelSpec, found: Trace) -> Site:
        """Find the place of the trace's problem."""
        name = found.problem.layer if found.problem else ""
        at = edit.position_of(model, name) if name else 0
        return cls(model, at, {INPUT: IMAGE_SHAPE, **{s.name: s.output for s in found.layers}})

    @property
    def layer(self) -> LayerSpec:
        """The layer at which the problem shows."""
        return self.model.layers[self.at]

    @property
    def before(self) -> tuple[LayerSpec, ...]:
        """The layers before it, the nearest first."""
        return self.model.layers[: self.at][::-1]

    @property
    def arriving(self) -> Shape:
        """The shape that arrives at it."""
        return self.shapes[self.name_before(self.at)]

    def name_before(self, position: int) -> str:
        """Return the name of the layer before a position, or that of the input."""
        return self.model.layers[position - 1].name if position else INPUT

    def position(self, name: str) -> int:
        """Return where a layer stands; -1 for the input."""
        return -1 if name == INPUT else edit.position_of(self.model, name)

    def maker_of_vector(self) -> LayerSpec | None:
        """Return the layer that turns the map into a vector, if one does."""
        return next((s for s in self.model.layers if len(self.shapes.get(s.name, ())) == 1), None)


def remove(layer: LayerSpec) -> Idea:
    """Take a layer out, and let merges that joined it join the one before."""
    return Idea(f"remove {layer.name}", lambda model: edit.bypass_layer(model, layer.name))


def change(layer: LayerSpec, setting: str, value: Any) -> Idea:
    """Give a setting another value: set padding of conv2d_1 to "same"."""
    shown = f'"{value}"' if isinstance(value, str) else f"{value:,}"
    text = f"set {setting.replace('_', ' ')} of {layer.name} to {shown}"
    return Idea(text, lambda model: edit.change_settings(model, layer.name, **{setting: value}))


def insert_before(layer: LayerSpec, layer_type: str, text: str = "", **settings: Any) -> Idea:
    """Put another layer before one."""

    def insert(model: ModelSpec) -> ModelSpec:
        at = edit.position_of(model, layer.name)
        return edit.add_layer(model, layer_type, at, **settings)

    return Idea(f"add {text or layer_type} before {layer.name}", insert)


def append(layer_type: str, text: str = "", **settings: Any) -> Idea:
    """Put another layer at the end."""
    return Idea(
        f"add {text or layer_type}", lambda model: edit.add_layer(model, layer_type, **settings)
    )


def move_before(layer: LayerSpec, other: LayerSpec) -> Idea:
    """Move a layer towards the input."""
    return Idea(f"move {layer.name} before {other.name}", _move(layer, other))


def move_after(layer: LayerSpec, other: LayerSpec) -> Idea:
    """Move a layer towards the output."""
    return Idea(f"move {layer.name} after {other.name}", _move(layer, other))


def _move(layer: LayerSpec, other: LayerSpec) -> Callable[[ModelSpec], ModelSpec]:
    """Give a layer the place of another one, which makes room towards where it came from."""
    return lambda model: edit.move_to(model, layer.name, edit.position_of(model, other.name))
