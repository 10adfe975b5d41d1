"""Features of the images as Keras computes them, and files that are not the run's own."""

from __future__ import annotations

import dataclasses
import json
import shutil
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.analysis import features as described
from fmnist_core.analysis.features import likely_seconds, load_features
from fmnist_core.analysis.neighbours import nearest_many
from fmnist_core.data.files import load
from fmnist_core.data.normalisation import pixel_statistics
from fmnist_core.data.splits import split_indices
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.place import result_path
from fmnist_core.derived.results import compute as compute_later
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.inside import features
from fmnist_core.inside.features import projection, reading_layer, unit_rows
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec, LayerSpec, ModelSpec

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]
FEW = 1_000


@pytest.fixture
def store(tmp_path) -> RunStore:
    return RunStore(tmp_path)


@pytest.fixture
def run(store) -> Run:
    """A copy of a shipped run."""
    return Run(Path(shutil.copytree(SHIPPED, store.root / SHIPPED.name)))


@pytest.fixture
def few(monkeypatch):
    """A data set of which only the first images are looked at."""
    whole = load()
    monkeypatch.setattr(
        features, "load", lambda: dataclasses.replace(whole, images=whole.images[:FEW])
    )
    monkeypatch.setattr(features, "saved_model", lambda run, data: saved_model(run, whole))
    monkeypatch.setattr(described, "NUM_IMAGES", FEW)
    return whole


def run_of(store: RunStore, model: ModelSpec, **chosen) -> Run:
    """A run of a network whose weights are fresh."""
    whole, data = load(), DataSpec(**chosen)
    asked = dataclasses.replace(presets.load("small").experiment, model=model, data=data)
    run = store.create(asked)
    split = split_indices(whole.labels, data)
    build_model(model, pixel_statistics(whole.images, split.train, data)).save(
        run.folder / "model.keras"
    )
    return run


def computed(run: Run, store: RunStore):
    """Compute the features in this process."""
    folder = result_path(store.root, run, FEATURES)
    folder.mkdir(parents=True)
    features.compute(run, folder, lambda done, total: None)
    return load_features(run, store)


def dense_network() -> ModelSpec:
    return ModelSpec(
        layers=(
            LayerSpec(type="Flatten", name="flatten"),
            LayerSpec(type="Dense", name="inner", settings={"units": 4, "activation": "relu"}),
            LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "softmax"}),
        )
    )


# What is computed --------------------------------------------------------------------------------


def test_a_process_computes_what_the_last_dense_layer_of_a_shipped_run_reads(run, store):
    told = []
    compute_later(run, FEATURES, store, on_tick=lambda state: told.append(state.total))
    found = load_features(run, store)

    model = keras.saving.load_model(run.folder / "model.keras", compile=False)
    data = load()
    index = np.array([0, 17, 59_999, 69_999])
    inner = keras.Model(model.input, model.get_layer("dense_2").input)
    wanted = np.array(inner(data.images[index, ..., np.newaxis] / np.float32(255)))
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)

    assert (found.layer, found.size, found.projected) == ("dense_2", 64, False)
    assert found.vectors.shape == (70_000, 64)
    assert isinstance(found.vectors, np.memmap)
    assert found.vectors[index] == pytest.approx(wanted, abs=1e-3)
    assert set(told) <= {0, 70_000}
    # Alike images mostly are of the same class: 15 neighbours of 100 test images.
    nearest = nearest_many(found, np.arange(60_000, 60_100), data.labels)
    assert (nearest.label == data.labels[60_000:60_100, np.newaxis]).mean() > 0.8


def test_pixels_are_normalised_as_in_the_run(few, store):
    run = run_of(store, dense_network(), normalisation="per-pixel")
    found = computed(run, store)

    model = keras.saving.load_model(run.folder / "model.keras", compile=False)
    inner = keras.Model(model.input, model.get_layer("scores").input)
    wanted = np.asarray(inner(few.images[:50, ..., np.newaxis] / np.float32(255)))
    assert found.vectors[:50] == pytest.approx(unit_rows(wanted), abs=2e-3)


def test_too_many_numbers_are_projected_and_keep_their_similarities(few, store):
    layers = (
        LayerSpec(type="Conv2D", name="conv", settings={"filters": 8}),
        LayerSpec(type="Flatten", name="flatten"),
        LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "softmax"}),
    )
    run = run_of(store, ModelSpec(layers=layers))
    found = computed(run, store)

    assert (found.size, found.projected, found.vectors.shape[1]) == (26 * 26 * 8, True, 1_024)
    inner = saved_model(run, few)
    whole = keras.Model(inner.input, inner.get_layer("scores").input)
    wanted = unit_rows(np.asarray(whole(few.images[:40, ..., np.newaxis] / np.float32(255))))
    cosines = (wanted.astype(np.float32) @ wanted.astype(np.float32).T).ravel()
    vectors = found.vectors[:40].astype(np.float32)
    assert (vectors @ vectors.T).ravel() == pytest.approx(cosines, abs=0.15)
    assert projection(2_048) is None


