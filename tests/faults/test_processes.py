"""Real supervisors and workers, and what a kill, a stop or a bad run does to them."""

import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import replace

import psutil
import pytest

from fmnist_core.exceptions import StoreError, TrainingError
from fmnist_core.jobs import ensure_supervisor, launch, mark_in_use, train, wait
from fmnist_core.jobs.queue import LOCK_NAME
from fmnist_core.model import presets
from fmnist_core.runs import checkpoints
from fmnist_core.runs.locks import is_held
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec

pytestmark = pytest.mark.timeout(120)
SMALL = presets.load("small").experiment


def experiment(epochs=1, images=512, **train_settings):
    settings = {"epochs": epochs, "batch_size": 64, **train_settings}
    data = DataSpec(subset=images, validation=200)
    return replace(SMALL, train=replace(SMALL.train, **settings), data=data)


FOREVER = experiment(epochs=1000)


@pytest.fixture
def store(tmp_path):
    store = RunStore(tmp_path)
    yield store
    for process in processes(store):
        process.kill()


def processes(store, module="fmnist_core.jobs."):
    """Return the supervisor and the workers of this store; Linux, macOS and root see them alike."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or []  # that of a zombie is empty
        if any(part.startswith(module) for part in line) and str(store.root) in line[-1]:
            found.append(process)
    return found


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def trains(run):
    return run.status.state == "running" and len(run.history.steps) > 0


def test_the_same_seed_gives_the_same_history_and_predictions(store):
    first, second = (
        train(experiment(epochs=2), store=store),
        train(experiment(epochs=2), store=store),
    )

    assert first.history.losses == second.history.losses
    assert (first.predictions["test_proba"] == second.predictions["test_proba"]).all()


def test_a_finished_run_holds_every_image_and_figures_that_agree(store):
    run = train(experiment(epochs=2), store=store)
    found, result = run.predictions, run.result

    assert found["validation_proba"].shape == (200, 10)
    assert found["test_proba"].shape == (10_000, 10)
    right = (found["test_proba"].argmax(1) == found["test_label"]).sum()
    assert right == result.test.correct
    assert result.test.accuracy == right / 10_000
    assert result.steps == 16  # 2 epochs of 8 batches of 64
    assert result.images_per_second * result.seconds == pytest.approx(1024)
    assert max(row["val_accuracy"] for row in run.history.epochs) == pytest.approx(
        result.validation.accuracy, abs=1e-6
    )
    assert [int(moment["epoch"]) for moment in run.moments()] == [1, 2]
    assert run.moments()[0]["confusion"].sum() == 200
    assert not list((run.folder / "commands").glob("*"))
    assert not list(run.folder.glob(".*"))  # no temporary file is left


def test_stop_and_keep_ends_early_with_results(store):
    run = launch(FOREVER, store)
    until(lambda: trains(run))
    run.stop()

    assert wait(run).state == "stopped"
    assert run.status.message == "Stopped by hand."
    assert run.result.epochs < 1000
    assert run.result.test.images == 10_000
    with pytest.raises(StoreError, match="has already ended: it is stopped"):
        run.stop()


def test_a_killed_worker_leaves_an_interrupted_run_and_the_next_one_unharmed(store):
    killed, waiting = launch(FOREVER, store), launch(experiment(), store)
    until(lambda: trains(killed))
    rows = len(killed.history.steps)
    assert waiting.status.state == "queued"

    kill_worker(store)

    assert wait(killed).state == "interrupted"
    assert len(killed.history.steps) >= rows
    assert wait(waiting).state == "finished"


def kill_worker(store):
    for process in processes(store, "fmnist_core.jobs.worker"):
        process.kill()


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


LONG = experiment(epochs=40, images=2000)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What `LONG` ends like when nobody disturbs it."""
    return train(LONG, store=RunStore(tmp_path_factory.mktemp("undisturbed")))


