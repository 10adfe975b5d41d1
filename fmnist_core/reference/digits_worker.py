"""Trains R0's recipe on MNIST's digits: `python -m …reference.digits_worker FOLDER STORE`.

It makes no run, as whatever looks at runs takes their images for clothes: what came out goes to one
file of the store, and each epoch's figures to standard output.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist_core.data.digits import read_digits
from fmnist_core.exceptions import FmnistError
from fmnist_core.format import percent
from fmnist_core.jobs.machine import describe_machine, set_environment
from fmnist_core.reference.digits import CLAIM, DigitsResult, write_result
from fmnist_core.specs import Experiment

if TYPE_CHECKING:
    from fmnist_core.training.listener import Block, EpochFigures, Moment
    from fmnist_core.training.loop import Trainer


def main(argv: list[str]) -> int:
    """Train and write; 0, or 1 where standard error says why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args(argv)
    try:
        write_result(train(args.folder, quick=args.quick), args.store)
    except FmnistError as error:
        print(f"fmnist: {error}", file=sys.stderr)
        return 1
    return 0


def train(folder: Path, *, quick: bool = False) -> DigitsResult:
    """Train the recipe on MNIST's digits, and judge it by their test images.

    Args:
        folder: Where the four files are.
        quick: As `Claim.experiment` takes it.

    Raises:
        DataError: The files are not there, or not MNIST's.
        DivergedError: The loss is no longer a finite number.
    """
    images, labels = read_digits(folder)
    experiment = CLAIM.experiment(quick=quick)
    set_environment(experiment.train, os.environ)  # before TensorFlow is imported
    from fmnist_core.analysis.metrics import score
    from fmnist_core.data.splits import split_indices
    from fmnist_core.training.loop import Trainer

    split = split_indices(labels, experiment.data)
    trainer = Trainer(experiment, images, labels, split)
    follower = _Follower(experiment, len(split.train))
    trainer.fit(follower, follower)
    found = {
        name: score(labels[index], trainer.steps.evaluate(index)[0])
        for name, index in (("validation", split.validation), ("test", split.test))
    }
    return DigitsResult(
        correct=found["test"].correct,
        images=found["test"].images,
        loss=found["test"].loss,
        validation_accuracy=found["validation"].accuracy,
        steps=trainer.state.step,
        seconds=trainer.state.seconds,
        quick=quick,
        time=time.time(),
        machine=describe_machine(),
    )


class _Follower:
    """Prints a line an epoch, and lets the training go on to its end: `Listener` and `Control`."""

    def __init__(self, experiment: Experiment, train_size: int) -> None:
        self._epochs = experiment.train.total_epochs(train_size)

    def goes_on(self, trainer: Trainer) -> bool:
        return True

    def on_block(self, block: Block) -> None:
        """Blocks are too many to print."""

    def on_epoch(self, figures: EpochFigures, moment: Moment) -> None:
        print(
            f"epoch {figures.epoch} of {self._epochs}: {percent(figures.val_accuracy)} of the "
            f"validation images, {figures.seconds:.0f} s",
            flush=True,
        )

    def on_best(self) -> None:
        """The trainer keeps the weights itself."""

    def on_event(self, event: str, **values: object) -> None:
        """This recipe has none: neither an early stop nor a falling rate."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
