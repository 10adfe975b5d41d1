"""The worker's side of commands, with a trainer that only counts."""

import json
import threading

import pytest

from fmnist_core.jobs import control as control_module
from fmnist_core.jobs.control import Commander, LeftPaused
from fmnist_core.model import presets
from fmnist_core.runs import commands
from fmnist_core.runs.store import RunStore
from fmnist_core.training.plateau import Plateau
from fmnist_core.training.state import TrainingState


class Watch:
    """A stopwatch that notes how it is used."""

    def __init__(self):
        self.calls = []

    def start(self):
        self.calls.append("start")

    def stop(self):
        self.calls.append("stop")


class Counting:
    """A trainer without a network."""

    def __init__(self, epoch=0, step=0):
        plateaus = {"early_stopping": Plateau(0), "reduce_lr": Plateau(0)}
        self.state = TrainingState(total_steps=100, step=step, epoch=epoch, **plateaus)
        self.watch = Watch()
        self.rates = []

    def plan(self, total_steps):
        self.state.total_steps = total_steps

    def set_learning_rate(self, rate):
        self.rates.append(rate)


class Checkpoints:
    """Notes at which step one was taken for certain, and what had been told by then."""

    def __init__(self, run):
        self.run, self.taken, self.offered, self.waiting = run, [], 0, []

    def take(self, trainer):
        self.taken.append(trainer.state.step)
        self.waiting.append([command.name for command in commands.pending(self.run.folder)])

    def take_if_due(self, trainer):
        self.offered += 1


class Recorder:
    """Notes what it is told."""

    def __init__(self):
        self.events, self.states, self.said = [], [], {}

    def on_event(self, event, **values):
        self.events.append((event, values))

    def say(self, **changes):
        self.said |= changes
        self.states += [changes["state"]] if "state" in changes else []


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(control_module, "POLL_SECONDS", 0.001)
    return RunStore(tmp_path).create(presets.load("small").experiment)


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def checkpoints(run):
    return Checkpoints(run)


@pytest.fixture
def commander(run, recorder, checkpoints):
    return Commander(run.folder, recorder, checkpoints)


def send(run, name, value=None):
    commands.send(run.folder, name, value)


def later(run, recorder, *orders):
    """Send these once the run says that it is paused."""

    def act():
        while "paused" not in recorder.states:
            pass
        for order in orders:
            send(run, *order)

    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_without_a_command_it_goes_on_and_a_checkpoint_is_taken_when_due(commander, checkpoints):
    assert commander.goes_on(Counting(step=3))
    assert (checkpoints.offered, checkpoints.taken) == (1, [])


def test_a_stop_takes_a_checkpoint_and_leaves_an_event(run, commander, checkpoints, recorder):
    send(run, "stop")

    assert not commander.goes_on(Counting(step=7))
    assert checkpoints.taken == [7]
    assert recorder.events == [("stop", {"step": 7})]
    assert commander.stop_reason == "Stopped by hand."


def test_a_signal_is_a_stop(commander, checkpoints):
    commander.on_signal()

    assert not commander.goes_on(Counting(step=7))
    assert commander.stop_reason == "Stopped by a signal."


def test_the_end_of_the_training_takes_a_checkpoint_for_certain(commander, checkpoints):
    commander.goes_on(Counting(step=100))

    assert checkpoints.taken == [100]


def test_a_rate_is_in_a_checkpoint_before_its_command_goes(run, commander, checkpoints, recorder):
    send(run, "rate", 0.5)
    trainer = Counting(step=9)

    assert commander.goes_on(trainer)
    assert trainer.rates == [0.5]
    assert recorder.events == [("learning_rate", {"step": 9, "learning_rate": 0.5})]
    assert (checkpoints.taken, checkpoints.waiting) == ([9], [["rate"]])
    assert commands.pending(run.folder) == []


def test_a_longer_plan_is_in_the_status(run, commander, recorder):
    send(run, "plan", 150)
    trainer = Counting(step=100)

    assert commander.goes_on(trainer)
    assert not trainer.state.done
    assert recorder.said["planned_steps"] == 150
    assert commands.pending(run.folder) == []


def test_a_pause_waits_with_a_checkpoint_until_it_is_resumed(run, commander, checkpoints, recorder):
    send(run, "pause")
    thread = later(run, recorder, ("resume", "newest"))

    assert commander.goes_on(Counting(step=5))
    thread.join()
    assert recorder.states == ["paused", "running"]
    assert [event for event, _ in recorder.events] == ["pause", "resume"]
    assert checkpoints.taken == [5]
    assert commands.pending(run.folder) == []


def test_the_clock_stands_still_while_a_run_is_paused(run, commander, recorder):
    send(run, "pause")
    trainer = Counting()
    thread = later(run, recorder, ("resume", "newest"))
    commander.goes_on(trainer)
    thread.join()

    assert trainer.watch.calls == ["stop", "start"]


def test_a_step_goes_on_to_the_end_of_the_epoch_and_pauses_there(run, commander, recorder):
    send(run, "step", 3)
    assert commander.goes_on(Counting(epoch=2, step=25))
    assert recorder.states == []

    thread = later(run, recorder, ("resume", "newest"))
    assert commander.goes_on(Counting(epoch=3, step=30))
    thread.join()
    assert recorder.states == ["paused", "running"]


def test_a_paused_run_steps_one_epoch(run, commander, recorder):
    send(run, "pause")
    thread = later(run, recorder, ("step", 1))

    assert commander.goes_on(Counting(step=5))
    thread.join()
    assert commander.goes_on(Counting(step=9))
    recorder.states.clear()
    thread = later(run, recorder, ("stop",))
    assert not commander.goes_on(Counting(epoch=1, step=10))
    thread.join()
    assert recorder.states == ["paused", "running"]


def test_a_paused_run_takes_a_rate_and_stays_paused(run, commander, recorder):
    send(run, "pause")
    trainer = Counting()
    thread = later(run, recorder, ("rate", 0.5), ("stop",))

    assert not commander.goes_on(trainer)
    thread.join()
    assert trainer.rates == [0.5]
    assert [event for event, _ in recorder.events] == ["pause", "learning_rate", "stop"]


def test_a_run_that_is_paused_for_long_is_left(run, commander, recorder, monkeypatch):
    monkeypatch.setattr(control_module, "PAUSE_SECONDS", 0)
    send(run, "pause")

    with pytest.raises(LeftPaused):
        commander.goes_on(Counting())
    assert recorder.states == ["paused"]


def test_the_supervisor_can_send_a_paused_worker_away_but_not_one_that_trains(
    run, commander, recorder
):
    send(run, "leave")
    assert commander.goes_on(Counting())
    assert commands.pending(run.folder) == []

    send(run, "pause")
    thread = later(run, recorder, ("leave",))
    with pytest.raises(LeftPaused):
        commander.goes_on(Counting())
    thread.join()


def test_a_run_that_is_done_does_not_pause(run, commander, recorder):
    send(run, "pause")

    assert commander.goes_on(Counting(step=100))
    assert recorder.states == []


def test_a_foreign_file_among_the_commands_is_passed_over(run, commander):
    (run.folder / "commands").mkdir()
    (run.folder / "commands" / "1-a.json").write_text(json.dumps({"command": "rate", "value": -1}))

    assert commander.goes_on(Counting())