def test_a_dead_network_gives_zeros_and_no_nan(few, store):
    run = run_of(store, dense_network())
    model = keras.saving.load_model(run.folder / "model.keras", compile=False)
    model.get_layer("inner").set_weights([np.zeros((784, 4)), np.full(4, -1.0)])
    model.save(run.folder / "model.keras")

    assert not computed(run, store).vectors.any()


def test_rows_become_as_long_as_1_whatever_their_size_and_never_nan():
    rows = np.array([[3, 4], [3e30, 4e30], [0, 0], [np.nan, 1], [np.inf, 1]], np.float32)

    assert unit_rows(rows).tolist() == pytest.approx(
        np.array([[0.6, 0.8], [0.6, 0.8], [0, 0], [0, 0], [0, 0]]), abs=1e-3
    )


def test_the_last_layer_with_a_kernel_is_the_one_that_reads_features():
    assert reading_layer(presets.load("small").experiment.model) == "dense_2"
    conv = LayerSpec(type="Conv2D", name="conv", settings={"filters": 10})
    pool = LayerSpec(type="GlobalAveragePooling2D", name="pool")
    assert reading_layer(ModelSpec(layers=(conv, pool))) == "conv"
    with pytest.raises(DerivedError):
        reading_layer(ModelSpec(layers=(pool,)))


def test_the_likely_time_follows_from_the_speed_of_training(run):
    # 18,264 images a second in training, twice as many without going backward.
    assert likely_seconds(run) == pytest.approx(8 + 70_000 / (2 * 18_264), abs=0.01)
    (run.folder / "result.json").unlink()
    assert likely_seconds(run) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "features.json").write_text("{}"),
        lambda folder: (folder / "vectors.npy").write_bytes(b"\x93NUMPY"),
        lambda folder: (folder / "vectors.npy").unlink(),
        lambda folder: np.save(folder / "vectors.npy", np.zeros((FEW, 5), np.float16)),
        lambda folder: np.save(folder / "vectors.npy", np.array([{}] * FEW), allow_pickle=True),
    ],
    ids=["description", "torn", "missing", "another width", "pickled"],
)
def test_damaged_features_are_a_sentence(few, store, damage):
    run = run_of(store, dense_network())
    computed(run, store)
    damage(result_path(store.root, run, FEATURES))

    with pytest.raises(StoreError, match=r"are damaged .* compute them again"):
        load_features(run, store)


# Whose file that is ------------------------------------------------------------------------------


def refused(run: Run) -> str:
    with pytest.raises(StoreError) as caught:
        saved_model(run, load())
    text = str(caught.value)
    assert text.startswith(f"{run.run_id}/model.keras holds no weights of this run's network (")
    assert text.endswith(
        ". Extend the run by an epoch to have it written anew, or choose another run."
    )
    return text


def rewritten(path: Path, change) -> None:
    """Change the description in a Keras file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    change(config["config"]["layers"])
    parts["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_a_missing_file_is_told(run):
    (run.folder / "model.keras").unlink()

    with pytest.raises(StoreError, match="has no model: it came without"):
        saved_model(run, load())


@pytest.mark.parametrize("content", [b"", b"PK no archive", b"\x00" * 10_000])
def test_a_damaged_file_is_told(run, content):
    (run.folder / "model.keras").write_bytes(content)

    refused(run)


def test_a_torn_file_is_told(run):
    whole = (run.folder / "model.keras").read_bytes()
    (run.folder / "model.keras").write_bytes(whole[: len(whole) // 2])

    refused(run)


def test_the_file_of_a_run_with_other_sizes_is_told(run):
    other = sorted(SHIPPED.parent.glob("2*"))[1]
    shutil.copy(other / "model.keras", run.folder / "model.keras")

    refused(run)


def test_weights_of_other_sizes_under_the_same_names_are_told(run):
    model = run.experiment.model
    wider = [
        dataclasses.replace(layer, settings={**layer.settings, "units": 32})
        if layer.name == "dense_1"
        else layer
        for layer in model.layers
    ]
    build_model(dataclasses.replace(model, layers=tuple(wider))).save(run.folder / "model.keras")

    refused(run)


def test_a_layer_that_brings_code_is_told_and_never_made(run):
    def add_lambda(layers):
        layers.append({"class_name": "Lambda", "config": {"name": "evil", "function": "os.abort"}})

    rewritten(run.folder / "model.keras", add_lambda)

    assert '(its layer "evil", a Lambda, is not in it)' in refused(run)


def test_a_lacking_layer_is_told(run):
    rewritten(run.folder / "model.keras", lambda layers: layers.pop())

    assert '(it lacks the layer "dense_2")' in refused(run)


def test_a_file_that_unfolds_to_too_much_is_told_before_it_is_read(run):
    with zipfile.ZipFile(run.folder / "model.keras", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.weights.h5", b"\x00" * (20 * 2**20))

    assert "(it is too large)" in refused(run)
