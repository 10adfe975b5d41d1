"""The runs that are part of the repository: sound, complete, and what their figures say."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.model import presets
from fmnist_core.model.activation import activation, with_activation
from fmnist_core.reference.shipping import FIGURES, LARGE, shipped_ids
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.summary import recipe
from fmnist_core.runs.sweeps import preset_sweep

ROOT = Path(__file__).parents[2]
SHIPPED = shipped_ids(ROOT / "saved_runs")
STORE = RunStore(ROOT / "saved_runs")
WITH_MODEL = [name for name in SHIPPED if STORE.get(name).has_model]
WITH_PREDICTIONS = [name for name in SHIPPED if STORE.get(name).has_predictions]


@pytest.fixture(params=SHIPPED)
def run(request):
    return STORE.get(request.param)


def test_there_are_shipped_runs():
    assert len(SHIPPED) >= 3


def test_a_shipped_run_is_a_finished_preset(run):
    assert run.status.state == "finished"
    model = run.experiment.model
    preset = presets.load(model.name).experiment.model  # some bear the name in their report
    if word := activation(model):  # a grid tries several
        preset = with_activation(preset, word)
    assert model.layers == preset.layers
    assert len(run.history.epochs) == run.result.epochs
    assert len(run.moments()) in (run.result.epochs, 0)  # 0: shipped without
    assert run.history.unreadable == 0


def test_together_they_are_small_enough_for_a_repository():
    files = (path for name in SHIPPED for path in (ROOT / "saved_runs" / name).rglob("*"))
    assert sum(path.stat().st_size for path in files if path.is_file()) <= 60e6


@pytest.mark.parametrize("run", WITH_PREDICTIONS, indirect=True)
def test_its_figures_follow_from_its_predictions(run):
    found = run.predictions
    for part, scores in (("validation", run.result.validation), ("test", run.result.test)):
        right = int((found[f"{part}_proba"].argmax(1) == found[f"{part}_label"]).sum())
        assert (right, len(found[f"{part}_label"])) == (scores.correct, scores.images)


def test_most_come_with_predictions_and_model():
    rows = {row.run_id: row for row in STORE.summaries() if row.run_id in SHIPPED}
    first = {row.recipe: row.run_id for row in rows.values()}  # newest first
    at_keras_rates = preset_sweep("r1-grid")
    grids = (at_keras_rates, replace(at_keras_rates, keras_rates=False))
    grid = {recipe(each) for spec in grids for each in spec.experiments()}
    for name in set(SHIPPED) - set(WITH_PREDICTIONS):
        assert rows[name].recipe in grid or first[rows[name].recipe] != name  # another seed
    without_model = set(WITH_PREDICTIONS) - set(WITH_MODEL)
    assert {rows[name].model for name in without_model} <= {
        *("r3-vgg", "r2-1-layer", "r2-2-layer", "r2-3-layer")
    }


@pytest.mark.parametrize("run", WITH_MODEL, indirect=True)
def test_its_model_gives_its_predictions(run):
    model = keras.saving.load_model(run.folder / "model.keras", compile=False, safe_mode=True)
    found, data = run.predictions, load()
    index = found["test_index"][:200]

    outputs = model(data.images[index][..., np.newaxis] / np.float32(255), training=False)
    y_proba = keras.ops.convert_to_numpy(keras.ops.softmax(outputs))

    assert np.abs(y_proba - found["test_proba"][:200]).max() < 2e-3  # half precision


def test_it_holds_nothing_of_the_machine_that_made_it(run):
    local = {"notes.json", "challenge.json"}  # a user's, and ignored by Git
    found = {path.name for path in run.folder.iterdir()} - local
    assert set(FIGURES) <= found <= {*FIGURES, *LARGE}
