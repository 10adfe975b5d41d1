"""Asking for a network's speed: the file it is kept in, and every way in which timing can fail."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest
from hypothesis import HealthCheck, given, settings

from fmnist_core.cli import main
from fmnist_core.exceptions import DataError, StoreError, TrainingError
from fmnist_core.jobs import background, probe_worker
from fmnist_core.jobs.probe import (
    FAILED,
    GONE,
    NONE,
    RUNNING,
    probe,
    probe_state,
    request_probe,
)
from fmnist_core.jobs.probe_record import ProbeRecord, forget_oldest, read_record, record_path
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.model import edit, presets
from fmnist_core.runs.locks import take
from fmnist_core.runs.status import RUNNING as TRAINS
from fmnist_core.runs.status import Status
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec, LayerSpec, ModelSpec
from tests.strategies import json_values, stacks

SMALL = presets.load("small").experiment
RESULT = ProbeResult(
    batch_size=128,
    batches=40,
    seconds_per_step=0.01,
    fast_step=0.009,
    slow_step=0.012,
    seconds_per_validation_image=0.0001,
    start_seconds=4.0,
    peak_bytes=800 * 2**20,
    live_runs=0,
    time=1_000_000.0,
    machine={"processor": "Some processor", "cores": 2},
)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return RunStore(tmp_path)


@pytest.fixture
def path(store):
    """The file of `SMALL`, in its folder."""
    found = record_path(SMALL, store.root)
    found.parent.mkdir()
    return found


def own_handle():
    return f"{os.getpid()}:{psutil.Process().create_time():.2f}"


def record(**changes):
    """What stands in the file while this very process times `SMALL`."""
    asked = {"asked": time.time(), "handle": own_handle(), "experiment": SMALL.to_dict()}
    return ProbeRecord(**{**asked, **changes})


def keep_result(experiment, store, result=RESULT):
    path = record_path(experiment, store.root)
    path.parent.mkdir(exist_ok=True)
    record(result=result).write(path)


def run_instead(monkeypatch, code):
    """Let `code` run in the place of the worker; returns the processes that were started."""
    started = []

    def start(module, *, log):
        command = [sys.executable, "-c", code, *module[1:]]
        started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))
        return started[-1]

    monkeypatch.setattr(background, "start_detached", start)
    return started


def worker_with(**changes):
    """The worker's own code with other values of its module."""
    lines = [f"worker.{name} = {value}" for name, value in changes.items()]
    return "\n".join(
        [
            "import sys, time, fmnist_core.jobs.probe_worker as worker",
            *lines,
            "sys.exit(worker.main(sys.argv[1:]))",
        ]
    )


# The key -----------------------------------------------------------------------------------------


def key(experiment):
    return record_path(experiment, RunStore().root).name


def with_train(**changes):
    return replace(SMALL, train=replace(SMALL.train, **changes))


def with_model(model):
    return replace(SMALL, model=model)


@pytest.mark.parametrize(
    "same",
    [
        replace(SMALL, name="another name", parent="20260101-000000-000000"),
        with_model(replace(SMALL.model, name="another")),
        with_model(edit.rename_layer(SMALL.model, "conv2d_1", "first")),
        with_train(epochs=50, learning_rate=0.1, seed=3, early_stopping=2, schedule="cosine"),
        with_train(steps=200),
        replace(SMALL, data=DataSpec(subset=1000, validation=0.2, split="resplit")),
    ],
    ids=["run", "network", "layer", "training", "steps", "data"],
)
def test_names_and_lengths_do_not_change_what_was_measured(same):
    assert key(same) == key(SMALL)


@pytest.mark.parametrize(
    "other",
    [
        with_train(batch_size=64),
        with_train(optimizer="sgd"),
        with_train(class_weights=(1.0,) * 10),
        with_model(edit.change_settings(SMALL.model, "conv2d_1", filters=17)),
        with_model(edit.remove_layer(SMALL.model, "conv2d_2")),
    ],
    ids=["batch size", "optimizer", "class weights", "filters", "layers"],
)
def test_what_costs_time_is_measured_anew(other):
    assert key(other) != key(SMALL)


