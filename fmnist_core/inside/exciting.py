"""Which images excite each filter of a network most, and where: its strongest answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from fmnist_core.analysis.exciting import NUM_IMAGES, TOP, Exciting, convolutions, write_exciting
from fmnist_core.data.files import load
from fmnist_core.exceptions import DerivedError
from fmnist_core.inside.network import to_input
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.model.shapes import LayerShape
from fmnist_core.runs.run import Run

BATCH = 100  # images a call: all maps of a VGG of that many are in memory for a moment


def compute(run: Run, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write what excites the filters of all convolutions into a folder.

    Args:
        run: One that has weights.
        folder: Empty.
        on_progress: Told how many of the images are done, and of how many.

    Raises:
        StoreError: The run's weights are missing, damaged or foreign.
        DataError: The data set is not there.
        DerivedError: The network has no convolution, or weights that are no numbers.
    """
    shapes = convolutions(run.experiment.model)
    if not shapes:
        raise DerivedError("This network has no convolution, so it has no filters.")
    data = load()
    network = saved_model(run, data)
    if not all(np.isfinite(weights).all() for weights in network.get_weights()):
        raise DerivedError("Its weights hold values that are no numbers: the training diverged.")
    outputs = {each.name: network.get_layer(each.name).output for each in shapes}
    probe = keras.Model(network.input, outputs)
    read = tf.function(lambda x: tf.nest.map_structure(_largest, probe(x, training=False)))
    kept = [_Strongest(shape) for shape in shapes]
    for start in range(0, NUM_IMAGES, BATCH):
        on_progress(start, NUM_IMAGES)
        block = np.arange(start, min(start + BATCH, NUM_IMAGES))
        answers = read(to_input(data.images[block]))
        for shape, each in zip(shapes, kept, strict=True):
            value, place = answers[shape.name]
            each.add(value.numpy(), place.numpy(), block, data.labels[block])
    write_exciting(
        folder, {shape.name: each.result() for shape, each in zip(shapes, kept, strict=True)}
    )


def _largest(maps: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the largest value of each map, (N, F), and its place, row after row, likewise."""
    shape = tf.shape(maps)
    flat = tf.reshape(maps, (shape[0], -1, shape[3]))
    return tf.reduce_max(flat, axis=1), tf.argmax(flat, axis=1)


class _Strongest:
    """The strongest answers of a layer's filters so far, and what each class brings about."""

    def __init__(self, shape: LayerShape) -> None:
        _, self._width, filters = shape.output
        self._value = np.empty((0, filters), np.float32)
        self._place, self._image = (np.empty((0, filters), np.int64) for _ in range(2))
        self._active = np.zeros(filters, np.int32)
        self._sums, self._counts = np.zeros((NUM_CLASSES, filters)), np.zeros(NUM_CLASSES)

    def add(
        self, value: np.ndarray, place: np.ndarray, image: np.ndarray, label: np.ndarray
    ) -> None:
        """Take the largest value of each of N images, float32 (N, F), and where it is, int64."""
        self._active += (value > 0).sum(axis=0, dtype=np.int32)
        np.add.at(self._sums, label, value)
        self._counts += np.bincount(label, minlength=NUM_CLASSES)
        images = np.broadcast_to(image[:, np.newaxis], value.shape)
        value, place, images = (
            np.concatenate(pair)
            for pair in ((self._value, value), (self._place, place), (self._image, images))
        )
        best = np.argsort(-value, axis=0, kind="stable")[:TOP]  # of equal ones the first images
        self._value, self._place, self._image = (
            np.take_along_axis(each, best, axis=0) for each in (value, place, images)
        )

    def result(self) -> Exciting:
        """Return what was kept."""
        row, column = np.divmod(self._place.T, self._width)
        mean = self._sums.T / np.maximum(self._counts, 1)
        return Exciting(
            image=self._image.T.astype(np.int32),
            row=row.astype(np.uint8),
            column=column.astype(np.uint8),
            value=np.ascontiguousarray(self._value.T),
            active=self._active,
            class_mean=mean.astype(np.float32),
        )
