"""Augmentation inside the worker: as NumPy has it, and the same for the same seed and step."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tensorflow.experimental.numpy as tnp
from scipy.stats import beta

from fmnist_core.data import augmentation
from fmnist_core.data.files import load
from fmnist_core.data.splits import Split, split_indices
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.training.augmentation import add_copies, augment_batch, draw, sample_bilinear
from fmnist_core.training.loop import Trainer

SINGLE = (
    {"shift": 0.2},
    {"rotation": 30},
    {"zoom": 0.3},
    {"horizontal_flip": True},
    {"brightness": 0.3},
    {"contrast": 0.5},
    {"noise": 0.1},
    {"cutout": 9},
    {"random_erasing": 0.5},
    {"mixup": 0.2},
    {"cutmix": 1},
)
EVERYTHING = {name: value for each in SINGLE for name, value in each.items()}
NETWORK = ModelSpec(
    layers=(
        LayerSpec(type="Flatten", name="flatten"),
        LayerSpec(type="Dropout", name="drop", settings={"rate": 0.2}),
        LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "linear"}),
    )
)


@pytest.fixture(scope="module")
def data():
    return load()


@pytest.fixture(scope="module")
def batch(data):
    x = data.images[:64, ..., np.newaxis] / np.float32(255)
    return x, np.eye(10, dtype=np.float32)[data.labels[:64]]


def trainer_of(data, augment=AugmentSpec(), **train):  # noqa: B008 - frozen
    asked = Experiment(
        model=NETWORK,
        data=DataSpec(subset=300, validation=200),
        train=TrainSpec(**{"batch_size": 64, "epochs": 2, **train}),
        augment=augment,
    )
    return Trainer(asked, data.images, data.labels, split_indices(data.labels, asked.data))


class Losses(list):
    """A listener that keeps the loss of each batch."""

    def on_block(self, block):
        self.extend(block.losses)

    def on_epoch(self, figures, moment):
        pass

    def on_best(self):
        pass

    def on_event(self, event, **values):
        pass

    def goes_on(self, trainer):
        return True


def losses_of(trainer):
    heard = Losses()
    trainer.fit(heard, heard)
    return np.array(heard)


@pytest.mark.parametrize("settings", [*SINGLE, EVERYTHING], ids="-".join)
def test_tensorflow_and_numpy_change_images_alike(settings, batch):
    spec = AugmentSpec(**settings)
    draws = augmentation.draw(np.random.default_rng(1), 64, spec)
    x, y = augmentation.augment(np, augmentation.sample_bilinear, *batch, spec, draws)
    in_tensorflow = tf.function(
        lambda x, y: augmentation.augment(tnp, sample_bilinear, x, y, spec, draws)
    )
    other_x, other_y = in_tensorflow(*map(tf.constant, batch))

    assert np.asarray(other_x) == pytest.approx(x, abs=1 / 2550)  # a tenth of a grey level
    assert np.asarray(other_y) == pytest.approx(y, abs=1e-6)
    assert not np.allclose(x, batch[0], atol=0.01)


@pytest.mark.parametrize("settings", SINGLE, ids="-".join)
def test_a_batch_depends_on_seed_and_step_alone(settings, batch):
    spec = AugmentSpec(**settings)

    def changed(seed, step):
        return np.asarray(augment_batch(*batch, spec, seed=seed, step=tf.constant(step))[0])

    assert np.array_equal(changed(1, 5), changed(1, 5))
    for seed, step in ((1, 6), (2, 5), (5, 1)):
        assert not np.array_equal(changed(seed, step), changed(1, 5))


def test_draws_are_of_the_right_distribution():
    spec = AugmentSpec(noise=0.1, mixup=0.2, cutmix=1)
    found = draw(2000, spec, seed=3, step=tf.constant(4))

    assert np.mean(found.uniform, axis=0) == pytest.approx(np.full(18, 0.5), abs=0.04)
    assert (np.mean(found.normal), np.std(found.normal)) == pytest.approx((0, 1), abs=0.01)
    # The variance of Beta(a, a) is 1 / (4 (2 a + 1)).
    assert np.var(found.mixup) == pytest.approx(1 / 5.6, abs=0.01)
    assert np.var(found.cutmix) == pytest.approx(1 / 12, abs=0.01)
    assert np.mean(found.mixup < 0.01) == pytest.approx(beta(0.2, 0.2).cdf(0.01), abs=0.03)
    first = np.asarray(found.normal).reshape(2000, -1)[:, :18]
    assert abs(np.corrcoef(first.ravel(), np.ravel(found.uniform))[0, 1]) < 0.02


def test_a_tiny_mixup_leaves_labels_whole():
    found = draw(500, AugmentSpec(mixup=1e-30), seed=3, step=tf.constant(4))

    assert set(np.unique(found.mixup)) == {0.0, 1.0}
    assert np.mean(found.mixup) == pytest.approx(0.5, abs=0.1)


def test_off_is_the_run_that_it_was(data):
    trainer = trainer_of(data, AugmentSpec(augmentation="own-copies"))  # of the originals only

    assert np.array_equal(losses_of(trainer_of(data)), losses_of(trainer))
    assert "ImageProjectiveTransformV3" not in operations(trainer)
    assert "ImageProjectiveTransformV3" in operations(trainer_of(data, AugmentSpec(shift=0.1)))


def operations(trainer):
    """Names of all operations of a compiled training step."""
    graph = trainer.steps._train.get_concrete_function().graph.as_graph_def()
    nodes = [*graph.node, *(node for inner in graph.library.function for node in inner.node_def)]
    return {node.op for node in nodes}


@pytest.mark.parametrize("settings", [EVERYTHING, {"mixup": 1}, {"rotation": 20}])
def test_every_batch_has_the_loss_that_keras_finds_on_the_changed_images(settings, data):
    spec, weights = AugmentSpec(**settings), tuple(range(1, 11))
    trainer = trainer_of(data, spec, class_weights=weights, label_smoothing=0.1, seed=5)
    start = trainer.model.get_weights()
    keras.utils.set_random_seed(5)
    model = keras.models.clone_model(trainer.model)
    model.get_layer("drop").rate = 0.0
    trainer.model.get_layer("drop").rate = 0.0
    model.set_weights(start)
    model.compile(
        keras.optimizers.Adam(0.001),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    )
    train, theirs = trainer.split.train, []
    for step in range(5):
        order = np.random.default_rng([5, 0]).permutation(train)
        index = order[64 * step : 64 * (step + 1)]
        x = data.images[index][..., np.newaxis] / np.float32(255)
        y = keras.utils.to_categorical(data.labels[index], 10).astype(np.float32)
        x, y = augment_batch(tf.constant(x), tf.constant(y), spec, seed=5, step=tf.constant(step))
        theirs.append(model.train_on_batch(x, y, sample_weight=np.asarray(y) @ weights))
        model.reset_metrics()

    assert losses_of(trainer)[:5] == pytest.approx(theirs, rel=1e-4)


def test_block_size_does_not_change_what_is_seen(data, monkeypatch):
    spec = AugmentSpec(**EVERYTHING)
    many = losses_of(trainer_of(data, spec, epochs=4))
    monkeypatch.setattr("fmnist_core.training.loop.BLOCK_SECONDS", 0)
    single = losses_of(trainer_of(data, spec, epochs=4))

    assert np.array_equal(many, single)


def test_a_copy_of_all_variables_goes_on_with_the_same_images(data):
    spec, index = AugmentSpec(shift=0.2, noise=0.1, mixup=1), np.arange(256, dtype=np.int32)
    batches, rates = index.reshape(4, 64), np.full(4, 0.001, np.float32)
    first, second = trainer_of(data, spec), trainer_of(data, spec)
    for each in (first, second):
        each.model.get_layer("drop").rate = 0.0
    whole, _ = first.steps.train(batches, rates)
    half, _ = second.steps.train(batches[:2], rates[:2])
    third = trainer_of(data, spec)
    third.model.get_layer("drop").rate = 0.0
    for ours, theirs in zip(
        [*third.model.variables, *third.steps.optimizer.variables],
        [*second.model.variables, *second.steps.optimizer.variables],
        strict=True,
    ):
        ours.assign(theirs)
    rest, _ = third.steps.train(batches[2:], rates[2:])

    assert np.array_equal(np.concatenate([half, rest]), whole)


def test_validation_images_are_left_as_they_are(data):
    plain = trainer_of(data)
    changing = trainer_of(data, AugmentSpec(**EVERYTHING))
    changing.model.set_weights(plain.model.get_weights())

    ours, theirs = (each.steps.evaluate(each.split.validation) for each in (plain, changing))

    assert np.array_equal(ours[0], theirs[0]) and ours[1] == theirs[1]


# Own copies ---------------------------------------------------------------------------------------


def test_copies_follow_the_images_and_only_they_train():
    images = np.random.default_rng(0).integers(0, 256, (10, 28, 28), dtype=np.uint8)
    labels = np.arange(10, dtype=np.uint8)
    split = Split(np.array([1, 3, 5]), np.array([0]), np.array([2]))
    spec = AugmentSpec(
        augmentation="own-copies", keep_originals=False, horizontal_flip=True, brightness=1
    )

    more, more_labels, parts = add_copies(images, labels, split, spec, 7)

    assert more.shape == (16, 28, 28) and more.dtype == np.uint8
    assert np.array_equal(more[:10], images)
    assert list(parts.train) == [10, 11, 12, 13, 14, 15]
    assert list(more_labels[10:]) == [1, 3, 5, 1, 3, 5]
    for copy, original in zip(more[10:13], images[split.train], strict=True):
        assert np.array_equal(copy, original) or np.array_equal(copy, original[:, ::-1])
    assert np.array_equal(parts.validation, split.validation)
    assert np.array_equal(parts.test, split.test)


def test_the_same_seed_makes_the_same_copies(data):
    split = Split(np.arange(1500), np.array([1500]), np.array([1501]))
    spec = AugmentSpec(augmentation="own-copies", rotation=20, shift=0.1)

    made, again, other = (
        add_copies(data.images[:1502], data.labels[:1502], split, spec, seed)[0]
        for seed in (1, 1, 2)
    )

    assert made.shape == (1502 + 3000, 28, 28)
    assert np.array_equal(made, again)
    assert not np.array_equal(made, other)
    # No two stretches of images share their draws, and no two copies.
    white = np.full_like(data.images[:1502], 200)
    shown = add_copies(white, data.labels[:1502], split, spec, 1)[0]
    assert len(np.unique(shown[1502:], axis=0)) > 2500  # turned by next to nothing, some are equal


def test_an_epoch_goes_through_all_copies_and_validates_on_none(data):
    spec = AugmentSpec(augmentation="own-copies", rotation=20, shift=0.1)
    trainer = trainer_of(data, spec, batch_size=100, epochs=1)

    losses = losses_of(trainer)

    assert len(losses) == 9  # 300 originals, 300 shifted and 300 turned images
    assert trainer.state.images == 900
    assert len(trainer.split.validation) == 200 and trainer.split.validation.max() < 70_000


def test_the_scale_comes_from_the_images_before_they_are_changed(data):
    kinds = (AugmentSpec(), AugmentSpec(augmentation="own-copies", brightness=1))
    means = []
    for augment in kinds:
        asked = Experiment(
            model=NETWORK,
            data=DataSpec(subset=300, validation=200, normalisation="standardised"),
            augment=augment,
        )
        split = split_indices(data.labels, asked.data)
        model = Trainer(asked, data.images, data.labels, split).model
        means.append(model.get_layer("Normalisation").offset)

    assert means[0] == means[1]
