"""Maps of test images: what is computed, from what, and files that are not a run's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.analysis import embedding as maps
from fmnist_core.analysis.embedding import (
    ARRAYS_NAME,
    Embedding,
    Map,
    Source,
    load_embedding,
    umap_is_installed,
    write_embedding,
)
from fmnist_core.analysis.features import VECTORS_NAME, write_description
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import EMBEDDING, FEATURES, UMAP
from fmnist_core.derived.place import result_path
from fmnist_core.derived.results import compute as compute_later
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.inside import embedding, embedding_umap
from fmnist_core.inside.embedding import pca, tsne
from fmnist_core.inside.features import unit_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "saved_runs").glob("2*"))[0]
FEW, STEPS = 120, 250  # images, and the fewest steps that t-SNE takes


@pytest.fixture
def store(tmp_path) -> RunStore:
    return RunStore(tmp_path)


@pytest.fixture
def run(store) -> Run:
    """A copy of a shipped run."""
    return Run(Path(shutil.copytree(SHIPPED, store.root / SHIPPED.name)))


@pytest.fixture
def few(monkeypatch):
    """So few images and steps that a map takes a second."""
    monkeypatch.setattr(embedding, "MOST", FEW)
    monkeypatch.setattr(embedding, "STEPS", STEPS)
    return monkeypatch


def keep_features(run: Run, store: RunStore, vectors: np.ndarray) -> None:
    """Let a run have features, float (70000, D)."""
    folder = result_path(store.root, run, FEATURES)
    folder.mkdir(parents=True)
    np.save(folder / VECTORS_NAME, unit_rows(vectors))
    write_description(folder, layer="dense_2", size=vectors.shape[1], projected=False)


def random_features(size: int) -> np.ndarray:
    return np.random.default_rng(7).normal(size=(70_000, size)).astype(np.float32)


def computed(run: Run, store: RunStore) -> Embedding:
    """Compute the maps in this process."""
    folder = result_path(store.root, run, EMBEDDING)
    folder.mkdir(parents=True)
    embedding.compute(run, folder, lambda done, total: None)
    return load_embedding(run, EMBEDDING, store)


# How maps are made -------------------------------------------------------------------------------


def test_pca_turns_so_that_the_first_numbers_hold_most():
    rng = np.random.default_rng(7)
    # Variances 9, 4 and 0.25, turned at random; the first two are 13 of 13.25.
    plain = rng.normal(size=(5_000, 3)) * (3, 2, 0.5)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    found, explained = pca((plain @ turn + 4).astype(np.float32))

    assert explained == pytest.approx(13 / 13.25, abs=0.005)
    assert found.var(axis=0) == pytest.approx([9, 4, 0.25], rel=0.06)
    assert np.abs(found[:, 0]) == pytest.approx(np.abs(plain[:, 0]), abs=0.5)


def test_one_number_an_image_is_a_line():
    found, explained = pca(np.array([[1.0], [-1.0]] * 60, np.float32))

    assert found.shape == (120, 2) and not found[:, 1].any()
    assert explained == 1


def test_tsne_is_the_same_to_the_bit_and_says_every_50th_step():
    points = np.random.default_rng(7).normal(size=(150, 5)).astype(np.float32)
    points[:, 0] *= 3
    told = []
    first = tsne(points, lambda done, total: told.append((done, total)), steps=STEPS)
    again = tsne(points, lambda done, total: None, steps=STEPS)

    assert told == [(step, STEPS) for step in range(0, STEPS + 1, 50)]
    assert first.tobytes() == again.tobytes()
    assert first.dtype == np.float32 and np.isfinite(first).all()


def test_tsne_keeps_clusters_apart():
    rng = np.random.default_rng(7)
    middles = np.repeat(20 * np.eye(3, 5), 50, axis=0)
    points = pca((middles + rng.normal(size=(150, 5))).astype(np.float32))[0]
    found = tsne(points, lambda done, total: None, steps=500)

    middle = np.array([found[50 * n : 50 * n + 50].mean(axis=0) for n in range(3)])
    closest = np.linalg.norm(found[:, np.newaxis] - middle, axis=2).argmin(axis=1)
    assert closest.tolist() == [0] * 50 + [1] * 50 + [2] * 50


# What they are made of ---------------------------------------------------------------------------


def test_features_that_are_there_are_taken_without_tensorflow(run, store, few):
    vectors = random_features(8)
    vectors[60_000:60_040] = 0  # the network says nothing of these
    keep_features(run, store, vectors)
    folder = result_path(store.root, run, EMBEDDING)
    folder.mkdir()
    code = (
        "import sys; from pathlib import Path; from fmnist_core.inside import embedding; "
        f"from fmnist_core.runs.run import Run; embedding.STEPS = {STEPS}; embedding.MOST = 5_000; "
        f"embedding.tsne = lambda points, *_, **__: points[:, :2]; "
        f"embedding.compute(Run(Path({str(run.folder)!r})), Path({str(folder)!r}), print); "
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"tensorflow", "keras"} & set(done.stdout.split())
    found = load_embedding(run, EMBEDDING, store)
    assert found.source.layer == "dense_2" and found.source.size == 8
    assert found.source.silent > 0
    assert len(found.index) + found.source.silent == 5_000
    assert found.index.min() >= 60_000
    assert not np.isin(np.arange(60_000, 60_040), found.index).any()
    assert 0 < found.source.explained < 1
    assert set(found.maps) == {"pca", "tsne"}


def test_images_of_which_the_network_says_nothing_are_left_out(run, store, few):
    vectors = random_features(8)
    vectors[60_000:65_000] = 0
    keep_features(run, store, vectors)
    few.setattr(embedding, "MOST", 10_000)
    found = embedding.mapped_features(run)

    assert found.index.tolist() == list(range(65_000, 70_000))
    assert found.source.silent == 5_000
    assert found.vectors == pytest.approx(unit_rows(vectors[65_000:]), abs=1e-3)


def test_without_features_those_of_the_test_images_are_computed(run, store, few):
    found = embedding.mapped_features(run)

    model = keras.saving.load_model(run.folder / "model.keras", compile=False)
    inner = keras.Model(model.input, model.get_layer("dense_2").input)
    data = load()
    wanted = np.asarray(inner(data.images[found.index, ..., np.newaxis] / np.float32(255)))
    assert len(found.index) == FEW and (np.diff(found.index) > 0).all()
    assert found.vectors == pytest.approx(
        wanted / np.linalg.norm(wanted, axis=1)[:, None], abs=1e-3
    )
    assert found.labels.tolist() == data.labels[found.index].tolist()
    assert (found.source.layer, found.source.size, found.source.silent) == ("dense_2", 64, 0)


def test_damaged_features_are_computed_anew(run, store, few):
    keep_features(run, store, np.ones((5, 2)))

    assert embedding.mapped_features(run).source.size == 64


@pytest.mark.parametrize("size", [1, 2])
def test_one_or_two_numbers_an_image_are_enough(run, store, few, size):
    keep_features(run, store, random_features(size))
    found = computed(run, store)

    assert found.maps["pca"].points.shape == (FEW, 2)
    assert found.maps["tsne"].kept.max() <= 15


@pytest.mark.parametrize("value", [0, 1, np.nan], ids=["zeros", "all alike", "not numbers"])
def test_images_that_are_not_told_apart_have_no_map(run, store, few, value):
    keep_features(run, store, np.full((70_000, 4), value, np.float32))

    with pytest.raises(DerivedError) as caught:
        computed(run, store)
    silent = 0 if value == 1 else FEW
    assert str(caught.value) == (
        "There is nothing to draw a map of: the network does not tell the test images apart "
        f"(all that layer dense_2 reads is 0 for {silent} of {FEW} of them, and the same for the "
        "others)."
    )


def test_the_map_of_a_run_without_weights_is_a_sentence(run, store, few):
    (run.folder / "model.keras").unlink()

    with pytest.raises(StoreError, match="has no model: it came without"):
        embedding.mapped_features(run)


def test_umap_that_is_not_installed_is_a_sentence(run, monkeypatch, tmp_path):
    monkeypatch.setattr(embedding_umap, "umap_is_installed", lambda: False)

    with pytest.raises(DerivedError) as caught:
        embedding_umap.compute(run, tmp_path, lambda done, total: None)
    assert str(caught.value) == (
        "UMAP needs a package that is not installed: pip install umap-learn"
    )


@pytest.mark.slow
@pytest.mark.skipif(not umap_is_installed(), reason="umap-learn is optional")
def test_umap_is_the_same_to_the_bit(run, store, few):
    keep_features(run, store, random_features(8))
    folder = result_path(store.root, run, UMAP)
    found = []
    for _ in range(2):
        folder.mkdir(exist_ok=True)
        embedding_umap.compute(run, folder, lambda done, total: None)
        found.append(load_embedding(run, UMAP, store).maps["umap"].points)

    assert found[0].shape == (FEW, 2)
    assert found[0].tobytes() == found[1].tobytes()


@pytest.mark.slow  # as long as it takes a person's machine
def test_a_process_maps_all_test_images_of_a_shipped_run(run, store):
    told = []
    compute_later(run, EMBEDDING, store, on_tick=lambda state: told.append(state.done))
    found = load_embedding(run, EMBEDDING, store)

    assert found.index.tolist() == list(range(60_000, 70_000))
    assert found.same.mean() > 12
    assert found.maps["tsne"].kept.mean() > 2 * found.maps["pca"].kept.mean()
    assert len(set(told)) > 5 and set(told) <= set(range(0, 1_001, 50))


# Whose files they are ----------------------------------------------------------------------------


@pytest.fixture
def kept_maps(run, store) -> Path:
    """The folder of maps of three images."""
    folder = result_path(store.root, run, EMBEDDING)
    folder.mkdir(parents=True)
    each = Map(points=np.zeros((3, 2), np.float32), kept=np.zeros(3, np.uint8))
    write_embedding(
        folder,
        Embedding(
            index=np.array([60_000, 60_002, 60_009], np.int32),
            same=np.array([0, 7, 15], np.uint8),
            maps={"pca": each, "tsne": each},
            source=Source(layer="scores", size=4, projected=False, silent=1, explained=0.5),
        ),
    )
    return folder


def test_what_was_written_is_read(run, store, kept_maps):
    found = load_embedding(run, EMBEDDING, store)

    assert found.index.tolist() == [60_000, 60_002, 60_009]
    assert found.same.tolist() == [0, 7, 15]
    assert found.source == Source(layer="scores", size=4, projected=False, silent=1, explained=0.5)


@pytest.mark.parametrize(
    "change",
    [
        {"index": np.array([3, 2, 1], np.int32)},
        {"index": np.array([1, 2, 70_000], np.int32)},
        {"index": np.array([1, 2], np.int32)},
        {"index": np.array([], np.int32)},
        {"same": np.array([0, 7, 16], np.uint8)},
        {"tsne_kept": np.array([0.0, 1, 2])},
        {"pca_points": np.zeros((3, 3), np.float32)},
        {"pca_points": np.full((3, 2), np.nan, np.float32)},
        {"tsne_points": np.array([{}] * 3)},
        {"tsne_points": None},
    ],
)
def test_arrays_that_cannot_be_are_a_sentence(run, store, kept_maps, change):
    with np.load(kept_maps / ARRAYS_NAME) as known:
        arrays = dict(known) | change
    arrays = {name: value for name, value in arrays.items() if value is not None}
    np.savez(kept_maps / ARRAYS_NAME, allow_pickle=True, **arrays)

    with pytest.raises(StoreError, match=r"^The maps of run .* are damaged .* compute them again"):
        load_embedding(run, EMBEDDING, store)


@pytest.mark.parametrize("name", ["maps.npz", "maps.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"PK\x03\x04"])
def test_torn_files_are_a_sentence(run, store, kept_maps, name, content):
    path = kept_maps / name
    path.unlink() if content is None else path.write_bytes(content)

    with pytest.raises(StoreError, match="are damaged"):
        load_embedding(run, EMBEDDING, store)


def test_maps_of_older_weights_are_not_taken(run, store, kept_maps):
    with (run.folder / "model.keras").open("ab") as file:
        file.write(b"trained on")

    with pytest.raises(DerivedError, match="are not computed yet"):
        load_embedding(run, EMBEDDING, store)


def test_whether_umap_is_there_is_found_without_importing_it(monkeypatch):
    monkeypatch.setattr(maps.importlib.util, "find_spec", lambda name: None)
    assert not umap_is_installed()
