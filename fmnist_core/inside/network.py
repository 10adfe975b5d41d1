"""A trained network as tasks get it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np
import tensorflow as tf

from fmnist_core.data.files import FashionMnist
from fmnist_core.data.normalisation import pixel_statistics
from fmnist_core.data.splits import split_indices
from fmnist_core.model.build import NORMALISATION, build_model
from fmnist_core.model.check import check
from fmnist_core.runs.run import Run

RANDOM_SEED = 7


@dataclass(frozen=True, eq=False)
class Network:
    """A run's network with its best weights.

    Attributes:
        run: The run.
        model: float32 (N, 28, 28, 1) in [0, 1] → (N, 10); its layers bear the names of the run's
            experiment.
        data: All images and labels.
    """

    run: Run
    model: keras.Model
    data: FashionMnist

    @cached_property
    def from_logits(self) -> bool:
        """Whether the model gives logits; else probabilities."""
        return check(self.run.experiment.model).from_logits

    @cached_property
    def random_model(self) -> keras.Model:
        """The same network with weights as they are drawn before a training, always the same."""
        keras.utils.set_random_seed(RANDOM_SEED)
        statistics = pixel_statistics(
            self.data.images,
            split_indices(self.data.labels, self.run.experiment.data).train,
            self.run.experiment.data,
        )
        return build_model(self.run.experiment.model, statistics)

    def logits(self, x: tf.Tensor, model: keras.Model | None = None) -> tf.Tensor:
        """Return what softmax turns into probabilities, float32 (N, 10).

        Of a network that ends in a softmax it is the logarithm of what that gives, which differs
        from the numbers before it by one constant an image.

        Args:
            x: As the model takes it.
            model: `random_model`, or None for the trained one.
        """
        found = (model or self.model)(x, training=False)
        return found if self.from_logits else tf.math.log(tf.maximum(found, 1e-30))


def to_input(images: np.ndarray) -> tf.Tensor:
    """Bring uint8 (N, 28, 28) to what a model takes: float32 (N, 28, 28, 1) in [0, 1]."""
    return tf.constant(images, tf.float32)[..., tf.newaxis] / 255


def shown_layers(model: keras.Model) -> list[keras.Layer]:
    """Return the layers that the experiment names: all but the input and the normalisation."""
    layers = [layer for layer in model.layers if layer.name != NORMALISATION]
    return [layer for layer in layers if not isinstance(layer, keras.layers.InputLayer)]
