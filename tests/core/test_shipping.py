"""Runs that become part of the repository."""

import shutil
from pathlib import Path

import pytest

from fmnist_core.exceptions import StoreError
from fmnist_core.reference.shipping import FIGURES, LARGE, MOMENTS, ship, shipped_ids, write_ignored
from fmnist_core.runs.run import MODEL
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
    assert {path.name for path in folder.iterdir()} == {*FIGURES, *LARGE}
    assert (
        RunStore(tmp_path / "shipped").summaries()[0].result
        == RunStore(tmp_path / "store").summaries()[0].result
    )


@pytest.mark.parametrize("without", ((), (MOMENTS,), (MOMENTS, MODEL), LARGE))
def test_a_run_can_be_shipped_without_what_is_large(without, run, tmp_path):
    folder = ship(run, tmp_path / "shipped", without=without)
    shipped = RunStore(folder.parent).get(run.run_id)

    assert {path.name for path in folder.iterdir()} == {*FIGURES, *LARGE} - {*without}
    assert shipped.result == run.result
    assert shipped.history.epochs == run.history.epochs != []
    ends = [row["step"] for row in run.history.epochs]
    assert shipped.history.steps == (ends if without == LARGE else run.history.steps)


def test_a_run_says_how_to_have_what_it_came_without(run, tmp_path):
    shipped = RunStore(ship(run, tmp_path / "shipped", without=LARGE).parent).get(run.run_id)

    assert run.has_model and run.has_predictions
    assert not (shipped.has_model or shipped.has_predictions)
    assert shipped.why_no_model == (
        f"Run {run.run_id} has no model: it came without, to be small, or the file was deleted. "
        f'Repeat it to have it, on the Runs page or by "fmnist repeat {run.run_id}".'
    )
    with pytest.raises(StoreError, match=r"has no predictions: it came without, .* to have them"):
        _ = shipped.predictions


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
