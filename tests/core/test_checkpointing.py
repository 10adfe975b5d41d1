"""When checkpoints are taken, and that a failed one ends the training."""

import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from fmnist_core.jobs import checkpointing as module
from fmnist_core.jobs.checkpointing import Checkpointing
from fmnist_core.model import presets
from fmnist_core.runs import checkpoints
from fmnist_core.runs.store import RunStore
from fmnist_core.training import snapshot as snapshot_module
from fmnist_core.training.snapshot import Snapshot


class Clock:
    """Seconds that pass only when the test says so; a checkpoint costs `cost` of them."""

    now, cost = 1000.0, 0.0

    def monotonic(self):
        return self.now

    def perf_counter(self):
        return self.now

    def thread_time(self):
        return self.cost


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def written(monkeypatch):
    """The steps of the checkpoints that were written."""
    steps = []

    def capture(trainer):
        state = {**vars(trainer.state), "best_epoch": 0}
        return Snapshot(state=state, arrays={})

    def write(folder, arrays, *, before, **facts):
        before()
        steps.append(facts["step"])

    monkeypatch.setattr(snapshot_module, "capture", capture)
    monkeypatch.setattr(checkpoints, "write", write)
    return steps


class FakeRecorder:
    """Logs what it is asked to do; saving a model costs `save_cost` seconds."""

    def __init__(self):
        self.status = SimpleNamespace(epoch=0)
        self.log, self.saved, self.has_unsaved, self.clock, self.save_cost = (
            [],
            [],
            False,
            None,
            0.0,
        )

    def write_blocks(self):
        self.log.append("blocks")

    def sync(self):
        self.log.append("sync")

    def save(self, model):
        self.saved.append(model)
        self.has_unsaved = False
        self.clock.now += self.save_cost


@pytest.fixture
def recorder():
    return FakeRecorder()


@pytest.fixture
def checkpointing(tmp_path, recorder, clock, written):
    experiment = presets.load("small").experiment
    return Checkpointing(RunStore(tmp_path).create(experiment).folder, experiment, recorder)


def trainer(step, epoch=0):
    best = contextmanager(lambda: iter([f"best at {step}"]))
    return SimpleNamespace(state=SimpleNamespace(step=step, epoch=epoch), best=best)


def offer(checkpointing, step, epoch=0):
    checkpointing.take_if_due(trainer(step, epoch))
    checkpointing.finish()


def test_one_is_taken_after_each_epoch(checkpointing, written):
    for step, epoch in ((5, 0), (10, 1), (15, 1), (20, 2)):
        offer(checkpointing, step, epoch)

    assert written == [10, 20]


def test_one_is_taken_after_30_seconds_of_an_epoch(checkpointing, written, clock):
    for step in range(1, 9):
        clock.now += 10
        offer(checkpointing, step)

    assert written == [3, 6]


def test_the_next_one_waits_100_times_as_long_as_the_last_one_took(checkpointing, written, clock):
    # Each costs 0.1 s: the next may come after 10 s, though epochs take but one.
    clock.cost = 0.1
    for epoch in range(1, 24):
        clock.now += 1
        offer(checkpointing, epoch, epoch)

    assert written == [1, 11, 21]


def test_the_best_model_is_saved_where_there_is_a_better_one(checkpointing, recorder, clock):
    recorder.clock = clock
    offer(checkpointing, 1)
    recorder.has_unsaved = True
    offer(checkpointing, 2)
    offer(checkpointing, 3)

    assert recorder.saved == ["best at 2"]


def test_the_next_model_waits_100_times_as_long_as_the_last_one_took(
    checkpointing, recorder, clock
):
    # Each costs 0.095 s; epochs, each a better one, take a second: the next may come after 9.5 s.
    recorder.clock, recorder.save_cost = clock, 0.095
    for epoch in range(1, 13):
        recorder.has_unsaved = True
        offer(checkpointing, epoch, epoch)
        clock.now += 1

    assert recorder.saved == ["best at 1", "best at 11"]
    checkpointing.take(trainer(13, 13))  # before a pause
    assert recorder.saved[-1] == "best at 13"


def test_what_led_to_it_is_in_the_log_before_it(checkpointing, recorder):
    offer(checkpointing, 5, epoch=1)

    assert recorder.log == ["blocks", "sync"]


def test_training_goes_on_while_one_is_written_and_the_next_waits(
    checkpointing, written, monkeypatch
):
    goes, write = threading.Event(), checkpoints.write

    def slow(*args, **facts):
        goes.wait()
        write(*args, **facts)

    monkeypatch.setattr(checkpoints, "write", slow)
    checkpointing.take_if_due(trainer(1, epoch=1))
    checkpointing.take_if_due(trainer(2, epoch=2))
    goes.set()
    checkpointing.finish()
    offer(checkpointing, 3, epoch=3)

    assert written == [1, 3]


def test_one_that_was_ordered_waits_for_the_one_that_is_written(checkpointing, written):
    checkpointing.take_if_due(trainer(1, epoch=1))
    checkpointing.take(trainer(2, epoch=1))

    assert written == [1, 2]


def test_one_that_could_not_be_written_is_an_error_at_the_next_occasion(checkpointing, monkeypatch):
    def full(*_args, **_facts):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints, "write", full)
    with pytest.raises(OSError, match="No space left"):
        offer(checkpointing, 1, epoch=1)
    checkpointing.finish()  # and only once
