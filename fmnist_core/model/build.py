"""A Keras model from a network's description: the one place where the catalogue meets Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from fmnist_core.data.normalisation import PixelStatistics
from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.check import check
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec

# Keras gives each kernel of these its own arguments; all others have one, called "kernel".
_KERNELS = {
    "DepthwiseConv2D": ("depthwise",),
    "SeparableConv2D": ("depthwise", "pointwise"),
}


NORMALISATION = "Normalisation"  # a name that no layer of a description can have: it has a capital


def build_model(
    spec: ModelSpec, statistics: PixelStatistics | None = None, precision: str = "float32"
) -> keras.Model:
    """Build a network with fresh weights; its layers carry the names of the description.

    The input is float32 (N, 28, 28, 1) in [0, 1] and called "input"; the output is (N, 10), logits
    or probabilities as `check(spec).from_logits` says.

    Args:
        spec: The network.
        statistics: Where given, a layer in front of all others standardises the pixels. Its
            numbers are constants, not weights: the count of parameters stays the same.
        precision: "float32", or "mixed_bfloat16" to compute in bfloat16 with float32 weights. The
            layer in front and the last one always compute in float32.

    Raises:
        ModelError: The network cannot be trained; Keras is not asked then.
    """
    check(spec)
    image = keras.Input(IMAGE_SHAPE, name=INPUT)
    tensor = image if statistics is None else _normalisation(statistics)(image)
    tensors = {INPUT: tensor}
    for layer in spec.layers:
        joined = [tensor, *(tensors[name] for name in layer.inputs)]
        merges = CATALOGUE[layer.type].merges
        dtype = "float32" if layer is spec.layers[-1] else precision
        tensor = tensors[layer.name] = build_layer(layer, dtype)(joined if merges else tensor)
    return keras.Model(image, tensor, name="network")  # a graph's scope: no spaces


def _normalisation(statistics: PixelStatistics) -> keras.layers.Rescaling:
    """Make the layer (pixel - mean) / std.

    Keras's Normalization would do the same, but its arrays get lost on the way to ONNX.
    """
    scale, offset = 1 / statistics.std, -statistics.mean / statistics.std
    each = statistics.mean.ndim > 0
    return keras.layers.Rescaling(
        scale=scale.astype(np.float32) if each else float(scale),
        offset=offset.astype(np.float32) if each else float(offset),
        dtype="float32",
        name=NORMALISATION,
    )


def build_layer(spec: LayerSpec, dtype: str = "float32") -> keras.Layer:
    """Make one Keras layer of a dtype policy, not yet connected to anything."""
    arguments = dict(spec.settings)
    if "kernel_initializer" in arguments:
        initializer = arguments.pop("kernel_initializer")
        l1, l2 = arguments.pop("l1"), arguments.pop("l2")
        for kernel in _KERNELS.get(spec.type, ("kernel",)):
            arguments[f"{kernel}_initializer"] = initializer
            arguments[f"{kernel}_regularizer"] = _regularizer(l1, l2)
    return getattr(keras.layers, spec.type)(name=spec.name, dtype=dtype, **arguments)


def _regularizer(l1: float, l2: float) -> Any:
    return keras.regularizers.L1L2(l1, l2) if l1 or l2 else None
