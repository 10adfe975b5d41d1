"""Exported code trained as a person would, against the app's own training with the same seed."""

import dataclasses
import json
import os
import re
import subprocess
import sys

import keras
import nbclient
import nbformat
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.model.code import notebook, script
from fmnist_core.model.edit import add_layer, change_inputs, change_settings
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.training.loop import Trainer

TINY = DataSpec(subset=300, validation=200)


class History:
    """Keeps the figures of each epoch and lets the training go on."""

    def __init__(self):
        self.epochs = []

    def on_block(self, block): ...

    def on_epoch(self, figures, moment):
        self.epochs.append(figures)

    def on_best(self): ...

    def on_event(self, event, **values): ...

    def goes_on(self, trainer):
        return True


def layer(layer_type, name, inputs=(), **settings):
    return LayerSpec(type=layer_type, name=name, inputs=inputs, settings=settings)


def network(end="linear", **conv):
    return ModelSpec(
        name="tiny",
        layers=(
            layer("Conv2D", "conv", filters=4, strides=2, **conv),
            layer("Dropout", "drop", rate=0.3),
            layer("Flatten", "flatten"),
            layer("Dense", "dense", units=10, activation=end),
        ),
    )


def with_skip():
    model = add_layer(network(padding="same"), "Conv2D", 1)
    model = change_settings(model, "conv2d_1", filters=4, padding="same", activation="linear")
    model = change_inputs(add_layer(model, "Add", 2), "add_1", ["conv"])
    return add_layer(model, "BatchNormalization", 3)


def asked(model=None, data=TINY, **train):
    train = {"epochs": 2, "batch_size": 64, "learning_rate": 0.01, **train}
    return Experiment(model=model or network(), data=data, train=TrainSpec(**train))


def trained_here(experiment):
    """Train with the app's own loop; the figures of each epoch, and the weights that were kept."""
    mnist, listener = load(), History()
    split = split_indices(mnist.labels, experiment.data)
    trainer = Trainer(experiment, mnist.images, mnist.labels, split)
    trainer.fit(listener, listener)
    return listener.epochs, trainer.model.get_weights()


def agree(epochs, history):
    """Check that Keras's history holds the figures of our epochs."""
    for name in ("loss", "val_loss"):
        ours = [getattr(epoch, name) for epoch in epochs]
        assert history[name] == pytest.approx(ours, rel=1e-4), name
    for name in ("accuracy", "val_accuracy"):
        ours = [getattr(epoch, name) for epoch in epochs]
        assert history[name] == pytest.approx(ours, abs=0.002), name
    if "learning_rate" in history:  # a callback of Keras sets it
        rates = [epoch.learning_rate for epoch in epochs]
        assert history["learning_rate"] == pytest.approx(rates, rel=1e-5)


@pytest.fixture
def run_script(tmp_path, monkeypatch):
    """Run an exported script here; returns Keras's history and the weights of the saved model."""
    mnist = load()
    files = (mnist.x_train, mnist.y_train), (mnist.x_test[:500], mnist.y_test[:500])
    fit = keras.Model.fit
    found = []

    def seen_fit(self, *args, **kwargs):
        found.append(fit(self, *args, verbose=0, **kwargs))
        return found[-1]

    def run(experiment):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(keras.Model, "fit", seen_fit)
        if experiment.data.split != "resplit":  # then all 70,000 are needed
            monkeypatch.setattr(keras.datasets.fashion_mnist, "load_data", lambda: files)
        exec(compile(script(experiment), "exported.py", "exec"), {"__name__": "__main__"})
        saved = keras.saving.load_model(tmp_path / "tiny.keras", safe_mode=True)
        return found[0].history, saved.get_weights()

    return run


CASES = {
    "step": asked(schedule="step", drop_every=1, drop_factor=0.1, epochs=3),
    "step-plateau": asked(schedule="step", drop_every=2, reduce_lr=1, epochs=6, learning_rate=0.1),
    "cosine-plateau": asked(schedule="cosine", reduce_lr=1, epochs=6, learning_rate=0.1),
    "one-cycle": asked(schedule="one_cycle", epochs=3, optimizer="sgd", learning_rate=0.5),
    "plateau": asked(reduce_lr=1, drop_factor=0.1, epochs=6, learning_rate=0.1),
    "small-gains": asked(reduce_lr=1, epochs=3, optimizer="sgd", learning_rate=1e-5),
    "early-stop": asked(early_stopping=1, epochs=12, learning_rate=0.1),
    "steps": asked(steps=8, schedule="cosine", optimizer="adamw"),
    "softmax-smoothing-weights": asked(
        network(end="softmax"), label_smoothing=0.2, class_weights=tuple(range(10))
    ),
    "skip-norm": asked(with_skip(), optimizer="rmsprop", momentum=0.5, learning_rate=0.001),
    "penalties-last": asked(
        network(l1=0.001, l2=0.002), DataSpec(split="last", validation=100, subset=250)
    ),
    "standardised": asked(data=dataclasses.replace(TINY, normalisation="standardised")),
    "per-pixel-skip": asked(
        with_skip(),
        DataSpec(subset=2_000, validation=200, normalisation="per-pixel"),
        optimizer="sgd",
    ),
    "average": asked(ema_momentum=0.8, epochs=4),
    "average-early-stop": asked(ema_momentum=0.5, early_stopping=1, epochs=12, learning_rate=0.1),
}


