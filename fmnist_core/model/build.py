"""A Keras model from a network's description: the one place where the catalogue meets Keras."""

from __future__ import annotations

from typing import Any

import keras

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.check import check
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec

# Keras gives each kernel of these its own arguments; all others have one, called "kernel".
_KERNELS = {
    "DepthwiseConv2D": ("depthwise",),
    "SeparableConv2D": ("depthwise", "pointwise"),
}


def build_model(spec: ModelSpec) -> keras.Model:
    """Build a network with fresh weights; its layers carry the names of the description.

    The input is float32 (N, 28, 28, 1) and called "input"; the output is (N, 10), logits or
    probabilities as `check(spec).from_logits` says.

    Raises:
        ModelError: The network cannot be trained; Keras is not asked then.
    """
    check(spec)
    tensor = keras.Input(IMAGE_SHAPE, name=INPUT)
    tensors = {INPUT: tensor}
    for layer in spec.layers:
        joined = [tensor, *(tensors[name] for name in layer.inputs)]
        merges = CATALOGUE[layer.type].merges
        tensor = tensors[layer.name] = build_layer(layer)(joined if merges else tensor)
    return keras.Model(tensors[INPUT], tensor, name="network")  # a graph's scope: no spaces


def build_layer(spec: LayerSpec) -> keras.Layer:
    """Make one Keras layer, not yet connected to anything."""
    arguments = dict(spec.settings)
    if "kernel_initializer" in arguments:
        initializer = arguments.pop("kernel_initializer")
        l1, l2 = arguments.pop("l1"), arguments.pop("l2")
        for kernel in _KERNELS.get(spec.type, ("kernel",)):
            arguments[f"{kernel}_initializer"] = initializer
            arguments[f"{kernel}_regularizer"] = _regularizer(l1, l2)
    return getattr(keras.layers, spec.type)(name=spec.name, **arguments)


def _regularizer(l1: float, l2: float) -> Any:
    return keras.regularizers.L1L2(l1, l2) if l1 or l2 else None
