"""What excites a network's filters: the patches that are cut out, and what Keras says."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist_core.analysis import exciting
from fmnist_core.analysis.exciting import TOP, convolutions, load_exciting, patch
from fmnist_core.cli import main
from fmnist_core.cli import patches as command
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import EXCITING
from fmnist_core.derived.place import result_path
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.inside import exciting as computing
from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.model.receptive import Sight
from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import LayerSpec, ModelSpec

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]
FEW = 250  # two batches and a half
NUMBERS = np.arange(28 * 28).reshape(28, 28).astype(np.uint8)


@pytest.fixture
def store(tmp_path, monkeypatch) -> RunStore:
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return RunStore(tmp_path)


@pytest.fixture
def run(store) -> Run:
    """A copy of a shipped run."""
    return Run(Path(shutil.copytree(SHIPPED, store.root / SHIPPED.name)))


@pytest.fixture
def few(monkeypatch):
    for module in (exciting, computing, command):
        monkeypatch.setattr(module, "NUM_IMAGES", FEW)


def folder_of(run: Run, store: RunStore) -> Path:
    return result_path(store.root, run, EXCITING)


def compute(run: Run, store: RunStore) -> None:
    folder_of(run, store).mkdir(parents=True)
    computing.compute(run, folder_of(run, store), lambda done, total: None)


def run_of(store: RunStore, *layers: LayerSpec, weights=None) -> Run:
    """A run of these layers before ten outputs; the first one with these weights."""
    model = ModelSpec(
        layers=(
            *layers,
            LayerSpec(type="Flatten", name="flatten"),
            LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "softmax"}),
        )
    )
    run = store.create(dataclasses.replace(presets.load("small").experiment, model=model))
    built = build_model(model)
    if weights is not None:
        built.get_layer(layers[0].name).set_weights(weights)
    built.save(run.folder / "model.keras")
    return run


# Cutting out -------------------------------------------------------------------------------------


def test_a_patch_is_what_the_value_sees():
    found = patch(NUMBERS, Sight(one=3, step=2, all=27, start=0), 1, 2)

    assert found.tolist() == NUMBERS[2:5, 4:7].tolist()


def test_what_lies_beyond_the_image_is_black():
    found = patch(NUMBERS, Sight(one=3, step=1, all=30, start=-1), 0, 27)

    assert found.tolist() == [[0, 0, 0], [26, 27, 0], [54, 55, 0]]


def test_a_value_that_sees_everything_gets_the_whole_image():
    assert patch(NUMBERS, Sight(one=30, step=4, all=40, start=-6), 1, 1) is NUMBERS


def test_a_value_changes_with_its_patch_and_with_nothing_else(run, few, store):
    compute(run, store)
    found, images = load_exciting(run, store), load().images
    model = keras.saving.load_model(run.folder / "model.keras", compile=False)
    for shape in convolutions(run.experiment.model):
        layer, each = model.get_layer(shape.name), found[shape.name]
        probe = keras.Model(model.input, layer.output)
        filter_ = int(each.value[:, 0].argmax())
        row, column = int(each.row[filter_, 0]), int(each.column[filter_, 0])
        image = images[each.image[filter_, 0]]
        # A white frame around a black square of the patch's place leaves the patch as it was.
        around = np.full((28, 28), 255, np.uint8)
        top, left = (shape.sight.start + at * shape.sight.step for at in (row, column))
        rows, columns = (slice(max(at, 0), at + shape.sight.one) for at in (top, left))
        around[rows, columns] = image[rows, columns]
        given = np.asarray(probe(around[np.newaxis, ..., np.newaxis] / np.float32(255)))
        assert given[0, row, column, filter_] == pytest.approx(each.value[filter_, 0], rel=1e-4)


# Computing ---------------------------------------------------------------------------------------


def test_the_strongest_are_those_of_keras(run, few, store):
    compute(run, store)
    found = load_exciting(run, store)
    data = load()
    model = keras.saving.load_model(run.folder / "model.keras", compile=False)
    for shape in convolutions(run.experiment.model):
        probe = keras.Model(model.input, model.get_layer(shape.name).output)
        maps = np.asarray(probe(data.images[:FEW, ..., np.newaxis] / np.float32(255)))
        most = maps.max(axis=(1, 2))
        each = found[shape.name]
        assert each.value == pytest.approx(np.sort(most, axis=0)[::-1][:TOP].T, rel=1e-4, abs=1e-6)
        assert each.active.tolist() == (most > 0).sum(axis=0).tolist()
        filters = np.arange(most.shape[1])[:, np.newaxis]
        there = maps[each.image, each.row, each.column, filters]
        assert there == pytest.approx(each.value, rel=1e-4, abs=1e-6)
        bags = most[data.labels[:FEW] == 8].mean(axis=0)
        assert each.class_mean[:, 8] == pytest.approx(bags, rel=1e-4, abs=1e-6)


def test_a_filter_that_finds_light_is_excited_by_the_first_white_place(few, store):
    conv = LayerSpec(type="Conv2D", name="conv", settings={"filters": 2, "kernel_size": 1})
    kernel = np.array([1.0, -1.0]).reshape(1, 1, 1, 2)
    run = run_of(store, conv, weights=[kernel, np.zeros(2)])
    compute(run, store)

    found, images = load_exciting(run, store)["conv"], load().images[:FEW]
    white = np.flatnonzero((images == 255).any(axis=(1, 2)))
    assert found.image[0].tolist() == white[:TOP].tolist()
    assert found.value[0].tolist() == [1.0] * TOP
    row, column = np.argwhere(images[white[0]] == 255)[0]
    assert (found.row[0, 0], found.column[0, 0]) == (row, column)
    assert (found.active[0], found.active[1]) == (FEW, 0)


def test_a_network_without_a_convolution_is_refused(store):
    run = run_of(store)

    with pytest.raises(DerivedError, match="has no convolution, so it has no filters"):
        compute(run, store)


def test_values_that_are_no_numbers_are_refused(few, store):
    conv = LayerSpec(type="Conv2D", name="conv", settings={"filters": 1, "kernel_size": 1})
    run = run_of(store, conv, weights=[np.full((1, 1, 1, 1), np.nan), np.zeros(1)])

    with pytest.raises(DerivedError, match="the training diverged"):
        compute(run, store)


# Reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("image", lambda array: array + FEW),
        ("row", lambda array: array + 28),
        ("value", lambda array: array.astype(np.float64)),
        ("class_mean", lambda array: array[:, :9]),
        ("active", None),
    ],
)
def test_a_damaged_file_is_refused(run, few, store, name, change):
    compute(run, store)
    path = folder_of(run, store) / "exciting.npz"
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    first = trace(run.experiment.model).layers[0].name
    if change:
        arrays[f"{first}/{name}"] = change(arrays[f"{first}/{name}"])
    else:
        del arrays[f"{first}/{name}"]
    np.savez(path, **arrays)

    with pytest.raises(StoreError, match=r"is damaged\. Delete .*, and compute it again"):
        load_exciting(run, store)


def test_a_torn_file_is_refused(run, few, store):
    compute(run, store)
    path = folder_of(run, store) / "exciting.npz"
    path.write_bytes(path.read_bytes()[:1000])

    with pytest.raises(StoreError, match="is damaged"):
        load_exciting(run, store)


# The command -------------------------------------------------------------------------------------


def test_the_command_lists_what_excites_each_filter(run, few, store, capsys):
    compute(run, store)
    assert main(["patches", run.run_id, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert main(["patches", run.run_id]) == 0
    lines = capsys.readouterr().out.splitlines()

    found = load_exciting(run, store)[data["layer"]]
    assert [row["strongest"][0]["image"] for row in data["filters"]] == found.image[:, 0].tolist()
    assert data["images"] == FEW and len(lines) == 1 + len(data["filters"])
    first = data["filters"][0]["strongest"][0]
    assert f"image {first['image']} (" in lines[1]


def test_the_command_names_the_layers_that_there_are(run, store, capsys):
    assert main(["patches", run.run_id, "--layer", "dense_1"]) == 1

    said = capsys.readouterr().err
    assert 'has no convolution "dense_1". It has conv2d_1, conv2d_2.' in said
