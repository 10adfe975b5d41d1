"""How useful each filter is: computed by a process, kept, read, and refused where it is damaged."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.analysis.usefulness import (
    images_of,
    likely_seconds,
    load_usefulness,
    operations,
    stops,
    write_usefulness,
)
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import USEFULNESS
from fmnist_core.derived.place import result_path
from fmnist_core.derived.results import compute as compute_later
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.inside.network import Network
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.inside.surgery import OpenNetwork
from fmnist_core.inside.usefulness import compute
from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.model.shapes import convolutions
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec

FILTERS = 3


def run_of(folder, *layers):
    """A run of a network whose weights are fresh; filter 1 of its first layer is dead."""
    end = (("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))
    specs = tuple(
        LayerSpec(type=layer_type, name=f"layer_{number}", settings=settings)
        for number, (layer_type, settings) in enumerate((*layers, *end))
    )
    store = RunStore(folder)
    model = ModelSpec(layers=specs)
    run = store.create(Experiment(model=model, data=DataSpec(validation=200)))
    built = build_model(model)
    if layers:
        built.get_layer("layer_0").bias.assign([0.0, -1e3, 0.0])
    built.save(run.folder / "model.keras")
    return run, store


CONV = ("Conv2D", {"filters": FILTERS, "kernel_size": 5, "strides": 3})
SECOND = ("Conv2D", {"filters": 2, "kernel_size": 3, "strides": 2})


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """A run and what this process computed of it."""
    run, store = run_of(tmp_path_factory.mktemp("runs"), CONV, SECOND)
    folder = result_path(store.root, run, USEFULNESS)
    folder.mkdir(parents=True)
    told = []
    compute(run, folder, lambda done, total: told.append((done, total)))
    # 3 filters alone and 4 stops (0, 1, 2, 3) on two curves; then 2 and 3.
    assert told == [(done, 19) for done in range(19)]
    return run, store, load_usefulness(run, store)


@pytest.fixture
def folder(computed):
    """The files of the run, to be damaged."""
    run, store, found = computed
    folder = result_path(store.root, run, USEFULNESS)
    yield folder
    write_usefulness(folder, list(found.values()))


def test_each_filter_alone_and_along_both_curves(computed):
    run, _, found = computed
    first = found["layer_0"]
    data = load()
    network = Network(run=run, model=saved_model(run, data), data=data)
    opened = OpenNetwork(network, "layer_0")

    def judged(off):
        proba = opened.proba(off).astype(np.float64)
        right = opened.y_true == proba.argmax(axis=1)
        return right, -np.log(proba[np.arange(200), opened.y_true])

    intact, intact_loss = judged([])
    assert list(found) == ["layer_0", "layer_1"]
    assert (first.images, first.correct) == (200, intact.sum())
    assert first.loss == pytest.approx(intact_loss.mean(), abs=1e-5)
    for channel in range(FILTERS):
        right, loss = judged([channel])
        assert first.loss_rise[channel] == pytest.approx((loss - intact_loss).mean(), abs=1e-5)
        assert first.fixed[channel] == (right & ~intact).sum()
        assert first.broken[channel] == (intact & ~right).sum()
        assert first.accuracy_change[channel] == pytest.approx(right.mean() - intact.mean())
    assert (first.loss_rise[1], first.loss_error[1], first.fixed[1] + first.broken[1]) == (0, 0, 0)
    order = first.order.tolist()
    assert first.loss_rise[order].tolist() == sorted(first.loss_rise)
    assert first.least_first.tolist() == [judged(order[:off])[0].sum() for off in range(4)]
    assert first.most_first.tolist() == [judged(order[::-1][:off])[0].sum() for off in range(4)]


def test_a_process_computes_it(tmp_path):
    run, store = run_of(tmp_path, CONV)
    compute_later(run, USEFULNESS, store)

    found = load_usefulness(run, store)
    assert found["layer_0"].loss_rise.shape == (FILTERS,)


def test_a_network_without_filters_is_a_sentence(tmp_path):
    run, _ = run_of(tmp_path)
    with pytest.raises(DerivedError) as caught:
        compute(run, tmp_path, lambda done, total: None)
    assert str(caught.value) == "This network has no convolution, so it has no filters to rank."


@pytest.mark.parametrize(
    "change",
    [
        {"loss_rise": np.zeros(FILTERS)},
        {"loss_rise": np.full(FILTERS, np.nan, np.float32)},
        {"loss_error": np.full(FILTERS, -1, np.float32)},
        {"fixed": np.full(FILTERS, 201, np.int32)},
        {"broken": np.full(FILTERS, -1, np.int32)},
        {"least_first": np.zeros(5, np.int32)},
        {"most_first": np.zeros((4, 1), np.int32)},
        {"fixed": np.array([{}] * FILTERS)},
        {"images": 0},
        {"images": 3_000},
        {"correct": 300},
        {"loss": "1"},
        {"layer": "layer_9"},
    ],
    ids=str,
)
def test_damaged_results_are_a_sentence(computed, folder, change):
    run, store, found = computed
    first, second = found.values()
    write_usefulness(folder, [dataclasses.replace(first, **change), second])

    with pytest.raises(StoreError, match=r"is damaged\. Delete .* compute it again"):
        load_usefulness(run, store)


@pytest.mark.parametrize("name", ["usefulness.json", "usefulness.npz"])
def test_missing_and_torn_files_are_a_sentence(computed, folder, name):
    run, store, _ = computed
    path = folder / name
    for damage in (lambda: path.write_bytes(path.read_bytes()[:20]), path.unlink):
        damage()
        with pytest.raises(StoreError, match=r"is damaged\. Delete .* compute it again"):
            load_usefulness(run, store)


def test_curves_stop_17_times_at_most():
    assert stops(3).tolist() == [0, 1, 2, 3]
    assert stops(16).tolist() == list(range(17))
    assert stops(512).tolist() == list(range(0, 513, 32))
    assert operations(16) == 16 + 2 * 17


def test_wide_layers_of_large_networks_are_judged_on_fewer_images():
    vgg = presets.load("r3-vgg").experiment.model
    numbers = {shape.name: images_of(vgg, shape) for shape in convolutions(vgg)}

    assert numbers["conv2d_1"] == 500 and numbers["conv2d_7"] == 2_000


def test_the_likely_time_follows_from_the_speed_of_training():
    store = RunStore(Path(__file__).parents[2] / "saved_runs")
    run = next(run for run in map(store.get, store.run_ids()) if run.title == "small")

    # 2,000 images go through what follows each convolution, once for each of 50 and 66 operations,
    # at twice the speed of the training.
    total = 97_344 + 557_568 + 51_200 + 640
    passes = 2_000 * (50 * 609_408 + 66 * 51_840) / total
    seconds = 8 + passes / (2 * run.result.images_per_second)
    assert likely_seconds(run) == pytest.approx(seconds, abs=0.01)
