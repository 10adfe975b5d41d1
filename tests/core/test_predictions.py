"""Predictions of a run: what follows from them, and files that nobody vouches for."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, log_loss

from fmnist_core.analysis.predictions import Predictions, load_predictions
from fmnist_core.exceptions import StoreError
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore
from tests.predicted import predicted

SHIPPED = RunStore(Path(__file__).parents[2] / "saved_runs")


def some():
    """Two images, the first right and the second wrong."""
    y_proba = np.full((2, 10), 0.05, np.float32)
    y_proba[0, 3], y_proba[1, 6], y_proba[1, 0] = 0.55, 0.4, 0.2
    return Predictions(
        part="validation",
        index=np.array([5, 60_000], np.int32),
        y_true=np.array([3, 0], np.uint8),
        y_proba=y_proba,
    )


def test_what_follows_from_two_images():
    found = some()

    assert len(found) == 2
    assert found.y_pred.tolist() == [3, 6]
    assert found.wrong.tolist() == [False, True]
    assert found.confidence == pytest.approx([0.55, 0.4])
    assert found.loss == pytest.approx([-np.log(0.55), -np.log(0.2)])
    assert found.margin == pytest.approx([0.5, -0.2])


def test_some_of_the_images_keep_what_they_are():
    found = some()

    for places in (np.array([1]), np.array([False, True])):
        taken = found.take(places)
        assert taken.part == "validation"
        assert taken.index.tolist() == [60_000] and taken.y_true.tolist() == [0]
        assert taken.margin == pytest.approx([-0.2])
    assert found.take(np.array([1, 0])).index.tolist() == [60_000, 5]


def test_an_image_has_a_place_where_it_was_predicted():
    assert [some().place_of(image) for image in (5, 60_000)] == [0, 1]
    assert [some().place_of(image) for image in (0, 6, 59_999, 69_999)] == [None] * 4


def test_a_true_class_without_probability_has_a_finite_loss():
    y_proba = np.eye(10, dtype=np.float32)[[4]]
    found = dataclasses.replace(some().take(np.array([0])), y_proba=y_proba)

    assert found.loss == pytest.approx([87.3], abs=0.1)  # of the smallest float32
    assert found.margin == [-1]


@given(predicted())
def test_figures_are_those_of_scikit_learn(found):
    y_proba = found.y_proba.astype(np.float64)
    y_proba /= y_proba.sum(axis=1, keepdims=True)

    assert 1 - found.wrong.mean() == pytest.approx(accuracy_score(found.y_true, found.y_pred))
    expected = log_loss(found.y_true, y_proba, labels=range(10))
    assert found.loss.mean() == pytest.approx(expected, rel=1e-4)
    assert np.array_equal(
        found.margin < 0, found.y_proba[np.arange(len(found)), found.y_true] < found.confidence
    )


@pytest.mark.parametrize("part", ["validation", "test"])
def test_a_shipped_run_predicts_what_its_result_says(part):
    run = SHIPPED.get(SHIPPED.run_ids()[0])

    found = load_predictions(run, part)

    scores = getattr(run.result, part)
    assert len(found) == scores.images
    assert int(np.sum(~found.wrong)) == scores.correct
    assert found.loss.mean() == pytest.approx(scores.loss, rel=1e-3)


def test_there_is_no_third_part():
    with pytest.raises(ValueError, match="'train' is none of"):
        load_predictions(SHIPPED.get(SHIPPED.run_ids()[0]), "train")


@pytest.fixture
def run(tmp_path):
    return RunStore(tmp_path).create(presets.load("small").experiment)


def sound():
    found = some()
    arrays = {"index": found.index, "label": found.y_true, "proba": found.y_proba}
    return {
        f"{part}_{name}": each for part in ("validation", "test") for name, each in arrays.items()
    }


def test_a_run_that_has_not_ended_has_none(run):
    with pytest.raises(StoreError, match="has no predictions yet"):
        load_predictions(run, "test")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("index", None, "validation_index"),
        ("index", np.array([], np.int32), "no list of images"),
        ("index", np.array(3), "no list of images"),
        ("index", np.array([0.5, 1.5]), "no list of images"),
        ("index", np.array([-1, 5]), "not in the data set"),
        ("index", np.array([5, 70_000]), "not in the data set"),
        ("index", np.array([5, 5]), "not in its order"),
        ("index", np.array([7, 5], np.uint8), "not in its order"),
        ("label", np.array([1], np.uint8), "not one label an image"),
        ("label", np.array([1, 10], np.uint8), "labels of no class"),
        ("label", np.array([1, -1]), "labels of no class"),
        ("label", np.array(["a", "b"]), "not one label an image"),
        ("proba", np.full((2, 9), 1 / 9), "not 10 probabilities"),
        ("proba", np.full((2, 10), 1, int), "not 10 probabilities"),
        ("proba", np.full((2, 10), 0.2), "do not add up to 1"),
        ("proba", np.full((2, 10), np.nan), "do not add up to 1"),
        ("proba", np.array([[2.0, -1.0] + 8 * [0.0]] * 2), "do not add up to 1"),
    ],
)
def test_arrays_that_no_worker_wrote_are_refused(run, name, value, reason):
    arrays = sound() | {f"validation_{name}": value}
    np.savez(run.folder / "predictions.npz", **{k: v for k, v in arrays.items() if v is not None})

    with pytest.raises(StoreError) as caught:
        load_predictions(run, "validation")

    assert str(caught.value).startswith(f"{run.run_id}/predictions.npz is damaged (")
    assert reason in str(caught.value)
    assert str(caught.value).endswith("Extend the run by an epoch to have it written anew.")
    assert len(load_predictions(run, "test")) == 2  # the other part is sound


def test_numbers_of_other_sizes_are_taken_as_those_of_a_worker(run):
    wide = {name: each.astype(each.dtype.kind + "8") for name, each in sound().items()}
    np.savez(run.folder / "predictions.npz", **wide)

    found = load_predictions(run, "test")

    types = found.index.dtype, found.y_true.dtype, found.y_proba.dtype
    assert types == (np.int32, np.uint8, np.float32)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_sentence(tmp_path_factory, raw):
    store = RunStore(tmp_path_factory.mktemp("runs"))
    run = store.create(presets.load("small").experiment)
    (run.folder / "predictions.npz").write_bytes(raw)

    with pytest.raises(StoreError, match=r"predictions\.npz cannot be read"):
        load_predictions(run, "test")
