"""Who is told what happens in a training, what they are told, and who decides how it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from fmnist_core.training.loop import Trainer


@dataclass(frozen=True, kw_only=True)
class Block:
    """A few batches that were trained in one call.

    Attributes:
        epoch: The epoch under way, from 1.
        step: Number of the first batch, from 1.
        losses: Loss of each, float32 (K,).
        accuracies: Share of each that was classified right, float64 (K,), in [0, 1].
        learning_rates: float32 (K,).
    """

    epoch: int
    step: int
    losses: np.ndarray
    accuracies: np.ndarray
    learning_rates: np.ndarray


@dataclass(frozen=True, kw_only=True)
class EpochFigures:
    """An epoch in numbers; `loss` and `accuracy` are means over its batches as they were trained.

    Attributes:
        epoch, step: Epochs and batches done.
        seconds: Wall time of training and validation.
        images_per_second: Training images a second, validation time included.
    """

    epoch: int
    step: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    seconds: float
    images_per_second: float


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What the network knows at the end of an epoch.

    Attributes:
        val_proba: Class probabilities of the validation images, float32 (N, 10).
        first_filters: Kernel of the first Conv2D, float32 (height, width, channels, filters);
            None for a network without one.
    """

    val_proba: np.ndarray
    first_filters: np.ndarray | None


class Listener(Protocol):
    """Who is told what happens."""

    def on_block(self, block: Block) -> None:
        """A few batches were trained."""

    def on_epoch(self, figures: EpochFigures, moment: Moment) -> None:
        """An epoch was trained and validated."""

    def on_best(self) -> None:
        """The trainer has new best weights, by validation accuracy."""

    def on_event(self, event: str, **values: object) -> None:
        """Something happened that belongs on the curves."""


class Control(Protocol):
    """Who decides, between two blocks, how the training goes on."""

    def goes_on(self, trainer: Trainer) -> bool:
        """Say whether to go on; called when the trainer's state is whole.

        It may wait, keep a `capture` of the trainer, or change what the trainer lets be changed.
        """
