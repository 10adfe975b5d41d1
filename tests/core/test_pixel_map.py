"""Maps of pixels: the sample, the file they lie in, and their command."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fmnist_core.analysis.embedding import load_embedding
from fmnist_core.analysis.pixel_sample import SAMPLE, pixel_vectors, sample_indices
from fmnist_core.cli import main
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import PIXEL_MAP, PIXEL_UMAP
from fmnist_core.derived.place import result_path
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.exceptions import StoreError
from fmnist_core.inside import pixel_map, pixel_umap
from fmnist_core.runs.store import RunStore


@pytest.fixture
def few(monkeypatch):
    """A map of few images that takes no time."""
    labels = load().labels
    index = sample_indices(labels)[:200]
    monkeypatch.setattr(pixel_map, "sample_indices", lambda labels: index)
    monkeypatch.setattr(pixel_map, "tsne", lambda points, told, steps: points[:, :2])
    return index


def test_the_sample_has_500_of_each_class_and_is_always_the_same():
    labels = load().labels
    index = sample_indices(labels)
    assert np.bincount(labels[index]).tolist() == [500] * 10
    assert len(np.unique(index)) == SAMPLE and index.max() < 60_000
    assert np.array_equal(index, sample_indices(labels))


def test_pixels_are_rows_of_784_in_0_to_1():
    images = np.full((2, 28, 28), 255, np.uint8)
    found = pixel_vectors(images)
    assert found.shape == (2, 784) and found.dtype == np.float32 and (found == 1).all()


def test_what_is_computed_can_be_read_and_is_shown_by_the_command(
    few, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    folder = result_path(tmp_path, DATA_SET, PIXEL_MAP)
    folder.mkdir(parents=True)
    pixel_map.compute(DATA_SET, folder, lambda done, total: None)
    found = load_embedding(DATA_SET, PIXEL_MAP, RunStore(tmp_path))
    assert set(found.maps) == {"pca", "tsne"} and np.array_equal(found.index, few)
    assert found.source.layer == "pixels"

    table = tmp_path / "map.csv"
    assert main(["data", "map", "--csv", str(table), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["images"] == 200 and answer["points"][0]["index"] == few[0]
    assert len(table.read_text().splitlines()) == 201
    assert main(["data", "map"]) == 0
    assert "200 images of the training file by PCA" in capsys.readouterr().out

    (folder / "maps.json").write_text("{}")
    with pytest.raises(StoreError, match="The maps of the data set are damaged"):
        load_embedding(DATA_SET, PIXEL_MAP, RunStore(tmp_path))


def test_umap_of_pixels_is_a_map_of_its_own(few, tmp_path, monkeypatch):
    monkeypatch.setattr(pixel_umap, "umap", lambda vectors, told: vectors[:, 300:302])
    folder = result_path(tmp_path, DATA_SET, PIXEL_UMAP)
    folder.mkdir(parents=True)
    pixel_umap.compute(DATA_SET, folder, lambda done, total: None)
    assert set(load_embedding(DATA_SET, PIXEL_UMAP, RunStore(tmp_path)).maps) == {"umap"}
