"""Learning rates by step, and noticing a plateau."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.specs import TrainSpec
from fmnist_core.training.plateau import Plateau
from fmnist_core.training.schedules import learning_rates

TRAIN_SIZE = 1000  # with batches of 100: 10 steps an epoch


def rates(**settings):
    spec = TrainSpec(batch_size=100, **settings)
    steps = np.arange(spec.total_steps(TRAIN_SIZE))
    return learning_rates(spec, steps, TRAIN_SIZE)


def test_a_constant_rate_never_changes():
    assert rates(epochs=2, learning_rate=0.5).tolist() == [0.5] * 20


def test_step_halves_the_rate_every_two_epochs():
    found = rates(epochs=5, learning_rate=0.8, schedule="step", drop_factor=0.5, drop_every=2)

    assert found[[0, 19, 20, 39, 40]].tolist() == pytest.approx([0.8, 0.8, 0.4, 0.4, 0.2])


def test_cosine_starts_at_the_rate_is_half_in_the_middle_and_stays_above_zero():
    found = rates(epochs=10, learning_rate=0.2, schedule="cosine")

    assert found[0] == pytest.approx(0.2)
    assert found[50] == pytest.approx(0.1)
    assert np.all(np.diff(found) < 0)
    assert 0 < found[-1] < 0.001


def test_cosine_equals_the_schedule_of_keras():
    found = rates(epochs=3, learning_rate=0.2, schedule="cosine")
    theirs = keras.optimizers.schedules.CosineDecay(0.2, decay_steps=30)

    assert found == pytest.approx([float(theirs(step)) for step in range(30)], rel=1e-5)


def test_one_cycle_peaks_after_three_tenths_of_the_steps():
    found = rates(epochs=10, learning_rate=0.5, schedule="one_cycle")

    assert found.argmax() == 30
    assert found[30] == pytest.approx(0.5)
    assert found[0] == pytest.approx(0.5 / 25)
    assert found[-1] < 0.5 / 100


@given(
    schedule=st.sampled_from(["constant", "step", "cosine", "one_cycle"]),
    total=st.integers(1, 500),
    rate=st.floats(1e-6, 10),
)
def test_every_rate_is_finite_positive_and_at_most_the_highest(schedule, total, rate):
    spec = TrainSpec(steps=total, learning_rate=rate, schedule=schedule, batch_size=100)

    found = learning_rates(spec, np.arange(total), TRAIN_SIZE)

    assert np.all(np.isfinite(found))
    assert np.all(found > 0)
    assert np.all(found <= np.float32(rate) * 1.0001)


def test_patience_of_two_runs_out_after_two_epochs_without_a_lower_loss():
    plateau = Plateau(patience=2)

    assert [plateau.reached(loss) for loss in (1.0, 0.9, 0.9, 0.95, 0.8)] == [
        *(False, False, False),
        True,
        False,
    ]


def test_patience_of_zero_never_runs_out():
    plateau = Plateau(patience=0)

    assert not any(plateau.reached(1.0) for _ in range(100))


@given(
    losses=st.lists(st.floats(0.1, 3), min_size=1, max_size=30),
    patience=st.integers(1, 5),
)
def test_early_stopping_ends_at_the_same_epoch_as_keras(losses, patience):
    plateau = Plateau(patience)
    ours = next((k for k, loss in enumerate(losses) if plateau.reached(loss)), None)

    theirs = None
    callback = keras.callbacks.EarlyStopping(patience=patience, mode="min")
    model = SimpleNamespace(stop_training=False)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss})
        if model.stop_training:
            theirs = epoch
            break

    assert ours == theirs
