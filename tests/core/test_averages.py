"""The running average of the weights, and classifying mirror images too."""

import keras
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.specs.train import OPTIMIZERS
from fmnist_core.training.loop import Trainer

NETWORK = ModelSpec(
    layers=(
        LayerSpec(type="Flatten", name="flatten"),
        LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "linear"}),
    )
)


@pytest.fixture(scope="module")
def data():
    return load()


def trainer_of(data, **train):
    asked = Experiment(
        model=NETWORK,
        data=DataSpec(subset=300, validation=200),
        train=TrainSpec(**{"batch_size": 50, "epochs": 2, **train}),
    )
    return Trainer(asked, data.images, data.labels, split_indices(data.labels, asked.data))


def train(trainer, count):
    losses, _ = trainer.steps.train(
        np.resize(trainer.split.train, (count, 50)), np.full(count, 0.01, np.float32)
    )
    return losses


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_average_is_so_much_of_the_last_one_and_the_rest_of_the_new_weights(optimizer, data):
    trainer = trainer_of(data, ema_momentum=0.75, optimizer=optimizer)
    wanted = None
    for _ in range(3):
        train(trainer, 1)
        weights = trainer.model.get_weights()[0]
        wanted = weights if wanted is None else 0.75 * wanted + 0.25 * weights

    with trainer.steps.averaged_weights():
        averaged = trainer.model.get_weights()[0]

    assert averaged == pytest.approx(wanted, abs=1e-6)
    assert np.array_equal(trainer.model.get_weights()[0], weights)
    assert not np.allclose(averaged, weights)


def test_averaging_changes_nothing_of_the_steps(data):
    plain, averaging = trainer_of(data), trainer_of(data, ema_momentum=0.9)

    assert np.array_equal(train(plain, 5), train(averaging, 5))


def test_without_an_average_the_weights_stay_in_place(data):
    trainer = trainer_of(data)
    weights = trainer.model.get_weights()

    with trainer.steps.averaged_weights():
        assert all(map(np.array_equal, trainer.model.get_weights(), weights))


def test_weights_come_back_after_an_error(data):
    trainer = trainer_of(data, ema_momentum=0.9)
    train(trainer, 3)
    weights = trainer.model.get_weights()

    with pytest.raises(RuntimeError), trainer.steps.averaged_weights():
        raise RuntimeError

    assert all(map(np.array_equal, trainer.model.get_weights(), weights))


class Listening:
    """A listener that keeps what is said of each epoch."""

    def __init__(self):
        self.epochs = []

    def on_block(self, block):
        pass

    def on_epoch(self, figures, moment):
        self.epochs.append(figures)

    def on_best(self):
        pass

    def on_event(self, event, **values):
        pass

    def goes_on(self, trainer):
        return True


def test_averaged_weights_are_validated_and_kept(data):
    trainer, heard = trainer_of(data, ema_momentum=0.9, epochs=3), Listening()
    trainer.fit(heard, heard)

    assert all(map(np.array_equal, trainer.model.get_weights(), trainer.best_weights))
    _, loss = trainer.steps.evaluate(trainer.split.validation)
    assert loss in [figures.val_loss for figures in heard.epochs]
    plain, heard_plain = trainer_of(data, epochs=3), Listening()
    plain.fit(heard_plain, heard_plain)
    assert [e.loss for e in heard.epochs] == [e.loss for e in heard_plain.epochs]
    assert [e.val_loss for e in heard.epochs] != [e.val_loss for e in heard_plain.epochs]


def test_flipping_is_the_mean_over_an_image_and_its_mirror_image(data):
    trainer = trainer_of(data)
    train(trainer, 5)
    index = trainer.split.validation
    x = data.images[index][..., np.newaxis] / np.float32(255)
    one, other = (np.asarray(keras.ops.softmax(trainer.model(each))) for each in (x, x[:, :, ::-1]))

    plain, loss = trainer.steps.evaluate(index)
    mean, same_loss = trainer.steps.evaluate(index, flip=True)

    assert plain == pytest.approx(one, abs=1e-6)
    assert mean == pytest.approx((one + other) / 2, abs=1e-6)
    assert same_loss == loss
    assert not np.allclose(mean, plain, atol=1e-3)