QUICK = ("step", "one-cycle", "plateau", "softmax-smoothing-weights")


@pytest.mark.parametrize(
    "experiment",
    [
        pytest.param(asked, id=name, marks=() if name in QUICK else pytest.mark.slow)
        for name, asked in CASES.items()
    ],
)
def test_a_script_has_the_history_and_keeps_the_weights_of_the_app(experiment, run_script):
    epochs, weights = trained_here(experiment)

    history, saved = run_script(experiment)

    agree(epochs, history)
    for ours, theirs in zip(weights, saved, strict=True):
        assert theirs == pytest.approx(ours, rel=1e-2, abs=1e-3)


@pytest.mark.parametrize("model", [network(), network(end="softmax")], ids=["logits", "softmax"])
@pytest.mark.parametrize("smoothing", [pytest.param(0.0, marks=pytest.mark.slow), 0.1])
def test_the_mirror_images_are_classified_as_the_app_does_it(model, smoothing, run_script, capsys):
    experiment = asked(model, flip_evaluation=True, label_smoothing=smoothing)
    mnist, listener = load(), History()
    split = split_indices(mnist.labels, experiment.data)
    trainer = Trainer(experiment, mnist.images, mnist.labels, split)
    trainer.fit(listener, listener)
    index = np.arange(60_000, 60_500, dtype=np.int32)  # the test images of `run_script`
    y_proba, _ = trainer.steps.evaluate(index, flip=True)
    expected = np.mean(y_proba.argmax(axis=1) == mnist.labels[index])

    run_script(experiment)

    printed = re.search(r"mirror image: right on ([\d.]+)%", capsys.readouterr().out)
    assert float(printed[1]) / 100 == pytest.approx(expected, abs=0.005)  # two images, by rounding


@pytest.mark.slow
def test_an_augmented_script_trains_to_about_what_the_app_reaches(run_script):
    experiment = dataclasses.replace(
        asked(data=DataSpec(subset=3_000, validation=1_000), epochs=3),
        augment=AugmentSpec(shift=0.05, horizontal_flip=True, cutout=6, mixup=0.2),
    )
    epochs, _ = trained_here(experiment)

    history, _ = run_script(experiment)

    assert history["val_accuracy"][-1] == pytest.approx(epochs[-1].val_accuracy, abs=0.06)
    assert history["loss"][-1] == pytest.approx(epochs[-1].loss, rel=0.1)
    assert min(history["loss"]) > 1.2 * min(history["val_loss"])  # mixed images are harder


RECORD = """
import json, runpy, keras
fit = keras.Model.fit
def seen_fit(*args, **kwargs):
    history = fit(*args, **kwargs)
    json.dump(history.history, open("history.json", "w"), default=float)
    return history
keras.Model.fit = seen_fit
runpy.run_path("exported.py", run_name="__main__")
"""


@pytest.mark.parametrize(
    "experiment",
    [
        pytest.param(
            asked(
                data=DataSpec(subset=2_000, validation=500),
                schedule="step",
                drop_every=1,
                early_stopping=2,
                learning_rate=0.003,
            ),
            marks=pytest.mark.slow,
        ),
        asked(
            data=DataSpec(subset=2_000, validation=500),
            optimizer="sgd",
            momentum=0.9,
            schedule="cosine",
            class_weights=(1, 1, 2, 1, 1, 1, 3, 1, 1, 0.5),
        ),
    ],
    ids=["dropout-step", "momentum-cosine-weights"],
)
def test_the_whole_script_run_by_itself_has_the_history_of_the_app(
    experiment, keras_home, tmp_path
):
    epochs, _ = trained_here(experiment)
    (tmp_path / "exported.py").write_text(script(experiment), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", RECORD],
        cwd=tmp_path,
        env={**os.environ, "KERAS_HOME": str(keras_home)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2_000:]
    agree(epochs, json.loads((tmp_path / "history.json").read_text()))
    assert "of 10,000 test images, loss " in done.stdout
    assert (tmp_path / "tiny.keras").stat().st_size > 1_000


def test_the_notebook_runs_from_first_to_last_cell(keras_home, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(keras_home))
    book = nbformat.reads(notebook(asked(epochs=1)), as_version=4)

    nbclient.NotebookClient(
        book, timeout=100, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()

    printed = "".join(output.get("text", "") for output in book.cells[-1].outputs)
    assert "of 10,000 test images, loss " in printed
    assert (tmp_path / "tiny.keras").exists()


def test_the_history_tells_apart_another_seed():
    # Guards the tests above: figures of another seed must not pass as the same.
    epochs, _ = trained_here(asked(epochs=1))
    other, _ = trained_here(dataclasses.replace(asked(epochs=1), train=TrainSpec(epochs=1, seed=8)))

    assert not np.isclose(epochs[0].loss, other[0].loss, rtol=1e-3)
