"""Smaller files of a run: what they keep, and how little they lose."""

import json

import keras
import numpy as np
import pytest

from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.reference.slimming import slim_metrics, slim_model, slim_predictions
from fmnist_core.runs.metrics_log import MetricsWriter, read_history


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A network with normalisation as Keras saves it, and the same one slimmed."""
    folder = tmp_path_factory.mktemp("models")
    keras.utils.set_random_seed(3)
    model = build_model(presets.load("r1-batch-norm-deep").experiment.model)
    model.save(folder / "whole.keras")
    slim_model(folder / "whole.keras", folder / "slim.keras")
    return folder / "whole.keras", folder / "slim.keras"


def test_a_slim_model_is_half_as_large(models):
    whole, slim = (path.stat().st_size for path in models)
    assert slim < 0.52 * whole


def test_a_slim_model_answers_alike(models):
    whole, slim = (keras.saving.load_model(path, safe_mode=True) for path in models)
    images = np.random.default_rng(0).random((50, 28, 28, 1), np.float32)

    outputs, expected = (keras.ops.convert_to_numpy(model(images)) for model in (slim, whole))

    assert 0 < np.abs(outputs - expected).max() < 2e-3 * np.abs(expected).max()


def test_biases_and_normalisations_stay_exact(models):
    whole, slim = (keras.saving.load_model(path, safe_mode=True) for path in models)
    pairs = list(zip(whole.weights, slim.weights, strict=True))
    small = [(a, b) for a, b in pairs if np.prod(a.shape) <= 1_000]
    assert len(small) > 10
    for a, b in small:
        assert np.array_equal(keras.ops.convert_to_numpy(a), keras.ops.convert_to_numpy(b))
    assert any(
        not np.array_equal(keras.ops.convert_to_numpy(a), keras.ops.convert_to_numpy(b))
        for a, b in pairs
    )


def test_a_model_that_is_slim_already_stays_as_it_is(models, tmp_path):
    slim_model(models[1], tmp_path / "again.keras")
    again, slim = (
        keras.saving.load_model(path, safe_mode=True)
        for path in (tmp_path / "again.keras", models[1])
    )
    for a, b in zip(again.weights, slim.weights, strict=True):
        assert np.array_equal(keras.ops.convert_to_numpy(a), keras.ops.convert_to_numpy(b))


def test_predictions_keep_fourteen_bits(tmp_path):
    rng = np.random.default_rng(1)
    proba = rng.dirichlet(np.full(10, 0.05), 3_000).astype(np.float32)
    index = np.arange(3_000, dtype=np.int32)
    np.savez_compressed(tmp_path / "whole.npz", test_proba=proba, test_index=index)
    slim_predictions(tmp_path / "whole.npz", tmp_path / "slim.npz")

    with np.load(tmp_path / "slim.npz", allow_pickle=False) as found:
        assert found["test_proba"].dtype == np.float32
        assert np.array_equal(found["test_index"], index)
        off = np.abs(found["test_proba"] - proba)
    assert np.all(off <= proba * 2.0**-14 + 1e-40)  # the smallest floats have fewer bits
    assert off.max() > 0
    assert (tmp_path / "slim.npz").stat().st_size < 0.7 * (tmp_path / "whole.npz").stat().st_size


def test_a_probability_of_one_stays_one(tmp_path):
    proba = np.array([[1, 0], [np.nextafter(np.float32(1), 0), 1e-40]], np.float32)
    np.savez_compressed(tmp_path / "whole.npz", test_proba=proba)
    slim_predictions(tmp_path / "whole.npz", tmp_path / "slim.npz")

    with np.load(tmp_path / "slim.npz") as found:
        assert found["test_proba"][:, 0].tolist() == [1, 1]
        assert found["test_proba"][0, 1] == 0


def test_a_slim_log_says_the_same(tmp_path):
    whole, slim = tmp_path / "whole", tmp_path / "slim"
    whole.mkdir()
    slim.mkdir()
    _write_log(whole)
    slim_metrics(whole / "metrics.jsonl", slim / "metrics.jsonl")

    found, expected = read_history(slim), read_history(whole)
    assert found.steps == expected.steps == list(range(1, 9))
    assert found.losses == [round(loss, 4) for loss in expected.losses] != expected.losses
    assert (found.accuracies, found.learning_rates) == (
        expected.accuracies,
        expected.learning_rates,
    )
    assert (found.epochs, found.events) == (expected.epochs, expected.events)

    slim_metrics(whole / "metrics.jsonl", slim / "metrics.jsonl", all_batches=False)
    found = read_history(slim)
    assert (found.epochs, found.events) == (expected.epochs, expected.events)
    assert found.steps == [4, 8]  # the last one of each epoch
    assert found.losses == [round(expected.losses[step - 1], 4) for step in found.steps]


def test_a_slim_log_has_a_line_for_each_epoch(tmp_path):
    _write_log(tmp_path)
    slim_metrics(tmp_path / "metrics.jsonl", tmp_path / "slim.jsonl")
    lines = (tmp_path / "slim.jsonl").read_text().splitlines()
    kinds = [json.loads(line)["kind"] for line in lines]
    # Before the second start some steps were lost; what follows it begins a line of its own.
    assert kinds == ["event", "batches", "epoch", "batches", "event", "batches"]


def _write_log(folder):
    """Two attempts: four steps, an epoch, two more that are done again, and two after those."""
    first = MetricsWriter(folder, 1)
    first.write("event", event="start", step=0, epoch=0)
    _batches(first, 1, [1, 2], [3, 4])
    figures = dict.fromkeys(("loss", "accuracy", "val_loss", "val_accuracy"), 0.5)
    first.write(
        "epoch", epoch=1, step=4, learning_rate=0.1, seconds=1.0, images_per_second=9.0, **figures
    )
    _batches(first, 2, [5, 6])
    first.close()
    second = MetricsWriter(folder, 2)
    second.write("event", event="start", step=4, epoch=1)
    _batches(second, 2, [5, 6], [7], [8])
    second.close()


def _batches(writer, epoch, *groups):
    for steps in groups:
        losses = [step / 7 + writer.attempt for step in steps]
        rest = {"accuracy": [0.5] * len(steps), "learning_rate": [0.1] * len(steps)}
        writer.write("batches", epoch=epoch, step=steps[0], loss=losses, **rest)