def test_a_skip_from_another_layer_is_another_network():
    def skips_to(name):
        layers = [LayerSpec(type="Conv2D", name=n, settings={"padding": "same"}) for n in "abc"]
        layers.append(LayerSpec(type="Add", name="d", inputs=(name,)))
        return with_model(ModelSpec(layers=tuple(layers)))

    assert key(skips_to("a")) != key(skips_to("b"))


def test_another_number_of_threads_is_measured_anew(monkeypatch):
    before = key(SMALL)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "1")

    assert key(SMALL) != before


@given(stacks())
def test_no_name_of_any_network_is_part_of_the_key(model):
    names = {layer.name: f"renamed_{k}" for k, layer in enumerate(model.layers)}
    renamed = ModelSpec(
        layers=tuple(
            replace(
                layer,
                name=names[layer.name],
                inputs=tuple(names.get(name, name) for name in layer.inputs),
            )
            for layer in model.layers
        )
    )

    assert key(with_model(renamed)) == key(with_model(model))


# The file ----------------------------------------------------------------------------------------


def test_nothing_is_known_of_a_network_that_nobody_timed(store):
    assert probe_state(SMALL, store).state == NONE
    assert list(store.root.iterdir()) == []  # to ask leaves no trace


def test_a_result_is_found_again_whole(store, path):
    record(result=RESULT).write(path)

    assert probe_state(SMALL, store).result == RESULT
    assert probe_state(with_train(epochs=30), store).result == RESULT


def test_a_failure_is_found_with_its_sentence(store, path):
    record(failure="It went wrong.").write(path)

    found = probe_state(SMALL, store)
    assert (found.state, found.message, found.result) == (FAILED, "It went wrong.", None)


def test_it_runs_while_its_process_lives(store, path):
    record().write(path)

    assert probe_state(SMALL, store).state == RUNNING


@pytest.mark.parametrize(
    "lost",
    [
        {"handle": "999999999:1.00"},
        {"handle": f"{os.getpid()}:1.00"},  # a process of that number that began long ago
        {"handle": "no handle"},
        {"asked": time.time() - 3600},
        {"asked": time.time() + 3600},
    ],
    ids=["gone", "number used again", "senseless", "hour-old", "from the future"],
)
def test_a_process_that_cannot_be_at_work_any_more_has_failed(store, path, lost):
    record(**lost).write(path)

    assert probe_state(SMALL, store).state == FAILED
    assert probe_state(SMALL, store).message == GONE


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda text: text.replace('"seconds_per_step": 0.01', '"seconds_per_step": NaN'),
        lambda text: text.replace('"seconds_per_step": 0.01', '"seconds_per_step": -1'),
        lambda text: text.replace('"seconds_per_step": 0.01', '"seconds_per_step": "fast"'),
        lambda text: text.replace('"batches": 40', '"batches": true'),
        lambda text: text.replace('"batch_size": 128', '"batch_size": 64'),  # of another network
        lambda text: text.replace('"live_runs"', '"unknown"'),
        lambda text: "[" * 100_000,
    ],
)
def test_a_damaged_or_foreign_file_counts_as_none(store, path, damage):
    record(result=RESULT).write(path)
    before = path.read_text()
    path.write_text(damage(before))

    assert path.read_text() != before
    assert probe_state(SMALL, store).state == NONE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(json_values, json_values)
def test_no_json_in_the_file_makes_a_page_fail(store, content, handle):
    path = record_path(SMALL, store.root)
    path.parent.mkdir(exist_ok=True)
    for data in (content, {"format": 1, "asked": 0, "handle": handle, "result": content}):
        path.write_text(json.dumps(data))
        assert probe_state(SMALL, store).state in (NONE, FAILED)


def test_only_the_newest_200_are_kept(tmp_path):
    for number in range(203):
        file = tmp_path / f"{number}.json"
        file.write_text("{}")
        os.utime(file, (number, number))
    (tmp_path / "log.txt").write_text("kept")

    forget_oldest(tmp_path)

    left = {file.name for file in tmp_path.iterdir()}
    assert left == {"log.txt", *(f"{number}.json" for number in range(3, 203))}


# Asking ------------------------------------------------------------------------------------------


