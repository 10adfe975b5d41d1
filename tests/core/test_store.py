"""The store creates runs whole or not at all, and lists them whatever lies in their folders."""

import json
import os
import shutil
from collections import Counter, namedtuple
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pytest

from fmnist_core.exceptions import ModelError, RunNotFound, StoreError
from fmnist_core.model.presets import load
from fmnist_core.runs import summary
from fmnist_core.runs.files import write_json
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.runs.result import Result, Scores
from fmnist_core.runs.status import Status
from fmnist_core.runs.store import MIN_FREE_BYTES, RunStore, default_root
from fmnist_core.specs import Experiment, ModelSpec

EXPERIMENT = load("r2-1-layer").experiment


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


def finish(run):
    """Write a result as a worker does: 3 of 4 images right."""
    means = {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    scores = Scores(
        images=4,
        correct=3,
        accuracy=0.75,
        loss=0.5,
        macro=means,
        weighted=means,
        classes=[{**means, "support": 1}] * 10,
    )
    result = Result(
        best_epoch=1,
        epochs=1,
        steps=1,
        seconds=1.0,
        images_per_second=4.0,
        parameters=173_738,
        validation=scores,
        test=scores,
        test_used_for_validation=False,
        data_checksum="",
    )
    write_json(run.folder / "result.json", {"format": 1, **asdict(result)})
    Status(state="finished", attempt=1, val_accuracy=0.5).write(run.folder)


def refusal(kind, call, *args):
    with pytest.raises(kind) as caught:
        call(*args)
    return str(caught.value)


# Creating -----------------------------------------------------------------------------------------


def test_a_new_run_waits_with_its_experiment(store):
    run = store.create(EXPERIMENT)

    assert RUN_ID.fullmatch(run.run_id)
    assert run.experiment == EXPERIMENT
    assert (run.status.state, run.status.attempt, run.status.step) == ("queued", 0, 0)
    assert run.result is None
    assert sorted(os.listdir(run.folder)) == ["experiment.json", "status.json"]
    assert os.listdir(store.root) == [run.run_id]


def test_a_folder_can_be_told_as_text(store):
    run = store.create(EXPERIMENT)

    assert RunStore(str(store.root)).get(run.run_id).experiment == EXPERIMENT


def test_100_runs_of_one_second_have_100_ids_in_the_order_of_their_birth(store, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: None)  # only for speed
    born = [store.create(EXPERIMENT).run_id for _ in range(100)]

    assert len(set(born)) == 100
    assert store.run_ids() == born


def test_a_network_that_cannot_be_trained_is_not_queued(store):
    message = refusal(ModelError, store.create, Experiment(model=ModelSpec()))

    assert message.startswith("A network needs at least one layer.")
    assert not store.root.exists()


# How often each step is taken: two files and their folder are synced twice, the store once.
TAKEN = {"mkdir": 2, "fsync": 5, "chmod": 2, "replace": 2, "rename": 1}
STEPS = [(name, call) for name, calls in TAKEN.items() for call in range(calls)]


def test_creating_a_run_takes_as_many_steps_as_are_made_to_fail_below(store, monkeypatch):
    taken = Counter()
    for name in TAKEN:
        step = getattr(os, name)
        count = partial(lambda name, step, *args: taken.update([name]) or step(*args), name, step)
        monkeypatch.setattr(os, name, count)
    store.create(EXPERIMENT)

    assert taken == TAKEN


@pytest.mark.parametrize(("name", "call"), STEPS)
def test_a_disk_that_fills_up_at_any_step_leaves_nothing(store, monkeypatch, name, call):
    step, calls = getattr(os, name), []

    def full(*args, **options):
        calls.append(args)
        if len(calls) > call:
            raise OSError(28, "No space left on device")
        return step(*args, **options)

    monkeypatch.setattr(os, name, full)

    assert refusal(StoreError, store.create, EXPERIMENT) == (
        f"The run could not be saved in {store.root}: No space left on device. Make the folder "
        "writable, or set FMNIST_RUNS_DIR to another one."
    )
    monkeypatch.undo()
    assert not store.root.exists() or os.listdir(store.root) == []


def test_a_run_of_the_same_id_is_not_touched(store, monkeypatch):
    monkeypatch.setattr("fmnist_core.runs.store.new_id", lambda: "20260101-000000-abcdef")
    first = store.create(EXPERIMENT)

    assert "Directory not empty" in refusal(StoreError, store.create, EXPERIMENT)
    assert os.listdir(store.root) == ["20260101-000000-abcdef"]
    assert first.status.state == "queued"


def test_a_file_in_place_of_the_store_is_a_sentence(tmp_path):
    (tmp_path / "runs").write_text("")
    store = RunStore(tmp_path / "runs")

    assert refusal(StoreError, store.create, EXPERIMENT) == (
        f"The run could not be saved in {store.root}: File exists. Make the folder writable, or "
        "set FMNIST_RUNS_DIR to another one."
    )
    assert refusal(StoreError, store.summaries) == (
        f"The runs in {store.root} cannot be read: Not a directory. Check the folder, or set "
        "FMNIST_RUNS_DIR to another one."
    )


def test_a_nearly_full_disk_is_refused_beforehand(store, monkeypatch):
    usage = namedtuple("usage", "total used free")
    free = MIN_FREE_BYTES
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(2**40, 0, free))
    store.create(EXPERIMENT)
    free = 7 * 2**20

    assert refusal(StoreError, store.create, EXPERIMENT) == (
        f"The disk that holds {store.root} has 7 MB left, and a run needs 100 MB. Delete "
        "something, or set FMNIST_RUNS_DIR to a folder on another disk."
    )
    assert len(os.listdir(store.root)) == 1


