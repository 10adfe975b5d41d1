"""The commands `compute` and `neighbours`, on features that are there or can be computed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.analysis.features import VECTORS_NAME, write_description
from fmnist_core.analysis.neighbours import Features, in_words, listed, source
from fmnist_core.cli import main
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.place import result_path
from fmnist_core.derived.record import DerivedRecord
from fmnist_core.derived.results import FAILED, NONE, state
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    """A copy of a shipped run, in a store of its own."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return Run(Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name)))


@pytest.fixture
def kept(run) -> Run:
    """The run with features in which images 0, 1 and 60,000 are alike, and 60,001 is nothing."""
    vectors = np.zeros((70_000, 2), np.float16)
    vectors[:, 0] = 1
    vectors[[0, 1, 60_000]] = [[0.6, 0.8], [0, 1], [0, 1]]
    vectors[60_001] = 0
    folder = result_path(run.folder.parent, run, FEATURES)
    folder.mkdir(parents=True)
    np.save(folder / VECTORS_NAME, vectors)
    write_description(folder, layer="dense_2", size=2, projected=False)
    return run


def test_the_neighbours_are_listed_with_what_they_are(kept, capsys):
    assert main(["neighbours", kept.run_id, "60000", "--limit", "2"]) == 0

    # Image 60,000 is an ankle boot, 0 is one, 1 a T-shirt.
    assert capsys.readouterr().out == (
        f"{kept.run_id}  {kept.title}, image 60000 of class Ankle boot\n"
        "  1 of 2 is Ankle boot, its own class.\n"
        "  Similarity is the cosine between what layer dense_2 reads, 2 numbers an image.\n"
        "\n"
        "  image     1  T-shirt/top  similarity 1.000  training\n"
        "  image     0   Ankle boot  similarity 0.800  training\n"
    )


def test_the_neighbours_as_json(kept, capsys):
    assert main(["neighbours", kept.run_id, "60000", "--limit", "1", "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["neighbours"] == [
        {"index": 1, "similarity": 1.0, "label": 0, "used_as": "training"}
    ]
    assert (answer["label"], answer["layer"], answer["projected"]) == (9, "dense_2", False)


def test_an_image_of_which_the_network_says_nothing_has_none(kept, capsys):
    assert main(["neighbours", kept.run_id, "60001", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["neighbours"] == []


def test_what_is_wrong_is_a_sentence(run, capsys):
    assert main(["neighbours", run.run_id, "70000"]) == 1
    assert capsys.readouterr().err == (
        "fmnist: Images have numbers from 0 to 69999; you gave 70000.\n"
    )
    (run.folder / "model.keras").write_bytes(b"foreign")
    assert main(["compute", run.run_id, "features"]) == 1  # by a real process
    told = " ".join(capsys.readouterr().err.split())
    assert f"{run.run_id}/model.keras holds no weights of this run's network" in told
    assert state(run, FEATURES, RunStore()).state == FAILED


def test_what_failed_is_forgotten_when_it_is_called_off(run, capsys):
    store = RunStore()
    path = store.root / ".derived" / run.run_id / "features.json"
    path.parent.mkdir(parents=True)
    stamp = result_path(store.root, run, FEATURES).name.partition("-")[2]
    DerivedRecord(stamp=stamp, handle="1:0", asked=0, failure="The disk is full.").write(path)
    assert state(run, FEATURES, store).state == FAILED

    assert main(["compute", run.run_id, "features", "--cancel"]) == 0

    assert state(run, FEATURES, store).state == NONE


def test_neighbours_in_words():
    label = np.array([6, 6, 6, 0], np.uint8)

    assert in_words(label, true=0, predicted=6) == (
        "3 of 4 are Shirt, the class it was taken for; 1 of 4 is T-shirt/top, its own."
    )
    assert in_words(label, true=6, predicted=6) == (
        "3 of 4 are Shirt, its own class, for which it was taken."
    )
    assert listed(label) == "The 4 nearest training images: 3 Shirt, 1 T-shirt/top."
    silent = np.full(4, 255, np.uint8)
    assert in_words(silent, true=6) == listed(silent) == listed(silent[:0])
    assert listed(silent).startswith("The network says nothing")


def test_projected_features_are_called_approximate():
    vectors = np.zeros((1, 1_024), np.float16)
    found = Features(vectors=vectors, layer="scores", size=5_408, projected=True)

    assert source(found).endswith(
        "5,408 numbers an image; approximate, as they were projected to 1,024 at random."
    )
