"""The training loop against Keras's own `fit`, and what it promises by itself."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import DivergedError
from fmnist_core.model import presets
from fmnist_core.model.build import build_model
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.specs.train import OPTIMIZERS
from fmnist_core.training.loop import Trainer
from fmnist_core.training.optimizers import build_optimizer

DATA = DataSpec(subset=300, validation=200)


class Recording:
    """A listener that keeps everything, and a control that stops after `stop_after` blocks."""

    def __init__(self, stop_after=None):
        self.blocks, self.epochs, self.moments, self.events, self.best = [], [], [], [], 0
        self.stop_after = stop_after

    def on_block(self, block):
        self.blocks.append(block)

    def on_epoch(self, figures, moment):
        self.epochs.append(figures)
        self.moments.append(moment)

    def on_best(self):
        self.best += 1

    def on_event(self, event, **values):
        self.events.append((event, values))

    def goes_on(self, trainer):
        return self.stop_after is None or len(self.blocks) < self.stop_after

    @property
    def losses(self):
        return np.concatenate([block.losses for block in self.blocks])


def layer(layer_type, name, inputs=(), **settings):
    return LayerSpec(type=layer_type, name=name, inputs=inputs, settings=settings)


def network(end="linear", **conv):
    return ModelSpec(
        layers=(
            layer("Conv2D", "conv", filters=4, strides=2, **conv),
            layer("Flatten", "flatten"),
            layer("Dense", "dense", units=10, activation=end),
        )
    )


def experiment(model=None, **train):
    train = {"epochs": 2, "batch_size": 64, **train}
    return Experiment(model=model or network(), data=DATA, train=TrainSpec(**train))


@pytest.fixture(scope="module")
def data():
    return load()


def fitted(asked, data, listener=None):
    listener = listener or Recording()
    trainer = Trainer(asked, data.images, data.labels, split_indices(data.labels, asked.data))
    trainer.fit(listener, listener)
    return trainer, listener


def keras_losses(asked, data):
    """Train the same batches in the same order with Keras alone; the loss of each batch."""
    spec = asked.train
    keras.utils.set_random_seed(spec.seed)
    model = build_model(asked.model)
    model.compile(
        build_optimizer(spec),
        keras.losses.CategoricalCrossentropy(
            from_logits=asked.model.layers[-1].settings["activation"] != "softmax",
            label_smoothing=spec.label_smoothing,
        ),
    )
    train = split_indices(data.labels, asked.data).train
    losses = []
    for epoch in range(spec.epochs):
        order = np.random.default_rng([spec.seed, epoch]).permutation(train)
        for start in range(0, len(order), spec.batch_size):
            index = order[start : start + spec.batch_size]
            x = data.images[index][..., np.newaxis] / np.float32(255)
            y = keras.utils.to_categorical(data.labels[index], 10)
            weight = (
                np.array(spec.class_weights)[data.labels[index]] if spec.class_weights else None
            )
            losses.append(model.train_on_batch(x, y, sample_weight=weight))
            model.reset_metrics()
    return losses, model


@pytest.mark.parametrize(
    "asked",
    [
        experiment(),
        experiment(network(end="softmax")),
        experiment(network(l1=0.001, l2=0.01)),
        experiment(label_smoothing=0.2),
        experiment(class_weights=tuple(range(10))),
        experiment(batch_size=100),  # 300 images: no smaller last batch
        experiment(steps=7),
    ],
    ids=["logits", "probabilities", "penalties", "smoothing", "class-weights", "even", "steps"],
)
def test_every_batch_has_the_loss_that_keras_finds(asked, data):
    _, ours = fitted(asked, data)
    theirs, _ = keras_losses(asked, data)

    assert ours.losses == pytest.approx(theirs[: len(ours.losses)], rel=1e-4)
    assert len(ours.losses) == asked.train.total_steps(300)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_takes_the_steps_that_keras_takes(optimizer, data):
    asked = experiment(optimizer=optimizer, learning_rate=0.01, momentum=0.5, nesterov=True)

    _, ours = fitted(asked, data)

    assert ours.losses == pytest.approx(keras_losses(asked, data)[0], rel=1e-3)


def test_validation_loss_and_accuracy_are_those_of_keras_evaluate(data):
    asked = experiment(network(l2=0.01), epochs=1, label_smoothing=0.1)
    trainer, listener = fitted(asked, data)
    index = trainer.split.validation
    trainer.model.compile(
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        metrics=["accuracy"],
    )

    loss, accuracy = trainer.model.evaluate(
        data.images[index][..., np.newaxis] / np.float32(255),
        keras.utils.to_categorical(data.labels[index], 10),
        batch_size=200,
        verbose=0,
    )

    assert listener.epochs[0].val_loss == pytest.approx(loss, rel=1e-5)
    assert listener.epochs[0].val_accuracy == pytest.approx(accuracy)


def test_an_epoch_of_300_images_in_batches_of_64_is_4_full_batches_and_one_of_44(data):
    _, listener = fitted(experiment(epochs=1), data)

    assert len(listener.losses) == 5
    last = listener.blocks[-1]
    assert last.accuracies[-1] * 44 == pytest.approx(round(last.accuracies[-1] * 44))


def test_epoch_figures_are_means_over_images(data):
    _, listener = fitted(experiment(epochs=1), data)
    sizes = [64, 64, 64, 64, 44]

    assert listener.epochs[0].loss == pytest.approx(np.average(listener.losses, weights=sizes))


def test_the_same_seed_gives_the_same_losses_and_weights_to_the_bit(data):
    asked = experiment(
        ModelSpec(
            layers=(
                layer("Conv2D", "conv", filters=8),
                layer("BatchNormalization", "norm"),
                layer("Dropout", "drop", rate=0.5),
                layer("GlobalAveragePooling2D", "pool"),
                layer("Dense", "dense", units=10, activation="linear"),
            )
        )
    )

    first, heard = fitted(asked, data)
    second, heard_again = fitted(asked, data)

    assert np.array_equal(heard.losses, heard_again.losses)
    for ours, theirs in zip(first.model.get_weights(), second.model.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_another_seed_gives_other_losses(data):
    _, one = fitted(experiment(seed=1), data)
    _, two = fitted(experiment(seed=2), data)

    assert not np.allclose(one.losses, two.losses)


def test_block_size_does_not_change_what_is_learned(data, monkeypatch):
    _, many = fitted(experiment(), data)
    monkeypatch.setattr("fmnist_core.training.loop.BLOCK_SECONDS", 0)
    _, single = fitted(experiment(), data)

    assert max(len(block.losses) for block in single.blocks) == 1
    assert max(len(block.losses) for block in many.blocks) > 1
    assert np.array_equal(many.losses, single.losses)


def test_the_best_epoch_is_kept_not_the_last(data):
    # A rate of 0.5 wrecks what the first epochs have learned.
    asked = experiment(epochs=6, learning_rate=0.3, optimizer="sgd", momentum=0.95)
    trainer, listener = fitted(asked, data)
    accuracies = [figures.val_accuracy for figures in listener.epochs]

    y_proba, _ = trainer.steps.evaluate(trainer.split.validation)
    kept = np.mean(y_proba.argmax(1) == data.labels[trainer.split.validation])

    assert kept == pytest.approx(max(accuracies))
    assert accuracies[trainer.state.best_epoch - 1] == max(accuracies)
    assert max(accuracies) > accuracies[-1]


def test_the_best_weights_are_in_the_model_for_a_block_only(data):
    trainer, _ = fitted(experiment(epochs=1), data)
    ones = [np.ones_like(weights) for weights in trainer.best_weights]
    trainer.model.set_weights(ones)
    with trainer.best() as model:
        assert all(map(np.array_equal, model.get_weights(), trainer.best_weights))

    assert all(map(np.array_equal, trainer.model.get_weights(), ones))


def test_steps_cut_the_last_epoch_short(data):
    # 5 steps an epoch: 7 steps are one epoch and two batches.
    trainer, listener = fitted(experiment(steps=7, epochs=1), data)

    assert (trainer.state.step, trainer.state.epoch) == (7, 2)
    assert [figures.step for figures in listener.epochs] == [5, 7]


def test_early_stopping_ends_before_the_last_epoch(data):
    asked = experiment(epochs=20, early_stopping=1, learning_rate=1e-9)
    trainer, listener = fitted(asked, data)

    assert trainer.state.epoch < 20
    assert listener.events[-1][0] == "early_stop"


def test_reduce_on_plateau_multiplies_the_rate(data):
    asked = experiment(epochs=4, reduce_lr=1, drop_factor=0.1, learning_rate=1e-9, optimizer="sgd")
    _, listener = fitted(asked, data)
    rates = [figures.learning_rate for figures in listener.epochs]

    first = next(values for event, values in listener.events if event == "reduce_lr")
    dropped = first["step"] // 5  # epochs done when it was noticed
    assert first["factor"] == pytest.approx(0.1)
    assert rates[: dropped + 1] == pytest.approx([1e-9] * dropped + [1e-10])


def test_a_stop_ends_within_a_block_and_still_validates(data):
    trainer, listener = fitted(experiment(epochs=50), data, Recording(stop_after=2))

    assert trainer.state.epoch == 1
    assert len(listener.blocks) == 2
    assert listener.epochs[0].val_accuracy > 0


def test_an_exploding_loss_is_named_with_its_likely_cause(data):
    wild = ModelSpec(
        layers=(
            layer("Flatten", "flatten"),
            layer("Dense", "one", units=200, activation="linear"),
            layer("Dense", "two", units=200, activation="linear"),
            layer("Dense", "dense", units=10, activation="linear"),
        )
    )
    asked = experiment(wild, optimizer="sgd", learning_rate=10.0, epochs=20)

    with pytest.raises(DivergedError) as caught:
        fitted(asked, data)

    assert "The likely cause is the learning rate of 10; try 1, or add" in str(caught.value)


def test_moments_hold_probabilities_and_the_first_filters(data):
    _, listener = fitted(experiment(), data)

    moment = listener.moments[-1]
    assert moment.val_proba.shape == (200, 10)
    assert moment.val_proba.sum(axis=1) == pytest.approx(np.ones(200), abs=1e-5)
    assert moment.first_filters.shape == (3, 3, 1, 4)


def test_no_validation_image_is_dropped_from_an_odd_number(data):
    asked = replace(experiment(epochs=1), data=DataSpec(subset=300, validation=1501))
    trainer, _ = fitted(asked, data)

    y_proba, _ = trainer.steps.evaluate(trainer.split.validation)

    assert y_proba.shape == (1501, 10)


def test_label_noise_reaches_what_trains_and_never_what_judges(data):
    spec = DataSpec(subset=200, validation=100, label_noise=100)
    asked = Experiment(model=presets.load("small").experiment.model, data=spec)
    trainer = Trainer(asked, data.images, data.labels, split_indices(data.labels, spec))
    wrong = np.flatnonzero(trainer.labels != data.labels)
    assert np.array_equal(wrong, trainer.split.train)
    assert np.array_equal(trainer.steps._labels.numpy(), trainer.labels)
