"""The training loop: blocks of batches, validation after each epoch, the best weights kept.

It knows no folders and no processes: what happens goes to a `Listener`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import keras
import numpy as np

from fmnist_core.data.splits import Split
from fmnist_core.exceptions import DivergedError
from fmnist_core.model.build import build_model
from fmnist_core.model.check import check
from fmnist_core.specs import Experiment
from fmnist_core.training.optimizers import build_optimizer
from fmnist_core.training.plateau import Plateau
from fmnist_core.training.schedules import learning_rates
from fmnist_core.training.steps import TrainingSteps

BLOCK_SECONDS = 0.2  # how long one call may take: live curves and Stop wait no longer


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
    """Who is told what happens, and may end the training."""

    def on_block(self, block: Block) -> None:
        """A few batches were trained."""

    def on_epoch(self, figures: EpochFigures, moment: Moment) -> None:
        """An epoch was trained and validated."""

    def on_best(self, model: keras.Model) -> None:
        """The model is the best so far, by validation accuracy."""

    def on_event(self, event: str, **values: object) -> None:
        """Something happened that belongs on the curves."""

    def stop_wanted(self) -> bool:
        """Say whether to end now."""


class Trainer:
    """One training from first to last step.

    Attributes:
        model: The network; after `fit` with its best weights.
        step, epoch, images: Batches, epochs and training images done.
        best_epoch: The epoch whose weights are kept.
        seconds: Wall time of `fit`.
    """

    def __init__(
        self, experiment: Experiment, images: np.ndarray, labels: np.ndarray, split: Split
    ) -> None:
        """Seed everything and build network and optimizer.

        Args:
            experiment: What to train.
            images: All images, uint8 (70000, 28, 28).
            labels: uint8 (70000,).
            split: Which of them train, validate and test.
        """
        self.spec = experiment.train
        self.split = split
        self.labels = labels
        keras.utils.set_random_seed(self.spec.seed)
        self.model = build_model(experiment.model)
        self.steps = TrainingSteps(
            self.model,
            build_optimizer(self.spec),
            self.spec,
            images,
            labels,
            from_logits=check(experiment.model).from_logits,
        )
        self.step = self.epoch = self.images = self.best_epoch = 0
        self.seconds = 0.0
        self._best = (-1.0, 0.0)  # validation accuracy, minus validation loss
        self._best_weights: list[np.ndarray] = []
        self._rate_factor = 1.0
        self._early_stopping = Plateau(self.spec.early_stopping)
        self._reduce_lr = Plateau(self.spec.reduce_lr)
        self._block_size = 1  # so that the first point comes as soon as there is one

    def fit(self, listener: Listener) -> None:
        """Train to the end, to an early stop or until the listener wants to stop.

        Raises:
            DivergedError: The loss is no longer a finite number.
        """
        started = time.perf_counter()
        total = self.spec.total_steps(len(self.split.train))
        while self.step < total and not listener.stop_wanted():
            figures = self._train_epoch(total, listener)
            if self._ends_after(figures, listener):
                break
        self.seconds = time.perf_counter() - started
        if self._best_weights:
            self.model.set_weights(self._best_weights)

    def _train_epoch(self, total: int, listener: Listener) -> EpochFigures:
        """Train on every training image once, or up to the last step, and validate."""
        started = time.perf_counter()
        order = self._order(self.epoch)
        seen, loss, correct, rate = 0, 0.0, 0, 0.0
        while seen < len(order) and self.step < total and not (seen and listener.stop_wanted()):
            batches = self._next_batches(order[seen:], total)
            block, right = self._train_block(batches)
            listener.on_block(block)
            seen += batches.size
            loss += float(np.sum(block.losses, dtype=np.float64)) * batches.shape[1]
            correct += right
            rate = float(block.learning_rates[-1])
        self.epoch += 1
        self.images += seen
        val_proba, val_loss = self.steps.evaluate(self.split.validation)
        val_accuracy = float(np.mean(val_proba.argmax(1) == self.labels[self.split.validation]))
        seconds = time.perf_counter() - started
        figures = EpochFigures(
            epoch=self.epoch,
            step=self.step,
            loss=loss / seen,
            accuracy=correct / seen,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            learning_rate=rate,
            seconds=seconds,
            images_per_second=seen / seconds,
        )
        listener.on_epoch(figures, Moment(val_proba=val_proba, first_filters=self._filters()))
        return figures

    def _filters(self) -> np.ndarray | None:
        convolutions = (each for each in self.model.layers if type(each) is keras.layers.Conv2D)
        first = next(convolutions, None)
        return None if first is None else np.asarray(first.kernel)

    def _order(self, epoch: int) -> np.ndarray:
        """Return the training images in the order of this epoch; the same for the same seed."""
        return np.random.default_rng([self.spec.seed, epoch]).permutation(self.split.train)

    def _next_batches(self, rest: np.ndarray, total: int) -> np.ndarray:
        """Cut the next block, int32 (K, B), from what is left of the epoch."""
        size = self.spec.batch_size
        count = min(self._block_size, len(rest) // size, total - self.step)
        return rest[: count * size].reshape(count, size) if count else rest[np.newaxis]

    def _train_block(self, batches: np.ndarray) -> tuple[Block, int]:
        started = time.perf_counter()
        count, size = batches.shape
        steps = np.arange(self.step, self.step + count)
        rates = learning_rates(self.spec, steps, len(self.split.train)) * self._rate_factor
        rates = rates.astype(np.float32)
        losses, correct = self.steps.train(batches, rates)
        block = Block(
            epoch=self.epoch + 1,
            step=self.step + 1,
            losses=losses,
            accuracies=correct / size,
            learning_rates=rates,
        )
        self._check_finite(block)
        self.step += count
        seconds = (time.perf_counter() - started) / count
        self._block_size = max(1, min(2 * self._block_size, int(BLOCK_SECONDS / seconds)))
        return block, int(correct.sum())

    def _check_finite(self, block: Block) -> None:
        bad = np.flatnonzero(~np.isfinite(block.losses))
        if len(bad):
            rate = block.learning_rates[bad[0]]
            raise DivergedError(
                f"The loss exploded at step {block.step + bad[0]:,} (epoch {block.epoch}): it is "
                f"no longer a number. The likely cause is the learning rate of {rate:g}; try "
                f"{rate / 10:g}, or add batch normalisation."
            )

    def _ends_after(self, figures: EpochFigures, listener: Listener) -> bool:
        """Keep the best weights, lower the rate on a plateau, and say whether to stop early."""
        rank = (figures.val_accuracy, -figures.val_loss)
        if rank > self._best:
            self._best, self.best_epoch = rank, self.epoch
            self._best_weights = self.model.get_weights()
            listener.on_best(self.model)
        if self._reduce_lr.reached(figures.val_loss):
            self._rate_factor *= self.spec.drop_factor
            listener.on_event("reduce_lr", step=self.step, factor=self._rate_factor)
        if self._early_stopping.reached(figures.val_loss):
            listener.on_event("early_stop", step=self.step)
            return True
        return False
