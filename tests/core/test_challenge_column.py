"""What tables show of the challenge set: today's figures, and no others."""

import json
import sqlite3

import pytest

from fmnist_core.challenge import evaluate
from fmnist_core.cli import main
from fmnist_core.export.run_list import runs_csv
from fmnist_core.runs import index
from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.selection import Filter, select, sort
from fmnist_core.runs.store import RunStore
from tests.app.run_folders import finished_run
from tests.challenge_pictures import FakeNetwork, keep

SHIRT, COAT = 6, 4
NAME = "challenge_accuracy"


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    found = RunStore(tmp_path / "runs")
    for number in range(3):
        run = finished_run(found, f"run {number}")
        (run.folder / "model.keras").write_bytes(b"weights %d" % number)
    return found


@pytest.fixture
def judged(store):
    """Two of three pictures are shirts; one run takes all for shirts, another all for coats."""
    keep(store.challenge, SHIRT, COAT, SHIRT)
    runs = [store.get(run_id) for run_id in store.run_ids()]
    evaluate(runs[1], store.challenge, FakeNetwork(SHIRT))
    evaluate(runs[2], store.challenge, FakeNetwork(COAT))
    return runs


def shares(store):
    rows = sort(store.summaries(), "run_id", descending=False)
    return [COLUMNS[NAME].read(row) for row in rows]


def test_a_run_has_its_share_where_it_was_judged(store, judged):
    assert shares(store) == [None, 2 / 3, 1 / 3]

    rows = sort(store.summaries(), NAME)
    assert [row.title for row in rows] == ["run 1", "run 2", "run 0"]
    assert select(rows, Filter(ranges={NAME: (0.5, None)})) == rows[:1]
    lines = runs_csv(rows, ["name", NAME, "challenge_images"]).splitlines()
    assert lines[1:] == [f"run 1,{2 / 3},3", f"run 2,{1 / 3},3", "run 0,,"]


def test_nobody_looks_at_the_set_where_no_run_was_judged(store, monkeypatch):
    monkeypatch.setattr(RunStore, "_challenge_digest", lambda self: pytest.fail("it was read"))
    assert shares(RunStore(store.root)) == [None] * 3


def test_a_share_of_another_set_is_left_blank_until_the_set_is_as_it_was(store, judged):
    (entry,) = keep(store.challenge, COAT, first=3)

    assert shares(store) == shares(RunStore(store.root)) == [None] * 3
    assert sum(row.challenge.outdated for row in store.summaries() if row.challenge) == 2
    store.challenge.delete(entry.entry_id)
    assert shares(store) == [None, 2 / 3, 1 / 3]
    store.challenge.relabel(store.challenge.entries()[0].entry_id, COAT)
    assert shares(store) == [None] * 3
    evaluate(judged[1], store.challenge, FakeNetwork(SHIRT))
    assert shares(store) == [None, 1 / 3, None]


def test_what_else_is_said_of_such_a_run_is_todays(store, judged):
    keep(store.challenge, COAT, first=3)
    store.summaries()

    change_notes(judged[1].folder, name="renamed")

    assert [row.title for row in store.summaries()] == ["run 2", "renamed", "run 0"]
    assert shares(store) == [None] * 3


def test_a_share_of_older_weights_is_left_blank(store, judged):
    assert shares(store) == [None, 2 / 3, 1 / 3]
    (judged[1].folder / "model.keras").write_bytes(b"trained on")
    (judged[2].folder / "model.keras").unlink()
    for run in judged[1:]:  # whatever changes weights writes the run's status too
        run.status.write(run.folder)
    assert shares(store) == shares(RunStore(store.root)) == [None] * 3


def test_a_set_that_cannot_be_read_does_not_keep_runs_from_being_listed(store, judged):
    for entry in store.challenge.entries():
        store.challenge.delete(entry.entry_id)
    (store.challenge.root / ".challenge.lock").unlink()
    store.challenge.root.rmdir()
    store.challenge.root.write_text("a file")

    assert shares(store) == [None] * 3


def test_a_damaged_result_counts_as_none_and_harms_nothing(store, judged):
    (judged[1].folder / "challenge.json").write_text('{"format": 1, "cor')

    assert shares(store) == [None, None, 1 / 3]
    assert not any(row.problem for row in store.summaries())


def test_an_index_of_the_version_before_is_made_anew(store, judged):
    store.summaries()
    with sqlite3.connect(store.root / index.FILE_NAME) as database:
        database.execute(f"PRAGMA user_version = {index.VERSION - 1}")

    assert shares(RunStore(store.root)) == [None, 2 / 3, 1 / 3]
    with sqlite3.connect(store.root / index.FILE_NAME) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (index.VERSION,)


def test_the_index_remembers_the_share(store, judged, monkeypatch):
    store.summaries()
    monkeypatch.setattr("fmnist_core.runs.summary._summarise", lambda run: pytest.fail("read"))

    assert shares(RunStore(store.root)) == [None, 2 / 3, 1 / 3]


def test_fmnist_runs_lists_it_where_there_is_one(store, judged, capsys):
    assert main(["runs", "--sort", NAME]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-3:] for line in lines[1:3]] == [
        ["0.6667", "of", "3"],
        ["0.3333", "of", "3"],
    ]
    assert lines[0].endswith("challenge set") and lines[3].endswith("0.8960")

    main(["runs", "--sort", NAME, "--json"])
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["challenge"] == {
        **{"correct": 2, "images": 3, "outdated": False},
        "set_digest": store.challenge.digest(),
    }
    assert rows[2]["challenge"] is None

    keep(store.challenge, COAT, first=3)
    main(["runs"])
    assert capsys.readouterr().out.splitlines()[1].endswith("      outdated")


def test_fmnist_runs_has_no_such_column_where_no_run_was_judged(store, capsys):
    main(["runs"])

    assert "challenge" not in capsys.readouterr().out
