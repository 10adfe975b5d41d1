"""Runs that become part of the repository."""

import shutil
from pathlib import Path

import pytest

from fmnist_core.exceptions import StoreError
from fmnist_core.reference.shipping import KEPT, MODEL, MOMENTS, ship, shipped_ids, write_ignored
from fmnist_core.runs.store import RunStore
from tests.app import run_folders
from tests.shipped import SMALL

SHIPPED = Path(__file__).parents[2] / "saved_runs"


@pytest.fixture
def run(tmp_path):
    found = run_folders.finished_run(RunStore(tmp_path / "store"))
    run_folders.add_predictions(found)
    run_folders.add_checkpoints(found)
    shutil.copyfile(SHIPPED / SMALL / "model.keras", found.folder / "model.keras")
    for name in ("log.txt", "notes.json", "handle.json"):
        (found.folder / name).write_text("{}")
    return found


def test_only_what_readers_need_is_shipped(run, tmp_path):
    folder = ship(run, tmp_path / "shipped")

    assert folder.name == run.run_id
    assert {path.name for path in folder.iterdir()} == set(KEPT)
    assert (
        RunStore(tmp_path / "shipped").summaries()[0].result
        == RunStore(tmp_path / "store").summaries()[0].result
    )


@pytest.mark.parametrize(("option", "name"), (("moments", MOMENTS), ("model", MODEL)))
def test_a_run_can_be_shipped_without_what_is_large(option, name, run, tmp_path):
    folder = ship(run, tmp_path / "shipped", **{option: False})

    assert {path.name for path in folder.iterdir()} == set(KEPT) - {name}


def test_a_run_without_its_model_says_how_to_have_one(run, tmp_path):
    shipped = RunStore(ship(run, tmp_path / "shipped", model=False).parent).get(run.run_id)

    assert run.has_model and not shipped.has_model
    assert shipped.why_no_model == (
        f"Run {run.run_id} came without its model, which is large: repeat it to have one, on the "
        f'Runs page or by "fmnist repeat {run.run_id}".'
    )


def test_what_is_shipped_stays_as_it_is(run, tmp_path):
    folder = ship(run, tmp_path / "shipped")
    (folder / "model.keras").write_text("older")
    ship(run, tmp_path / "shipped")

    assert (folder / "model.keras").read_text() == "older"


def test_a_run_that_goes_on_is_not_shipped(tmp_path):
    live = run_folders.live_run(RunStore(tmp_path / "store"))
    with pytest.raises(StoreError, match="has not finished"):
        ship(live, tmp_path / "shipped")

    assert not (tmp_path / "shipped").exists()


def test_git_is_told_which_runs_to_keep(tmp_path):
    assert shipped_ids(tmp_path) == []
    write_ignored(tmp_path, ["20261127-120000-bbbbbb", "20261127-110000-aaaaaa"])

    assert shipped_ids(tmp_path) == ["20261127-110000-aaaaaa", "20261127-120000-bbbbbb"]
