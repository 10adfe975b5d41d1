"""`fmnist data`: what the Data page shows, from a shell."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fmnist_core.cli import main
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import TWINS
from fmnist_core.derived.place import result_path
from fmnist_core.derived.subject import DATA_SET


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return tmp_path


def answer(capsys, *words: str):
    assert main(["data", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_summary_has_all_parts_and_where_shoes_point(capsys):
    found = answer(capsys, "summary")
    assert found["parts"]["training"]["classes"] == [5_400] * 10
    assert round(found["parts"]["train-file"]["mean"], 4) == 0.2860
    assert found["facing_left"]["Ankle boot"] == 1


def test_an_image_is_its_numbers_and_its_twins(capsys):
    found = answer(capsys, "image", "60009")
    assert found["pixels"] == load().images[60_009].tolist()
    assert next(twin["index"] for twin in found["twins"]) == 19_782
    assert 0 < found["share_as_far"] <= 1
    assert main(["data", "image", "60009"]) == 0
    assert "Image 60009, Sneaker, no. 9 of the test file" in capsys.readouterr().out


def test_the_most_unusual_of_a_class_come_first_or_the_most_typical(capsys):
    unusual = answer(capsys, "typical", "shirt", "--limit", "2")["images"]
    typical = answer(capsys, "typical", "6", "--limit", "2", "--most")["images"]
    assert unusual[0]["index"] == 55_023
    assert unusual[0]["distance"] > unusual[1]["distance"] > typical[1]["distance"]


def test_twins_are_counted_and_listed_by_distance(capsys, root):
    folder = result_path(root, DATA_SET, TWINS)
    folder.mkdir(parents=True)
    squared = np.full(10_000, 10**7, np.int64)
    squared[4_998] = 400
    np.savez(folder / "twins.npz", index=np.full(10_000, 13_360, np.int32), squared=squared)
    found = answer(capsys, "twins", "--limit", "1")
    assert [row["images"] for row in found["counts"]] == [1, 1, 1]
    assert found["pairs"][0] == {
        "test_image": 64_998,
        "label": 0,
        "training_image": 13_360,
        "its_label": 0,
        "distance": round(20 / 255, 4),
    }
    computed = answer(capsys, "compute", "twins")
    assert computed["folder"] == str(folder)


def test_what_is_not_computed_is_called_off_quietly(capsys):
    assert answer(capsys, "compute", "twins", "--cancel") == {"kind": "twins"}


def test_an_image_that_there_is_not_is_said(capsys):
    assert main(["data", "image", "70000"]) == 1
    assert "Images have numbers from 0 to 69999" in capsys.readouterr().err