def test_a_run_that_is_killed_and_resumed_ends_as_if_nothing_had_happened(store, undisturbed):
    run = launch(LONG, store)
    for epochs in (3, 15):
        until(lambda wanted=epochs: run.status.epoch >= wanted)
        kill_worker(store)
        assert wait(run).state == "interrupted"
        run.resume()

    assert wait(run).state == "finished"
    assert run.status.attempt == 3
    assert_same_end(run, undisturbed)


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


def test_epochs_added_after_the_end_are_those_of_a_longer_run(store, undisturbed):
    run = train(experiment(epochs=15, images=2000), store=store)
    run.add_epochs(25)

    assert wait(run).state == "finished"
    assert run.result.epochs == 40
    assert run.experiment.train.epochs == 15  # what was asked for never changes
    assert_same_end(run, undisturbed)


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


def test_a_run_that_is_resumed_from_zero_begins_anew(store, undisturbed):
    run = launch(LONG, store)
    until(lambda: run.status.epoch >= 5)
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


def test_a_spare_goes_with_its_supervisor(store):
    mark_in_use(store.root)
    ensure_supervisor(store.root)
    until(lambda: spares(store))
    for process in processes(store, "fmnist_core.jobs.supervisor"):
        process.kill()

    until(lambda: not spares(store))


def test_a_killed_supervisor_harms_nothing_and_the_next_one_goes_on(store):
    run, waiting = launch(FOREVER, store), launch(experiment(), store)
    until(lambda: trains(run))

    for process in processes(store, "fmnist_core.jobs.supervisor"):
        process.kill()
    until(lambda: not is_held(store.root / LOCK_NAME))
    step = run.history.steps[-1]
    until(lambda: run.history.steps[-1] > step)  # the worker has not noticed

    ensure_supervisor(store.root)
    run.stop()
    assert wait(run).state == "stopped"
    assert wait(waiting).state == "finished"


def test_ctrl_c_reaches_neither_worker_nor_supervisor(store):
    run = launch(FOREVER, store)
    until(lambda: trains(run))

    for process in processes(store):
        assert os.getsid(process.pid) == process.pid  # a session, and so a terminal, of its own
        assert process.pid != os.getsid(0)
    run.stop()
    wait(run)


def test_sigterm_is_a_stop_and_keep(store):
    run = launch(FOREVER, store)
    until(lambda: trains(run))
    for process in processes(store, "fmnist_core.jobs.worker"):
        process.send_signal(signal.SIGTERM)

    assert wait(run).state == "stopped"
    assert run.status.message == "Stopped by a signal."
    assert run.result is not None


def test_a_second_worker_on_the_same_run_leaves_it_alone(store):
    from fmnist_core.jobs import worker

    run = launch(FOREVER, store)
    until(lambda: trains(run))
    token = run.status.token

    assert worker.main([str(run.folder)]) == 3
    assert run.status.token == token
    run.stop()
    wait(run)


def test_an_exploding_run_fails_with_a_sentence_and_without_a_result(store):
    wild = replace(
        experiment(epochs=20, optimizer="sgd", learning_rate=10.0, momentum=0.99),
        model=_linear_network(),
    )

    with pytest.raises(
        TrainingError, match=r"no longer a number\. The likely cause is the learning"
    ):
        train(wild, store=store)

    run = store.get(store.run_ids()[-1])
    assert run.status.state == "failed"
    assert run.result is None


def _linear_network():
    layers = []
    for layer in SMALL.model.layers:
        settings = dict(layer.settings)
        if "activation" in settings:
            settings["activation"] = "linear"
        layers.append(replace(layer, settings=settings))
    return replace(SMALL.model, layers=tuple(layers))


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
    with ballast.open("wb") as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(b"0" * 2**16)
            file.flush()

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


def test_missing_data_fails_the_run_with_the_three_ways_out(store, monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path / "nowhere"))

    with pytest.raises(TrainingError, match="FMNIST_DATA_DIR"):
        train(experiment(), store=store)