def test_asking_starts_one_process_however_often_one_asks(store, monkeypatch):
    started = run_instead(monkeypatch, "import time; time.sleep(60)")

    request_probe(SMALL, store)
    request_probe(replace(SMALL, name="the same network"), store)

    assert len(started) == 1
    assert probe_state(SMALL, store).state == RUNNING
    started[0].kill()
    started[0].wait()
    assert probe_state(SMALL, store).state == FAILED


def test_the_runs_that_train_meanwhile_are_noted(store, monkeypatch):
    started = run_instead(monkeypatch, "pass")
    for state in (TRAINS, TRAINS, "queued", "finished"):
        Status(state=state).write(store.create(SMALL).folder)

    request_probe(SMALL, store)

    assert read_record(record_path(SMALL, store.root)).live_runs == 2
    started[0].wait()


def test_a_process_that_ends_without_a_word_is_a_sentence(store, monkeypatch):
    run_instead(monkeypatch, "import os; os.kill(os.getpid(), 9)")

    with pytest.raises(TrainingError) as failed:
        probe(SMALL, store)

    assert str(failed.value) == GONE


def test_what_was_timed_is_not_timed_again_unless_one_wants_it(store, monkeypatch):
    started = run_instead(monkeypatch, "pass")
    keep_result(SMALL, store)

    assert probe(SMALL, store) == RESULT
    assert started == []
    with pytest.raises(TrainingError):
        probe(SMALL, store, again=True)
    assert len(started) == 1
    started[0].wait()


def test_not_everybody_can_wait_at_once(store, monkeypatch):
    started = run_instead(monkeypatch, "pass")
    for filters in range(1, 6):
        other = with_model(edit.change_settings(SMALL.model, "conv2d_1", filters=filters))
        file = record_path(other, store.root)
        file.parent.mkdir(exist_ok=True)
        record().write(file)

    with pytest.raises(TrainingError) as refused:
        request_probe(SMALL, store)

    assert str(refused.value) == "5 networks wait to be timed already. Try again in a minute."
    assert started == []


def test_a_folder_that_cannot_be_written_is_a_sentence(store):
    (store.root / ".probes").write_text("a file where the folder should be")

    with pytest.raises(StoreError, match="could not be timed"):
        request_probe(SMALL, store)


def test_a_log_that_has_grown_long_begins_anew(store, path, monkeypatch):
    monkeypatch.setattr(background, "MAX_LOG_BYTES", 10)
    (path.parent / "log.txt").write_text("more than ten characters")
    started = run_instead(monkeypatch, "pass")

    request_probe(SMALL, store)

    assert not (path.parent / "log.txt").exists()
    started[0].wait()


# The worker --------------------------------------------------------------------------------------


def work(path, monkeypatch, measure):
    """Do the worker's work in this process, with `measure` for the measuring."""
    monkeypatch.setattr(probe_worker, "_measure", measure)
    record().write(path)
    return probe_worker.main([str(path)])


def raising(error):
    def measure(record):
        raise error

    return measure


def test_the_worker_writes_what_it_measured(path, monkeypatch):
    assert work(path, monkeypatch, lambda record: RESULT) == 0

    assert read_record(path).result == RESULT


@pytest.mark.parametrize(
    "error, sentence",
    [
        (DataError("The data set is damaged."), "The data set is damaged."),
        (
            MemoryError(),
            "The memory is full: choose a smaller batch size or a smaller network.",
        ),
        (
            ValueError("odd\nand more"),
            "Something unexpected went wrong (ValueError: odd). The store's .probes/log.txt says "
            "more.",
        ),
    ],
)
def test_what_goes_wrong_in_the_worker_is_a_sentence(path, monkeypatch, error, sentence, capsys):
    assert work(path, monkeypatch, raising(error)) == 1

    assert read_record(path).failure == sentence


def test_a_worker_that_was_replaced_meanwhile_writes_nothing(path, monkeypatch):
    newer = record(handle="1:2.00")

    def measure(record):
        newer.write(path)
        return RESULT

    work(path, monkeypatch, measure)

    assert read_record(path) == newer


def test_a_worker_that_nobody_asked_for_leaves_the_file_alone(path, monkeypatch):
    monkeypatch.setattr(background, "ASKED_SECONDS", 0.1)
    for known in (record(handle="1:2.00"), record(result=RESULT)):
        known.write(path)
        assert probe_worker.main([str(path)]) == 3
        assert read_record(path) == known


