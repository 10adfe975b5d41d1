"""Where a training stands, in plain numbers: with the variables, all that is needed to go on."""

from __future__ import annotations

import time
from dataclasses import dataclass

from fmnist_core.training.plateau import Plateau


@dataclass(kw_only=True)
class TrainingState:
    """The numbers of a training; they become JSON and come back without loss.

    Attributes:
        total_steps: Batches after which the training ends.
        early_stopping, reduce_lr: What has been seen of the validation loss.
        step, epoch, images: Batches, epochs and training images done.
        best_epoch, best_accuracy, best_loss: The epoch whose weights are kept, and its validation
            figures; 0, -1 and 0 before the first.
        rate_factor: What the scheduled learning rate is multiplied by.
        stopped_early: It ended because the validation loss no longer fell.
        seen: Images of the epoch under way that were trained on.
        loss_sum, correct: Sum of their losses, and how many were classified right.
        learning_rate: That of the last batch.
        seconds: Training time, without pauses.
        epoch_began: `seconds` when the epoch under way began.
    """

    total_steps: int
    early_stopping: Plateau
    reduce_lr: Plateau
    step: int = 0
    epoch: int = 0
    images: int = 0
    best_epoch: int = 0
    best_accuracy: float = -1.0
    best_loss: float = 0.0
    rate_factor: float = 1.0
    stopped_early: bool = False
    seen: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    learning_rate: float = 0.0
    seconds: float = 0.0
    epoch_began: float = 0.0

    @property
    def done(self) -> bool:
        """Nothing is left to train."""
        return self.stopped_early or self.step >= self.total_steps


class Stopwatch:
    """Wall time that leaves pauses out."""

    def __init__(self, seconds: float = 0.0) -> None:
        """Stand still at so many seconds."""
        self._before = seconds
        self._since: float | None = None

    def start(self) -> None:
        """Run on."""
        self._since = time.perf_counter()

    def stop(self) -> None:
        """Stand still."""
        self._before, self._since = self.seconds, None

    @property
    def seconds(self) -> float:
        """What it shows."""
        running = 0.0 if self._since is None else time.perf_counter() - self._since
        return self._before + running
