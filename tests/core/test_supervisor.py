"""The supervisor's decisions, one line of its table each, with an executor that only pretends."""

import json
import time
from dataclasses import replace

import pytest
from filelock import FileLock

from fmnist_core.jobs import supervisor as supervisor_module
from fmnist_core.jobs.executors import Poll
from fmnist_core.jobs.supervisor import Supervisor, serve
from fmnist_core.model import presets
from fmnist_core.runs import commands
from fmnist_core.runs.store import RunStore

EXPERIMENT = presets.load("small").experiment


class Pretending:
    """An executor whose runs are in the state that the test says."""

    name = "pretending"

    def __init__(self, slots=1):
        self.slots, self.submitted, self.cancelled, self.forgotten = slots, [], [], []
        self.says = Poll.RUNNING

    def capacity(self, busy):
        return self.slots - busy

    def submit(self, folder):
        self.submitted.append(folder.name)
        return f"handle-{len(self.submitted)}"

    def poll(self, handles):
        return dict.fromkeys(handles, self.says)

    def cancel(self, handle, *, force=False):
        self.cancelled.append((handle, force))

    def forget(self, handle):
        self.forgotten.append(handle)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor_module, "GRACE_SECONDS", 0)
    return RunStore(tmp_path)


@pytest.fixture
def engine():
    return Pretending()


@pytest.fixture
def supervisor(store, engine):
    return Supervisor(store.root, engine)


def say(run, state, **changes):
    replace(run.status, state=state, **changes).write(run.folder)


def test_the_oldest_run_is_handed_over_first_and_only_as_many_as_there_are_slots(
    store, engine, supervisor
):
    runs = [store.create(EXPERIMENT) for _ in range(3)]

    assert supervisor.step() == 3
    assert supervisor.step() == 3
    assert engine.submitted == [runs[0].run_id]


def test_a_start_is_expected_while_a_slot_is_free_or_a_run_waits(store, engine, supervisor):
    engine.slots = 2
    expected = []
    for _ in range(3):
        store.create(EXPERIMENT)
        supervisor.step()
        expected.append(supervisor.expects_start)

    assert expected == [True, False, True]  # one of two slots, both, and one run more


def test_the_next_run_starts_when_one_has_ended_and_its_process_is_gone(store, engine, supervisor):
    first, second = [store.create(EXPERIMENT) for _ in range(2)]
    supervisor.step()
    say(first, "finished")
    supervisor.step()
    assert engine.submitted == [first.run_id]  # its process still holds the slot

    engine.says = Poll.GONE
    supervisor.step()
    engine.says = Poll.RUNNING

    assert engine.submitted == [first.run_id, second.run_id]
    assert engine.forgotten == ["handle-1"]
    assert "closed" in json.loads((first.folder / "handle.json").read_text())


def test_a_waiting_run_that_is_told_to_stop_never_starts(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    run.stop()

    assert supervisor.step() == 0
    assert engine.submitted == []
    assert run.status.state == "stopped"
    assert run.status.message == "Taken out of the queue. It had not begun."


def test_a_running_run_whose_process_is_gone_is_interrupted(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "running", step=12)
    engine.says = Poll.GONE

    supervisor.step()

    assert run.status.state == "interrupted"
    assert run.status.step == 12
    assert run.status.message == "Its process ended without a word. See log.txt."


def test_a_run_that_was_to_stop_and_whose_process_is_gone_is_stopped(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "running")
    run.stop()
    engine.says = Poll.GONE

    supervisor.step()

    assert run.status.state == "stopped"


def test_a_run_is_left_alone_as_long_as_its_lock_is_held(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "running")
    engine.says = Poll.GONE

    with FileLock(run.folder / "worker.lock"):
        assert supervisor.step() == 1
        assert run.status.state == "running"


def test_the_grace_leaves_a_worker_time_to_say_goodbye(store, engine, supervisor, monkeypatch):
    monkeypatch.setattr(supervisor_module, "GRACE_SECONDS", 60)
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "running")
    engine.says = Poll.GONE
    supervisor.step()
    say(run, "finished")
    supervisor.step()

    assert run.status.state == "finished"


def test_an_engine_out_of_reach_changes_nothing(store, engine, supervisor):
    running, ended = (store.create(EXPERIMENT) for _ in range(2))
    engine.slots = 2
    supervisor.step()
    say(running, "running")
    say(ended, "finished", time=time.time() - 31)
    engine.says = Poll.UNKNOWN

    assert supervisor.step() == 2
    assert running.status.state == "running"
    assert (engine.cancelled, engine.forgotten) == ([], [])


