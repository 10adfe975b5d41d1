"""Notes of a run: what may stand in them, and that a damaged file harms nothing else."""

import json
import os
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fmnist_core.exceptions import SpecError, StoreError
from fmnist_core.model.presets import load
from fmnist_core.runs.locks import take
from fmnist_core.runs.notes import MAX_NOTE, Notes, change_notes, read_notes
from fmnist_core.runs.status import Status
from fmnist_core.runs.store import RunStore
from tests.strategies import json_values

EXPERIMENT = load("small").experiment
SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

words = st.text("aZ09._-", min_size=1, max_size=30)
all_notes = st.builds(
    Notes,
    name=st.text("aZ09 ._-", max_size=60),
    note=st.text(
        st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" \n\t"), max_size=99
    ),
    tags=st.lists(words, max_size=20).map(tuple),
    star=st.booleans(),
    archived=st.booleans(),
)


@pytest.fixture
def run(tmp_path):
    return RunStore(tmp_path).create(EXPERIMENT)


def refusal(kind, call, *args, **changes):
    with pytest.raises(kind) as caught:
        call(*args, **changes)
    return str(caught.value)


def test_a_run_without_notes_has_empty_ones(run):
    assert run.notes == Notes()
    assert run.title == "small"


@SAME_FOLDER
@given(all_notes)
def test_any_notes_come_back_as_they_were_written(run, notes):
    change_notes(run.folder, **notes.to_dict())

    assert read_notes(run.folder) == notes


def test_changes_leave_the_other_notes_as_they_are(run):
    change_notes(run.folder, name="best so far", tag=["b", "a"], star=True)
    change_notes(run.folder, note="two\nlines", tag=["c", "a"], untag=["b", "unknown"])

    assert run.notes == Notes(
        name="best so far", note="two\nlines", tags=("a", "c"), star=True, archived=False
    )


def test_a_name_of_the_notes_is_the_title_everywhere(run, tmp_path):
    change_notes(run.folder, name="other")

    assert run.title == "other"
    assert [row.title for row in RunStore(tmp_path).summaries()] == ["other"]
    change_notes(run.folder, name="")
    assert run.title == "small"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "a/b"}, "Name must be at most 60 letters, digits, spaces, dots, underscores or "),
        ({"note": "x" * 2001}, "Note must be a printable text of at most 2,000 characters; you "),
        ({"note": "a\x00b"}, "Note must be a printable text of at most 2,000 characters; you gave"),
        ({"tag": ["two words"]}, "Tags must be at most 20 words of at most 30 letters, digits, "),
        ({"tag": [f"t{n}" for n in range(21)]}, "Tags must be at most 20 words of at most 30 lett"),
        ({"star": "yes"}, "Star must be true or false; you gave 'yes'."),
    ],
)
def test_what_is_not_allowed_is_one_sentence_and_changes_nothing(run, changes, sentence):
    change_notes(run.folder, note="kept")

    assert refusal(SpecError, change_notes, run.folder, **changes).startswith(sentence)
    assert run.notes == Notes(note="kept")


def test_the_longest_note_is_taken(run):
    change_notes(run.folder, note="x" * MAX_NOTE, tag=[f"t{n}" for n in range(20)])

    assert (len(run.notes.note), len(run.notes.tags)) == (2000, 20)


def test_notes_of_a_run_that_is_gone_are_not_written(run):
    os.rename(run.folder, run.folder.parent / ".away")

    assert refusal(StoreError, change_notes, run.folder, star=True) == (
        f"Run {run.run_id} is not there any more."
    )
    assert not run.folder.exists()


@pytest.mark.parametrize(
    "text", ['{"format": 1, "na', "[]", '{"format": 2}', '{"format": 1, "x": 1}']
)
def test_damaged_notes_are_a_sentence_and_the_run_is_listed(run, tmp_path, text):
    Status(state="finished").write(run.folder)
    (run.folder / "notes.json").write_text(text)

    (row,) = RunStore(tmp_path).summaries()
    assert (row.title, row.state, row.problem) == ("small", "finished", "")
    assert row.notes_problem.startswith(f"{run.run_id}/notes.json ")
    assert run.title == "small"
    assert refusal(StoreError, change_notes, run.folder, star=True).endswith(
        "Mend or delete that file, then try again."
    )
    assert (run.folder / "notes.json").read_text() == text


@SAME_FOLDER
@given(json_values)
def test_any_foreign_notes_leave_the_list_standing(run, value):
    (run.folder / "notes.json").write_text(json.dumps(value))

    (row,) = RunStore(run.folder.parent).summaries()
    assert (row.title, row.state) == ("small", "queued")


def test_notes_that_another_process_writes_for_long_are_left_to_it(run, tmp_path, monkeypatch):
    monkeypatch.setattr("fmnist_core.runs.notes.LOCK_SECONDS", 0.1)
    lock = take(tmp_path / ".notes.lock")

    assert refusal(StoreError, change_notes, run.folder, star=True) == (
        "Other notes are being written just now. Try again in a moment."
    )
    lock.release()
    assert run.notes == Notes()


def test_two_people_who_change_other_notes_at_once_both_succeed(run):
    def add(name):
        for number in range(6):
            change_notes(run.folder, tag=[f"{name}{number}"])

    people = [threading.Thread(target=add, args=(name,)) for name in "ab"]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert len(run.notes.tags) == 12
