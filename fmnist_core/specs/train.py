"""How a network is trained: every choice except the network and the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fmnist_core.labels import NUM_CLASSES
from fmnist_core.settings import Choice, Number, Switch, Weights, setting_field
from fmnist_core.specs.base import Spec

OPTIMIZERS = ("adam", "adamw", "sgd", "rmsprop", "adagrad", "adadelta", "adamax", "nadam")
# What Keras 3 takes where nothing but the optimizer's word is given.
KERAS_RATES: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(OPTIMIZERS, 0.001) | {"sgd": 0.01}
)
PRECISIONS = ("float32", "mixed_bfloat16")
SCHEDULES = ("constant", "step", "cosine", "one_cycle")


@dataclass(frozen=True, kw_only=True)
class TrainSpec(Spec):
    """How one run is trained. Each field's range and meaning stand in its setting.

    The length is `steps` batches where it is given, else `epochs` passes over the training images.
    """

    epochs: int = setting_field(
        Number(
            label="Epochs",
            help="Passes over the training images.",
            default=10,
            minimum=1,
            maximum=1000,
            integer=True,
            main=True,
        )
    )
    steps: int | None = setting_field(
        Number(
            label="Steps",
            help="Length in batches instead of epochs, as older papers count it.",
            default=None,
            minimum=1,
            maximum=10_000_000,
            integer=True,
            optional=True,
            none_label="use epochs",
        )
    )
    batch_size: int = setting_field(
        Number(
            label="Batch size",
            help="Images a step. Larger is faster an epoch; smaller often ends a little better.",
            default=128,
            minimum=1,
            maximum=70_000,
            integer=True,
            main=True,
        )
    )
    optimizer: str = setting_field(
        Choice(
            label="Optimizer",
            help="How gradients become steps; adam rarely disappoints, sgd wants a larger rate.",
            default="adam",
            choices=OPTIMIZERS,
            main=True,
        )
    )
    learning_rate: float = setting_field(
        Number(
            label="Learning rate",
            help="Size of a step. Too large: the loss jumps or explodes; too small: it creeps.",
            default=0.001,
            minimum=0,
            above=True,
            maximum=10,
            main=True,
        )
    )
    schedule: str = setting_field(
        Choice(
            label="Schedule",
            help=(
                "constant; step: times the drop factor every few epochs; cosine: down to 0; "
                "one_cycle: up for the first 30 %, then down to 0."
            ),
            default="constant",
            choices=SCHEDULES,
            main=True,
        )
    )
    drop_factor: float = setting_field(
        Number(
            label="Drop factor",
            help="What the step schedule, and the reduction on a plateau, multiply the rate by.",
            default=0.5,
            minimum=0,
            above=True,
            maximum=0.99,
            step=0.05,
        )
    )
    drop_every: int = setting_field(
        Number(
            label="Drop every",
            help="Epochs between two drops of the step schedule.",
            default=5,
            minimum=1,
            maximum=1000,
            integer=True,
        )
    )
    early_stopping: int = setting_field(
        Number(
            label="Early stopping",
            help="Stop after so many epochs without a lower validation loss; 0 never stops early.",
            default=0,
            minimum=0,
            maximum=1000,
            integer=True,
            main=True,
        )
    )
    reduce_lr: int = setting_field(
        Number(
            label="Reduce on plateau",
            help="Drop the rate after so many epochs without a lower validation loss; 0 never.",
            default=0,
            minimum=0,
            maximum=1000,
            integer=True,
        )
    )
    momentum: float = setting_field(
        Number(
            label="Momentum",
            help="Only sgd and rmsprop: how much of the last step is kept; 0.9 is usual for sgd.",
            default=0.0,
            minimum=0,
            maximum=0.999,
            step=0.1,
        )
    )
    nesterov: bool = setting_field(
        Switch(
            label="Nesterov",
            help="Only sgd with momentum: look ahead before stepping.",
            default=False,
        )
    )
    weight_decay: float = setting_field(
        Number(
            label="Weight decay",
            help="Only adamw: how fast weights shrink by themselves.",
            default=0.004,
            minimum=0,
            maximum=1,
            step=0.001,
        )
    )
    label_smoothing: float = setting_field(
        Number(
            label="Label smoothing",
            help="Share of certainty taken from the true class, so that the network is less sure.",
            default=0.0,
            minimum=0,
            maximum=0.5,
            step=0.05,
        )
    )
    class_weights: tuple[float, ...] = setting_field(
        Weights(
            label="Class weights",
            help="How much an image of each class counts in the loss; empty: all the same.",
            default=(),
            length=NUM_CLASSES,
            maximum=100,
        )
    )
    seed: int = setting_field(
        Number(
            label="Seed",
            help="Fixes first weights, order of images and dropout; the same seed is the same run.",
            default=7,
            minimum=0,
            maximum=2**31 - 1,
            integer=True,
            main=True,
        )
    )

    precision: str = setting_field(
        Choice(
            label="Precision",
            help=(
                "mixed_bfloat16 computes with half the digits, which is faster for large networks "
                "on some processors; auto tries both first and takes the faster one."
            ),
            default="float32",
            choices=(*PRECISIONS, "auto"),
        )
    )
    threads: int = setting_field(
        Number(
            label="Threads",
            help="Processor cores that compute; 0: all. Another number may change the last digits.",
            default=0,
            minimum=0,
            maximum=1024,
            integer=True,
        )
    )
    onednn: bool = setting_field(
        Switch(
            label="oneDNN",
            help="Intel's fast kernels, for AMD too; off to see what they are worth.",
            default=True,
        )
    )
    ema_momentum: float = setting_field(
        Number(
            label="Average of weights",
            help=(
                "Judge and keep a running average of the weights of all steps, so much of it from "
                "before each step (0.999 is usual); 0 keeps the weights themselves."
            ),
            default=0.0,
            minimum=0,
            maximum=0.99999,
            step=0.001,
        )
    )
    flip_evaluation: bool = setting_field(
        Switch(
            label="Flip at the end",
            help=(
                "When all is trained, classify each image and its mirror image too, and report the "
                "mean of both beside the plain figures."
            ),
            default=False,
        )
    )

    def steps_per_epoch(self, train_size: int) -> int:
        """Return how many batches cover `train_size` images once; the last may be smaller."""
        return math.ceil(train_size / self.batch_size)

    def total_steps(self, train_size: int) -> int:
        """Return how many batches a full training on `train_size` images takes."""
        return self.steps or self.epochs * self.steps_per_epoch(train_size)

    def total_epochs(self, train_size: int) -> int:
        """Return how many epochs a full training takes; with `steps`, the last may be cut short."""
        return math.ceil(self.total_steps(train_size) / self.steps_per_epoch(train_size))
