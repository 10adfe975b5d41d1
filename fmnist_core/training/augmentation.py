"""Augmentation in TensorFlow: of batches inside the compiled step, and of whole copies before it.

Every draw depends on the run's seed and the step alone (and on the size of the batch), so a resumed
run and another number of steps a call see the same images to the bit.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf
import tensorflow.experimental.numpy as tnp

from fmnist_core.data.augmentation import COLUMNS, SIDE, Draws, augment
from fmnist_core.data.splits import Split
from fmnist_core.labels import IMAGE_SHAPE, NUM_CLASSES
from fmnist_core.specs import AugmentSpec

_STREAMS = ("uniform", "normal", "mixup", "cutmix")  # each with draws of its own
_COPY_BATCH = 1000


def augment_batch(
    x: tf.Tensor, y: tf.Tensor, spec: AugmentSpec, *, seed: int, step: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Change a batch; see `fmnist_core.data.augmentation.augment`.

    Args:
        x: Pixels, float32 (B, 28, 28, 1) in [0, 1].
        y: Labels, float32 (B, 10), rows summing to 1.
        spec: What to do.
        seed: Below 2**31.
        step: Steps done before this batch, a whole number of any type.
    """
    x, y = augment(tnp, sample_bilinear, x, y, spec, draw(tf.shape(x)[0], spec, seed, step))
    # clip and the like forget the number of channels, which makes the next convolution twice as
    # slow.
    return tf.ensure_shape(x, (None, *IMAGE_SHAPE)), y


def draw(count: tf.Tensor, spec: AugmentSpec, seed: int, step: tf.Tensor) -> Draws:
    """Draw what a batch of `count` images needs."""
    keys = {
        name: tf.stack([tf.constant(seed + (number << 32), tf.int64), tf.cast(step, tf.int64)])
        for number, name in enumerate(_STREAMS)
    }
    uniform = tf.random.stateless_uniform((count, len(COLUMNS)), keys["uniform"])
    normal = None
    if spec.noise:
        normal = tf.random.stateless_normal((count, *IMAGE_SHAPE), keys["normal"])
    mixup = _beta(count, spec.mixup, keys["mixup"]) if spec.mixup else None
    cutmix = _beta(count, spec.cutmix, keys["cutmix"]) if spec.cutmix else None
    return Draws(uniform, normal, mixup, cutmix)


def _beta(count: tf.Tensor, alpha: float, key: tf.Tensor) -> tf.Tensor:
    """Draw from Beta(alpha, alpha), float32 (count,).

    A Gamma(a) draw is a Gamma(a + 1) draw times U^(1 / a). With logarithms the share of two such
    draws holds for the smallest alpha too, where both of them would be 0.
    """
    gammas = tf.random.stateless_gamma((2, count), key, alpha=alpha + 1)
    tiny = np.finfo(np.float32).tiny
    seed, step = tf.unstack(key)
    other_key = tf.stack([seed, step + (1 << 40)])  # no step of any training
    uniforms = tf.random.stateless_uniform((2, count), other_key, minval=tiny)
    one, other = tf.unstack(tf.math.log(gammas) + tf.math.log(uniforms) / alpha)
    return tf.sigmoid(one - other)


def sample_bilinear(x: tf.Tensor, maps: tf.Tensor) -> tf.Tensor:
    """Take each pixel from where its map says, between four pixels; 0 outside the image."""
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=x,
        transforms=maps,
        output_shape=[SIDE, SIDE],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )


def add_copies(
    images: np.ndarray, labels: np.ndarray, split: Split, spec: AugmentSpec, seed: int
) -> tuple[np.ndarray, np.ndarray, Split]:
    """Append the changed copies of the training images that the spec asks for.

    Args:
        images: All images, uint8 (N, 28, 28).
        labels: uint8 (N,).
        split: Which of them train.
        spec: With `augmentation` "own-copies"; else everything comes back as it is.
        seed: The run's; the same seed makes the same copies.

    Returns:
        Images and labels, the old ones first, and a split whose training part is made of all
        copies; validation and test are what they were.
    """
    if spec.copies == (AugmentSpec(),):
        return images, labels, split
    all_images, all_labels, train = [images], [labels], []
    for number, each in enumerate(spec.copies):
        if not each.active:
            train.append(split.train)
            continue
        train.append(np.arange(len(split.train)) + sum(map(len, all_images)))
        all_images.append(_changed(images[split.train], each, seed, number))
        all_labels.append(labels[split.train])
    parts = Split(np.concatenate(train), split.validation, split.test)
    return np.concatenate(all_images), np.concatenate(all_labels), parts


def _changed(images: np.ndarray, spec: AugmentSpec, seed: int, copy: int) -> np.ndarray:
    """Change every image once, uint8 (M, 28, 28)."""
    changed = np.empty_like(images)
    for start in range(0, len(images), _COPY_BATCH):
        x = images[start : start + _COPY_BATCH, ..., np.newaxis] / np.float32(255)
        step = tf.constant(-1 - copy * len(images) - start, tf.int64)  # no step of training
        x, _ = augment_batch(
            tf.constant(x), tf.zeros((len(x), NUM_CLASSES)), spec, seed=seed, step=step
        )
        changed[start : start + len(x)] = np.rint(x[..., 0] * 255)
    return changed
