"""Half the digits: what computes in them, what does not, and how "auto" is settled once."""

import json

import keras
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import StoreError
from fmnist_core.model.build import build_model
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.training import precision
from fmnist_core.training.loop import Trainer
from fmnist_core.training.precision import settle_precision

NETWORK = ModelSpec(
    layers=(
        LayerSpec(type="Conv2D", name="conv", settings={"filters": 8, "strides": 2, "l2": 0.001}),
        LayerSpec(type="BatchNormalization", name="norm"),
        LayerSpec(type="Flatten", name="flatten"),
        LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "linear"}),
    )
)


def experiment(**train):
    return Experiment(
        model=NETWORK,
        data=DataSpec(subset=600, validation=500, normalisation="standardised"),
        train=TrainSpec(**{"batch_size": 50, **train}),
    )


@pytest.fixture(scope="module")
def data():
    return load()


@pytest.fixture
def capable(tmp_path, monkeypatch):
    """A processor with bfloat16, an empty cache, and a list of trials, each twice as fast."""
    trials = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(precision, "cpu_flags", lambda: ["avx512_bf16"])
    monkeypatch.setattr(precision, "speed_ratio", lambda asked: trials.append(asked) or 2.0)
    return trials


def test_layers_compute_in_bfloat16_with_float32_weights_and_a_float32_end():
    model = build_model(NETWORK, precision="mixed_bfloat16")

    assert [layer.compute_dtype for layer in model.layers[1:]] == ["bfloat16"] * 3 + ["float32"]
    assert {weight.dtype for weight in model.weights} == {"float32"}
    assert model.output.dtype == "float32"
    assert keras.config.dtype_policy().name == "float32"  # nobody else is touched


def test_a_saved_model_computes_as_it_was_trained(tmp_path, data):
    model = build_model(NETWORK, precision="mixed_bfloat16")
    model.save(tmp_path / "model.keras")
    x = data.images[:20, ..., np.newaxis] / np.float32(255)

    loaded = keras.saving.load_model(tmp_path / "model.keras")

    assert np.array_equal(loaded(x), model(x))


def test_both_precisions_learn_alike_and_give_probabilities(data):
    losses = {}
    for each in ("float32", "mixed_bfloat16"):
        asked = experiment()
        split = split_indices(data.labels, asked.data)
        trainer = Trainer(asked, data.images, data.labels, split, each)
        block = np.resize(split.train, (60, 50))
        losses[each], _ = trainer.steps.train(block, np.full(60, 0.001, np.float32))
        y_proba, loss = trainer.steps.evaluate(split.validation)
        assert y_proba.dtype == np.float32
        assert y_proba.sum(axis=1) == pytest.approx(np.ones(500), abs=1e-5)
        assert np.mean(y_proba.argmax(1) == data.labels[split.validation]) > 0.6
        assert np.isfinite(loss)

    ours, theirs = losses.values()
    assert ours[0] == pytest.approx(theirs[0], rel=0.02)
    assert ours[-10:].mean() == pytest.approx(theirs[-10:].mean(), rel=0.1)
    assert not np.array_equal(ours, theirs)


def test_the_same_seed_is_the_same_run_in_bfloat16_too(data):
    asked = experiment()
    split = split_indices(data.labels, asked.data)
    runs = []
    for _ in range(2):
        trainer = Trainer(asked, data.images, data.labels, split, "mixed_bfloat16")
        losses, _ = trainer.steps.train(
            split.train[:500].reshape(10, 50), np.full(10, 0.001, np.float32)
        )
        runs.append(losses)

    assert np.array_equal(*runs)


@pytest.mark.parametrize("asked", ["float32", "mixed_bfloat16"])
def test_what_was_asked_for_is_taken_without_a_trial(asked, capable, tmp_path):
    assert settle_precision(experiment(precision=asked), tmp_path) == asked
    assert capable == [] and not (tmp_path / "precision.json").exists()


def test_auto_is_settled_once_for_a_network_and_noted_in_the_run(capable, tmp_path):
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir(), second.mkdir()

    for folder in (first, first, second):
        assert settle_precision(experiment(precision="auto"), folder) == "mixed_bfloat16"
    settle_precision(experiment(precision="auto", batch_size=60), tmp_path)

    assert len(capable) == 2  # one trial for each batch size
    assert json.loads((second / "precision.json").read_text()) == {"precision": "mixed_bfloat16"}


def test_a_resumed_run_computes_as_before_whatever_a_new_trial_would_say(
    capable, tmp_path, monkeypatch
):
    (tmp_path / "precision.json").write_text('{"precision": "float32"}')

    assert settle_precision(experiment(precision="auto"), tmp_path) == "float32"


@pytest.mark.parametrize(("ratio", "wanted"), [(1.05, "float32"), (1.1, "mixed_bfloat16")])
def test_auto_gives_digits_away_only_for_a_tenth_of_the_time(
    ratio, wanted, capable, tmp_path, monkeypatch
):
    monkeypatch.setattr(precision, "speed_ratio", lambda asked: ratio)

    assert settle_precision(experiment(precision="auto"), tmp_path) == wanted


def test_auto_is_float32_without_a_trial_on_a_processor_without_bfloat16(
    capable, tmp_path, monkeypatch
):
    monkeypatch.setattr(precision, "cpu_flags", lambda: ["avx2"])

    assert settle_precision(experiment(precision="auto"), tmp_path) == "float32"
    assert capable == []


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}'])
def test_a_damaged_cache_is_made_anew(text, capable, tmp_path):
    (tmp_path / "cache" / "fmnist-lab").mkdir(parents=True)
    (tmp_path / "cache" / "fmnist-lab" / "precision.json").write_text(text)

    assert settle_precision(experiment(precision="auto"), tmp_path) == "mixed_bfloat16"


def test_a_damaged_note_in_a_run_is_told(capable, tmp_path):
    (tmp_path / "precision.json").write_text("{")

    with pytest.raises(StoreError, match=r"precision\.json cannot be read"):
        settle_precision(experiment(precision="auto"), tmp_path)


def test_a_trial_trains_both_and_compares(data):
    assert 0.05 < precision.speed_ratio(experiment()) < 20
