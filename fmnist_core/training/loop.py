"""The training loop: blocks of batches, validation after each epoch, the best weights kept.

It knows no folders and no processes: what happens goes to a `Listener`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np

from fmnist_core.data.label_noise import noisy_labels
from fmnist_core.data.normalisation import pixel_statistics
from fmnist_core.data.splits import Split
from fmnist_core.exceptions import DivergedError
from fmnist_core.model.build import build_model
from fmnist_core.model.check import check
from fmnist_core.specs import Experiment
from fmnist_core.training.augmentation import add_copies
from fmnist_core.training.listener import Block, Control, EpochFigures, Listener, Moment
from fmnist_core.training.optimizers import build_optimizer
from fmnist_core.training.plateau import Plateau
from fmnist_core.training.schedules import learning_rates
from fmnist_core.training.state import Stopwatch, TrainingState
from fmnist_core.training.steps import TrainingSteps

BLOCK_SECONDS = 0.2  # how long one call may take: live curves and Stop wait no longer


class Trainer:
    """One training from first to last step, or on from where another one of the same spec stood.

    Attributes:
        precision: What it computes in.
        model: The network; after `fit` with its best weights.
        state: Where the training stands.
        best_weights: Those of the best epoch so far; empty before the first.
        watch: Its training time; whoever lets the training wait stops it meanwhile.
    """

    def __init__(
        self,
        experiment: Experiment,
        images: np.ndarray,
        labels: np.ndarray,
        split: Split,
        precision: str = "float32",
    ) -> None:
        """Seed everything and build network and optimizer.

        Args:
            experiment: What to train.
            images: All images, uint8 (70000, 28, 28).
            labels: uint8 (70000,); those that train get the noise that the experiment asks for.
            split: Which of them train, validate and test.
            precision: "float32" or "mixed_bfloat16": what the spec's precision came to here.
        """
        self.spec = experiment.train
        self.precision = precision
        statistics = pixel_statistics(images, split.train, experiment.data)
        labels = noisy_labels(labels, split.train, experiment.data)
        images, labels, split = add_copies(
            images, labels, split, experiment.augment, self.spec.seed
        )
        self.split = split
        self.labels = labels
        keras.utils.set_random_seed(self.spec.seed)
        self.model = build_model(experiment.model, statistics, precision)
        self.steps = TrainingSteps(
            self.model,
            build_optimizer(self.spec),
            self.spec,
            images,
            labels,
            from_logits=check(experiment.model).from_logits,
            augment=experiment.augment.on_the_fly,
        )
        self.best_weights: list[np.ndarray] = []
        self._block_size = 1  # so that the first point comes as soon as there is one
        self.go_on_from(
            TrainingState(
                total_steps=self.spec.total_steps(len(split.train)),
                early_stopping=Plateau(self.spec.early_stopping),
                reduce_lr=Plateau(self.spec.reduce_lr),
            )
        )

    def go_on_from(self, state: TrainingState) -> None:
        """Stand where another trainer of the same spec stood, weights apart."""
        self.state = state
        self.watch = Stopwatch(state.seconds)
        self._order = self._shuffled(state.epoch)

    def plan(self, total_steps: int) -> None:
        """End after so many batches; a training that had come to its end goes on for more."""
        if total_steps > self.state.total_steps:
            self.state.stopped_early = False
        self.state.total_steps = total_steps

    def set_learning_rate(self, learning_rate: float) -> None:
        """Make this the rate of the next batch; the schedule goes on from there in proportion."""
        self.state.rate_factor = learning_rate / float(self._scheduled(1)[0])

    def fit(self, listener: Listener, control: Control) -> None:
        """Train to the end, to an early stop or until the control does not go on.

        Raises:
            DivergedError: The loss is no longer a finite number.
        """
        self.watch.start()
        while control.goes_on(self) and not self.state.done:
            self._train_block(listener)
            if self.state.seen == len(self._order):
                figures = self._end_epoch(listener)
                self._look_for_plateaus(figures, listener)
        if self.state.seen:  # the last epoch was cut short
            self._end_epoch(listener)
        self.watch.stop()
        self.state.seconds = self.watch.seconds
        if self.best_weights:
            self.model.set_weights(self.best_weights)

    @contextmanager
    def best(self) -> Iterator[keras.Model]:
        """Give the model its best weights for the length of a block."""
        weights = self.model.get_weights()
        self.model.set_weights(self.best_weights)
        try:
            yield self.model
        finally:
            self.model.set_weights(weights)

    def _train_block(self, listener: Listener) -> None:
        """Train the next few batches of the epoch."""
        started = time.perf_counter()
        state, batches = self.state, self._next_batches()
        count, size = batches.shape
        rates = (self._scheduled(count) * state.rate_factor).astype(np.float32)
        losses, correct = self.steps.train(batches, rates)
        block = Block(
            epoch=state.epoch + 1,
            step=state.step + 1,
            losses=losses,
            accuracies=correct / size,
            learning_rates=rates,
        )
        self._check_finite(block)
        state.step += count
        state.images += batches.size
        state.seen += batches.size
        for loss in losses:  # one by one: the sum must not depend on the size of blocks
            state.loss_sum += float(loss) * size
        state.correct += int(correct.sum())
        state.learning_rate = float(rates[-1])
        seconds = (time.perf_counter() - started) / count
        self._block_size = max(1, min(2 * self._block_size, int(BLOCK_SECONDS / seconds)))
        listener.on_block(block)
        state.seconds = self.watch.seconds

    def _next_batches(self) -> np.ndarray:
        """Cut the next block, int32 (K, B), from what is left of the epoch."""
        rest, size = self._order[self.state.seen :], self.spec.batch_size
        left = self.state.total_steps - self.state.step
        count = min(self._block_size, len(rest) // size, left)
        return rest[: count * size].reshape(count, size) if count else rest[np.newaxis]

    def _scheduled(self, count: int) -> np.ndarray:
        """Return the scheduled rates of the next batches, float32 (K,).

        Where epochs were added, the schedule stays at the last rate of the plan it was made for.
        """
        last = self.spec.total_steps(len(self.split.train)) - 1
        steps = np.minimum(np.arange(self.state.step, self.state.step + count), last)
        return learning_rates(self.spec, steps, len(self.split.train))

    def _end_epoch(self, listener: Listener) -> EpochFigures:
        """Judge the weights, or their running average where that was asked for."""
        with self.steps.averaged_weights():
            return self._judge(listener)

    def _judge(self, listener: Listener) -> EpochFigures:
        """Validate, keep the weights if they are the best, and begin the next epoch."""
        state = self.state
        val_proba, val_loss = self.steps.evaluate(self.split.validation)
        val_accuracy = float(np.mean(val_proba.argmax(1) == self.labels[self.split.validation]))
        seconds = self.watch.seconds - state.epoch_began
        figures = EpochFigures(
            epoch=state.epoch + 1,
            step=state.step,
            loss=state.loss_sum / state.seen,
            accuracy=state.correct / state.seen,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            learning_rate=state.learning_rate,
            seconds=seconds,
            images_per_second=state.seen / seconds,
        )
        state.epoch += 1
        state.seen = state.correct = 0
        state.loss_sum = 0.0
        self._order = self._shuffled(state.epoch)
        listener.on_epoch(figures, Moment(val_proba=val_proba, first_filters=self._filters()))
        if (val_accuracy, -val_loss) > (state.best_accuracy, -state.best_loss):
            state.best_epoch, state.best_accuracy, state.best_loss = (
                state.epoch,
                val_accuracy,
                val_loss,
            )
            self.best_weights = self.model.get_weights()
            listener.on_best()
        state.seconds = state.epoch_began = self.watch.seconds
        return figures

    def _filters(self) -> np.ndarray | None:
        convolutions = (each for each in self.model.layers if type(each) is keras.layers.Conv2D)
        first = next(convolutions, None)
        return None if first is None else np.asarray(first.kernel)

    def _shuffled(self, epoch: int) -> np.ndarray:
        """Return the training images in the order of an epoch; the same for the same seed."""
        return np.random.default_rng([self.spec.seed, epoch]).permutation(self.split.train)

    def _check_finite(self, block: Block) -> None:
        bad = np.flatnonzero(~np.isfinite(block.losses))
        if len(bad):
            rate = block.learning_rates[bad[0]]
            raise DivergedError(
                f"The loss exploded at step {block.step + bad[0]:,} (epoch {block.epoch}): it is "
                f"no longer a number. The likely cause is the learning rate of {rate:g}; try "
                f"{rate / 10:g}, or add batch normalisation."
            )

    def _look_for_plateaus(self, figures: EpochFigures, listener: Listener) -> None:
        """Lower the rate, or stop early, where the validation loss no longer falls."""
        state = self.state
        if state.reduce_lr.reached(figures.val_loss):
            state.rate_factor *= self.spec.drop_factor
            listener.on_event("reduce_lr", step=state.step, factor=state.rate_factor)
        if state.early_stopping.reached(figures.val_loss):
            state.stopped_early = True
            listener.on_event("early_stop", step=state.step)