def test_the_default_root_can_be_chosen_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "elsewhere"))
    assert default_root() == tmp_path / "elsewhere"

    monkeypatch.setenv("FMNIST_RUNS_DIR", "~/runs")
    assert default_root() == Path.home() / "runs"

    monkeypatch.delenv("FMNIST_RUNS_DIR")
    assert default_root().name == "saved_runs"


# Finding ------------------------------------------------------------------------------------------

IDS = ("20260101-000000-aaaaaa", "20260101-000000-aabbbb", "20260202-000000-cccccc")


@pytest.fixture
def three(store):
    for run_id in IDS:
        (store.root / run_id).mkdir(parents=True)
    return store


def test_a_run_is_found_by_its_id_or_by_a_beginning_that_is_its_own(three):
    assert three.get(IDS[0]).run_id == IDS[0]
    assert three.get("20260101-000000-aab").run_id == IDS[1]
    assert three.get("202602").run_id == IDS[2]


def test_a_beginning_of_two_runs_is_refused(three):
    assert refusal(RunNotFound, three.get, "20260101") == (
        '2 runs begin with "20260101". "fmnist runs" lists them all.'
    )


@pytest.mark.parametrize(
    "run_id",
    ["", ".", "..", "../x", "/", "*", "2026*", "20260101-000000-aaaaaa/", "x" * 99, "\x00"],
)
def test_a_hostile_id_finds_nothing(three, run_id):
    assert refusal(RunNotFound, three.get, run_id) == (
        f'No run begins with "{run_id[:40]}". "fmnist runs" lists them all.'
    )


def test_only_folders_with_the_name_of_a_run_are_runs(three):
    for name in (".new-20260101-000000-dddddd", "notes", "20260101-000000-AAAAAA", "２" * 8):
        (three.root / name).mkdir()
    (three.root / "20260303-000000-dddddd").write_text("a file")

    assert three.run_ids() == list(IDS)


def test_a_store_that_is_not_there_is_empty(store):
    assert store.run_ids() == []
    assert store.summaries() == []


# Listing ------------------------------------------------------------------------------------------


