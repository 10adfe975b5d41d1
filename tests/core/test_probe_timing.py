"""The timer of a probe: which batches it counts, and when it has enough."""

import time
from dataclasses import replace

import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.model import presets
from fmnist_core.training import probe
from fmnist_core.training.listener import Block
from fmnist_core.training.probe import BlockTimer, measure

SMALL = presets.load("small").experiment


@pytest.fixture
def clock(monkeypatch):
    """A clock that only the test moves: `clock[0]` is the time."""
    now = [100.0]
    monkeypatch.setattr(probe.time, "perf_counter", lambda: now[0])
    return now


def block(count):
    zeros = np.zeros(count, np.float32)
    return Block(epoch=1, step=1, losses=zeros, accuracies=zeros, learning_rates=zeros)


def train(watch, clock, blocks):
    """Train blocks of (batches, seconds) as the trainer does, until the watch ends it."""
    for done, (count, seconds) in enumerate(blocks):
        if not watch.goes_on(None):
            return done
        clock[0] += seconds
        watch.on_block(block(count))
    return len(blocks)


def test_the_first_block_compiles_and_is_not_counted(clock):
    watch = BlockTimer()
    train(watch, clock, [(1, 7.0), (2, 0.4), (4, 0.4)])

    assert watch.steps == pytest.approx([0.2, 0.2, 0.1, 0.1, 0.1, 0.1])
    assert watch.first_batch == pytest.approx(time.time(), abs=60)


def test_a_first_block_that_takes_long_is_counted_as_compiling_is_little_of_it(clock):
    watch = BlockTimer()
    train(watch, clock, [(1, 8.0), (1, 6.0)])

    assert watch.steps == pytest.approx([8.0, 6.0])


def test_what_happens_between_two_blocks_is_not_counted(clock):
    watch = BlockTimer()
    train(watch, clock, [(1, 1.0), (1, 0.5)])
    clock[0] += 30  # a validation
    watch.goes_on(None)
    clock[0] += 0.5
    watch.on_block(block(1))

    assert watch.steps == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    "seconds, blocks",
    [
        (0.01, 1 + 150),  # 20 batches take 0.2 s, which is too short to be steady: 1.5 s
        (0.1, 1 + 20),  # 15 batches take 1.5 s, but 20 it has to be
        (0.5, 1 + 8),  # 4 s are enough
        (2.0, 1 + 3),  # at least 3
        (4.0, 1 + 3),  # 4 s to compile and 3 of 4 s: just 16 s
        (9.0, 1 + 1),  # two, the first one counted, as they took 18 s
        (20.0, 1),
    ],
)
def test_it_ends_as_soon_as_the_figure_is_steady_or_it_takes_too_long(clock, seconds, blocks):
    watch = BlockTimer()

    assert train(watch, clock, [(1, seconds + 1e-9)] * 1000) == blocks


def test_an_experiment_of_any_length_and_batch_is_timed_as_if_it_went_on(monkeypatch):
    # Two steps are all it asks for, and its batch is larger than the training file.
    monkeypatch.setattr(probe, "ENOUGH_SECONDS", 0.0)
    monkeypatch.setattr(probe, "ENOUGH_BATCHES", 2)
    trained = []

    class Watched(probe.Trainer):
        def _next_batches(self):
            batches = super()._next_batches()
            trained.append(batches.shape)
            return batches

    monkeypatch.setattr(probe, "Trainer", Watched)
    linear = presets.load("linear").experiment
    asked = replace(
        linear,
        data=replace(linear.data, split="resplit", validation=10),
        train=replace(linear.train, steps=1, batch_size=65_000, early_stopping=1),
    )

    found = measure(asked, load())

    assert found.batches == 2
    assert trained == [(1, 65_000)] * 3
    assert 0 < found.seconds_per_validation_image < 0.1
    assert 0 < found.fast_step <= found.seconds_per_step <= found.slow_step


@pytest.mark.parametrize(
    "seconds, images", [(0.0001, [50, 500, 500, 500]), (0.004, [50])], ids=["fast", "slow"]
)
def test_a_network_that_is_slow_in_evaluation_is_timed_on_few_images(monkeypatch, seconds, images):
    asked = []

    def evaluation(trainer, count):
        asked.append(count)
        return seconds * count

    monkeypatch.setattr(probe, "_evaluation_seconds", evaluation)

    assert probe._seconds_per_image(None) == pytest.approx(seconds)
    assert asked == images
