"""How much memory training a network takes, told before it is tried.

An estimate for the processor, from what has to be in memory at the same moment: TensorFlow and the
data set, some copies of the weights, and the maps that the backward pass needs. The factors are
measured, with TensorFlow 2.21 on Linux: `benchmarks/memory_estimate.py` holds them against real
workers. On a graphics card most of it is the card's memory, of which this says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod
from typing import NamedTuple

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.shapes import Trace
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec
from fmnist_core.specs.train import TrainSpec

EVALUATION_BATCH = 500  # images a call: large enough to be fast, small enough for a VGG's maps

FLOAT_BYTES = 4
BASE_BYTES = 790 * 2**20  # a worker before its first batch, the data set included
SCATTER = 1.2  # what the allocator holds beyond the maps themselves

# Copies of the weights: themselves, gradients, the best so far, those of saving the model, and the
# optimizer's own figures with what its step computes in between.
WEIGHT_COPIES = {
    "sgd": 6.0,
    "adagrad": 7.5,
    "rmsprop": 8.2,
    "adam": 8.7,
    "adamw": 9.1,
    "adamax": 9.6,
    "nadam": 9.6,
    "adadelta": 11.3,
}

# What the backward pass needs of a layer, in maps of its output's size; 1, the output, for others.
KEPT_MAPS = {
    "Flatten": 0.0,  # the same bytes, read as a vector
    "Dropout": 1.25,  # a byte a value: whether it was blanked
    "LayerNormalization": 3.0,
}
KEPT_BY_ACTIVATION = {"gelu": 3.0, "leaky_relu": 1.0, "silu": 1.0}  # beside the output
# What its backward pass computes in between, in maps of its output's size.
WORK_MAPS = {"MaxPooling2D": 3.0, "LayerNormalization": 1.0}


class _Step(NamedTuple):
    """One layer with the sizes, in bytes for one image, of what arrives, is made and is kept."""

    layer: LayerSpec
    arrives: int
    makes: int
    keeps: float


def memory_needed(model: ModelSpec, found: Trace, train: TrainSpec) -> int:
    """Estimate the memory of a worker at its peak, in bytes.

    Args:
        model: A network.
        found: Its trace; layers after a problem are not counted.
        train: For the batch size and the optimizer.

    Returns:
        Resident memory. It was 0.9 to 1.35 times what workers held.
    """
    steps = list(_steps(model, found))
    maps = max(
        train.batch_size * _training_bytes(steps),
        EVALUATION_BATCH * _evaluation_bytes(steps),
    )
    weights = FLOAT_BYTES * found.parameters * _weight_copies(train)
    return round(BASE_BYTES + weights + SCATTER * maps)


def fitting_batch_size(model: ModelSpec, found: Trace, train: TrainSpec, limit: int) -> int | None:
    """Return the largest power of two below the batch size that needs at most `limit` bytes.

    None where not even a batch of one image would fit.
    """
    size = 1 << (train.batch_size - 1).bit_length() >> 1
    while size and memory_needed(model, found, replace(train, batch_size=size)) > limit:
        size //= 2
    return size or None


def _weight_copies(train: TrainSpec) -> float:
    momentum = train.optimizer in ("sgd", "rmsprop") and train.momentum > 0
    return WEIGHT_COPIES[train.optimizer] + momentum


def _steps(model: ModelSpec, found: Trace) -> Iterator[_Step]:
    before = FLOAT_BYTES * prod(IMAGE_SHAPE)
    for layer, shape in zip(model.layers, found.layers, strict=False):
        makes = FLOAT_BYTES * prod(shape.output)
        yield _Step(layer, before, makes, _kept(layer, before, makes))
        before = makes


def _kept(layer: LayerSpec, arrives: int, makes: int) -> float:
    """Return what the backward pass needs of a layer, in bytes for one image."""
    maps = KEPT_MAPS.get(layer.type, 1.0)
    maps += KEPT_BY_ACTIVATION.get(layer.settings.get("activation", ""), 0.0)
    if layer.type == "SeparableConv2D":  # the map between its two convolutions
        between = arrives * layer.settings["depth_multiplier"] / layer.settings["strides"] ** 2
        return maps * makes + between
    return maps * makes


def _training_bytes(steps: list[_Step]) -> float:
    """Return what one image holds at the fullest moment of the backward pass.

    That is what all layers before have kept, two gradients (of what a layer makes and of what
    arrives at it, the latter where its own map was), and what is computed in between.
    """
    kept = peak = float(FLOAT_BYTES * prod(IMAGE_SHAPE))
    for step in steps:
        if step.layer.type != "Flatten":
            work = step.makes * (1 + WORK_MAPS.get(step.layer.type, 0.0))
            peak = max(peak, kept + max(step.keeps, step.arrives) + work)
        kept += step.keeps
    return peak


def _evaluation_bytes(steps: list[_Step]) -> float:
    """Return what one image holds at the fullest moment without a backward pass.

    That is what arrives at a layer, what it makes, and what waits for a later merge.
    """
    made_at = {step.layer.name: k for k, step in enumerate(steps)}
    joined_at = {name: k for k, step in enumerate(steps) for name in step.layer.inputs}
    waits = [(made_at[name], last) for name, last in joined_at.items() if name != INPUT]
    peak = 0.0
    for k, step in enumerate(steps):
        waiting = sum(steps[made].makes for made, last in waits if made < k - 1 and k <= last)
        peak = max(peak, step.arrives + max(step.keeps, step.makes) + waiting)
    return peak


def memory_text(size: int) -> str:
    """Write a size in bytes as one cares: 850 MB, 1.2 GB, 24 GB."""
    if size < 2**30:
        return f"{size / 2**20:.0f} MB"
    gigabytes = size / 2**30
    return f"{gigabytes:.1f} GB" if gigabytes < 10 else f"{gigabytes:,.0f} GB"