def test_a_worker_that_never_starts_is_tried_three_times(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    engine.says = Poll.GONE
    for _ in range(10):
        supervisor.step()

    assert len(engine.submitted) == 3
    assert run.status.state == "failed"
    assert run.status.message == "Its process could not start, 3 times in a row. See log.txt."


def test_an_ended_run_whose_process_lingers_is_ended_by_force(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "finished", time=time.time() - 31)

    supervisor.step()

    assert engine.cancelled == [("handle-1", True)]


def test_a_pending_run_that_is_told_to_stop_is_cancelled(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    supervisor.step()
    run.stop()
    engine.says = Poll.PENDING

    supervisor.step()

    assert engine.cancelled == [("handle-1", False)]


def test_a_new_supervisor_adopts_what_the_last_one_started(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "running")

    assert Supervisor(store.root, engine).step() == 1
    assert engine.submitted == [run.run_id]


def test_a_submission_in_doubt_is_repeated_only_after_a_while(store, engine, supervisor):
    # The last supervisor died between its intent and its handle.
    run = store.create(EXPERIMENT)
    handle = run.folder / "handle.json"
    handle.write_text(json.dumps({"format": 1, "intent": time.time()}))
    supervisor.step()
    assert engine.submitted == []

    handle.write_text(json.dumps({"format": 1, "intent": time.time() - 11}))
    supervisor.step()
    assert engine.submitted == [run.run_id]


def resumed(store, engine, supervisor):
    """A run that was interrupted, closed and queued again."""
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "running", attempt=1, step=12)
    engine.says = Poll.GONE
    supervisor.step()  # interrupted
    supervisor.step()  # closed
    assert run.status.state == "interrupted"
    assert supervisor.step() == 0
    run.resume()
    return run


def test_a_resumed_run_is_handed_over_again(store, engine, supervisor):
    run = resumed(store, engine, supervisor)

    assert supervisor.step() == 1
    assert engine.submitted == [run.run_id, run.run_id]
    assert json.loads((run.folder / "handle.json").read_text())["tries"] == []


def test_a_resumed_run_that_leaves_the_queue_can_be_resumed_later(store, engine, supervisor):
    run = resumed(store, engine, supervisor)
    run.stop()
    supervisor.step()

    assert engine.submitted == [run.run_id]
    assert run.status.state == "stopped"
    assert run.status.message == "Taken out of the queue. It can be resumed."


def test_a_paused_run_whose_worker_has_left_waits_without_a_slot(store, engine, supervisor):
    run, other = (store.create(EXPERIMENT) for _ in range(2))
    supervisor.step()
    say(run, "paused", attempt=1)
    engine.says = Poll.GONE
    supervisor.step()

    assert run.status.state == "paused"
    assert engine.submitted == [run.run_id, other.run_id]


@pytest.mark.parametrize("order", ["resume", "step_epoch", "stop"])
def test_a_paused_run_whose_worker_has_left_gets_one_when_told_to(store, engine, supervisor, order):
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "paused", attempt=1)
    engine.says = Poll.GONE
    supervisor.step()
    assert supervisor.step() == 0
    getattr(run, order)()

    assert supervisor.step() == 1
    assert engine.submitted == [run.run_id] * 2
    assert run.status.state == "queued"


def test_a_paused_worker_leaves_for_a_run_that_waits(store, engine, supervisor):
    paused = store.create(EXPERIMENT)
    supervisor.step()
    say(paused, "paused", attempt=1)
    assert commands.pending(paused.folder) == []
    store.create(EXPERIMENT)

    supervisor.step()
    supervisor.step()
    assert [command.name for command in commands.pending(paused.folder)] == ["leave"]
    assert engine.cancelled == []


def test_a_rate_that_a_killed_worker_did_not_take_waits_for_the_next(store, engine, supervisor):
    run = store.create(EXPERIMENT)
    supervisor.step()
    say(run, "running", attempt=1)
    run.set_learning_rate(0.5)
    run.pause()
    engine.says = Poll.GONE
    supervisor.step()

    assert [command.name for command in commands.pending(run.folder)] == ["rate"]


def test_a_damaged_run_is_passed_over_and_the_others_go_on(store, engine, supervisor):
    damaged, sound = [store.create(EXPERIMENT) for _ in range(2)]
    (damaged.folder / "status.json").write_text('{"format": 1, "sta')

    supervisor.step()

    assert engine.submitted == [sound.run_id]


def test_an_engine_that_cannot_start_a_process_leaves_the_run_waiting(store, supervisor, engine):
    run = store.create(EXPERIMENT)

    def full(folder):
        raise OSError(11, "Resource temporarily unavailable")

    engine.submit = full

    assert supervisor.step() == 1
    assert run.status.state == "queued"


def test_serving_ends_when_the_queue_has_been_empty_for_a_while(store, engine):
    serve(store.root, engine, idle_seconds=0)

    assert engine.submitted == []


def test_serving_goes_on_while_somebody_may_start_a_run(store, engine, monkeypatch):
    monkeypatch.setattr(supervisor_module, "PASS_SECONDS", 0.01)
    asked = []

    def stays(expects_start):
        asked.append(time.monotonic())
        return len(asked) < 20

    serve(store.root, engine, idle_seconds=0.02, stays=stays)

    assert len(asked) >= 20


def test_owners_take_turns_and_keep_to_their_cap(store):
    engine = Pretending(slots=3)
    runs = [store.create(replace(EXPERIMENT, owner=owner)) for owner in ("ann", "ann", "bob")]
    supervisor = Supervisor(store.root, engine, cap=1)

    assert supervisor.step() == 3
    assert engine.submitted == [runs[0].run_id, runs[2].run_id]
    supervisor.step()
    assert engine.submitted == [runs[0].run_id, runs[2].run_id]


def test_a_second_supervisor_leaves_at_once(store, engine, monkeypatch):
    monkeypatch.setattr(supervisor_module, "take", lambda path: None)
    store.create(EXPERIMENT)

    serve(store.root, engine)

    assert engine.submitted == []


def test_a_run_queued_while_the_supervisor_says_goodbye_is_still_served(store, monkeypatch):
    class Prompt(Pretending):
        def submit(self, folder):
            say(store.get(folder.name), "finished")
            return super().submit(folder)

    class LastMomentLock:
        def release(self):
            if not store.run_ids():
                store.create(EXPERIMENT)

    monkeypatch.setattr(supervisor_module, "take", lambda path: LastMomentLock())
    monkeypatch.setattr(supervisor_module, "PASS_SECONDS", 0)
    engine = Prompt()
    engine.says = Poll.GONE

    serve(store.root, engine, idle_seconds=0.05)

    assert engine.submitted == store.run_ids()
