"""Hypothesis strategies that draw from the descriptions which the app itself reads."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.shapes import trace
from fmnist_core.settings import Choice, Number, Pairs, Setting, Switch, Text, Weights, settings_of
from fmnist_core.specs import AugmentSpec, DataSpec, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.specs.model import INPUT

# Keeps the Keras layers of a test small; the limits themselves are tested without Keras.
SMALL = {"filters": 16, "units": 16, "depth_multiplier": 3, "padding": 4}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def values_of(setting: Setting, name: str = "") -> st.SearchStrategy[Any]:
    """Draw what a setting allows; of long whole ranges, the low end more often than the rest."""
    match setting:
        case Number(integer=True):
            low, high = int(setting.minimum), int(min(setting.maximum, SMALL.get(name, 2**31)))
            numbers = st.integers(low, min(high, low + 2)) | st.integers(low, high)
        case Number():
            low, high = setting.minimum, setting.maximum
            numbers = st.floats(low, high, exclude_min=setting.above) | st.just(setting.default)
        case Choice():
            return st.sampled_from(setting.choices)
        case Switch():
            return st.booleans()
        case Text():
            return st.text("aZ09 ._-", max_size=setting.max_length)
        case Pairs():
            digits = st.integers(0, setting.length - 1)
            pairs = st.tuples(digits, digits).filter(lambda pair: pair[0] != pair[1])
            return st.lists(pairs, max_size=4).map(
                lambda found: " ".join(f"{a}-{b}" for a, b in found)
            )
        case Weights():
            weights = st.floats(0.5, setting.maximum)
            return st.just(()) | st.tuples(*[weights] * setting.length)
        case _:
            raise NotImplementedError(setting)
    return st.none() | numbers if setting.optional else numbers


@st.composite
def layers(draw: st.DrawFn, name: str, earlier: dict[str, tuple[int, ...]]) -> LayerSpec:
    """Draw a layer of any type; a merge joins one or two of the earlier outputs.

    Args:
        name: What it is to be called.
        earlier: Output shapes by name, the network's input included, the one that arrives last.
    """
    layer_type = CATALOGUE[draw(st.sampled_from(list(CATALOGUE)))]
    inputs: list[str] = []
    if layer_type.merges:
        arriving = list(earlier.values())[-1]
        alike = [name for name, shape in earlier.items() if shape == arriving]
        inputs = draw(st.lists(st.sampled_from(alike) | st.sampled_from(list(earlier)), min_size=1))
    values = {
        key: draw(values_of(setting, key))
        for key, setting in layer_type.settings.items()
        if draw(st.booleans())
    }
    return LayerSpec(type=layer_type.name, name=name, settings=values, inputs=tuple(inputs[:2]))


@st.composite
def stacks(draw: st.DrawFn, max_layers: int = 12) -> ModelSpec:
    """Draw a network whose layers all fit, or all but the last one."""
    network = ModelSpec(name="drawn")
    for number in range(draw(st.integers(1, max_layers))):
        found = trace(network).layers
        if len(found) < number:
            break
        earlier = {INPUT: (28, 28, 1), **{layer.name: layer.output for layer in found}}
        layer = draw(layers(f"layer_{number}", earlier))
        network = ModelSpec(name="drawn", layers=(*network.layers, layer))
    return network


data_specs = st.builds(
    DataSpec,
    split=st.sampled_from(("stratified", "last", "resplit")),
    validation=st.floats(0.01, 0.9) | st.integers(10, 50_000).map(float),
    subset=st.none() | st.integers(10, 5_000),
    seed=st.integers(0, 2**31 - 1),
    normalisation=values_of(settings_of(DataSpec)["normalisation"]),
)
train_specs = st.builds(
    TrainSpec, **{name: values_of(setting) for name, setting in settings_of(TrainSpec).items()}
)
augment_specs = st.builds(
    AugmentSpec,
    **{name: values_of(setting) for name, setting in settings_of(AugmentSpec).items()}
    | {"keep_originals": st.just(True)},  # else there may be nothing to train on
)
