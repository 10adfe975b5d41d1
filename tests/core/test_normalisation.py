"""Pixel statistics, and the layer that carries them into every copy of a model."""

import keras
import numpy as np
import pytest

from fmnist_core.data.files import load
from fmnist_core.data.normalisation import MIN_STD, pixel_statistics
from fmnist_core.data.splits import split_indices
from fmnist_core.model.build import NORMALISATION, build_model
from fmnist_core.model.check import check
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec, TrainSpec
from fmnist_core.specs.model import is_layer_name
from fmnist_core.training.loop import Trainer

KINDS = ("0-1", "standardised", "per-pixel")
FLATTEN = LayerSpec(type="Flatten", name="flatten")
LOGITS = LayerSpec(type="Dense", name="scores", settings={"units": 10, "activation": "linear"})
NETWORK = ModelSpec(layers=(FLATTEN, LOGITS))


@pytest.fixture(scope="module")
def data():
    return load()


def statistics_of(images, kind):
    return pixel_statistics(images, np.arange(len(images)), DataSpec(normalisation=kind))


def checkerboards():
    """Four images: pixel (0, 0) is 0, 0, 255, 255, pixel (0, 1) always 51, all others 0."""
    images = np.zeros((4, 28, 28), np.uint8)
    images[2:, 0, 0] = 255
    images[:, 0, 1] = 51
    return images


def test_per_pixel_statistics_are_those_of_each_place():
    found = statistics_of(checkerboards(), "per-pixel")

    assert found.mean.shape == found.std.shape == (28, 28, 1)
    assert found.mean[0, :3, 0] == pytest.approx([0.5, 0.2, 0])
    assert found.std[0, :3, 0] == pytest.approx([0.5, MIN_STD, MIN_STD])


def test_standardised_statistics_are_those_of_all_pixels_together():
    # (2 × 1 + 4 × 0.2) / 3,136 pixels; squares: (2 × 1 + 4 × 0.04) / 3,136.
    found = statistics_of(checkerboards(), "standardised")

    assert found.mean == pytest.approx(2.8 / 3136)
    assert found.std == pytest.approx(np.sqrt(2.16 / 3136 - (2.8 / 3136) ** 2))


def test_pixels_in_0_1_need_no_statistics():
    assert statistics_of(checkerboards(), "0-1") is None


def test_the_training_file_has_its_published_mean_and_standard_deviation(data):
    found = statistics_of(data.images[:60_000], "standardised")

    assert (found.mean, found.std) == pytest.approx((0.2860, 0.3530), abs=5e-5)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_statistics_never_see_validation_or_test_images(data, kind):
    spec = DataSpec(subset=500, normalisation=kind)
    split = split_indices(data.labels, spec)
    others = data.images.copy()
    others[np.setdiff1d(np.arange(70_000), split.train)] = 255

    found, again = (pixel_statistics(images, split.train, spec) for images in (data.images, others))

    assert np.array_equal(found.mean, again.mean)
    assert np.array_equal(found.std, again.std)


def test_standardised_is_what_keras_calls_featurewise(data):
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    images = data.images[:500]
    x = (images / 255)[..., np.newaxis]
    keras_way = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
    keras_way.fit(x)
    found = statistics_of(images, "standardised")

    assert (x - found.mean) / found.std == pytest.approx(keras_way.standardize(x.copy()), abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_saved_model_takes_raw_pixels_and_standardises_them_itself(data, kind, tmp_path):
    found = statistics_of(data.images[:500], kind)
    keras.utils.set_random_seed(1)
    plain = build_model(NETWORK)
    model = build_model(NETWORK, found)
    model.set_weights(plain.get_weights())
    model.save(tmp_path / "model.keras")
    x = data.images[:50, ..., np.newaxis] / np.float32(255)
    wanted = x if found is None else ((x - found.mean) / found.std).astype(np.float32)

    loaded = keras.saving.load_model(tmp_path / "model.keras")

    assert np.asarray(loaded(x)) == pytest.approx(np.asarray(plain(wanted)), abs=2e-3)
    assert np.array_equal(loaded(x), model(x))
    if found is None:
        assert [layer.name for layer in model.layers] == ["input", "flatten", "scores"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_statistics_are_no_parameters(data, kind):
    model = build_model(NETWORK, statistics_of(data.images[:100], kind))

    assert model.count_params() == check(NETWORK).parameters == 7850
    assert len(model.weights) == 2


def test_a_merge_with_the_input_gets_the_standardised_image(data):
    join = LayerSpec(type="Add", name="add", inputs=("input",))
    found = statistics_of(data.images[:100], "standardised")
    model = build_model(ModelSpec(layers=(join, FLATTEN, LOGITS)), found)
    x = data.images[:3, ..., np.newaxis] / np.float32(255)

    added = keras.Model(model.input, model.get_layer("add").output)(x)

    assert np.asarray(added) == pytest.approx(2 * (x - found.mean) / found.std, abs=1e-5)


def test_no_layer_of_a_description_can_take_the_name_of_the_normalisation():
    assert not is_layer_name(NORMALISATION)


@pytest.mark.parametrize("kind", KINDS)
def test_training_and_evaluation_see_the_same_scale(data, kind):
    asked = Experiment(
        model=NETWORK,
        data=DataSpec(subset=300, validation=200, normalisation=kind),
        train=TrainSpec(batch_size=100),
    )
    split = split_indices(data.labels, asked.data)
    trainer = Trainer(asked, data.images, data.labels, split)
    found = pixel_statistics(data.images, split.train, asked.data)
    kernel, _ = trainer.model.get_weights()
    x = data.images[split.train[:100]].reshape(100, 784) / np.float32(255)
    if found is not None:
        x = (x - found.mean.reshape(-1)) / found.std.reshape(-1)
    scores = x @ kernel
    log_proba = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    wanted = -log_proba[np.arange(100), data.labels[split.train[:100]]].mean()

    _, evaluated = trainer.steps.evaluate(split.train[:100])
    trained, _ = trainer.steps.train(split.train[:100][np.newaxis], np.float32([0.001]))

    assert evaluated == pytest.approx(wanted, rel=1e-4)
    assert trained[0] == pytest.approx(wanted, rel=1e-4)
