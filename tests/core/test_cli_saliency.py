"""`fmnist saliency`, on a shipped run."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fmnist_core.cli import main, saliency
from fmnist_core.data.files import load
from fmnist_core.runs.run import Run
from tests.core.inference_here import InferenceHere

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]
SHIRT = 6


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    monkeypatch.setattr(saliency, "Inference", InferenceHere)
    return Run(Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name)))


@pytest.fixture
def mistake(run) -> tuple[int, int, int]:
    """A validation image that is taken for another class: its index, its class and the other."""
    found = run.predictions
    taken = found["validation_proba"].argmax(axis=1)
    place = int(np.flatnonzero(taken != found["validation_label"])[0])
    return (
        int(found["validation_index"][place]),
        int(found["validation_label"][place]),
        int(taken[place]),
    )


def test_of_a_mistake_it_sets_what_was_predicted_against_what_is_true(
    run, mistake, capsys, tmp_path
):
    image, label, taken = mistake
    picture = tmp_path / "map.png"
    assert main(["saliency", run.run_id, str(image), "--json", "--png", str(picture)]) == 0
    found = json.loads(capsys.readouterr().out)

    assert (found["label"], found["for"], found["against"]) == (label, taken, label)
    assert found["layer"] == "conv2d_2"  # 11×11, the last of at least 7×7
    assert found["score"] > 0  # the logit of what it took it for is the larger one
    assert np.array(found["map"]).shape == (28, 28)
    assert -1 <= found["like_untrained"] <= 1
    with Image.open(picture) as written:
        assert written.size == (224, 224)


def test_integrated_gradients_of_a_class_add_up(run, capsys):
    argv = ["saliency", run.run_id, "60000", "--method", "integrated", "--for", "shirt"]
    assert main(argv) == 0
    said = capsys.readouterr().out
    assert main([*argv, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert (found["for"], found["against"], found["layer"]) == (SHIRT, None, None)
    total = np.sum(found["map"])
    difference = found["score"] - found["baseline_score"]
    assert total + found["gap"] == pytest.approx(difference, abs=1e-2)
    assert "Integrated gradients: what speaks for Shirt" in said
    assert load().labels[60_000] == 9 and "of class Ankle boot" in said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["70000"], "Images have numbers from 0 to 69999"),
        (["1", "--layer", "dense_1"], "dense_1 has no maps"),
        (["1", "--png", "/nowhere/map.png"], "/nowhere/map.png cannot be written"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(run, capsys, more, said):
    assert main(["saliency", run.run_id, *more]) == 1

    assert said in capsys.readouterr().err
