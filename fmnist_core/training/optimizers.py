"""The Keras optimizer that a spec asks for."""

from __future__ import annotations

import keras

from fmnist_core.specs import TrainSpec


def build_optimizer(spec: TrainSpec) -> keras.optimizers.Optimizer:
    """Return a new optimizer; settings that its kind does not know are left out."""
    kinds: dict[str, tuple[type[keras.optimizers.Optimizer], dict[str, object]]] = {
        "sgd": (keras.optimizers.SGD, {"momentum": spec.momentum, "nesterov": spec.nesterov}),
        "rmsprop": (keras.optimizers.RMSprop, {"momentum": spec.momentum}),
        "adamw": (keras.optimizers.AdamW, {"weight_decay": spec.weight_decay}),
        "adam": (keras.optimizers.Adam, {}),
        "adagrad": (keras.optimizers.Adagrad, {}),
        "adadelta": (keras.optimizers.Adadelta, {}),
        "adamax": (keras.optimizers.Adamax, {}),
        "nadam": (keras.optimizers.Nadam, {}),
    }
    kind, options = kinds[spec.optimizer]
    if spec.ema_momentum:
        options |= {"use_ema": True, "ema_momentum": spec.ema_momentum}
    return kind(spec.learning_rate, **options)
