"""Results that are computed later: asked for, watched, called off, killed, swept out."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from hypothesis import HealthCheck, given, settings

from fmnist_core.data.files import load as data_set
from fmnist_core.derived import place, worker
from fmnist_core.derived.kinds import DATA_KINDS, FEATURES, KINDS, TWINS
from fmnist_core.derived.place import FOLDER, record_path, result_path, stamp
from fmnist_core.derived.record import DerivedRecord, read_record
from fmnist_core.derived.results import (
    DONE,
    FAILED,
    GONE,
    NONE,
    RUNNING,
    cancel,
    compute,
    load,
    request,
    state,
)
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.jobs import background
from fmnist_core.runs.locks import take
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from tests.strategies import json_values

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]
OTHER_ID = "20260101-000000-000000"
SECONDS = 20.0


@pytest.fixture
def store(tmp_path) -> RunStore:
    return RunStore(tmp_path)


@pytest.fixture
def run(store) -> Run:
    return Run(Path(shutil.copytree(SHIPPED, store.root / SHIPPED.name)))


def another_run(store: RunStore) -> Run:
    """A run with other weights."""
    found = Run(Path(shutil.copytree(SHIPPED, store.root / OTHER_ID)))
    (found.folder / "model.keras").write_bytes(b"others")
    return found


def work_by(monkeypatch, body: str, *, limit: float = 60.0) -> list[subprocess.Popen]:
    """Let the worker's process compute by this code; returns the processes that were started."""
    code = "\n".join(
        [
            "import sys, time, types, fmnist_core.derived.worker as worker",
            "worker.TELL_SECONDS = 0",
            f"object.__setattr__(worker.KINDS['features'], 'limit_seconds', {limit})",
            "def compute(run, folder, on_progress):",
            *(f"    {line}" for line in body.splitlines()),
            f"sys.modules[{FEATURES.module!r}] = types.SimpleNamespace(compute=compute)",
            "sys.exit(worker.main(sys.argv[1:]))",
        ]
    )
    started = []

    def start(module, *, log):
        command = [sys.executable, "-c", code, *module[1:]]
        started.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))
        return started[-1]

    monkeypatch.setattr(background, "start_detached", start)
    return started


WRITES = "(folder / 'numbers.txt').write_text('1 2 3')"
HANGS = "(folder / 'half.txt').write_text('1')\non_progress(30, 100)\ntime.sleep(100)"


def wait_for(done) -> None:
    deadline = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def drafts(store: RunStore) -> list[Path]:
    return list((store.root / FOLDER).glob("*/.draft-*"))


def begun(run: Run, store: RunStore) -> bool:
    return state(run, FEATURES, store).done == 30


def own_record(run: Run, **changes) -> DerivedRecord:
    """What stands in the record while this very process computes."""
    handle = f"{os.getpid()}:{psutil.Process().create_time():.2f}"
    asked = {"stamp": stamp(run, FEATURES), "handle": handle, "asked": time.time()}
    return DerivedRecord(**{**asked, **changes})


def work_here(run: Run, store: RunStore, monkeypatch, computes) -> int:
    """Do the worker's work in this process."""
    monkeypatch.setitem(sys.modules, FEATURES.module, SimpleNamespace(compute=computes))
    monkeypatch.setattr(os, "nice", lambda increment: 0)
    path = record_path(store.root, run.run_id, FEATURES)
    path.parent.mkdir(parents=True, exist_ok=True)
    own_record(run).write(path)
    return worker.main([str(store.root), run.run_id, FEATURES.name])


def writes(bytes_: int = 5):
    return lambda run, folder, on_progress: (folder / "file").write_bytes(b"x" * bytes_)


def raises(error):
    def computes(run, folder, on_progress):
        raise error

    return computes


# From asking to reading --------------------------------------------------------------------------


def test_a_result_is_computed_once_and_then_read(run, store, monkeypatch):
    started = work_by(monkeypatch, WRITES)
    assert state(run, FEATURES, store).state == NONE

    folder = compute(run, FEATURES, store)

    assert (folder / "numbers.txt").read_text() == "1 2 3"
    assert folder.parent == store.root / ".derived" / run.run_id
    assert folder.name == f"features-{stamp(run, FEATURES)}"
    assert state(run, FEATURES, store).state == DONE
    assert compute(run, FEATURES, store) == load(run, FEATURES, store) == folder
    assert len(started) == 1
    assert started[0].wait(SECONDS) == 0
    assert drafts(store) == []
    assert os.listdir(run.folder) == os.listdir(SHIPPED)  # nothing is written there


def test_a_result_that_is_not_there_is_told_with_the_command_that_computes_it(run, store):
    with pytest.raises(DerivedError) as missing:
        load(run, FEATURES, store)

    assert str(missing.value) == (
        f"Of run {run.run_id}, the network's features of all 70,000 images are not computed yet: "
        f'"fmnist compute {run.run_id} features" does it.'
    )


def test_a_run_without_weights_has_no_later_results(run, store):
    (run.folder / "model.keras").unlink()

    with pytest.raises(StoreError) as missing:
        request(run, FEATURES, store)

    assert str(missing.value) == run.why_no_model


