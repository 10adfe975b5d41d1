"""A training that is taken up again ends as if it had never been left, to the bit."""

import json
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import CheckpointError
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.specs.train import OPTIMIZERS
from fmnist_core.training.loop import Trainer
from fmnist_core.training.snapshot import Snapshot, capture, restore
from fmnist_core.training.state import Stopwatch

DATA = DataSpec(subset=300, validation=200)  # 5 batches of 64 an epoch


def layer(layer_type, name, **settings):
    return LayerSpec(type=layer_type, name=name, inputs=(), settings=settings)


RANDOM = ModelSpec(  # everything that keeps a state of its own
    layers=(
        layer("GaussianNoise", "noise", stddev=0.1),
        layer("Conv2D", "conv", filters=4, strides=2),
        layer("BatchNormalization", "norm"),
        layer("Dropout", "drop", rate=0.5),
        layer("Flatten", "flatten"),
        layer("Dense", "dense", units=10, activation="linear"),
    )
)


def experiment(augment=AugmentSpec(), **train):  # noqa: B008 - frozen
    return Experiment(
        model=RANDOM,
        data=DATA,
        train=TrainSpec(**{"epochs": 4, "batch_size": 64, **train}),
        augment=augment,
    )


@pytest.fixture(scope="module")
def data():
    return load()


class Recording:
    """Keeps what it hears; leaves the training once `until` batches are done."""

    def __init__(self, until=None, change=None):
        self.losses, self.rates, self.epochs, self.events = [], [], [], []
        self.until, self.change, self.snapshot = until, change, None

    def on_block(self, block):
        self.losses += block.losses.tolist()
        self.rates += block.learning_rates.tolist()

    def on_epoch(self, figures, moment):
        self.epochs.append(replace(figures, seconds=0.0, images_per_second=0.0))

    def on_best(self):
        pass

    def on_event(self, event, **values):
        self.events.append((event, values))

    def goes_on(self, trainer):
        if self.change:
            self.change(trainer)
        if self.until is None or trainer.state.step < self.until:
            return True
        self.snapshot = capture(trainer)
        return False


def trainer_of(asked, data):
    split = split_indices(data.labels, asked.data)
    return Trainer(asked, data.images, data.labels, split, asked.train.precision)


def undisturbed(asked, data, change=None):
    trainer, heard = trainer_of(asked, data), Recording(change=change)
    trainer.fit(heard, heard)
    return trainer, heard


def interrupted(asked, data, steps, change=None):
    """Leave the training after each of these steps, through JSON, and take it up again."""
    parts, snapshot = [], None
    for until in (*steps, None):
        trainer, heard = trainer_of(asked, data), Recording(until, change)
        if snapshot:
            restore(trainer, snapshot)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("fmnist_core.training.loop.BLOCK_SECONDS", 0)  # ask after every batch
            trainer.fit(heard, heard)
        parts.append(heard)
        if heard.snapshot:
            state = json.loads(json.dumps(heard.snapshot.state, allow_nan=False))
            snapshot = replace(heard.snapshot, state=state)
    return trainer, parts


def assert_equal(one, other):
    """Weights, optimizer, seeds and best weights agree to the bit; so do the figures."""
    ours, theirs = capture(one), capture(other)
    clock = dict.fromkeys(("seconds", "epoch_began"))
    assert ours.state | clock == theirs.state | clock
    assert ours.arrays.keys() == theirs.arrays.keys()
    for name in ours.arrays:
        assert ours.arrays[name].tobytes() == theirs.arrays[name].tobytes(), name


def joined(parts, name):
    return list(chain.from_iterable(getattr(part, name) for part in parts))


def mostly_slow(values, *, but):
    """A case for each value; all but these are slow tests."""
    return [
        value if value in but else pytest.param(value, marks=pytest.mark.slow) for value in values
    ]


@pytest.mark.parametrize("optimizer", mostly_slow(OPTIMIZERS, but=("adam", "sgd")))
def test_every_optimizer_goes_on_to_the_bit(optimizer, data):
    asked = experiment(optimizer=optimizer, momentum=0.5, nesterov=True, epochs=2)
    one, heard = undisturbed(asked, data)

    other, parts = interrupted(asked, data, steps=[4])

    assert_equal(one, other)
    assert joined(parts, "losses") == heard.losses


@pytest.mark.parametrize(
    "steps", mostly_slow([[1], [5], [7], [3, 9, 14], [20]], but=([5], [3, 9, 14]))
)
def test_a_training_left_at_any_step_ends_the_same(steps, data):
    # 5 is the end of an epoch, 20 that of the training; the others are in the middle.
    one, heard = undisturbed(experiment(), data)
    other, parts = interrupted(experiment(), data, steps)

    assert_equal(one, other)
    assert joined(parts, "losses") == heard.losses
    assert parts[-1].epochs == heard.epochs[-len(parts[-1].epochs) :] or steps == [20]


