"""`fmnist maps` and `fmnist health`, on a shipped run."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fmnist_core.cli import inside, main
from tests.core.inference_here import InferenceHere

RUN = "20261121-073649-b08929"
SHIPPED = Path(__file__).parents[2] / "saved_runs" / RUN


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    monkeypatch.setattr(inside, "Inference", InferenceHere)
    shutil.copytree(SHIPPED, tmp_path / RUN)


def test_every_layer_is_told_and_one_is_drawn(capsys, tmp_path):
    picture = tmp_path / "maps.png"
    assert main(["maps", RUN, "60009", "--json", "--png", str(picture)]) == 0
    layers = json.loads(capsys.readouterr().out)["layers"]

    assert layers[0] | {"mean": 0, "largest": 0, "zeros": 0, "silent": 0} == {
        "layer": "conv2d_1",
        "shape": "26×26×32",
        "mean": 0,
        "largest": 0,
        "zeros": 0,
        "channels": 32,
        "silent": 0,
    }
    with Image.open(picture) as written:  # 32 maps of 26×26 in six rows of six
        assert written.size == (6 * 27 * 4, 6 * 27 * 4)


def test_a_layer_without_maps_is_a_sentence(capsys, tmp_path):
    asked = ["maps", RUN, "1", "--png", str(tmp_path / "x.png"), "--layer", "dense_1"]
    assert main(asked) == 1

    assert "Maps to draw have conv2d_1, max_pooling2d_1," in capsys.readouterr().err
    assert not (tmp_path / "x.png").exists()


def test_maps_are_drawn_on_one_scale():
    maps = np.zeros((2, 2, 3))
    maps[0, 0] = [1.0, 0.5, -1.0]
    drawn = inside.sheet(maps)[::4, ::4]

    assert drawn.shape == (6, 6)  # two rows of two, each with a gap
    assert (drawn[0, 0], drawn[0, 3], drawn[3, 0]) == (255, 128, 0)


def test_health_is_told_in_words(capsys):
    assert main(["health", RUN]) == 0
    said = capsys.readouterr().out
    assert "on 512 validation images" in said and "conv2d_1" in said
    assert main(["health", RUN, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["images"] == 512 and isinstance(found["findings"], list)
    assert (found["findings"] == []) == ("Nothing looks wrong" in said)
