"""`fmnist data set-up`, `noise` and `augment`."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from fmnist_core.cli import main
from fmnist_core.data.files import load
from fmnist_core.data.label_noise import write_noise
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec, Experiment


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return tmp_path


def answer(capsys, *words: str):
    assert main(["data", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_counts_are_those_of_the_settings(capsys):
    words = ("--split", "last", "--label-noise", "10", "--noise-pairs", "6-0")
    found = answer(capsys, "set-up", *words)
    assert sum(found["training"]) == 54_000 and sum(found["test"]) == 10_000
    # 10 % of all T-shirts and shirts among them
    assert sum(found["wrong"]) == round((found["training"][0] + found["training"][6]) / 10)
    assert found["labelled"][1] == found["training"][1]
    assert main(["data", "set-up", "--split", "last"]) == 0
    assert "54,000 training, 6,000 validation and 10,000 test images, 0 wrong labels" in (
        capsys.readouterr().out
    )


def test_a_setting_that_is_none_is_a_sentence(capsys):
    assert main(["data", "set-up", "--noise-pairs", "shirt"]) == 1
    assert "Noise pairs must be empty, or pairs of two classes" in capsys.readouterr().err


def test_the_wrong_labels_of_a_run_are_listed(capsys, root):
    model, labels = presets.load("small").experiment.model, load().labels
    run = RunStore(root).create(Experiment(model=model, data=DataSpec(label_noise=1)))
    noisy = labels.copy()
    noisy[5] = (labels[5] + 1) % 10
    write_noise(run.folder, labels, noisy)
    clean = RunStore(root).create(Experiment(model=model))
    assert answer(capsys, "noise", run.run_id)["wrong_labels"] == [
        {"index": 5, "label": int(labels[5]), "given": int(noisy[5])}
    ]
    assert answer(capsys, "noise", clean.run_id)["wrong_labels"] == []


def test_draws_are_written_as_a_picture_with_what_to_mind(capsys, root):
    path = root / "draws.png"
    words = ("augment", "60009", "--rotation", "180", "--png", str(path))
    assert [note["kind"] for note in answer(capsys, *words)["notes"]] == ["bad", "neutral"]
    picture = np.asarray(Image.open(io.BytesIO(path.read_bytes())))
    assert picture.shape == (5 * 28 * 4, 5 * 28 * 4)
    assert np.array_equal(picture[:112:4, :112:4], load().images[60_009])
    assert main(["data", "augment", "0", "--horizontal-flip"]) == 0
    assert "good: Good news" in capsys.readouterr().out
