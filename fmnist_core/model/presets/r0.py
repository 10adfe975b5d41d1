"""Report R0: LeNet with plain gradient descent, tuned by watching the curves."""

from __future__ import annotations

from fmnist_core.model.presets.base import (
    Preset,
    conv,
    dense,
    experiment,
    flatten,
    logits,
    max_pool,
)
from fmnist_core.specs import DataSpec, TrainSpec

_NOTES = (
    "From a report with TensorFlow 1.15: LeNet, plain gradient descent at 0.01, counted in steps; "
    "50,000 were planned and 30,000 used. It does not state the sizes: 32 and 64 filters of 5×5 "
    "with same padding and Dense 1,024 are chosen here, as the TensorFlow tutorials of that time "
    "had them, without their dropout, of which it says nothing; nor the batch size: 100, likewise. "
    "Nor does it say which 5,000 of the training images validated: here the last. It reports "
    "98.81 % on the test set, which no published network reaches on Fashion-MNIST; the loader it "
    "used reads MNIST's digits unless told otherwise, so its figures may be those of digits."
)

PRESETS = (
    Preset(
        group="R0 · LeNet",
        summary="LeNet with 3.3 million parameters, 30,000 steps of plain gradient descent.",
        experiment=experiment(
            "r0-lenet",
            *(conv(32, 5, padding="same"), max_pool()),
            *(conv(64, 5, padding="same"), max_pool()),
            *(flatten(), dense(1024), logits()),
            data=DataSpec(split="last", validation=5_000),
            train=TrainSpec(steps=30_000, batch_size=100, optimizer="sgd", learning_rate=0.01),
        ),
        notes=_NOTES,
    ),
)
