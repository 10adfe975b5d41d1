"""Energy and distance against scipy and scikit-learn, verdicts by hand, and networks asked."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import logsumexp
from sklearn.neighbors import NearestNeighbors

from fmnist_core.analysis.familiarity import (
    Familiarity,
    K,
    distances,
    energies,
    familiarity_of,
    judge,
    likely_seconds,
    load_familiarity,
    verdict_of,
    write_familiarity,
)
from fmnist_core.analysis.features import likely_seconds as of_features
from fmnist_core.analysis.features import load_features
from fmnist_core.analysis.neighbours import Features, nearest_many, nearest_to
from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.derived.kinds import FAMILIARITY, FEATURES
from fmnist_core.derived.place import result_path
from fmnist_core.derived.results import DONE, state
from fmnist_core.derived.results import compute as compute_later
from fmnist_core.derived.worker import Progress, _make
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.inside.familiarity import familiarity, measured, scores_of
from fmnist_core.inside.features import open_reader, unit_rows
from fmnist_core.inside.network import Network
from fmnist_core.inside.saved_model import saved_model
from fmnist_core.inside.tasks import TASKS
from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec, LayerSpec, ModelSpec

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]
SCORES = arrays(np.float32, (5, 10), elements=st.floats(-50, 50, width=32))
# Distances 0, 0.001, …, 1 and energies -10 … 0: shares are told at a glance.
EVEN = Familiarity(
    distance=np.linspace(0, 1, 1_001, dtype=np.float32),
    energy=np.linspace(-10, 0, 1_001, dtype=np.float32),
)
LABELS = (np.arange(70_000) % 10).astype(np.uint8)


def features_of(seed: int, size: int = 6) -> Features:
    vectors = unit_rows(np.random.default_rng(seed).normal(size=(70_000, size)))
    return Features(vectors=vectors, layer="dense", size=size, projected=False)


# Scores ------------------------------------------------------------------------------------------


@given(SCORES, st.floats(-20, 20))
def test_energy_is_that_of_scipy_and_falls_as_all_scores_rise(scores, more):
    found = energies(scores)

    assert found == pytest.approx(-logsumexp(scores.astype(float), axis=1), abs=1e-4)
    assert energies(scores + np.float32(more)) == pytest.approx(found - more, abs=1e-3)
    assert found.dtype == np.float32


@settings(max_examples=5)
@given(st.integers(0, 2**32), st.integers(1, 400))
def test_distance_is_that_to_the_kth_neighbour_of_scikit_learn(seed, count):
    features, rng = features_of(seed), np.random.default_rng(seed)
    train = np.sort(rng.choice(70_000, K + count, replace=False))
    pictures = unit_rows(rng.normal(size=(4, 6)))
    theirs = NearestNeighbors(n_neighbors=K, metric="cosine", algorithm="brute")
    theirs.fit(features.vectors[train].astype(np.float32))

    expected = theirs.kneighbors(pictures.astype(np.float32))[0][:, -1]
    # Rows in float16 have a length of 1 to three digits only.
    assert distances(features, pictures, train) == pytest.approx(expected, abs=2e-3)


def test_an_image_that_trained_is_at_no_distance_of_its_likes_and_a_silent_one_at_1():
    vectors = np.zeros((70_000, 2), np.float16)
    vectors[:, 0] = 1
    features = Features(vectors=vectors, layer="dense", size=2, projected=False)
    pictures = np.array([[1, 0], [0, 1], [0.6, 0.8], [0, 0]], np.float16)

    found = distances(features, pictures, np.arange(20))
    assert found == pytest.approx([0, 1, 0.4, 1], abs=1e-3)


def test_neighbours_of_a_picture_are_those_of_the_image_that_it_is():
    features = features_of(1)
    image = 60_123  # of the test file: no neighbour of itself

    known = nearest_many(features, np.array([image]), LABELS, k=8)
    found = nearest_to(features, features.vectors[[image]], LABELS, k=8)

    assert found.index.tolist() == known.index.tolist()
    assert found.label.tolist() == known.label.tolist()
    # A picture that is an image of the training file is its own nearest.
    assert nearest_to(features, features.vectors[[7]], LABELS, k=1).index.tolist() == [[7]]
    with pytest.raises(ValueError, match=r"\(1, 5\) do not have 6 numbers each"):
        nearest_to(features, np.zeros((1, 5), np.float16), LABELS)


# Verdicts ----------------------------------------------------------------------------------------


def test_a_picture_like_the_others():
    found = judge(EVEN, 0.62, -7.5)

    assert found.like
    assert found.farther_than == pytest.approx(0.62, abs=2e-3)
    assert found.weaker_than == pytest.approx(0.25, abs=2e-3)
    assert found.sentence == (
        "Like the training data: 38 % of the validation images lie farther off."
    )


@pytest.mark.parametrize(
    ("distance", "energy", "reason"),
    [
        (0.9715, -9, "farther off than 97 %"),
        (2, -9, "farther off than 99.9 %"),
        (0.5, -0.055, "with less evidence for any class than 99.5 %"),
        (
            0.9715,
            3,
            "farther off than 97 % and with less evidence for any class than 99.9 %",
        ),
        (0.5, np.nan, "with less evidence for any class than 99.9 %"),
    ],
)
def test_a_picture_unlike_the_others(distance, energy, reason):
    found = judge(EVEN, distance, energy)

    assert not found.like
    assert found.sentence == (
        f"Unlike the training data: {reason} of the validation images, so do not believe the "
        "answer."
    )


def test_the_limits_belong_to_what_is_like():
    assert judge(EVEN, 0.95, -0.1).like  # 95 % and 99 %
    assert not judge(EVEN, 0.9505, -0.1).like
    assert not judge(EVEN, 0.95, -0.095).like


def test_without_energy_the_distance_alone_tells():
    found = judge(dataclasses.replace(EVEN, energy=None), 0.1, 100)
    assert (found.like, found.weaker_than) == (True, None)
    assert judge(EVEN, 0.1, None).weaker_than is None


@given(arrays(np.float32, 400, elements=st.floats(0, 2, width=32)), st.integers(0, 399))
def test_of_the_images_that_made_the_scale_at_most_5_of_100_are_called_unlike(values, place):
    known = familiarity_of(values, None)
    shares = np.array([judge(known, float(each), None).farther_than for each in values])

    assert np.mean(shares > 0.95) <= 0.05
    smaller = np.mean(values < values[place])
    assert shares[place] == pytest.approx(smaller, abs=1 / 400 + 2e-3)


# Networks ----------------------------------------------------------------------------------------


def ending(*last: tuple[str, dict]) -> ModelSpec:
    layers = [("Flatten", {}), ("Dense", {"units": 6, "activation": "relu"}), *last]
    return ModelSpec(
        layers=tuple(
            LayerSpec(type=layer, name=f"layer_{place}", settings=settings)
            for place, (layer, settings) in enumerate(layers)
        )
    )


LOGITS = ending(("Dense", {"units": 10, "activation": "linear"}))
SOFTMAX = ending(("Dense", {"units": 10, "activation": "softmax"}))
APART = ending(
    ("Dense", {"units": 10, "activation": "linear"}),
    ("Activation", {"activation": "softmax"}),
)
INSIDE = ModelSpec(
    layers=(
        LayerSpec(type="Conv2D", name="conv", settings={"filters": 10, "activation": "softmax"}),
        LayerSpec(type="GlobalAveragePooling2D", name="mean"),
    )
)


@pytest.fixture
def store(tmp_path) -> RunStore:
    return RunStore(tmp_path)


def network_of(store: RunStore, model: ModelSpec, **chosen) -> Network:
    """A run with fresh weights, always the same ones."""
    spec = DataSpec(**chosen)
    run = store.create(
        dataclasses.replace(presets.load("small").experiment, model=model, data=spec)
    )
    keras.utils.set_random_seed(3)
    found = build_model(model)
    found.save(run.folder / "model.keras")
    return Network(run=run, model=found, data=load())


def ask(network: Network) -> dict[str, np.ndarray]:
    return TASKS["familiarity"](network, {"images": network.data.images[60_000:60_005]}).arrays


def test_networks_that_end_in_softmax_have_the_energy_of_those_that_end_in_scores(store):
    networks = [network_of(store, model) for model in (LOGITS, SOFTMAX, APART)]
    first, *others = map(ask, networks)

    x = networks[0].data.images[60_000:60_005, ..., np.newaxis] / np.float32(255)
    scores = np.asarray(networks[0].model(x))
    assert first["energy"] == pytest.approx(-logsumexp(scores, axis=1), abs=1e-5)
    assert np.ptp(first["energy"]) > 0.01
    for other in others:
        assert other["energy"] == pytest.approx(first["energy"], abs=1e-4)
        assert other["proba"] == pytest.approx(first["proba"], abs=1e-5)


def test_where_the_scores_cannot_be_had_there_is_no_energy(store):
    network = network_of(store, INSIDE)

    assert scores_of(network) is None
    assert set(ask(network)) == {"proba", "vectors"}


def test_vectors_are_those_of_the_features(store):
    network = network_of(store, LOGITS, normalisation="0-1")
    reader = open_reader(network.run, network.data)

    found = ask(network)["vectors"]
    assert found.dtype == np.float16
    assert np.array_equal(found, reader.read(network.data.images[60_000:60_005]))


def with_vectors(network: Network) -> Features:
    rng = np.random.default_rng(5)
    return Features(
        vectors=unit_rows(rng.normal(size=(70_000, 4))), layer="d", size=4, projected=False
    )


@pytest.mark.parametrize("model", [LOGITS, INSIDE], ids=["energy", "none"])
def test_what_the_validation_images_score_is_kept(store, model):
    network, told = network_of(store, model, validation=0.01, subset=500), []
    features = with_vectors(network)
    found = measured(network, features, lambda *progress: told.append(progress))

    split = split_indices(network.data.labels, network.run.experiment.data)
    expected = distances(features, features.vectors[split.validation], split.train)
    assert found.distance[[0, 500, 1_000]] == pytest.approx(
        np.quantile(expected, [0, 0.5, 1]), abs=1e-5
    )
    assert (found.energy is None) == (model is INSIDE)
    assert told == [(0, 600), (500, 600)]


def test_a_dead_network_is_a_sentence(store):
    network = network_of(store, LOGITS, validation=0.01, subset=500)
    features = dataclasses.replace(with_vectors(network), vectors=np.zeros((70_000, 4), np.float16))

    with pytest.raises(DerivedError, match="does not tell images apart"):
        measured(network, features, lambda *progress: None)


def test_an_answer_is_told_by_its_image_whatever_else_is_asked(store):
    network = network_of(store, LOGITS)
    images = network.data.images[[1, 2, 3]]
    together = familiarity(network, {"images": images}).arrays
    alone = familiarity(network, {"images": images[[1]]}).arrays

    for name, values in together.items():
        assert alone[name][0] == pytest.approx(values[1], abs=1e-3)


# On disk -----------------------------------------------------------------------------------------


@pytest.fixture
def run(store) -> Run:
    """A copy of a shipped run."""
    return Run(Path(shutil.copytree(SHIPPED, store.root / SHIPPED.name)))


def keep(run: Run, store: RunStore, found: Familiarity) -> Path:
    folder = result_path(store.root, run, FAMILIARITY)
    folder.mkdir(parents=True)
    write_familiarity(folder, found)
    return folder


@pytest.mark.parametrize("energy", [EVEN.energy, None], ids=["both", "no energy"])
def test_it_comes_back_as_it_was_written(run, store, energy):
    with pytest.raises(DerivedError, match=f'"fmnist compute {run.run_id} familiarity" does it'):
        load_familiarity(run, store)
    keep(run, store, dataclasses.replace(EVEN, energy=energy))

    found = load_familiarity(run, store)
    assert np.array_equal(found.distance, EVEN.distance)
    assert energy is None if found.energy is None else np.array_equal(found.energy, energy)


@pytest.mark.parametrize(
    "damage",
    [
        {"distance": EVEN.distance[::-1]},
        {"distance": EVEN.distance[1:]},
        {"distance": EVEN.distance.astype(np.float64)},
        {"energy": np.full(1_001, np.nan, np.float32)},
        {"energy": np.array([{}], object)},
    ],
    ids=["falls", "few", "another type", "no number", "pickled"],
)
def test_a_damaged_file_is_a_sentence(run, store, damage):
    folder = keep(run, store, EVEN)
    np.savez(folder / "familiarity.npz", **{**vars(EVEN), **damage})

    with pytest.raises(StoreError, match=r"score is damaged .* compute it again"):
        load_familiarity(run, store)


def test_the_likely_time_holds_the_features(run):
    assert likely_seconds(run) > of_features(run)
    (run.folder / "result.json").unlink()
    assert likely_seconds(run) is None


def test_what_it_needs_is_computed_first_and_once(run, store, monkeypatch):
    made = []
    for kind in (FEATURES, FAMILIARITY):
        (store.root / ".derived" / run.run_id).mkdir(parents=True, exist_ok=True)
        monkeypatch.setattr(
            f"{kind.module}.compute",
            lambda run, folder, on_progress, kind=kind: made.append(kind.name),
        )
    assert FAMILIARITY.needs == (FEATURES,)
    for kind in (*FAMILIARITY.needs, FAMILIARITY, FEATURES):
        _make(store, run, kind, Progress(Path("nowhere"), None))

    assert made == ["features", "familiarity"]
    assert state(run, FAMILIARITY, store).state == DONE


@pytest.mark.slow  # a process reads all images and searches for the neighbours of 6,000
def test_a_shipped_run_knows_its_data_from_inverted_ones(run, store):
    compute_later(run, FAMILIARITY, store)
    known, features = load_familiarity(run, store), load_features(run, store)
    data = load()
    split = split_indices(data.labels, run.experiment.data)
    network = Network(run=run, model=saved_model(run, data), data=data)

    def called_like(images: np.ndarray) -> float:
        found = familiarity(network, {"images": images}).arrays
        rows = [{name: values[[place]] for name, values in found.items()} for place in range(40)]
        return np.mean([verdict_of(known, features, split.train, row).like for row in rows])

    assert called_like(data.x_test[:40]) > 0.8
    assert called_like(255 - data.x_test[:40]) < 0.2
