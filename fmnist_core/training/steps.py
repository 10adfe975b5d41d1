"""The compiled part of training: several batches a call, the whole data set in memory.

One call trains a block of batches inside one TensorFlow function, so that Python is not asked
between two batches; batches are gathered from the uint8 images and scaled to [0, 1] there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf

from fmnist_core.labels import NUM_CLASSES
from fmnist_core.model.memory import EVALUATION_BATCH
from fmnist_core.specs import AugmentSpec, TrainSpec
from fmnist_core.training.augmentation import augment_batch


class TrainingSteps:
    """A model, its optimizer and the images, ready to train and to evaluate."""

    def __init__(
        self,
        model: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        spec: TrainSpec,
        images: np.ndarray,
        labels: np.ndarray,
        *,
        from_logits: bool,
        augment: AugmentSpec,
    ) -> None:
        """Put everything in place; nothing is compiled before the first call.

        Args:
            model: (N, 28, 28, 1) in [0, 1] → (N, 10) logits or probabilities.
            optimizer: Its state is built here.
            spec: For label smoothing, class weights and the seed.
            images: uint8 (N, 28, 28).
            labels: uint8 (N,).
            from_logits: The model ends in logits.
            augment: What is done to each training batch.
        """
        self.model = model
        self.optimizer = optimizer
        self.from_logits = from_logits
        self._loss = keras.losses.CategoricalCrossentropy(
            from_logits=from_logits, label_smoothing=spec.label_smoothing
        )
        self._seed, self._augment = spec.seed, augment
        self._weights = tf.constant(spec.class_weights, tf.float32) if spec.class_weights else None
        self._images = tf.constant(images)
        self._labels = tf.constant(labels)
        optimizer.build(model.trainable_variables)

    @property
    def variables(self) -> list[keras.Variable]:
        """All that a step changes: weights, seeds of random layers, optimizer; always in order."""
        return [*self.model.variables, *self.optimizer.variables]

    def train(
        self, batches: np.ndarray, learning_rates: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Train on a block of batches.

        Args:
            batches: Image indices, int32 (K, B).
            learning_rates: float32 (K,).

        Returns:
            Loss of each batch before its step, with penalties, float32 (K,); and the number of
            its images that were classified right, int32 (K,).
        """
        losses, correct = self._train(tf.constant(batches), tf.constant(learning_rates))
        return losses.numpy(), correct.numpy()

    @contextmanager
    def averaged_weights(self) -> Iterator[None]:
        """Put the running average of the weights into the model for a while, where there is one.

        Only trained weights are averaged; batch normalisation's statistics are averages already.
        """
        averages = getattr(self.optimizer, "_model_variables_moving_average", [])
        pairs = list(zip(self.model.trainable_variables, averages, strict=bool(averages)))
        kept = [weight.numpy() for weight, _ in pairs]
        for weight, average in pairs:
            weight.assign(average)
        try:
            yield
        finally:
            for (weight, _), value in zip(pairs, kept, strict=True):
                weight.assign(value)

    def evaluate(self, index: np.ndarray, *, flip: bool = False) -> tuple[np.ndarray, float]:
        """Classify images.

        Args:
            index: Image indices, int32 (N,).
            flip: Classify the mirror images too and return the mean probabilities of both; the
                loss stays that of the images as they are.

        Returns:
            Class probabilities, float32 (N, 10), rows summing to 1; and the mean loss with
            penalties and label smoothing, without class weights, as Keras's `evaluate` has it.
        """
        y_proba, total = [], 0.0
        for start in range(0, len(index), EVALUATION_BATCH):
            batch = tf.constant(index[start : start + EVALUATION_BATCH])
            proba, loss = self._evaluate(batch, tf.constant(False))
            if flip:
                mirrored, _ = self._evaluate(batch, tf.constant(True))
                proba = (proba + mirrored) / 2
            y_proba.append(proba.numpy())
            total += float(loss) * len(batch)
        return np.concatenate(y_proba), total / len(index)

    @tf.function(
        input_signature=[
            tf.TensorSpec((None, None), tf.int32),
            tf.TensorSpec((None,), tf.float32),
        ]
    )
    def _train(self, batches: tf.Tensor, learning_rates: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        count = tf.shape(batches)[0]
        losses = tf.TensorArray(tf.float32, count)
        correct = tf.TensorArray(tf.int32, count)
        for k in tf.range(count):
            self.optimizer.learning_rate.assign(learning_rates[k])
            loss, right = self._train_batch(batches[k])
            losses = losses.write(k, loss)
            correct = correct.write(k, right)
        return losses.stack(), correct.stack()

    def _train_batch(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        x, y = self._gather(index)
        if self._augment.active:
            # The optimizer counts the steps, and is part of every checkpoint.
            step = self.optimizer.iterations
            x, y = augment_batch(x, y, self._augment, seed=self._seed, step=step)
        weights = None if self._weights is None else tf.linalg.matvec(y, self._weights)
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            y_pred = self.model(x, training=True)
            loss = self._objective(y, y_pred, weights)
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        right = tf.argmax(y_pred, axis=1) == tf.argmax(y, axis=1)
        return loss, tf.math.count_nonzero(right, dtype=tf.int32)

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.int32), tf.TensorSpec((), tf.bool)])
    def _evaluate(self, index: tf.Tensor, mirrored: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        x, y = self._gather(index)
        x = tf.cond(mirrored, lambda: tf.reverse(x, [2]), lambda: x)
        y_pred = self.model(x, training=False)
        y_proba = tf.nn.softmax(y_pred) if self.from_logits else y_pred
        return y_proba, self._objective(y, y_pred, None)

    def _gather(self, index: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return pixels, float32 (B, 28, 28, 1) in [0, 1], and labels, float32 (B, 10), 0 or 1."""
        pixels = tf.cast(tf.gather(self._images, index), tf.float32) / 255.0
        labels = tf.cast(tf.gather(self._labels, index), tf.int32)
        return pixels[..., tf.newaxis], tf.one_hot(labels, NUM_CLASSES)

    def _objective(
        self, y_true: tf.Tensor, y_pred: tf.Tensor, weights: tf.Tensor | None
    ) -> tf.Tensor:
        """Return what training minimises: mean cross-entropy and the penalties of the layers."""
        loss = self._loss(y_true, y_pred, sample_weight=weights)
        penalties = self.model.losses
        return loss + tf.add_n(penalties) if penalties else loss
