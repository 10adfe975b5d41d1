"""Real supervisors and workers, and what a kill, a stop or a bad run does to them."""

import os
import signal
from dataclasses import replace

import pytest

from fmnist_core.exceptions import StoreError, TrainingError
from fmnist_core.jobs import ensure_supervisor, launch, train, wait
from fmnist_core.jobs.queue import LOCK_NAME
from fmnist_core.runs.locks import is_held
from tests.faults.run_processes import (
    FOREVER,
    SMALL,
    experiment,
    kill_worker,
    processes,
    trains,
    until,
)

pytestmark = pytest.mark.timeout(120)


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_missing_data_fails_the_run_with_the_three_ways_out(store, monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path / "nowhere"))

    with pytest.raises(TrainingError, match="FMNIST_DATA_DIR"):
        train(experiment(), store=store)