def test_a_worker_waits_for_its_turn_but_not_for_ever(path, monkeypatch):
    monkeypatch.setattr(probe_worker, "TURN_SECONDS", 0.1)
    lock = take(path.parent / ".lock")

    assert work(path, monkeypatch, lambda record: RESULT) == 1
    assert read_record(path).failure == (
        "Other networks were being timed all the while. Try again."
    )
    lock.release()
    assert work(path, monkeypatch, lambda record: RESULT) == 0


def test_a_worker_that_takes_too_long_ends_itself(store, monkeypatch):
    slow = worker_with(WORK_SECONDS=0.2, _measure="lambda record: time.sleep(100)")
    started = run_instead(monkeypatch, slow)

    with pytest.raises(TrainingError) as failed:
        probe(SMALL, store)

    assert str(failed.value) == (
        "The network could not be timed: 0 s were not enough for a few batches. Choose a smaller "
        "batch size, or a smaller network."
    )
    assert started[0].wait(20) == 1


def test_a_real_network_is_timed_in_a_process_of_its_own(store):
    found = probe(SMALL, store)

    assert found.batch_size == 128
    assert found.batches >= 3
    assert 0.0001 < found.seconds_per_step < 5
    assert 0 < found.seconds_per_validation_image < 0.1
    assert 1 < found.start_seconds < 60
    assert found.peak_bytes > 300 * 2**20
    assert abs(found.time - time.time()) < 60
    assert found.machine["cores"] >= 1
    assert probe_state(with_train(epochs=77), store).result == found


# The command line --------------------------------------------------------------------------------


def test_the_command_line_says_what_an_epoch_takes_and_what_fits(store, capsys):
    # 421.9 steps of 10 ms and 6,000 images of 0.1 ms: 4.8 s an epoch, 36 of them in 3 minutes.
    keep_result(SMALL, store)

    assert main(["probe", "small"]) == 0

    assert capsys.readouterr().out == (
        "small\n"
        "  one epoch    about 4.8 s (4.4 to 5.7) on 54,000 images, 6,000 to validate\n"
        "  one step     10.0 ms for 128 images, median of 40\n"
        "  memory       about 823 MB\n"
        "  in 3 min     --epochs 36: 54,000 images, 179 s\n"
    )


def test_the_command_line_plans_a_subset_and_says_what_trained_meanwhile(store, capsys):
    slow = replace(
        RESULT, seconds_per_step=0.5, fast_step=0.4, slow_step=0.6, live_runs=1, start_seconds=0
    )
    keep_result(SMALL, store, slow)

    assert main(["probe", "small", "--minutes", "10", "--epochs", "9"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  beside it    1 trained meanwhile: alone it is faster" in lines
    # 211.5 s an epoch: 2 fit. Ten epochs in 600 s are 59.8 s each, enough for 15,000 images.
    assert lines[-2:] == [
        "  in 10 min    --epochs 2: 54,000 images, 425 s",
        "  in 10 min    --epochs 10 --subset 15000: 15,000 images, 594 s",
    ]

    assert main(["probe", "small", "--minutes", "0.05"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "  in 0.05 min  not even 1,000 images once"


def test_a_run_can_be_named_instead_of_a_preset(store, capsys):
    asked = with_train(batch_size=64)
    run = store.create(asked)
    keep_result(asked, store, replace(RESULT, batch_size=64))

    assert main(["probe", run.run_id, "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["probe"]["batch_size"] == 64
    assert answer["epoch_seconds"] == pytest.approx(54_000 / 64 * 0.01 + 0.6)
    assert [plan["subset"] for plan in answer["plans"]] == [None]


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (
            ["nothing"],
            'No preset and no run is called "nothing". "fmnist presets" and "fmnist runs" list '
            "them all.",
        ),
        (["small", "--minutes", "0"], "Minutes must be above 0, at most 10,000; you gave 0.0."),
        (["small", "--minutes", "nan"], "Minutes must be above 0, at most 10,000; you gave nan."),
    ],
)
def test_the_command_line_says_what_is_wrong(store, capsys, arguments, sentence):
    assert main(["probe", *arguments]) == 1

    assert capsys.readouterr().err == f"fmnist: {sentence}\n"