def test_it_says_how_far_it_is_and_how_long_it_will_take(run, store):
    # 30 of 100 in 6 s, 2 s ago: 70 more take 14 s from then, 12 s from now.
    now = time.time()
    path = record_path(store.root, run.run_id, FEATURES)
    path.parent.mkdir(parents=True)
    own_record(run, asked=now - 10, began=now - 8, told=now - 2, done=30, total=100).write(path)

    found = state(run, FEATURES, store)

    assert (found.state, found.done, found.total) == (RUNNING, 30, 100)
    assert found.seconds == pytest.approx(10, abs=1)
    assert found.left == pytest.approx(12, abs=1)


def test_four_who_ask_at_once_start_one_process(run, store, monkeypatch):
    started = work_by(monkeypatch, HANGS)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: request(run, FEATURES, store), range(4)))

    assert len(started) == 1
    assert state(run, FEATURES, store).state == RUNNING
    cancel(run, FEATURES, store)


# Ends before the end -----------------------------------------------------------------------------


def test_a_killed_process_is_a_failure_and_asking_again_works(run, store, monkeypatch):
    process = work_by(monkeypatch, HANGS)
    request(run, FEATURES, store)
    wait_for(lambda: begun(run, store))
    process[0].kill()
    process[0].wait()

    found = state(run, FEATURES, store)
    assert (found.state, found.message) == (FAILED, GONE)
    assert len(drafts(store)) == 1

    work_by(monkeypatch, WRITES)
    assert compute(run, FEATURES, store).is_dir()
    assert drafts(store) == []


def test_what_is_called_off_ends_and_leaves_nothing(run, store, monkeypatch):
    started = work_by(monkeypatch, HANGS)
    request(run, FEATURES, store)
    wait_for(lambda: begun(run, store))

    cancel(run, FEATURES, store)

    assert started[0].wait(SECONDS) == -9
    assert state(run, FEATURES, store).state == NONE
    assert drafts(store) == []


def test_what_takes_too_long_is_given_up_with_a_sentence_and_can_be_tried_again(
    run, store, monkeypatch
):
    started = work_by(monkeypatch, HANGS, limit=1.0)
    request(run, FEATURES, store)
    wait_for(lambda: state(run, FEATURES, store).state == FAILED)

    assert state(run, FEATURES, store).message == (
        "Computing the network's features of all 70,000 images took longer than 1 s, so it was "
        "given up at 30 of 100 images. Nothing of it was kept; results that were complete are "
        "still there. Try again when the machine has less to do, or choose a run with a smaller "
        "network."
    )
    assert started[0].wait(SECONDS) == 1
    assert drafts(store) == []
    work_by(monkeypatch, WRITES)
    assert (compute(run, FEATURES, store) / "numbers.txt").exists()


def test_longer_than_the_slowest_kind_nobody_waits_for_a_turn():
    kinds = {**KINDS, **DATA_KINDS}.values()

    assert max(kind.limit_seconds for kind in kinds) == worker.TURN_SECONDS


@pytest.mark.parametrize(
    "error, sentence",
    [
        (StoreError("The weights are damaged."), "The weights are damaged."),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "The disk is full: the result could not be written. Free some space, then try again.",
        ),
        (MemoryError(), "The memory is full: close other programs, then try again."),
        (
            ValueError("odd\nand more"),
            "Something unexpected went wrong (ValueError: odd). The store's .derived/log.txt says "
            "more.",
        ),
    ],
)
def test_what_goes_wrong_is_a_sentence(run, store, monkeypatch, error, sentence):
    assert work_here(run, store, monkeypatch, raises(error)) == 1

    found = state(run, FEATURES, store)
    assert (found.state, found.message) == (FAILED, sentence)
    assert drafts(store) == []


def test_a_run_that_is_deleted_meanwhile_harms_nobody(run, store, monkeypatch):
    other = another_run(store)

    def computes(computed, folder, on_progress):
        store.trash.put(computed)
        store.trash.purge(now=time.time() + 30 * 24 * 3600)

    assert work_here(run, store, monkeypatch, computes) == 1
    assert work_here(other, store, monkeypatch, writes()) == 0
    assert [path.name for path in (store.root / FOLDER).glob("2*")] == [OTHER_ID]


def test_a_worker_that_was_replaced_meanwhile_says_nothing(run, store, monkeypatch):
    newer = own_record(run, handle="1:2.00")
    path = record_path(store.root, run.run_id, FEATURES)

    def computes(run, folder, on_progress):
        newer.write(path)
        on_progress(1, 2)
        raise ValueError

    work_here(run, store, monkeypatch, computes)

    assert read_record(path) == newer


def test_a_worker_waits_for_its_turn_but_not_for_ever(run, store, monkeypatch):
    monkeypatch.setattr(worker, "TURN_SECONDS", 0.1)
    (store.root / FOLDER).mkdir()
    lock = take(store.root / FOLDER / ".lock")

    assert work_here(run, store, monkeypatch, writes()) == 1
    assert state(run, FEATURES, store).message == (
        "Other results were being computed all the while. Try again."
    )
    lock.release()
    assert work_here(run, store, monkeypatch, writes()) == 0