def test_summaries_come_newest_first_with_what_tables_show(three):
    for run_id in IDS:
        (three.root / run_id).rmdir()
    queued, finished = three.create(EXPERIMENT), three.create(EXPERIMENT)
    finish(finished)

    rows = {row.run_id: row for row in three.summaries()}

    assert list(rows) == sorted(rows, reverse=True)
    row = rows[finished.run_id]
    assert (row.title, row.model, row.state) == ("r2-1-layer", "r2-1-layer", "finished")
    assert (row.parameters, row.total_epochs, row.live) == (173_738, 50, False)
    assert row.val_accuracy == 0.75  # the result's, which is final, before the status's 0.5
    assert rows[queued.run_id].live
    assert rows[queued.run_id].val_accuracy is None


@pytest.mark.parametrize("name", ["experiment.json", "status.json", "result.json"])
def test_a_run_whose_file_is_cut_anywhere_is_listed_and_the_others_are_unharmed(store, name):
    run, other = store.create(EXPERIMENT), store.create(EXPERIMENT)
    finish(run)
    finish(other)
    whole = (run.folder / name).read_bytes()
    for size in [*range(0, len(whole), 7), len(whole) - 1]:
        (run.folder / name).write_bytes(whole[:size])
        rows = {row.run_id: row for row in store.summaries()}

        assert rows[other.run_id].state == "finished"
        if size == len(whole) - 1:  # only the line end is missing
            assert rows[run.run_id].state == "finished"
        else:
            assert rows[run.run_id].state == "damaged"
            assert rows[run.run_id].problem.startswith(f"{run.run_id}/{name} cannot be read (")


@pytest.mark.parametrize("name", ["experiment.json", "status.json"])
def test_a_run_without_a_file_that_it_needs_is_listed_as_damaged(store, name):
    run = store.create(EXPERIMENT)
    (run.folder / name).unlink()

    (row,) = store.summaries()

    assert row.state == "damaged"
    assert row.problem == f"{run.run_id}/{name} is missing."
    assert not row.live
    assert row.val_accuracy is None


@pytest.mark.parametrize(
    "foreign", ["{}", "[]", "null", '{"format": 1}', '{"format": 1, "experiment": 3, "state": []}']
)
@pytest.mark.parametrize("name", ["experiment.json", "status.json", "result.json"])
def test_a_run_with_a_foreign_file_is_listed(store, name, foreign):
    run = store.create(EXPERIMENT)
    finish(run)
    (run.folder / name).write_text(foreign)

    (row,) = store.summaries()

    absent = name == "result.json" and foreign == "{}"
    assert row.state == ("finished" if absent else "damaged")
    assert row.run_id == run.run_id


def test_a_run_that_asks_for_what_is_not_allowed_is_listed_with_the_reason(store):
    run = store.create(EXPERIMENT)
    birth = json.loads((run.folder / "experiment.json").read_text())
    birth["experiment"]["train"]["epochs"] = -1
    write_json(run.folder / "experiment.json", birth)

    (row,) = store.summaries()

    assert row.problem == "Epochs must be a whole number from 1 to 1,000; you gave -1."


def test_the_list_shows_changes_and_reads_nothing_twice(store, monkeypatch):
    run, _ = store.create(EXPERIMENT), store.create(EXPERIMENT)
    read = []
    summarise = summary._summarise
    monkeypatch.setattr(
        summary, "_summarise", lambda run: read.append(run.run_id) or summarise(run)
    )

    def states():
        read.clear()
        return [row.state for row in reversed(store.summaries()) if row.run_id == run.run_id]

    assert (states(), len(read)) == (["queued"], 2)
    assert (states(), len(read)) == (["queued"], 0)
    Status(state="running").write(run.folder)
    assert (states(), read) == (["running"], [run.run_id])
    (run.folder / "status.json").unlink()
    assert (states(), read) == (["damaged"], [run.run_id])
    finish(run)
    assert (states(), read) == (["finished"], [run.run_id])
    shutil.rmtree(run.folder)
    assert (states(), read) == ([], [])
