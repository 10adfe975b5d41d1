"""The command `embedding`, on maps that are there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.analysis.embedding import Embedding, Map, Source, write_embedding
from fmnist_core.cli import main
from fmnist_core.derived.kinds import EMBEDDING
from fmnist_core.derived.place import result_path
from fmnist_core.runs.run import Run

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    """A shipped run with maps of three test images: an ankle boot, a pullover and a trouser."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    found = Run(Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name)))
    folder = result_path(tmp_path, found, EMBEDDING)
    folder.mkdir(parents=True)
    points = np.array([[0, 1.5], [2, 3], [-4, 0.25]], np.float32)
    write_embedding(
        folder,
        Embedding(
            index=np.arange(60_000, 60_003, dtype=np.int32),
            same=np.array([15, 12, 9], np.uint8),
            maps={
                "pca": Map(points=points, kept=np.array([1, 2, 6], np.uint8)),
                "tsne": Map(points=-points, kept=np.array([5, 8, 8], np.uint8)),
            },
            source=Source(layer="dense_2", size=64, projected=False, silent=1, explained=0.5),
        ),
    )
    return found


def test_the_agreement_is_told(run, capsys):
    assert main(["embedding", run.run_id]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        f"{run.run_id}  {run.title}, 3 test images by t-SNE",
        "  of an image's 15 nearest by what layer dense_2 reads (64 numbers),",
        "  7.00 are also among its 15 nearest on the map, and 12.00 are of its class",
        "  left out: 1 image",
    ]
    assert "  Trouser          1    60.0 %" in lines
    assert "  Shirt            0         –" in lines


def test_the_places_are_written_as_a_table(run, tmp_path, capsys):
    path = tmp_path / "map.csv"
    assert main(["embedding", run.run_id, "--method", "pca", "--csv", str(path)]) == 0

    assert path.read_text() == (
        "index,label,predicted,x,y,same,kept\n"
        "60000,Ankle boot,Ankle boot,0.0,1.5,15,1\n"
        "60001,Pullover,Pullover,2.0,3.0,12,2\n"
        "60002,Trouser,Trouser,-4.0,0.25,9,6\n"
    )
    assert capsys.readouterr().out.endswith(f"{path}: 3 images\n")


def test_a_run_that_has_not_ended_has_places_without_predictions(run, capsys):
    (run.folder / "predictions.npz").unlink()
    assert main(["embedding", run.run_id, "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer["points"][2] == {
        "index": 60_002,
        "label": 1,
        "predicted": None,
        "x": 4.0,
        "y": -0.25,
        "same": 9,
        "kept": 8,
    }
    assert (answer["method"], answer["kept"], answer["same_class"]) == ("tsne", 7.0, 12.0)
    assert (answer["layer"], answer["silent"], answer["explained"]) == ("dense_2", 1, 0.5)


def test_a_place_that_cannot_be_written_is_a_sentence(run, tmp_path, capsys):
    path = tmp_path / "missing" / "map.csv"

    assert main(["embedding", run.run_id, "--csv", str(path)]) == 1
    assert "cannot be written" in capsys.readouterr().err
