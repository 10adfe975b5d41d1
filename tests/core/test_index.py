"""The index spares reading, and whatever has become of it, the list is that of the folders."""

import json
import shutil
import sqlite3

import pytest

from fmnist_core.model.presets import load
from fmnist_core.runs import summary
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.status import Status
from fmnist_core.runs.store import RunStore
from tests.app.run_folders import finished_run

EXPERIMENT = load("small").experiment


@pytest.fixture
def store(tmp_path):
    """Two runs that have ended, one of them starred, and one that waits."""
    found = RunStore(tmp_path)
    finished_run(found, "done", correct=5_400)
    failed = found.create(EXPERIMENT)
    Status(state="failed", message="why").write(failed.folder)
    change_notes(failed.folder, tag=["a", "b"], star=True)
    found.create(EXPERIMENT)
    found.summaries()
    return found


@pytest.fixture
def read(monkeypatch):
    """The ids of the runs whose files were read since, oldest first."""
    found = []
    summarise = summary._summarise
    monkeypatch.setattr(
        summary, "_summarise", lambda run: found.append(run.run_id) or summarise(run)
    )
    return found


def index(store):
    return store.root / ".index.sqlite"


def test_a_new_process_reads_only_what_lives(store, read):
    rows = RunStore(store.root).summaries()

    assert rows == store.summaries()
    assert read == [store.run_ids()[2]]  # the one that waits


def test_what_changed_while_nobody_looked_is_read_anew(store, read):
    done, failed, waits = store.run_ids()
    change_notes(store.root / done, name="renamed")
    shutil.rmtree(store.root / failed)
    rows = RunStore(store.root).summaries()

    assert [(row.run_id, row.title) for row in rows] == [(waits, "small"), (done, "renamed")]
    assert set(read) == {done, waits}
    with sqlite3.connect(index(store)) as database:
        assert database.execute("SELECT run_id FROM runs").fetchall() == [(done,)]


def test_an_index_that_is_deleted_is_made_again(store, read):
    index(store).unlink()
    assert RunStore(store.root).summaries() == store.summaries()
    assert len(read) == 3
    read.clear()
    RunStore(store.root).summaries()
    assert len(read) == 1


@pytest.mark.parametrize("foreign", [b"", b"{}", b"SQLite format 3\x00" + b"\xff" * 500])
def test_an_index_that_is_no_index_is_replaced(store, read, foreign):
    expected = store.summaries()
    index(store).write_bytes(foreign)

    assert RunStore(store.root).summaries() == expected
    read.clear()
    assert RunStore(store.root).summaries() == expected
    assert len(read) == 1


def test_an_index_torn_at_any_sixteenth_costs_nothing_but_time(store):
    expected, whole = store.summaries(), index(store).read_bytes()
    for part in range(16):
        index(store).write_bytes(whole[: len(whole) * part // 16])
        assert RunStore(store.root).summaries() == expected


def test_an_index_with_garbage_in_each_page_costs_nothing_but_time(store):
    expected, whole = store.summaries(), index(store).read_bytes()
    for start in range(0, len(whole), 256):
        index(store).write_bytes(whole[:start] + b"\x5a" * 64 + whole[start + 64 :])
        assert RunStore(store.root).summaries() == expected


def test_another_version_or_another_table_is_replaced(store, read):
    expected = store.summaries()
    for change in (
        "PRAGMA user_version = 99",
        "DROP TABLE runs; CREATE TABLE runs (other TEXT);",
    ):
        with sqlite3.connect(index(store)) as database:
            database.executescript(change)
        read.clear()
        assert RunStore(store.root).summaries() == expected
        assert len(read) == 3  # nothing of it is believed
        read.clear()
        RunStore(store.root).summaries()
        assert len(read) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", 3),
        ("run_id", "20260101-000000-abcdef"),
        ("settings", {"epochs": "many"}),
        ("settings", {"unknown": 1}),
        ("notes", {"name": "a/b"}),
        ("status", {"state": "flying"}),
        ("added", 1),
    ],
)
def test_a_row_that_was_tampered_with_is_read_anew(store, read, field, value):
    expected, run_id = store.summaries(), store.run_ids()[0]
    with sqlite3.connect(index(store)) as database:
        (text,) = database.execute("SELECT row FROM runs WHERE run_id = ?", (run_id,)).fetchone()
        row = json.dumps({**json.loads(text), field: value})
        database.execute("UPDATE runs SET row = ? WHERE run_id = ?", (row, run_id))

    assert RunStore(store.root).summaries() == expected
    assert run_id in read


def test_a_store_that_another_process_writes_to_is_listed_all_the_same(store, monkeypatch):
    monkeypatch.setattr("fmnist_core.runs.index.BUSY_SECONDS", 0.05)
    expected = store.summaries()
    other = sqlite3.connect(index(store))
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert RunStore(store.root).summaries() == expected
    finally:
        other.close()


def test_a_folder_in_place_of_the_index_is_left_alone(store):
    expected = store.summaries()
    index(store).unlink()
    index(store).mkdir()

    assert RunStore(store.root).summaries() == expected
    assert index(store).is_dir()
