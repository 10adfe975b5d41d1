"""What a worker makes of the data and precision settings, seen from its run folder alone."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment, TrainSpec

ROOT = Path(__file__).parents[2]
QUICK = {"epochs": 1, "batch_size": 64}


def worked(folder, train=None, augment=None, **data):
    """Train in a worker of its own and return the run."""
    asked = Experiment(
        model=presets.load("small").experiment.model,
        data=DataSpec(**{"subset": 512, "validation": 200, **data}),
        train=TrainSpec(**QUICK | (train or {})),
        augment=augment or AugmentSpec(),
    )
    run = RunStore(folder).create(asked)
    command = [sys.executable, "-m", "fmnist_core.jobs.worker", str(run.folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return run


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    return worked(
        tmp_path_factory.mktemp("runs"),
        {
            "precision": "mixed_bfloat16",
            "threads": 1,
            "onednn": False,
            "ema_momentum": 0.9,
            "flip_evaluation": True,
        },
        AugmentSpec(augmentation="own-copies", rotation=20, mixup=0.2),
        normalisation="per-pixel",
    )


def test_what_computed_it_is_recorded(everything):
    machine = everything.result.machine

    assert machine["precision"] == "mixed_bfloat16"
    assert (machine["onednn"], machine["threads"]) == (False, 1)
    assert machine["processor"] and isinstance(machine["cpu_flags"], list)


def test_copies_count_as_training_images(everything):
    # 512 originals and 512 turned images, in batches of 64.
    assert everything.result.steps == len(everything.history.steps) == 16
    assert everything.experiment.train.total_steps(everything.experiment.train_size) == 16


def test_the_saved_model_predicts_from_raw_pixels_what_the_run_predicted(everything):
    model = keras.saving.load_model(everything.folder / "model.keras")
    known = everything.predictions
    index = known["test_index"][:200]
    x = load().images[index][..., np.newaxis] / np.float32(255)

    y_proba = np.asarray(keras.ops.softmax(model(x)))

    assert y_proba == pytest.approx(known["test_proba"][:200], abs=0.02)
    assert np.abs(y_proba - known["test_proba"][:200]).mean() < 1e-3


def test_flipped_figures_stand_beside_the_plain_ones(everything):
    result = everything.result

    assert result.flip_test.images == result.test.images == 10_000
    assert result.flip_validation.images == 200
    assert result.flip_test.loss != result.test.loss


def test_nothing_of_it_is_there_unless_asked_for(tmp_path):
    run = worked(tmp_path)
    result = run.result

    assert result.flip_test is None and result.flip_validation is None
    assert result.machine["precision"] == "float32" and result.machine["onednn"]
    assert result.steps == 8
    assert not (run.folder / "precision.json").exists()
