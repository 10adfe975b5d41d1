"""Five small networks, each of which judges the fifth of the training file that it never saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from fmnist_core.analysis.suspects import judge, write_suspects
from fmnist_core.data.files import FashionMnist, load
from fmnist_core.data.splits import Split
from fmnist_core.derived.subject import Subject
from fmnist_core.model import presets
from fmnist_core.specs import DataSpec, Experiment
from fmnist_core.specs.data import NUM_TEST_FILE, NUM_TRAIN_FILE
from fmnist_core.training.listener import Block, EpochFigures, Moment
from fmnist_core.training.loop import Trainer

PRESET = "small"
FOLDS = 5
EPOCHS = 5
VALIDATION = 2_000  # images that choose the best epoch; they belong to no judged fold
SEED = 7


def compute(subject: Subject, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write what the networks say of all labels into a folder, as `load_suspects` reads them.

    Args:
        subject: The data set.
        folder: Empty.
        on_progress: Told how many steps are trained, and of how many.

    Raises:
        DataError: The data set is not there.
    """
    data = load()
    proba = out_of_fold(data, experiment(), on_progress)
    write_suspects(folder, judge(data.labels, proba))


def experiment() -> Experiment:
    """Return what each network is trained by."""
    base = presets.load(PRESET).experiment
    return replace(base, data=DataSpec(), train=replace(base.train, epochs=EPOCHS, steps=None))


def out_of_fold(
    data: FashionMnist, asked: Experiment, on_progress: Callable[[int, int], None]
) -> np.ndarray:
    """Judge every image by networks that did not train on it.

    Args:
        data: The data set.
        asked: How each network is trained; its split does not matter.
        on_progress: Told how many steps are trained, and of how many.

    Returns:
        Class probabilities, float32 (70000, 10): of an image of the training file by the network
        whose fold it is in, of one of the test file the mean of all five.
    """
    proba = np.zeros((NUM_TRAIN_FILE + NUM_TEST_FILE, 10), np.float32)
    splits = list(fold_splits(data.y_train))
    steps = asked.train.total_steps(len(splits[0].train))
    for number, split in enumerate(splits):
        keras.backend.clear_session()
        trainer = Trainer(asked, data.images, data.labels, split)
        follower = _Follower(on_progress, number * steps, FOLDS * steps)
        trainer.fit(follower, follower)
        proba[split.test], _ = trainer.steps.evaluate(split.test)
        test = np.arange(NUM_TRAIN_FILE, len(proba), dtype=np.int32)
        proba[test] += trainer.steps.evaluate(test)[0] / FOLDS
    return proba


def fold_splits(y_train: np.ndarray) -> Iterator[Split]:
    """Share the training file out: each image is in the test part of one of the splits.

    Args:
        y_train: Labels of the training file, uint8 (60000,).
    """
    from sklearn.model_selection import StratifiedKFold, train_test_split

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for others, fold in folds.split(np.zeros(len(y_train)), y_train):
        train, validation = train_test_split(
            others, test_size=VALIDATION, random_state=SEED, stratify=y_train[others]
        )
        yield Split(train, validation, fold)


class _Follower:
    """Passes on how far a training is: `Listener` and `Control`."""

    def __init__(self, on_progress: Callable[[int, int], None], before: int, total: int) -> None:
        self._on_progress, self._before, self._total = on_progress, before, total
        on_progress(before, total)

    def on_block(self, block: Block) -> None:
        """Say how many steps are done."""
        done = self._before + block.step - 1 + len(block.losses)
        self._on_progress(done, self._total)

    def on_epoch(self, figures: EpochFigures, moment: Moment) -> None:
        """Nothing is kept of an epoch."""

    def on_best(self) -> None:
        """The trainer keeps its best weights itself."""

    def on_event(self, event: str, **values: object) -> None:
        """Nothing happens that anybody looks at."""

    def goes_on(self, trainer: Trainer) -> bool:
        """Train to the end."""
        return True
