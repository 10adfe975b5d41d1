"""What the last layer of a network reads from every image, as vectors of length 1."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from sklearn.random_projection import SparseRandomProjection

from fmnist_core.analysis.features import (
    MAX_SIZE,
    PROJECTED_SIZE,
    VECTORS_NAME,
    write_description,
)
from fmnist_core.data.files import load
from fmnist_core.exceptions import DerivedError
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.model.memory import EVALUATION_BATCH
from fmnist_core.runs.run import Run
from fmnist_core.specs.model import ModelSpec

SEED = 7  # of the projection: always the same one


def compute(run: Run, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write the features of all 70,000 images into a folder, as `load_features` reads them.

    Args:
        run: One that has weights.
        folder: Empty.
        on_progress: Told how many of the images are done, and of how many.

    Raises:
        StoreError: The run's weights are missing, damaged or foreign.
        DataError: The data set is not there.
        DerivedError: The network has no layer that reads features.
    """
    data = load()
    network = saved_model(run, data)
    reader = reading_layer(run.experiment.model)
    outputs = keras.Model(network.input, network.get_layer(reader).input)
    size = int(np.prod(outputs.output_shape[1:]))
    project = projection(size)
    width = PROJECTED_SIZE if project else size
    vectors = np.lib.format.open_memmap(
        folder / VECTORS_NAME, mode="w+", dtype=np.float16, shape=(len(data.images), width)
    )
    read = tf.function(lambda images: outputs(_pixels(images), training=False))
    for start in range(0, len(vectors), EVALUATION_BATCH):
        on_progress(start, len(vectors))
        block = slice(start, start + EVALUATION_BATCH)
        found = read(tf.constant(data.images[block])).numpy().reshape(-1, size)
        vectors[block] = unit_rows(project.transform(found) if project else found)
    vectors.flush()
    write_description(folder, layer=reader, size=size, projected=project is not None)


def reading_layer(spec: ModelSpec) -> str:
    """Name the layer whose input counts as features: the last one with a kernel, mostly a Dense.

    Raises:
        DerivedError: No layer has one.
    """
    with_kernel = [each.name for each in spec.layers if "kernel_initializer" in each.settings]
    if not with_kernel:
        raise DerivedError("No layer of this network has weights, so it has learned no features.")
    return with_kernel[-1]


def projection(size: int) -> SparseRandomProjection | None:
    """Return what makes vectors shorter that would take too much room; None for short ones.

    Distances stay the same to some 5 % (Johnson and Lindenstrauss), so neighbours are approximate.
    """
    if size <= MAX_SIZE:
        return None
    found = SparseRandomProjection(PROJECTED_SIZE, random_state=SEED, dense_output=True)
    return found.fit(np.zeros((1, size), np.float32))


def unit_rows(found: np.ndarray) -> np.ndarray:
    """Bring rows to length 1; a row of zeros, or with a number that is not finite, becomes 0.

    Args:
        found: float (N, D).

    Returns:
        float16 (N, D).
    """
    largest = np.abs(found).max(axis=1, keepdims=True)
    sound = np.isfinite(largest) & (largest > 0)
    scaled = np.where(sound, found, 0) / np.where(sound, largest, 1)  # no square overflows
    length = np.linalg.norm(scaled, axis=1, keepdims=True)
    return (scaled / np.where(sound, length, 1)).astype(np.float16)


def _pixels(images: tf.Tensor) -> tf.Tensor:
    """Bring uint8 (N, 28, 28) to what networks take: float32 (N, 28, 28, 1) in [0, 1]."""
    return tf.cast(images, tf.float32)[..., tf.newaxis] / 255