@pytest.mark.parametrize(
    "train",
    [
        {"schedule": "cosine"},
        pytest.param({"schedule": "one_cycle"}, marks=pytest.mark.slow),
        pytest.param({"schedule": "step", "drop_every": 1}, marks=pytest.mark.slow),
        pytest.param({"steps": 13}, marks=pytest.mark.slow),
        {"reduce_lr": 1, "learning_rate": 1e-9, "optimizer": "sgd"},
        pytest.param(
            {"early_stopping": 1, "learning_rate": 1e-9, "optimizer": "sgd", "epochs": 9},
            marks=pytest.mark.slow,
        ),
        {"learning_rate": 0.3, "optimizer": "sgd", "momentum": 0.95},
    ],
    ids=["cosine", "one_cycle", "step", "steps", "reduce", "early", "best-is-not-last"],
)
def test_schedules_plateaus_and_the_best_weights_go_on_to_the_bit(train, data):
    asked = experiment(**train)
    one, heard = undisturbed(asked, data)
    other, parts = interrupted(asked, data, steps=[3, 11])

    assert_equal(one, other)
    assert joined(parts, "rates") == heard.rates
    assert joined(parts, "events") == heard.events


@pytest.mark.parametrize(
    "asked",
    [
        experiment(AugmentSpec(rotation=20, horizontal_flip=True, noise=0.1, mixup=0.2)),
        experiment(AugmentSpec(augmentation="own-copies", shift=0.1, cutmix=1), epochs=2),
        experiment(precision="mixed_bfloat16"),
        experiment(ema_momentum=0.9),
    ],
    ids=["augmented", "copies", "bfloat16", "average"],
)
def test_augmented_halved_and_averaged_trainings_go_on_to_the_bit(asked, data):
    one, heard = undisturbed(asked, data)
    other, parts = interrupted(asked, data, steps=[3, 9])

    assert_equal(one, other)
    assert joined(parts, "losses") == heard.losses
    assert parts[-1].epochs == heard.epochs[-len(parts[-1].epochs) :]


def test_a_rate_set_on_the_way_is_kept(data):
    def slower(trainer):
        if trainer.state.step == 1:
            trainer.set_learning_rate(0.0005)

    one, heard = undisturbed(experiment(schedule="cosine"), data, slower)
    other, parts = interrupted(experiment(schedule="cosine"), data, [4], slower)

    assert heard.rates[1] == pytest.approx(0.0005)
    assert heard.rates[2] < heard.rates[1]  # the schedule goes on in proportion
    assert_equal(one, other)
    assert joined(parts, "rates") == heard.rates


def longer(steps):
    return lambda trainer: trainer.plan(steps)


def test_added_epochs_are_those_of_a_longer_training(data):
    one, _ = undisturbed(experiment(epochs=4), data)
    first, heard = trainer_of(experiment(epochs=2), data), Recording(until=10)
    first.fit(heard, heard)
    second, rest = trainer_of(experiment(epochs=2), data), Recording(change=longer(20))
    restore(second, heard.snapshot)
    second.fit(rest, rest)

    assert_equal(one, second)


def test_beyond_its_plan_a_schedule_stays_at_its_last_rate(data):
    _, heard = undisturbed(experiment(epochs=2, schedule="cosine"), data, longer(20))

    assert len(heard.rates) == 20
    assert len(set(heard.rates[:10])) == 10
    assert heard.rates[9:] == [heard.rates[9]] * 11


def test_a_training_that_stopped_early_goes_on_when_epochs_are_added(data):
    asked = experiment(epochs=9, early_stopping=1, learning_rate=1e-9, optimizer="sgd")
    trainer, _ = undisturbed(asked, data)
    assert trainer.state.stopped_early
    step = trainer.state.step
    trainer.plan(step + 1_000)

    assert not trainer.state.stopped_early
    assert not trainer.state.done


def test_a_stopwatch_leaves_out_what_passes_while_it_stands(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("fmnist_core.training.state.time.perf_counter", lambda: now[0])
    watch = Stopwatch(5.0)
    for running in (True, False, True):
        watch.start() if running else watch.stop()
        now[0] += 10

    assert watch.seconds == 25


def without(snapshot, name):
    arrays = {key: array for key, array in snapshot.arrays.items() if key != name}
    return replace(snapshot, arrays=arrays)


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: without(found, "variable-0001"),
        lambda found: replace(
            found, arrays={**found.arrays, "variable-0000": np.zeros((2, 2), np.float32)}
        ),
        lambda found: replace(
            found, arrays={**found.arrays, "best-0000": np.zeros((2, 2), np.float32)}
        ),
        lambda found: replace(found, state={**found.state, "step": "3"}),
        lambda found: Snapshot(state={}, arrays={}),
    ],
    ids=["missing", "shape", "best", "state", "empty"],
)
def test_what_does_not_fit_changes_nothing(damage, data):
    first, heard = trainer_of(experiment(), data), Recording(until=5)
    first.fit(heard, heard)
    trainer = trainer_of(experiment(), data)
    before = capture(trainer)

    with pytest.raises(CheckpointError):
        restore(trainer, damage(heard.snapshot))

    after = capture(trainer)
    assert after.state == before.state
    assert all((after.arrays[name] == before.arrays[name]).all() for name in before.arrays)
