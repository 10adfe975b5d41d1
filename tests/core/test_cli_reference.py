"""The command about reports: list, run and table."""

import json

import pytest

from fmnist_core.cli import main
from fmnist_core.runs.store import RunStore


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """An empty store whose runs nobody trains."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    monkeypatch.setattr(
        "fmnist_core.cli.reference.launch", lambda experiment, store: store.create(experiment)
    )
    return RunStore(tmp_path)


def test_all_claims_are_listed(capsys):
    assert main(["reference", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 31 and rows[0]["name"] == "r0-lenet"

    assert main(["reference", "list"]) == 0
    assert "  r4-better                 Better" in capsys.readouterr().out


def test_a_report_is_queued_once(store, capsys):
    assert main(["reference", "run", "r4", "--detach"]) == 0
    assert "2 runs queued; all others are there already." in capsys.readouterr().out
    assert main(["reference", "run", "r4", "--detach"]) == 0

    assert "0 runs queued" in capsys.readouterr().out
    assert [row.title for row in store.summaries()] == ["r4-better", "r4-baseline"]


def test_a_quick_one_with_two_seeds(store):
    assert main(["reference", "run", "r0-lenet", "--quick", "--seeds", "2", "--detach"]) == 0
    seeds = sorted(store.get(run_id).experiment.train.seed for run_id in store.run_ids())

    assert seeds == [7, 8]


def test_unknown_names_and_seeds_are_one_sentence(capsys):
    assert main(["reference", "run", "r9", "--detach"]) == 1
    assert 'No reference is called "r9".' in capsys.readouterr().err
    assert main(["reference", "run", "r4", "--seeds", "x", "--detach"]) == 1
    assert "Seeds must be" in capsys.readouterr().err


def test_the_table_says_what_is_missing(capsys, tmp_path):
    assert main(["reference", "table"]) == 0
    assert "not measured" in capsys.readouterr().out
    assert main(["reference", "table", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["verdict"] == "not plausible"
    file = tmp_path / "results.md"
    assert main(["reference", "table", "--markdown", "-o", str(file)]) == 0

    assert file.read_text().startswith("# What five reports say, and what came out here")
