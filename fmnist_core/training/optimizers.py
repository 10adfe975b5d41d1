"""The Keras optimizer that a spec asks for."""

from __future__ import annotations

import keras

from fmnist_core.specs import TrainSpec


def build_optimizer(spec: TrainSpec) -> keras.optimizers.Optimizer:
    """Return a new optimizer; settings that its kind does not know are left out."""
    rate = spec.learning_rate
    if spec.optimizer == "sgd":
        return keras.optimizers.SGD(rate, momentum=spec.momentum, nesterov=spec.nesterov)
    if spec.optimizer == "rmsprop":
        return keras.optimizers.RMSprop(rate, momentum=spec.momentum)
    if spec.optimizer == "adamw":
        return keras.optimizers.AdamW(rate, weight_decay=spec.weight_decay)
    kinds = {
        "adam": keras.optimizers.Adam,
        "adagrad": keras.optimizers.Adagrad,
        "adadelta": keras.optimizers.Adadelta,
        "adamax": keras.optimizers.Adamax,
        "nadam": keras.optimizers.Nadam,
    }
    return kinds[spec.optimizer](rate)
