"""Timing a network: the trainer itself, on real batches, ended after a few seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from fmnist_core.data.files import FashionMnist
from fmnist_core.data.splits import Split
from fmnist_core.model.memory import EVALUATION_BATCH
from fmnist_core.specs import Experiment
from fmnist_core.specs.data import NUM_TRAIN_FILE
from fmnist_core.training.listener import Block, EpochFigures, Moment
from fmnist_core.training.loop import Trainer
from fmnist_core.training.precision import resolve_precision

ENOUGH_BATCHES, ENOUGH_SECONDS = 20, 1.5  # both, for a steady figure
FEW_BATCHES, LONG_SECONDS = 3, 4.0  # both, for a slow network
MOST_SECONDS = 15.0  # with compiling; then one timed batch has to do
LONG_BATCH = 8.0  # seconds; the first batch counts too where compiling is so small a part of it
FIRST_IMAGES = 50  # compile the evaluation, and time it for a network that is slow with them
LONG_EVALUATION = 0.1  # seconds, of those
EVALUATIONS = 3


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What was timed; fields that `ProbeResult` has too mean the same.

    Attributes:
        first_batch: When the first batch had been trained, in seconds since 1970.
    """

    batches: int
    seconds_per_step: float
    fast_step: float
    slow_step: float
    seconds_per_validation_image: float
    first_batch: float


class BlockTimer:
    """Times the blocks of a training and ends it when they are enough: `Listener` and `Control`.

    Attributes:
        first_batch: When the first batch had been trained, in seconds since 1970.
        steps: Seconds of each batch that was timed: its share of its block.
    """

    def __init__(self) -> None:
        """Start the clock that limits the whole."""
        self.first_batch = 0.0
        self.steps: list[float] = []
        self._started = self._block_started = time.perf_counter()

    def goes_on(self, trainer: Trainer) -> bool:
        """Go on until enough was timed; the trainer asks just before it trains a block."""
        batches, seconds = len(self.steps), sum(self.steps)
        self._block_started = time.perf_counter()
        enough = (
            (batches >= ENOUGH_BATCHES and seconds >= ENOUGH_SECONDS)
            or (batches >= FEW_BATCHES and seconds >= LONG_SECONDS)
            or self._block_started - self._started >= MOST_SECONDS
        )
        return not (batches and enough)

    def on_block(self, block: Block) -> None:
        """Note how long a block took; the first, in which TensorFlow compiles, if it is long."""
        seconds, count = time.perf_counter() - self._block_started, len(block.losses)
        if self.first_batch or seconds >= LONG_BATCH:
            self.steps += [seconds / count] * count
        self.first_batch = self.first_batch or time.time()

    def on_epoch(self, figures: EpochFigures, moment: Moment) -> None:
        """Ignore the end of an epoch: validation is timed by itself."""

    def on_best(self) -> None:
        """Save nothing."""

    def on_event(self, event: str, **values: object) -> None:
        """Ignore it: nothing that happens in so short a training matters."""


def measure(experiment: Experiment, data: FashionMnist) -> Timing:
    """Train a network on real batches for a few seconds and say how fast that was.

    Args:
        experiment: What to time; how long it is to train plays no part.
        data: The training images are used, whichever of them the experiment would train on.

    Raises:
        DivergedError: The loss is no longer a finite number.
    """
    endless = replace(experiment.train, epochs=1000, steps=None, early_stopping=0, reduce_lr=0)
    pool = np.arange(NUM_TRAIN_FILE)
    few = pool[:FIRST_IMAGES]
    train = np.resize(pool, max(NUM_TRAIN_FILE, endless.batch_size))
    split = Split(train=train, validation=few, test=few)
    asked = replace(experiment, train=endless, augment=experiment.augment.on_the_fly)
    precision = resolve_precision(experiment)
    trainer = Trainer(asked, data.images, data.labels, split, precision)
    watch = BlockTimer()
    trainer.fit(watch, watch)
    fast, median, slow = np.quantile(watch.steps, (0.1, 0.5, 0.9)).tolist()
    return Timing(
        batches=len(watch.steps),
        seconds_per_step=median,
        fast_step=fast,
        slow_step=slow,
        seconds_per_validation_image=_seconds_per_image(trainer),
        first_batch=watch.first_batch,
    )


def _seconds_per_image(trainer: Trainer) -> float:
    """Return the median time of classifying an image in a full batch; a small one, if that is slow.

    The trainer has validated before, so nothing has to be compiled for the first of them.
    """
    seconds = _evaluation_seconds(trainer, FIRST_IMAGES)
    if seconds > LONG_EVALUATION:
        return seconds / FIRST_IMAGES
    full = [_evaluation_seconds(trainer, EVALUATION_BATCH) for _ in range(EVALUATIONS)]
    return float(np.median(full)) / EVALUATION_BATCH


def _evaluation_seconds(trainer: Trainer, images: int) -> float:
    started = time.perf_counter()
    trainer.steps.evaluate(trainer.split.train[:images])
    return time.perf_counter() - started
