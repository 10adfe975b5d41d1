"""Whether a network is in good health: its weights, activations and gradients, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fmnist_core.data.splits import split_indices
from fmnist_core.inference.messages import Message
from fmnist_core.inside.network import Network, shown_layers, to_input

BATCH = 64
GRADIENT_BATCH = 128
BINS = 40
SAMPLE = 20_000  # activations of a layer that its histogram is made of


def health(network: Network, arrays: Mapping[str, np.ndarray], *, images: int = 512) -> Message:
    """Measure each layer on the first validation images.

    Args:
        network: Which is measured.
        arrays: None.
        images: How many validation images, at least 1.

    Returns:
        "layers", one dict a layer: name, mean and std of its outputs; `zeros`, their share that is
        exactly 0; `units`, its channels, and `silent`, the numbers of those that are 0 for every
        image;
        `weight_std` and `gradient`, the root mean squares of its kernel and of the loss's gradient
        by it on 128 training images, None for a layer without one. "images", how many were there.
        Arrays "<name>/outputs" and "<name>/weights": counts, int64 (40,), and "<name>/…-edges",
        float32 (41,).
    """
    split = split_indices(network.data.labels, network.run.experiment.data)
    index = split.validation[:images]
    layers = shown_layers(network.model)
    measured = [_Outputs() for _ in layers]
    for outputs in _outputs(network, layers, index):
        for each, output in zip(measured, outputs, strict=True):
            each.add(output)
    gradients = _gradients(network, split.train[:GRADIENT_BATCH])
    found: list[dict[str, Any]] = []
    histograms: dict[str, np.ndarray] = {}
    for layer, each in zip(layers, measured, strict=True):
        kernel = _kernel(layer)
        weights = None if kernel is None else np.asarray(kernel)
        found.append(
            {
                "name": layer.name,
                **each.figures(),
                "weight_std": None if weights is None else _rms(weights),
                "gradient": gradients.get(layer.name),
            }
        )
        histograms |= _histogram(f"{layer.name}/outputs", each.sample)
        if weights is not None:
            histograms |= _histogram(f"{layer.name}/weights", weights)
    return Message({"layers": found, "images": len(index)}, histograms)


class _Outputs:
    """Sums over the outputs of a layer, batch by batch."""

    def __init__(self) -> None:
        self._count = self._zeros = 0
        self._sum = self._squares = 0.0
        self._fired: np.ndarray | None = None
        self._samples: list[np.ndarray] = []

    def add(self, output: np.ndarray) -> None:
        """Take the outputs of a batch, float (N, …, units)."""
        self._count += output.size
        self._zeros += int(np.sum(output == 0))
        self._sum += float(output.sum(dtype=np.float64))
        self._squares += float(np.square(output, dtype=np.float64).sum())
        fired = np.any(output != 0, axis=tuple(range(output.ndim - 1)))
        self._fired = fired if self._fired is None else self._fired | fired
        if not self._samples:
            step = max(1, output.size // SAMPLE)
            self._samples.append(output.ravel()[::step])

    @property
    def sample(self) -> np.ndarray:
        """Some of the outputs, of the first batch."""
        return self._samples[0]

    def figures(self) -> dict[str, Any]:
        """Return what `health` says of them."""
        assert self._fired is not None
        mean = self._sum / self._count
        variance = max(0.0, self._squares / self._count - mean**2)
        return {
            "mean": mean,
            "std": variance**0.5,
            "zeros": self._zeros / self._count,
            "units": len(self._fired),
            "silent": np.flatnonzero(~self._fired).tolist(),
        }


def _outputs(
    network: Network, layers: list[keras.Layer], index: np.ndarray
) -> Iterator[list[np.ndarray]]:
    """Yield the outputs of all layers, a list a batch."""
    probe = keras.Model(network.model.inputs, [layer.output for layer in layers])
    for start in range(0, len(index), BATCH):
        x = to_input(network.data.images[index[start : start + BATCH]])
        yield [np.asarray(output) for output in probe(x, training=False)]


def _gradients(network: Network, index: np.ndarray) -> dict[str, float]:
    """Return the root mean square of the loss's gradient by each layer's kernel."""
    kernels = {
        layer.name: kernel
        for layer in network.model.layers
        if (kernel := _kernel(layer)) is not None
    }
    y_true = tf.constant(network.data.labels[index], tf.int32)
    with tf.GradientTape() as tape:
        logits = network.logits(to_input(network.data.images[index]))
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y_true, logits)
        loss = tf.reduce_mean(losses)
    found = tape.gradient(loss, [kernel.value for kernel in kernels.values()])
    return {
        name: _rms(np.asarray(gradient))
        for name, gradient in zip(kernels, found, strict=True)
        if gradient is not None
    }


def _kernel(layer: keras.Layer) -> keras.Variable | None:
    """Return the weights that a layer multiplies with; of several the first."""
    trained = [each for each in layer.trainable_weights if "kernel" in each.name]
    return trained[0] if trained else None


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


def _histogram(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
    finite = values[np.isfinite(values)]
    counts, edges = np.histogram(finite, BINS)
    return {name: counts.astype(np.int64), f"{name}-edges": edges.astype(np.float32)}
