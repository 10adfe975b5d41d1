"""What a run makes of the challenge set, and the file that goes with the run."""

import json
import math

import numpy as np
import pytest

from fmnist_core.analysis.calibration import apply_temperature, fit_temperature
from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.challenge import evaluate
from fmnist_core.exceptions import ChallengeError, InferenceError, StoreError
from fmnist_core.inference.messages import Message
from fmnist_core.runs.challenge_result import read_challenge_result
from fmnist_core.runs.store import RunStore
from tests.app.run_folders import add_predictions, finished_run
from tests.challenge_pictures import keep, pixels

SHIRT, COAT = 6, 4
PROBA = np.full(10, 0.02, np.float32)
PROBA[[SHIRT, COAT]] = 0.6, 0.24


class Network:
    """Takes everything for a shirt."""

    def __init__(self):
        self.asked = []

    def __call__(self, task, run_id, arrays):
        self.asked.append((task, run_id, arrays["images"]))
        return Message({}, {"proba": np.tile(PROBA, (len(arrays["images"]), 1))})


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def run(store):
    found = finished_run(store)
    add_predictions(found)
    (found.folder / "model.keras").write_bytes(b"weights")
    return found


def test_two_of_three_are_right_and_the_file_says_which(store, run):
    shirt, coat, other = keep(store.challenge, SHIRT, COAT, SHIRT)
    network = Network()

    found = evaluate(run, store.challenge, network)

    ((task, run_id, images),) = network.asked
    assert (task, run_id, images.shape, images.dtype) == (
        *("classify", run.run_id, (3, 28, 28)),
        np.uint8,
    )
    assert (found.correct, found.of) == (2, 3)
    assert found.set_digest == store.challenge.digest()
    assert read_challenge_result(run.folder) == found
    judged = found.by_pixels[coat.digest]
    assert (judged.label, judged.predicted, judged.right) == (COAT, SHIRT, False)
    assert found.by_pixels[shirt.digest].right and found.by_pixels[other.digest].right
    counts = confusion(found.y_true, found.y_pred)
    assert counts[COAT, SHIRT] == 1 and counts[SHIRT, SHIRT] == 2 and counts.sum() == 3


def test_confidence_is_that_at_the_runs_temperature(store, run):
    keep(store.challenge, SHIRT)
    validation = load_predictions(run, "validation")
    temperature = fit_temperature(validation.y_true, validation.y_proba)

    (judged,) = evaluate(run, store.challenge, Network()).pictures

    expected = apply_temperature(PROBA[np.newaxis], temperature).max()
    assert judged.confidence == pytest.approx(expected, abs=1e-4)


def test_a_run_without_predictions_is_judged_as_it_comes(store, run):
    keep(store.challenge, SHIRT)
    (run.folder / "predictions.npz").unlink()

    found = evaluate(run, store.challenge, Network())

    assert found.temperature is None and found.pictures[0].confidence == 0.6


def test_many_pictures_are_asked_in_batches(store, run, monkeypatch):
    monkeypatch.setattr("fmnist_core.analysis.own_pictures.BATCH", 2)
    keep(store.challenge, SHIRT, COAT, SHIRT)
    network = Network()

    evaluate(run, store.challenge, network)

    assert [len(images) for _, _, images in network.asked] == [2, 1]
    np.testing.assert_array_equal(network.asked[1][2][0], pixels(0))


def test_a_damaged_picture_does_not_count(store, run):
    first, _ = keep(store.challenge, COAT, SHIRT)
    (store.challenge.root / first.entry_id / "pixels.png").write_bytes(b"")

    assert evaluate(run, store.challenge, Network()).of == 1


def test_an_empty_set_and_a_run_without_weights_are_sentences(store, run):
    with pytest.raises(ChallengeError) as caught:
        evaluate(run, store.challenge, Network())
    assert str(caught.value) == (
        "The challenge set is empty. Keep a picture with its true class in it first."
    )
    keep(store.challenge, SHIRT)
    (run.folder / "model.keras").unlink()
    with pytest.raises(StoreError, match="has no model: it came without"):
        evaluate(run, store.challenge, Network())


def test_a_network_that_answers_no_numbers_is_a_sentence(store, run):
    keep(store.challenge, SHIRT)
    answer = Message({}, {"proba": np.full((1, 10), np.nan, np.float32)})

    with pytest.raises(InferenceError, match="answers with what is no number"):
        evaluate(run, store.challenge, lambda *_: answer)
    assert read_challenge_result(run.folder) is None


def test_a_run_that_is_deleted_meanwhile_is_a_sentence(store, run):
    keep(store.challenge, SHIRT)

    def deleting(*question):
        store.trash.put(run)
        return Network()(*question)

    with pytest.raises(StoreError, match="See that the run is still there"):
        evaluate(run, store.challenge, deleting)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"correct": 2},
        {"of": 3},
        {"correct": -1},
        {"time": math.nan},
        {"unknown": 1},
        {"pictures": []},
        {"pictures": [{"pixels": "a", "label": 10, "predicted": 6, "confidence": 0.5}]},
        {"pictures": [{"pixels": "a", "label": 6, "predicted": 6, "confidence": 1.5}]},
    ],
)
def test_a_file_that_no_evaluation_wrote_is_none(store, run, change):
    keep(store.challenge, SHIRT)
    evaluate(run, store.challenge, Network())
    path = run.folder / "challenge.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))

    assert read_challenge_result(run.folder) is None
    path.write_text('{"format": 1, "cor')
    assert read_challenge_result(run.folder) is None
    path.unlink()
    assert read_challenge_result(run.folder) is None
