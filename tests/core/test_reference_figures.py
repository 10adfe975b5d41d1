"""The figures of a run as reports print them."""

from pathlib import Path

from fmnist_core.reference.figures import HEADINGS, figures
from fmnist_core.runs.store import RunStore
from tests.app import run_folders

ROOT = Path(__file__).parents[2]


def test_figures_are_those_of_the_result():
    run = RunStore(ROOT / "saved_runs").get("20261121-073649-b08929")
    found = dict(zip(HEADINGS, figures(run), strict=True))

    assert found["accuracy"] == "91.88 %" and found["loss"] == f"{run.result.test.loss:.4f}"
    assert found["recall"] == found["accuracy"]  # weighted by images, recall is accuracy
    assert found["parameters"] == "515,146"
    assert found["an epoch"] == f"{run.result.seconds / 27:.1f} s"


def test_a_run_that_has_not_ended_has_none(tmp_path):
    run = run_folders.live_run(RunStore(tmp_path))

    assert set(figures(run)[1:]) == {"–"}
