"""What a run can be told in each state, and the sentence where it cannot."""

import pytest

from fmnist_core.exceptions import SpecError, StoreError
from fmnist_core.model import presets
from fmnist_core.runs import commands
from fmnist_core.runs.control import WAKE_NAME
from fmnist_core.runs.locks import take
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import STATES, Status
from fmnist_core.runs.store import RunStore

EXPERIMENT = presets.load("small").experiment  # 422 steps an epoch
CHECKPOINT = "checkpoint/000001.npz"
TELL = {
    "stop": lambda run: run.stop(),
    "pause": lambda run: run.pause(),
    "step": lambda run: run.step_epoch(),
    "rate": lambda run: run.set_learning_rate(0.01),
    "resume": lambda run: run.resume(),
    "extend": lambda run: run.add_epochs(2),
}
ALLOWED = {
    "stop": {"queued", "starting", "running", "paused"},
    "pause": {"starting", "running"},
    "step": {"starting", "running", "paused"},
    "rate": {"starting", "running", "paused"},
    "resume": {"paused", "interrupted", "stopped", "failed"},
    "extend": {"starting", "running", "paused", "finished", "stopped"},
}
PAIRS = [(order, state) for order in TELL for state in sorted(STATES)]


@pytest.fixture
def run(tmp_path):
    return RunStore(tmp_path).create(EXPERIMENT)


def in_state(run, state, **changes):
    Status(state=state, attempt=1, **changes).write(run.folder)
    if not run.can_go_on:
        (run.folder / "checkpoint").mkdir()
        (run.folder / CHECKPOINT).write_bytes(b"")


def waiting(run):
    return [(command.name, command.value) for command in commands.pending(run.folder)]


@pytest.mark.parametrize(("order", "state"), PAIRS)
def test_an_order_is_taken_in_the_states_that_allow_it_and_in_no_other(run, order, state):
    in_state(run, state)
    if state in ALLOWED[order]:
        TELL[order](run)
        assert waiting(run) or run.status.state == "queued"
        return
    with pytest.raises(StoreError) as caught:
        TELL[order](run)
    assert run.run_id in str(caught.value)
    assert f"is {state}" in str(caught.value)
    assert waiting(run) == []
    assert run.status.state == state


def test_the_sentence_says_when_it_can(run):
    in_state(run, "finished")

    with pytest.raises(StoreError) as caught:
        run.pause()
    assert str(caught.value) == (
        f"Run {run.run_id} is finished and cannot be paused; a run that is starting or running can."
    )
    with pytest.raises(StoreError, match="has already ended: it is finished"):
        run.stop()


@pytest.mark.parametrize("state", ["interrupted", "stopped", "failed"])
def test_resume_queues_an_ended_run_again_and_wakes_the_supervisor(run, state):
    in_state(run, state, message="why it ended", step=12)
    run.resume()

    status = run.status
    assert (status.state, status.attempt, status.step, status.message) == ("queued", 1, 12, "")
    assert waiting(run) == [("resume", "newest")]
    assert (run.folder.parent / WAKE_NAME).exists()


def test_a_paused_run_stays_paused_until_its_worker_hears_of_it(run):
    in_state(run, "paused")
    run.resume()

    assert run.status.state == "paused"
    assert waiting(run) == [("resume", "newest")]


@pytest.mark.parametrize(
    ("choice", "value"), [({"from_previous": True}, "previous"), ({"from_zero": True}, "zero")]
)
def test_resume_says_from_where(run, choice, value):
    in_state(run, "interrupted")
    run.resume(**choice)

    assert waiting(run) == [("resume", value)]


def test_a_run_that_its_worker_still_holds_is_not_queued_again(run, monkeypatch):
    monkeypatch.setattr("fmnist_core.runs.control.LOCK_SECONDS", 0.05)
    in_state(run, "stopped")
    lock = take(run.folder / "worker.lock")

    with pytest.raises(StoreError, match=r"still held by its worker\. Try again in a moment"):
        run.resume()
    assert run.status.state == "stopped"
    lock.release()


def test_a_stopped_run_without_a_checkpoint_goes_on_only_from_zero(run):
    Status(state="stopped", attempt=1).write(run.folder)

    with pytest.raises(StoreError, match=r"has no checkpoint\. Resume it from zero"):
        run.resume()
    run.resume(from_zero=True)
    assert run.status.state == "queued"


def test_epochs_are_added_to_where_an_ended_run_stands(run):
    # An early stop after 3 epochs of 422 steps; 2 more are 2,110.
    in_state(run, "finished", epoch=3, step=1266)
    run.add_epochs(2)

    assert (run.status.state, run.status.planned_steps, run.total_steps) == ("queued", 2110, 2110)


def test_epochs_are_added_to_the_plan_of_a_live_run_and_to_each_other(run):
    # The preset plans 5 epochs: 2,110 steps.
    in_state(run, "running", epoch=3, step=1266)
    run.add_epochs(1)
    run.add_epochs(2)

    assert waiting(run) == [("plan", 2532), ("plan", 3376)]
    assert run.total_steps == EXPERIMENT.train.total_steps(54_000)


def test_a_finished_run_without_a_checkpoint_cannot_train_longer(run):
    Status(state="finished", attempt=1).write(run.folder)

    with pytest.raises(StoreError, match=r"no checkpoint to go on from\. Train it anew with more"):
        run.add_epochs(1)


@pytest.mark.parametrize("epochs", [0, -1, 1001, 2.5, "2", None, True])
def test_a_number_of_epochs_out_of_range_is_refused(run, epochs):
    in_state(run, "running")

    with pytest.raises(SpecError, match="Epochs to add must be a whole number from 1 to 1,000"):
        run.add_epochs(epochs)


@pytest.mark.parametrize("rate", [0, -1, 11, float("nan"), "fast", None])
def test_a_learning_rate_out_of_range_is_refused(run, rate):
    in_state(run, "running")

    with pytest.raises(SpecError, match="Learning rate must be a number above 0 and at most 10"):
        run.set_learning_rate(rate)
    assert waiting(run) == []


def test_a_step_ends_with_the_epoch_under_way(run):
    in_state(run, "paused", epoch=4)
    run.step_epoch()

    assert waiting(run) == [("step", 5)]


def test_one_moment_is_read_without_the_others(run):
    import numpy as np

    (run.folder / "moments").mkdir()
    (run.folder / "moments/epoch-0001.npz").write_bytes(b"torn")
    np.savez(run.folder / "moments/epoch-0002.npz", epoch=np.int32(2))

    assert run.moment(2)["epoch"] == 2
    assert run.moment(1) is None
    assert Run(run.folder).moment(3) is None
