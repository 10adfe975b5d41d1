"""Deleting a run and having it back, whoever else does so at the same time."""

import os
import threading
import time

import pytest

from fmnist_core.exceptions import RunNotFound, StoreError
from fmnist_core.model.presets import load
from fmnist_core.runs.locks import take
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.status import LIVE, Status
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.trash import KEEP_SECONDS

EXPERIMENT = load("small").experiment


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path)


@pytest.fixture
def run(store):
    found = store.create(EXPERIMENT)
    Status(state="finished", attempt=1).write(found.folder)
    return found


def refusal(kind, call, *args):
    with pytest.raises(kind) as caught:
        call(*args)
    return str(caught.value)


def test_a_deleted_run_is_no_run_and_comes_back_whole(store, run):
    change_notes(run.folder, name="dear", tag=["kept"])
    before = {path.name: path.read_bytes() for path in run.folder.iterdir()}
    store.trash.put(run)

    assert (store.run_ids(), store.summaries()) == ([], [])
    (entry,) = store.trash.entries()
    assert (entry.run_id, entry.title) == (run.run_id, "dear")
    assert abs(entry.deleted - time.time()) < 60
    assert store.trash.restore(run.run_id).folder == run.folder
    assert {path.name: path.read_bytes() for path in run.folder.iterdir()} == before
    assert store.trash.entries() == []


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_live_run_is_not_deleted(store, run, state):
    Status(state=state).write(run.folder)

    assert refusal(StoreError, store.trash.put, run) == (
        f"Run {run.run_id} is {state} and cannot be deleted. Stop it first; what it has learned is "
        "kept until then."
    )
    assert store.run_ids() == [run.run_id]


def test_a_run_whose_worker_still_holds_it_is_not_deleted(store, run, monkeypatch):
    monkeypatch.setattr("fmnist_core.runs.trash.LOCK_SECONDS", 0.1)
    lock = take(run.folder / "worker.lock")

    assert refusal(StoreError, store.trash.put, run).endswith("Try again in a moment.")
    lock.release()
    store.trash.put(run)
    assert store.run_ids() == []


def test_a_damaged_run_can_be_deleted(store, run):
    (run.folder / "status.json").write_text("{")
    (run.folder / "experiment.json").write_text("{")
    store.trash.put(run)

    assert [entry.title for entry in store.trash.entries()] == [run.run_id]


def test_deleting_or_restoring_twice_is_one_sentence(store, run):
    store.trash.put(run)
    assert refusal(StoreError, store.trash.put, run) == (
        f"Run {run.run_id} is not there any more: it has been deleted already."
    )
    store.trash.restore(run.run_id)
    assert refusal(RunNotFound, store.trash.restore, run.run_id) == (
        f'No run in the trash begins with "{run.run_id}". "fmnist trash" lists them; what has been '
        "there for a week is gone."
    )
    assert store.run_ids() == [run.run_id]


@pytest.mark.parametrize("with_lock", (False, True))
def test_of_many_who_delete_one_run_at_once_one_does_and_nothing_is_left(store, run, with_lock):
    if with_lock:
        take(run.folder / "worker.lock").release()
    start, told = threading.Barrier(8), []

    def delete():
        start.wait()
        try:
            store.trash.put(run)
            told.append("deleted")
        except StoreError as error:
            told.append(str(error))

    people = [threading.Thread(target=delete) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert told.count("deleted") == 1
    others = {text for text in told if text != "deleted"}
    assert others <= {f"Run {run.run_id} is not there any more: it has been deleted already."}
    assert not run.folder.exists()
    assert len(store.trash.entries()) == 1


def test_a_run_that_lies_there_for_a_week_goes_and_a_younger_one_stays(store, run):
    other = store.create(EXPERIMENT)
    Status(state="failed").write(other.folder)
    old = store.trash.put(run)
    store.trash.put(other)
    earlier = f"{int((time.time() - KEEP_SECONDS) * 1000 - 1):013d}-{run.run_id}"
    os.rename(old.folder, old.folder.parent / earlier)

    assert store.trash.purge() == 1
    assert [entry.run_id for entry in store.trash.entries()] == [other.run_id]
    assert len(os.listdir(store.trash.folder)) == 1
    assert store.trash.purge() == 0


def test_a_purge_that_was_cut_short_is_ended_by_the_next(store, run):
    entry = store.trash.put(run)
    os.rename(entry.folder, entry.folder.parent / f".going-{entry.folder.name}")

    assert store.trash.entries() == []
    store.trash.purge()
    assert os.listdir(store.trash.folder) == []


def test_a_run_is_not_restored_over_another(store, run):
    store.trash.put(run)
    run.folder.mkdir()
    (run.folder / "something").touch()

    assert refusal(StoreError, store.trash.restore, run.run_id) == (
        f"Run {run.run_id} could not be restored: Directory not empty."
    )
    assert len(store.trash.entries()) == 1


@pytest.mark.parametrize("run_id", ["", "..", "../x", "*", "x" * 99, "\x00"])
def test_a_hostile_id_restores_nothing(store, run, run_id):
    store.trash.put(run)

    assert "No run in the trash begins with" in refusal(RunNotFound, store.trash.restore, run_id)


def test_foreign_things_in_the_trash_are_left_alone(store, run):
    store.trash.put(run)
    (store.trash.folder / "0000000000001-notes").mkdir()
    store.trash.purge()

    assert [entry.run_id for entry in store.trash.entries()] == [run.run_id]
    assert (store.trash.folder / "0000000000001-notes").is_dir()
