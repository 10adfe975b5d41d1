"""What every layer makes of one image, before and after its activation."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import keras
import numpy as np

from fmnist_core.inference.messages import Message
from fmnist_core.inside.network import Network, shown_layers, to_input

BEFORE = "/before"  # after a layer's name: its values before the activation
_PROBES: WeakKeyDictionary[Network, keras.Model] = WeakKeyDictionary()


def maps(network: Network, arrays: Mapping[str, np.ndarray]) -> Message:
    """Return what all layers make of an image.

    Args:
        network: Which looks at it.
        arrays: "images", uint8 (1, 28, 28).

    Returns:
        Arrays "<layer>", float32: the layer's output without the batch dimension; and, of a layer
        that bends what it makes itself, "<layer>/before": the same before its activation.
    """
    if network not in _PROBES:
        _PROBES[network] = _probe(network)
    found = _PROBES[network](to_input(arrays["images"]), training=False)
    return Message({}, {name: np.asarray(value)[0] for name, value in found.items()})


def kernel(network: Network, arrays: Mapping[str, np.ndarray], *, layer: str) -> Message:
    """Return what a layer multiplies with: "kernel", and of a SeparableConv2D "pointwise" too.

    Args:
        network: Whose layer it is.
        arrays: None.
        layer: Its name.

    Returns:
        float32 arrays of Keras's shapes; none for a layer without a kernel.
    """
    weights = network.model.get_layer(layer).trainable_weights
    found = {each.name: np.asarray(each) for each in weights if "kernel" in each.name}
    names = {"depthwise_kernel": "kernel", "pointwise_kernel": "pointwise"}
    return Message({}, {names.get(name, name): value for name, value in found.items()})


def _probe(network: Network) -> keras.Model:
    """Make a network that gives the outputs of all layers, by name."""
    outputs = {}
    for layer in shown_layers(network.model):
        outputs[layer.name] = layer.output
        if bends(layer):
            outputs[layer.name + BEFORE] = straight(layer)(layer.input)
    return keras.Model(network.model.inputs, outputs)


def bends(layer: keras.Layer) -> bool:
    """Say whether a layer has weights and an activation in one."""
    known = getattr(layer, "activation", keras.activations.linear)
    weighs = bool(layer.trainable_weights)
    return weighs and known is not keras.activations.linear


def straight(layer: keras.Layer) -> keras.Layer:
    """Return the same layer with the same weights, without its activation."""
    config = layer.get_config() | {"activation": None, "name": f"{layer.name}_straight"}
    found: keras.Layer = type(layer).from_config(config)
    found.build(layer.input.shape)
    found.set_weights(layer.get_weights())
    return found
