"""The runs that are part of the repository: sound, complete, and what their figures say."""

from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.model import presets
from fmnist_core.reference.shipping import KEPT, MODEL, MOMENTS, shipped_ids
from fmnist_core.runs.store import RunStore

ROOT = Path(__file__).parents[2]
SHIPPED = shipped_ids(ROOT / "saved_runs")
LARGE = [name for name in SHIPPED if not (ROOT / "saved_runs" / name / MODEL).exists()]


@pytest.fixture(params=SHIPPED)
def run(request):
    return RunStore(ROOT / "saved_runs").get(request.param)


def test_there_are_shipped_runs():
    assert len(SHIPPED) >= 3


def test_a_shipped_run_is_a_finished_preset(run):
    assert run.status.state == "finished"
    preset = presets.load(run.experiment.model.name)  # some bear the name in their report
    assert run.experiment.model.layers == preset.experiment.model.layers
    assert len(run.history.epochs) == run.result.epochs
    assert len(run.moments()) in (run.result.epochs, 0)  # 0: shipped without
    assert run.history.unreadable == 0


def test_together_they_are_small_enough_for_a_repository():
    files = (path for name in SHIPPED for path in (ROOT / "saved_runs" / name).rglob("*"))
    assert sum(path.stat().st_size for path in files if path.is_file()) <= 60e6


def test_its_figures_follow_from_its_predictions(run):
    found = run.predictions
    for part, scores in (("validation", run.result.validation), ("test", run.result.test)):
        right = int((found[f"{part}_proba"].argmax(1) == found[f"{part}_label"]).sum())
        assert (right, len(found[f"{part}_label"])) == (scores.correct, scores.images)


def test_only_a_large_network_comes_without_its_model():
    for name in LARGE:
        run = RunStore(ROOT / "saved_runs").get(name)
        assert run.experiment.model.name == "r3-vgg" and run.why_no_model


@pytest.mark.parametrize("run", [name for name in SHIPPED if name not in LARGE], indirect=True)
def test_its_model_gives_its_predictions(run):
    model = keras.saving.load_model(run.folder / "model.keras", compile=False, safe_mode=True)
    found, data = run.predictions, load()
    index = found["test_index"][:200]

    outputs = model(data.images[index][..., np.newaxis] / np.float32(255), training=False)
    y_proba = keras.ops.convert_to_numpy(keras.ops.softmax(outputs))

    assert np.abs(y_proba - found["test_proba"][:200]).max() < 2e-3  # half precision


def test_it_holds_nothing_of_the_machine_that_made_it(run):
    local = {"notes.json", "challenge.json"}  # a user's, and ignored by Git
    assert {path.name for path in run.folder.iterdir()} - local in (
        set(KEPT),
        set(KEPT) - {MOMENTS},
        set(KEPT) - {MODEL},
    )
