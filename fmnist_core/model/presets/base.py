"""What a preset is, and short ways to write its network down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from fmnist_core.model.edit import fresh_name
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec


@dataclass(frozen=True, kw_only=True)
class Preset:
    """An experiment to start from.

    Attributes:
        group: Heading in a menu: "Templates", or a report, "R0 · LeNet".
        summary: One line for the list.
        notes: What the source does not say and what was chosen instead; "" for our own.
        report_name: What the report calls it, "" where it has no name there.
    """

    group: str
    summary: str
    experiment: Experiment
    notes: str = ""
    report_name: str = ""

    @property
    def name(self) -> str:
        """The name by which it is chosen; that of its network."""
        return self.experiment.model.name


class Layer(NamedTuple):
    """A layer that has no name yet, with the settings that differ from its type's defaults."""

    type: str
    settings: dict[str, Any]
    inputs: tuple[str, ...] = ()


def network(name: str, *layers: Layer) -> ModelSpec:
    """Put layers into a stack, each named by its type and a number: conv2d_1."""
    specs: dict[str, LayerSpec] = {}
    for layer in layers:
        layer_name = fresh_name(layer.type, specs)
        specs[layer_name] = LayerSpec(
            type=layer.type, name=layer_name, settings=layer.settings, inputs=layer.inputs
        )
    return ModelSpec(name=name, layers=tuple(specs.values()))


def experiment(
    name: str,
    *layers: Layer,
    data: DataSpec | None = None,
    train: TrainSpec | None = None,
    augment: AugmentSpec | None = None,
) -> Experiment:
    """Make an experiment of these layers; what is not given takes its defaults."""
    return Experiment(
        model=network(name, *layers),
        data=data or DataSpec(),
        train=train or TrainSpec(),
        augment=augment or AugmentSpec(),
    )


def conv(filters: int, kernel_size: int = 3, **settings: Any) -> Layer:
    """Convolve, without padding and with ReLU unless settings say otherwise."""
    return Layer("Conv2D", {"filters": filters, "kernel_size": kernel_size, **settings})


def depthwise(**settings: Any) -> Layer:
    """Convolve each channel by itself, 3×3."""
    return Layer("DepthwiseConv2D", settings)


def separable(filters: int, **settings: Any) -> Layer:
    """Convolve each channel by itself, 3×3, then mix them."""
    return Layer("SeparableConv2D", {"filters": filters, **settings})


def max_pool() -> Layer:
    """Halve the map by its maxima."""
    return Layer("MaxPooling2D", {})


def average_pool() -> Layer:
    """Halve the map by its means."""
    return Layer("AveragePooling2D", {})


def global_average() -> Layer:
    """Keep one number a channel."""
    return Layer("GlobalAveragePooling2D", {})


def batch_norm() -> Layer:
    """Normalise each channel over the batch."""
    return Layer("BatchNormalization", {})


def dropout(rate: float) -> Layer:
    """Blank a share of the values while training."""
    return Layer("Dropout", {"rate": rate})


def activation(name: str = "relu") -> Layer:
    """Bend every value."""
    return Layer("Activation", {"activation": name})


def add(earlier: str) -> Layer:
    """Add what the layer of that name put out."""
    return Layer("Add", {}, (earlier,))


def flatten() -> Layer:
    """Lay the map out as a vector."""
    return Layer("Flatten", {})


def dense(units: int, **settings: Any) -> Layer:
    """Connect everything with everything; ReLU unless settings say otherwise."""
    return Layer("Dense", {"units": units, **settings})


def logits() -> Layer:
    """End in one score a class."""
    return dense(10, activation="linear")
