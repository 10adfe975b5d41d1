"""What the last layer of a network reads from every image, as vectors of length 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from fmnist_core.data.files import FashionMnist, load
from fmnist_core.exceptions import DerivedError
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.labels import IMAGE_SHAPE
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
    reader = open_reader(run, data)
    vectors = np.lib.format.open_memmap(
        folder / VECTORS_NAME, mode="w+", dtype=np.float16, shape=(len(data.images), reader.width)
    )
    reader.fill(vectors, data.images, on_progress)
    vectors.flush()
    write_description(folder, layer=reader.layer, size=reader.size, projected=reader.projected)


@dataclass(frozen=True, kw_only=True, eq=False)
class FeatureReader:
    """Makes features of images.

    Attributes:
        layer: The layer that reads them.
        size: How many numbers it reads of an image.
        width: How many are kept.
        read: uint8 (N, 28, 28) → float16 (N, width), rows of length 1, or all 0.
    """

    layer: str
    size: int
    width: int
    read: Callable[[np.ndarray], np.ndarray]

    @property
    def projected(self) -> bool:
        """Fewer are kept than are read."""
        return self.width < self.size

    def fill(
        self, vectors: np.ndarray, images: np.ndarray, on_progress: Callable[[int, int], None]
    ) -> None:
        """Write the features of images, uint8 (N, 28, 28), into float16 (N, width)."""
        for start in range(0, len(vectors), EVALUATION_BATCH):
            on_progress(start, len(vectors))
            block = slice(start, start + EVALUATION_BATCH)
            vectors[block] = self.read(images[block])


def open_reader(run: Run, data: FashionMnist) -> FeatureReader:
    """Load a run's network, and return what makes features with it.

    Raises:
        StoreError: The run's weights are missing, damaged or foreign.
        DerivedError: The network has no layer that reads features.
    """
    return reader_of(run.experiment.model, saved_model(run, data))


def reader_of(spec: ModelSpec, network: keras.Model) -> FeatureReader:
    """Return what makes features with a network.

    Args:
        spec: What the network is.
        network: With its weights.

    Raises:
        DerivedError: The network has no layer that reads features.
    """
    layer = reading_layer(spec)
    outputs = keras.Model(network.input, network.get_layer(layer).input)
    size = int(np.prod(outputs.output_shape[1:]))
    project = projection(size)

    @tf.function(input_signature=[tf.TensorSpec((None, *IMAGE_SHAPE[:2]), tf.uint8)])
    def forward(images: tf.Tensor) -> tf.Tensor:
        return outputs(_pixels(images), training=False)

    def read(images: np.ndarray) -> np.ndarray:
        found = forward(tf.constant(images)).numpy().reshape(-1, size)
        return unit_rows(project.transform(found) if project else found)

    width = PROJECTED_SIZE if project else size
    return FeatureReader(layer=layer, size=size, width=width, read=read)


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
