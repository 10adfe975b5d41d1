"""From a shell: notes, filters, deleting and having back, as the Runs page does."""

import dataclasses
import json

import pytest

from fmnist_core.cli import main
from fmnist_core.model.presets import load
from fmnist_core.runs.notes import Notes
from fmnist_core.runs.status import Status
from fmnist_core.runs.store import RunStore
from tests.app.run_folders import finished_run

EXPERIMENT = load("small").experiment


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """A store with two finished runs, "good" and then "better"."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    found = RunStore(tmp_path)
    finished_run(found, "good", correct=5_400)
    finished_run(found, "better", "r2-1-layer", correct=5_520)
    return found


def listed(capsys, *flags):
    assert main(["runs", "--json", *flags]) == 0
    return [row["title"] for row in json.loads(capsys.readouterr().out)]


def test_notes_are_written_shown_and_found(capsys, store):
    good = store.run_ids()[0]
    flags = ["--name", "dear", "--note", "why", "--tag", "a", "--tag", "b", "--star"]
    assert main(["note", good, *flags]) == 0

    assert capsys.readouterr().out.splitlines() == [
        f"{good}  dear",
        "  note     why",
        "  tags     a, b",
        "  star     yes",
    ]
    assert main(["note", good, "--untag", "a", "--no-star"]) == 0
    assert store.get(good).notes == Notes(name="dear", note="why", tags=("b",))
    capsys.readouterr()
    main(["show", good])
    assert "  tags         b\n  note         why" in capsys.readouterr().out
    assert listed(capsys, "--tag", "b") == ["dear"]


def test_an_archived_run_is_listed_only_when_asked_for(capsys, store):
    main(["note", store.run_ids()[0], "--archive"])
    capsys.readouterr()

    assert listed(capsys) == ["better"]
    assert listed(capsys, "--archived") == ["better", "good"]
    main(["note", store.run_ids()[0], "--unarchive"])
    capsys.readouterr()
    assert listed(capsys) == ["better", "good"]


def test_runs_are_filtered_and_sorted(capsys, store):
    Status(state="failed").write(store.create(EXPERIMENT).folder)

    assert listed(capsys) == ["small", "better", "good"]
    assert listed(capsys, "--sort", "val_accuracy") == ["better", "good", "small"]
    assert listed(capsys, "--sort", "parameters", "--ascending")[-1] == "better"
    assert listed(capsys, "--state", "failed") == ["small"]
    assert listed(capsys, "r2-1-layer") == ["better"]
    assert listed(capsys, "--range", "parameters=:60000") == ["small", "good"]
    assert listed(capsys, "--owner", "nobody") == []


def test_a_csv_has_a_line_for_each_run(capsys):
    assert main(["runs", "--csv", "--sort", "val_accuracy"]) == 0

    head, first, second = capsys.readouterr().out.splitlines()
    assert head.startswith(
        "star,name,state,val_accuracy,val_loss,test_accuracy,challenge_accuracy,"
    )
    assert first.startswith("False,better,finished,0.92,0.3,0.916,,,r2-1-layer,173738,")
    assert second.startswith("False,good,finished,0.9,0.3,0.896,,,small,56714,")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["runs", "--range", "parameters"], "Range must be COLUMN=LOW:HIGH, such as parameters="),
        (["runs", "--range", "x=1:2"], "Range must be of one of val_accuracy, "),
        (["runs", "--sort", "x"], "Sort must be one of star, "),
        (["note", "2", "--tag", "a b"], '2 runs begin with "2".'),
        (["delete", "nothing"], 'No run begins with "nothing".'),
        (["restore", "2"], 'No run in the trash begins with "2". "fmnist trash" lists them; what '),
    ],
)
def test_a_mistake_is_one_sentence(capsys, store, arguments, sentence):
    assert main(arguments) == 1

    assert capsys.readouterr().err.startswith(f"fmnist: {sentence}")
    assert len(store.run_ids()) == 2


def test_filters_that_show_nothing_say_so(capsys):
    main(["runs", "--starred"])

    assert capsys.readouterr().out == (
        "None of 2 runs is shown by these filters; archived ones need --archived.\n"
    )


def test_runs_are_deleted_listed_in_the_trash_and_restored(capsys, store):
    good, better = store.run_ids()
    assert main(["delete", good, better]) == 0
    assert capsys.readouterr().out == "".join(
        f"{run_id} is deleted. Within 7 days: fmnist restore {run_id}\n"
        for run_id in (good, better)
    )
    assert store.run_ids() == []
    main(["trash"])
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[1] for line in lines} == {"good", "better"}
    assert all(line.endswith("7 days left") for line in lines)

    assert main(["restore", good]) == 0
    assert capsys.readouterr().out == f"{good} is back.\n"
    assert store.run_ids() == [good]


def test_a_run_that_waits_is_not_deleted(capsys, store):
    waits = store.create(EXPERIMENT).run_id

    assert main(["delete", waits]) == 1
    assert f"Run {waits} is queued and cannot be deleted. Stop it first" in capsys.readouterr().err
    main(["trash"])
    assert capsys.readouterr().out == "The trash is empty.\n"


def test_a_lineage_is_a_tree(capsys, store):
    good = store.run_ids()[0]
    faster = dataclasses.replace(EXPERIMENT.train, learning_rate=0.01)
    asked = dataclasses.replace(EXPERIMENT, name="child", parent=good, train=faster)
    child = store.create(asked).run_id

    assert main(["lineage", child]) == 0
    assert capsys.readouterr().out == (
        f"- good ({good})\n    * learning rate 0.001 → 0.01: not known yet → child ({child})\n"
    )


def test_a_run_is_repeated_with_other_seeds(capsys, store, monkeypatch):
    monkeypatch.setattr("fmnist_core.jobs.queue.ensure_supervisor", lambda root: None)
    good = store.run_ids()[0]

    assert main(["repeat", good, "--seeds", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["good seed 8", "good seed 9"]
    assert {store.get(line.split()[0]).experiment.parent for line in lines} == {good}
    assert main(["repeat", good, "--seeds", "0"]) == 1
    assert "Seeds must be a whole number from 1 to 20; you gave 0." in capsys.readouterr().err