def test_it_says_that_it_waits_for_its_turn(run, store, monkeypatch):
    work_by(monkeypatch, HANGS)
    (store.root / FOLDER).mkdir()
    lock = take(store.root / FOLDER / ".lock")
    request(run, FEATURES, store)

    wait_for(lambda: state(run, FEATURES, store).queued)
    lock.release()
    wait_for(lambda: begun(run, store))
    assert not state(run, FEATURES, store).queued
    cancel(run, FEATURES, store)


def test_a_store_that_cannot_be_written_is_a_sentence(run, store):
    (store.root / FOLDER).write_text("a file where the folder should be")

    with pytest.raises(StoreError, match="Nothing can be computed in"):
        request(run, FEATURES, store)


# The record --------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(json_values, json_values)
def test_no_json_in_the_record_makes_a_page_fail(run, store, content, handle):
    path = record_path(store.root, run.run_id, FEATURES)
    path.parent.mkdir(parents=True, exist_ok=True)
    known = {"format": 1, "stamp": stamp(run, FEATURES), "asked": 0, "handle": handle}
    for data in (content, {**known, "done": content}, {**known, "failure": content}):
        path.write_text(json.dumps(data))
        assert state(run, FEATURES, store).state in (NONE, FAILED)


def test_a_torn_record_counts_as_none_and_is_written_anew(run, store, monkeypatch):
    path = record_path(store.root, run.run_id, FEATURES)
    path.parent.mkdir(parents=True)
    path.write_text('{"format": 1, "stamp')
    assert state(run, FEATURES, store).state == NONE

    work_by(monkeypatch, WRITES)
    assert compute(run, FEATURES, store).is_dir()


# What is thrown away -----------------------------------------------------------------------------


def test_other_weights_have_another_result_and_the_old_one_goes(run, store, monkeypatch):
    work_here(run, store, monkeypatch, writes())
    old = load(run, FEATURES, store)
    (run.folder / "model.keras").write_bytes(b"trained on")
    assert state(run, FEATURES, store).state == NONE

    work_here(run, store, monkeypatch, writes())

    assert load(run, FEATURES, store) != old
    assert not old.exists()


def test_what_belongs_to_no_run_goes_with_the_next_result(run, store, monkeypatch):
    left = store.root / FOLDER / OTHER_ID / "features-1-0123456789abcdef"
    left.mkdir(parents=True)

    work_here(run, store, monkeypatch, writes())

    assert not left.parent.exists()


def test_a_copy_of_a_run_elsewhere_has_the_same_stamp(run, tmp_path):
    copied = Run(Path(shutil.copytree(run.folder, tmp_path / "elsewhere")))

    assert stamp(copied, FEATURES) == stamp(run, FEATURES)


def test_results_last_as_long_as_the_run_can_be_restored(run, store, monkeypatch):
    other = another_run(store)
    work_here(run, store, monkeypatch, writes())
    kept = load(run, FEATURES, store)
    store.trash.put(run)
    work_here(other, store, monkeypatch, writes())
    assert kept.is_dir()

    store.trash.purge(now=time.time() + 30 * 24 * 3600)

    assert not kept.parent.exists()
    assert load(other, FEATURES, store).is_dir()


@pytest.mark.parametrize(
    "newest_bytes, there", [(50, [DONE, NONE, DONE]), (500, [NONE, NONE, DONE])]
)
def test_of_too_many_results_those_unused_for_longest_go_but_never_the_newest(
    run, store, monkeypatch, newest_bytes, there
):
    monkeypatch.setattr(place, "MAX_BYTES", 100)
    other = another_run(store)
    newest = Run(Path(shutil.copytree(SHIPPED, store.root / "20260102-000000-000000")))
    for time_, each in enumerate((run, other)):
        work_here(each, store, monkeypatch, writes(40))
        os.utime(result_path(store.root, each, FEATURES), (time_, time_))
    load(run, FEATURES, store)  # older, but used after the other

    work_here(newest, store, monkeypatch, writes(newest_bytes))

    assert [state(each, FEATURES, store).state for each in (run, other, newest)] == there


def test_the_data_set_has_results_too_which_no_sweep_deletes(store, monkeypatch):
    monkeypatch.setitem(sys.modules, TWINS.module, SimpleNamespace(compute=writes()))
    monkeypatch.setattr(os, "nice", lambda increment: 0)
    path = record_path(store.root, DATA_SET.run_id, TWINS)
    path.parent.mkdir(parents=True)
    handle = f"{os.getpid()}:{psutil.Process().create_time():.2f}"
    DerivedRecord(stamp=stamp(DATA_SET, TWINS), handle=handle, asked=time.time()).write(path)

    assert worker.main([str(store.root), DATA_SET.run_id, TWINS.name]) == 0
    place.sweep_out(store.root, [])
    assert (load(DATA_SET, TWINS, store) / "file").read_bytes() == b"xxxxx"
    assert stamp(DATA_SET, TWINS) == f"1-{data_set().checksum[:16]}"
