"""What arrives at one layer and what it makes of it, with its weights: for its arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np

from fmnist_core.inference.messages import Message
from fmnist_core.inside.arithmetic import work_out
from fmnist_core.inside.maps import bends, straight
from fmnist_core.inside.network import Network, to_input
from fmnist_core.specs.model import LayerSpec

# The step after the last layer of a network that ends in logits; no layer can be called so.
PROBABILITIES = "Probabilities"


def arithmetic(
    network: Network, arrays: Mapping[str, np.ndarray], *, layer: str, channel: int
) -> Message:
    """Describe how one channel of a layer is worked out on an image.

    Args:
        network: Which looks at it.
        arrays: "images", uint8 (1, 28, 28).
        layer: Its name, or `PROBABILITIES`.
        channel: Of its output.

    Returns:
        As `work_out` says.
    """
    x = to_input(arrays["images"])
    if layer == PROBABILITIES:
        logits = np.asarray(network.logits(x))[0]
        softmax = LayerSpec(type="Activation", name="softmax", settings={"activation": "softmax"})
        return work_out(softmax, {}, [logits], logits, _softmax(logits), channel)
    known = network.model.get_layer(layer)
    spec = next(each for each in network.run.experiment.model.layers if each.name == layer)
    return worked_out(known, spec, keras.Model(network.model.inputs, steps_of(known)), x, channel)


def steps_of(layer: keras.Layer) -> dict[str, keras.KerasTensor]:
    """Return what arrives, as "input_0" and so on, "before" the activation, and the "output"."""
    arriving = layer.input if isinstance(layer.input, list) else [layer.input]
    before = straight(layer)(layer.input) if bends(layer) else layer.output
    if layer.__class__.__name__ in ("Activation", "LeakyReLU"):
        before = layer.input
    steps = {f"input_{number}": each for number, each in enumerate(arriving)}
    return steps | {"before": before, "output": layer.output}


def worked_out(
    layer: keras.Layer, spec: LayerSpec, probe: keras.Model, x: object, channel: int
) -> Message:
    """Describe a channel of a layer, with what a network that gives its `steps_of` makes of x."""
    found = {name: np.asarray(each)[0] for name, each in probe(x, training=False).items()}
    inputs = [found[name] for name in sorted(found) if name.startswith("input_")]
    weights = {each.name: np.asarray(each) for each in layer.weights}
    return work_out(spec, weights, inputs, found["before"], found["output"], channel)


def _softmax(logits: np.ndarray) -> np.ndarray:
    return np.asarray(keras.ops.softmax(logits))
