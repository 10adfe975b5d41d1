"""Runs that were disturbed in any way end as if nothing had happened, to the bit."""

import json
import shutil
import subprocess

import pytest

from fmnist_core.jobs import ensure_supervisor, launch, mark_in_use, train, wait
from fmnist_core.runs import checkpoints
from fmnist_core.runs.locks import is_held
from fmnist_core.runs.store import RunStore
from tests.faults.run_processes import FOREVER, experiment, kill_worker, processes, trains, until

pytestmark = pytest.mark.timeout(120)


def assert_same_end(one, other):
    """The same predictions and curves, to the bit; the clock apart."""
    ours, theirs = one.predictions, other.predictions
    assert ours.keys() == theirs.keys()
    assert all(ours[name].tobytes() == theirs[name].tobytes() for name in ours)
    assert one.history.losses == other.history.losses
    assert one.history.learning_rates == other.history.learning_rates
    clock = dict.fromkeys(("seconds", "images_per_second"))
    for row, twin in zip(one.history.epochs, other.history.epochs, strict=True):
        assert row | clock == twin | clock


LONG = experiment(epochs=16, images=2000)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What `LONG` ends like when nobody disturbs it."""
    return train(LONG, store=RunStore(tmp_path_factory.mktemp("undisturbed")))


def test_a_run_that_is_killed_and_resumed_ends_as_if_nothing_had_happened(store, undisturbed):
    run = launch(LONG, store)
    for epochs in (2, 7):
        until(lambda wanted=epochs: run.status.epoch >= wanted)
        kill_worker(store)
        assert wait(run).state == "interrupted"
        run.resume()

    assert wait(run).state == "finished"
    assert run.status.attempt == 3
    assert_same_end(run, undisturbed)


@pytest.mark.slow
def test_a_run_that_is_stopped_and_resumed_ends_as_if_nothing_had_happened(store, undisturbed):
    run = launch(LONG, store)
    until(lambda: run.status.epoch >= 2)
    run.stop()
    assert wait(run).state == "stopped"
    assert run.result is not None
    run.resume()
    until(lambda: run.status.state == "running")
    assert run.result is None  # a run that goes on has not come to its end

    assert wait(run).state == "finished"
    assert_same_end(run, undisturbed)
    assert [e["event"] for e in run.history.events] == ["start", "stop", "start"]


def test_a_run_is_paused_stepped_and_resumed_and_ends_as_if_nothing_had_happened(
    store, undisturbed
):
    run = launch(LONG, store)
    until(lambda: trains(run))
    run.pause()
    until(lambda: run.status.state == "paused")
    step, epochs = run.history.steps[-1], len(run.history.epochs)
    run.step_epoch()
    until(lambda: run.status.state == "paused" and run.status.epoch == epochs + 1)
    assert run.history.steps[-1] > step
    assert len(run.history.epochs) == epochs + 1
    run.resume()

    assert wait(run).state == "finished"
    assert run.status.attempt == 1
    assert_same_end(run, undisturbed)
    names = [e["event"] for e in run.history.events]
    assert names == ["start", "pause", "resume", "pause", "resume"]


@pytest.mark.slow
def test_a_paused_run_whose_worker_is_killed_stays_paused_and_goes_on(store, undisturbed):
    run = launch(LONG, store)
    until(lambda: trains(run))
    run.pause()
    until(lambda: run.status.state == "paused")
    kill_worker(store)
    until(lambda: not is_held(run.folder / "worker.lock"))
    run.resume()

    assert wait(run).state == "finished"
    assert run.status.attempt == 2
    assert_same_end(run, undisturbed)


@pytest.mark.slow
def test_epochs_added_after_the_end_are_those_of_a_longer_run(store, undisturbed):
    run = train(experiment(epochs=6, images=2000), store=store)
    run.add_epochs(10)

    assert wait(run).state == "finished"
    assert run.result.epochs == 16
    assert run.experiment.train.epochs == 6  # what was asked for never changes
    assert_same_end(run, undisturbed)


@pytest.mark.slow
def test_a_learning_rate_holds_from_the_next_batch_on_and_after_a_kill(store):
    run = launch(FOREVER, store)
    until(lambda: trains(run))
    run.set_learning_rate(0.0125)
    until(lambda: run.history.learning_rates[-1] == pytest.approx(0.0125))
    kill_worker(store)
    wait(run)
    run.resume()
    until(lambda: run.status.attempt == 2 and trains(run))
    run.stop()
    wait(run)

    (event,) = [e for e in run.history.events if e["event"] == "learning_rate"]
    rates = run.history.learning_rates
    assert rates[: event["step"]] == pytest.approx([0.001] * event["step"])
    assert set(rates[event["step"] :]) == {rates[-1]}
    assert rates[-1] == pytest.approx(0.0125)


@pytest.mark.slow
def test_a_torn_checkpoint_is_named_and_the_run_goes_on_only_where_it_was_told_to(
    store, undisturbed
):
    run = launch(LONG, store)
    until(lambda: len(checkpoints.paths(run.folder)) == 2)
    kill_worker(store)
    wait(run)
    newest = checkpoints.paths(run.folder)[0]
    newest.write_bytes(newest.read_bytes()[:-100])
    run.resume()

    assert wait(run).state == "interrupted"
    assert f"Its checkpoint {newest.name} is damaged (" in run.status.message
    assert "Resume it from the checkpoint before (step " in run.status.message
    assert run.history.epochs  # nothing was dropped
    run.resume(from_previous=True)
    assert wait(run).state == "finished"
    assert_same_end(run, undisturbed)


@pytest.mark.slow
def test_a_run_that_is_resumed_from_zero_begins_anew(store, undisturbed):
    run = launch(LONG, store)
    until(lambda: run.status.epoch >= 4)
    kill_worker(store)
    wait(run)
    for path in checkpoints.paths(run.folder):
        path.write_bytes(b"torn")
    run.resume(from_zero=True)

    assert wait(run).state == "finished"
    assert [e["step"] for e in run.history.events] == [0, 0]
    assert_same_end(run, undisturbed)


def spares(store):
    return processes(store, "fmnist_core.jobs.spare")


@pytest.mark.slow
def test_a_warm_spare_takes_the_next_run_and_trains_it_to_the_bit(store, undisturbed):
    mark_in_use(store.root)
    ensure_supervisor(store.root)
    until(lambda: spares(store))
    (spare,) = spares(store)
    run = launch(LONG, store)

    assert wait(run).state == "finished"
    assert_same_end(run, undisturbed)
    handle = json.loads((run.folder / "handle.json").read_text())["handle"]
    assert handle.startswith(f"{spare.pid}:")
    until(lambda: [each.pid for each in spares(store)] not in ([], [spare.pid]))  # the next one


@pytest.mark.slow
def test_a_spare_goes_with_its_supervisor(store):
    mark_in_use(store.root)
    ensure_supervisor(store.root)
    until(lambda: spares(store))
    for process in processes(store, "fmnist_core.jobs.supervisor"):
        process.kill()

    until(lambda: not spares(store))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 12 MB; making one needs root on Linux."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(tmp_path)]
    made = shutil.which("mount") and subprocess.run(mount, check=False, capture_output=True)
    if not made or made.returncode:
        pytest.skip("no file system can be mounted here")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def test_a_disk_that_fills_up_fails_the_run_and_its_last_checkpoint_stays_good(
    small_disk, monkeypatch, undisturbed
):
    monkeypatch.setattr("fmnist_core.runs.store.MIN_FREE_BYTES", 0)
    store = RunStore(small_disk)
    run = launch(LONG, store)
    until(lambda: len(checkpoints.paths(run.folder)) == 2)
    ballast = small_disk / "ballast"
    # Unbuffered: what is left in a buffer would fail once more as the file is closed.
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(b"0" * 2**16)

    assert wait(run).state == "failed"
    assert run.status.message == (
        "The disk is full: the run could not go on. Free some space, then resume it."
    )
    assert run.result is None
    assert [path.name for path in run.folder.rglob(".*")] == []  # nothing half-written
    ballast.unlink()
    run.resume()
    assert wait(run).state == "finished"
    assert run.history.events[-1]["step"] > 0
    assert_same_end(run, undisturbed)
    for process in processes(store):
        process.kill()
