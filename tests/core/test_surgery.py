"""Channels at 0, against the same network with a kernel and a bias of 0, and through skips."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from fmnist_core.data.files import load
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import InferenceError
from fmnist_core.inside import surgery as module
from fmnist_core.inside.network import Network, to_input
from fmnist_core.inside.surgery import OpenNetwork, surgery
from fmnist_core.model.build import build_model
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import DataSpec, Experiment, LayerSpec, ModelSpec

END = (("Flatten", {}, ()), ("Dense", {"units": 10, "activation": "linear"}, ()))
CONV = ("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}, ())


def network_of(folder, *layers, seed=7):
    """A freshly drawn network of (type, settings, inputs), called layer_0 and so on."""
    specs = tuple(
        LayerSpec(type=layer_type, name=f"layer_{number}", settings=settings, inputs=inputs)
        for number, (layer_type, settings, inputs) in enumerate(layers)
    )
    experiment = Experiment(model=ModelSpec(layers=specs), data=DataSpec(validation=600))
    keras.utils.set_random_seed(seed)
    run = RunStore(folder).create(experiment)
    model = build_model(experiment.model)
    for weights in model.trainable_weights:
        if "bias" in weights.name:
            weights.assign(np.linspace(-0.1, 0.1, weights.shape[0]))
    return Network(run=run, model=model, data=load())


def small_network(folder):
    return network_of(folder, CONV, ("MaxPooling2D", {"pool_size": 4}, ()), CONV, *END)


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """One for all tests; none changes it."""
    return small_network(tmp_path_factory.mktemp("runs"))


def asked(network, **arguments):
    image = {"image": network.data.images[60_000]}
    return surgery(network, image, **{"layer": "layer_0", "off": [], **arguments})


def without(network, layer, channels):
    """What the network gives with kernels and biases of 0, float32 (N, 10)."""
    changed = keras.models.clone_model(network.model)
    changed.set_weights(network.model.get_weights())
    kernel, bias = (np.array(each) for each in changed.get_layer(layer).weights)
    kernel[..., channels], bias[channels] = 0, 0
    changed.get_layer(layer).set_weights([kernel, bias])
    return probabilities(network, changed)


def probabilities(network, model):
    index = split_indices(network.data.labels, network.run.experiment.data).validation
    found = model(to_input(network.data.images[index]), training=False)
    return tf.nn.softmax(found).numpy()


@pytest.mark.parametrize(
    ("layer", "off"), [("layer_0", [1]), ("layer_2", [0, 3]), ("layer_2", [2])]
)
def test_a_relu_filter_that_is_off_is_one_with_kernel_and_bias_0(network, layer, off):
    found = asked(network, layer=layer, off=off).arrays

    assert found["cut"].shape == (600, 10) and found["cut"].dtype == np.float32
    np.testing.assert_allclose(found["cut"], without(network, layer, off), atol=1e-5)
    assert np.abs(found["cut"] - found["intact"]).max() > 1e-3


def test_with_all_channels_on_nothing_changes_bit_for_bit(network):
    found = asked(network).arrays

    np.testing.assert_array_equal(found["cut"], found["intact"])
    opened = OpenNetwork(network, "layer_0")
    np.testing.assert_array_equal(opened.proba([]), opened.intact)
    np.testing.assert_allclose(found["intact"], probabilities(network, network.model), atol=1e-5)
    np.testing.assert_array_equal(found["y_true"], network.data.labels[found["index"]])
    assert np.all(np.diff(found["index"]) > 0)


def test_the_image_is_classified_before_and_after(network):
    found = asked(network, off=[0, 1]).arrays
    x = to_input(network.data.images[60_000:60_001])
    whole = tf.nn.softmax(network.model(x, training=False)).numpy()[0]

    np.testing.assert_allclose(found["image_intact"], whole, atol=1e-5)
    assert found["image_cut"].shape == (10,)
    assert np.abs(found["image_cut"] - whole).max() > 1e-3


def test_what_passes_by_on_skips_is_kept(tmp_path):
    layers = (
        CONV,
        CONV,
        ("Add", {}, ("layer_0",)),  # layer_0 passes by layer_1
        ("Concatenate", {}, ("input", "layer_1")),  # and so does the image
    )
    network = network_of(tmp_path, *layers, ("GlobalAveragePooling2D", {}, ()), END[1])
    for layer in ("layer_0", "layer_1"):
        found = asked(network, layer=layer, off=[2, 3]).arrays
        np.testing.assert_allclose(found["cut"], without(network, layer, [2, 3]), atol=1e-5)
    merged = asked(network, layer="layer_3", off=[1, 4]).arrays["cut"]
    assert np.abs(merged - found["intact"]).max() > 1e-3


def test_what_is_too_large_to_be_kept_is_computed_again(network, monkeypatch):
    kept = asked(network, off=[1]).arrays["cut"]
    monkeypatch.setattr(module, "MAX_KEPT_BYTES", 0)
    again = OpenNetwork(network, "layer_0")

    assert again._kept is None
    np.testing.assert_array_equal(again.proba([1]), kept)


def test_a_network_that_ends_in_probabilities_gives_them(tmp_path):
    softmax = ("Dense", {"units": 10, "activation": "softmax"}, ())
    found = asked(network_of(tmp_path, CONV, END[0], softmax), off=[0]).arrays

    np.testing.assert_allclose(found["cut"].sum(axis=1), 1, atol=1e-5)


def test_with_all_channels_off_every_image_looks_alike(network):
    found = asked(network, off=[0, 1, 2, 3]).arrays

    np.testing.assert_allclose(found["cut"], np.tile(found["image_cut"], (600, 1)), atol=1e-6)


def test_the_only_channel_of_a_layer_can_be_off(tmp_path):
    one = ("Conv2D", {"filters": 1, "kernel_size": 3}, ())
    found = asked(network_of(tmp_path, one, *END), off=[0])

    assert found.values == {"channels": 1}
    assert np.ptp(found.arrays["cut"], axis=0).max() < 1e-6


def test_fewer_images_and_another_layer_take_the_place_of_what_was_kept(network):
    first = asked(network, images=600).arrays
    few = asked(network, images=100).arrays
    other = asked(network, layer="layer_2", images=100).arrays

    assert len(few["index"]) == 100
    np.testing.assert_array_equal(few["index"], first["index"][:100])
    np.testing.assert_allclose(other["intact"], first["intact"][:100], atol=1e-5)
    assert [opened.layer for opened in module._OPEN.values()] == ["layer_2"]


def test_a_slow_network_is_judged_on_as_many_images_as_take_a_second(tmp_path, monkeypatch):
    network = small_network(tmp_path)
    for seconds, images in ((0.006, 100), (0.005, 200), (0.0001, 600)):  # it has 600
        monkeypatch.setattr(OpenNetwork, "_seconds", lambda self, few, each=seconds: each)
        module._OPEN.clear()
        assert len(asked(network, images=None).arrays["index"]) == images

    monkeypatch.setattr(OpenNetwork, "_seconds", lambda self, few: 1.0)
    assert len(asked(network, images=None, off=[1]).arrays["index"]) == 600  # as before
    every = asked(network, images=500).arrays["index"]
    few = asked(network, images=None).arrays
    assert (len(every), len(few["index"])) == (500, 100)
    np.testing.assert_array_equal(few["index"], every[:100])
    assert few["intact"].shape == (100, 10)


def test_the_speed_is_measured_for_opening_and_for_one_operation(network, monkeypatch):
    clock = iter((10.0, 13.0, 13.09, 15.0))
    monkeypatch.setattr(module, "perf_counter", lambda: next(clock))
    opened = OpenNetwork(network, "layer_0", images=None)

    assert len(opened.index) == 200  # 0.09 s for 20 images at best, so 0.9 s for 200
    np.testing.assert_array_equal(opened.proba([]), opened.intact)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"layer": "layer_9"},
            "This network has no layer 'layer_9' that others follow. Choose another one.",
        ),
        (
            {"layer": "layer_4"},
            "This network has no layer 'layer_4' that others follow. Choose another one.",
        ),
        *(
            (
                {"off": off},
                "Layer layer_0 has the channels 0 to 3; name those to switch off by their numbers.",
            )
            for off in ([4], [-1], [True], [1.0], "1", [[1]], None)
        ),
        ({"off": [1, 1]}, "A channel can be switched off once only; name each of them once."),
        *(
            ({"images": images}, "Choose 1 to 2,000 validation images.")
            for images in (0, 2_001, "1")
        ),
    ],
)
def test_what_cannot_be_done_is_a_sentence(network, wrong, sentence):
    with pytest.raises(InferenceError) as caught:
        asked(network, **wrong)
    assert str(caught.value) == sentence


def test_a_network_that_gives_no_numbers_is_a_sentence(tmp_path):
    network = small_network(tmp_path)
    network.model.get_layer("layer_4").bias.assign([np.nan] * 10)
    with pytest.raises(InferenceError, match="its training has diverged"):
        asked(network)


def test_a_channel_of_nan_is_0_once_it_is_off(network):
    opened = OpenNetwork(network, "layer_0")
    wanted = opened.proba([1])
    nan = [False, True, False, False]
    opened._kept = [[tf.where(nan, np.nan, each[0])] for each in opened._kept]

    np.testing.assert_array_equal(opened.proba([1]), wanted)
    assert not np.allclose(opened.proba([]), opened.intact)
